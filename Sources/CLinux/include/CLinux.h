// The Linux calls that Swift's Glibc module does not carry: epoll, eventfd, signalfd, timerfd and accept4.
#ifndef CLINUX_H
#define CLINUX_H

#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

// `struct epoll_event` is packed and holds a union; these two keep both out of Swift.
static inline int clinux_epoll_control(int epoll, int operation, int descriptor, uint32_t events, uint64_t token) {
    struct epoll_event event = {.events = events, .data.u64 = token};
    return epoll_ctl(epoll, operation, descriptor, &event);
}

static inline uint64_t clinux_epoll_token(const struct epoll_event *event) { return event->data.u64; }
static inline uint32_t clinux_epoll_readiness(const struct epoll_event *event) { return event->events; }

// accept4 without the peer's address, non-blocking and close-on-exec. It is declared only under _GNU_SOURCE.
int clinux_accept(int listener);

// glibc's malloc_trim, which no other C library has.
void clinux_return_free_memory(void);

// Takes the pages of the program's own code out of its memory: those that are used come back, those of the start do not.
void clinux_unmap_code(void);

#endif
