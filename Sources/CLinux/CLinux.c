#define _GNU_SOURCE
#include "CLinux.h"

#include <malloc.h>

int clinux_accept(int listener) { return accept4(listener, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC); }

void clinux_return_free_memory(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}
