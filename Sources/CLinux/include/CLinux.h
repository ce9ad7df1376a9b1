// The Linux calls that Swift's Glibc module does not carry, as inline functions.
#ifndef CLINUX_H
#define CLINUX_H

#endif
