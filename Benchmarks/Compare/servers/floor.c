// What a scrape costs at the least: one epoll loop, one read and one send for each request, and nothing is looked at.
// usage: floor PORT BODY-FILE [Content-Encoding]
#define _GNU_SOURCE
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { most = 1 << 20 };

static char answer[most + 512];
static size_t answer_length;

static int prepare(const char *path, const char *encoding) {
    static char body[most];
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    size_t length = fread(body, 1, most, file);
    fclose(file);
    int head = snprintf(answer, 512, "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n%s%s%sContent-Length: %zu\r\n\r\n",
                        encoding ? "Content-Encoding: " : "", encoding ? encoding : "", encoding ? "\r\n" : "", length);
    memcpy(answer + head, body, length);
    answer_length = (size_t)head + length;
    return 1;
}

static int listen_on(int port) {
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) return -1;
    return listener;
}

static void watch(int poll, int descriptor) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
    epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event);
}

static void accept_all(int poll, int listener) {
    int one = 1;
    for (int peer; (peer = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
        setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        watch(poll, peer);
    }
}

static void answer_once(int peer) {
    static char request[1 << 16];
    if (read(peer, request, sizeof request) <= 0 || send(peer, answer, answer_length, MSG_NOSIGNAL) < 0) close(peer);
}

int main(int count, char **arguments) {
    if (count < 3 || !prepare(arguments[2], count > 3 ? arguments[3] : NULL)) return 2;
    int listener = listen_on(atoi(arguments[1])), poll = epoll_create1(0);
    if (listener < 0) return 1;
    watch(poll, listener);
    for (;;) {
        struct epoll_event events[256];
        int ready = epoll_wait(poll, events, 256, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd == listener) accept_all(poll, listener);
            else answer_once(events[i].data.fd);
        }
    }
}
