"""A server of TCP that passes all on to a socket of this machine, until its standard input ends: `forwarder.py ADDRESS PORT SOCKET`.

In a network of its own it stands for a server on another machine. It imports nothing of the tests.
"""

import os
import socket
import sys
import threading


def pass_on(source, sink):
    try:
        while data := source.recv(1 << 16):
            sink.sendall(data)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(listener, path):
    while True:
        client, _ = listener.accept()
        # As the hub asks of a server: one that is gone keeps no locks.
        for option, value in ((socket.TCP_KEEPIDLE, 1), (socket.TCP_KEEPINTVL, 1), (socket.TCP_KEEPCNT, 2)):
            client.setsockopt(socket.IPPROTO_TCP, option, value)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        server = socket.socket(socket.AF_UNIX)
        try:
            server.connect(path)
        except OSError:
            client.close()
            continue
        for ends in ((client, server), (server, client)):
            threading.Thread(target=pass_on, args=ends, daemon=True).start()


def main():
    print("there", flush=True)
    # Until its network has been made.
    sys.stdin.readline()
    address, port, path = sys.argv[1:]
    listener = socket.create_server((address, int(port)))
    threading.Thread(target=serve, args=(listener, path), daemon=True).start()
    print("listening", flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
