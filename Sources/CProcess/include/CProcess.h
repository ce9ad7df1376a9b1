#ifndef CPROCESS_H
#define CPROCESS_H

#include <stddef.h>

// The commit that a binary was built from: `-Xcc -DAGENT_EXPORTER_REVISION=\"abc1234\"`, as `make build REVISION=abc1234` does.
const char *cprocess_revision(void);

// The arguments that the program was started with. Swift reads them from /proc, which an empty root does not have.
int cprocess_argument_count(void);
const char *cprocess_argument(int index);

// Writes `x` over an argument in place, from a byte on, so that /proc/PID/cmdline and ps show no more of it.
void cprocess_hide_argument(int index, size_t shown);

#endif
