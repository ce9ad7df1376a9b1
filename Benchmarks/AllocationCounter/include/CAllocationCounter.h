#ifndef C_ALLOCATION_COUNTER_H
#define C_ALLOCATION_COUNTER_H

#include <stdint.h>

/// How many times this program has asked for memory, on any thread.
///
/// The library defines malloc and its kin, so that linking it into an executable is what makes them count.
uint64_t allocation_count(void);

/// How many bytes of memory are in use at this moment, what the allocator keeps beside each piece included.
uint64_t allocated_bytes(void);

/// Does nothing with a value, which the compiler cannot know.
void pretend_to_use(const void *value);

#endif
