#define _GNU_SOURCE
#include "CLinux.h"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

int clinux_accept(int listener) { return accept4(listener, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC); }

void clinux_return_free_memory(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

// Set by the linker: where the program's code begins and ends.
extern const char __executable_start, etext;

void clinux_unmap_code(void) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t start = ((uintptr_t)&__executable_start + page - 1) & ~(page - 1);
    uintptr_t end = (uintptr_t)&etext & ~(page - 1);
    // What is read only is read again from the file when it is needed; nothing is lost.
    if (end > start) madvise((void *)start, end - start, MADV_DONTNEED);
}
