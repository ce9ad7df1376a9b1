"""Memory and start: from exec to the first answer, at rest, and per idle connection."""

import dataclasses
import socket
import ssl
import statistics
import time

from processes import free_port, running

# Connections that are there before those that are measured.
OTHERS = 100


@dataclasses.dataclass
class Footprint:
    name: str
    start_milliseconds: float
    resident_bytes: int


def start(name, command, rounds, path="/metrics"):
    """`command` is given a port and returns what is to be executed."""
    times, resident = [], []
    for _ in range(rounds):
        port = free_port()
        with running(command(port), f"http://127.0.0.1:{port}{path}") as program:
            times.append(program.start_seconds * 1000)
            resident.append(program.resident_bytes)
    return Footprint(name, statistics.median(times), max(resident))


def idle_connection_bytes(server, connections):
    """Memory that each connection takes which has been answered once and is kept, after some others: with the first ones come
    pages of the program itself."""
    host, port = server.url(False).split("/")[2].split(":")
    wrap = ssl.create_default_context(cafile=server.authority).wrap_socket if server.authority else lambda peer, **_: peer
    before, peers = 0, []
    try:
        for number in range(OTHERS + connections):
            if number == OTHERS:
                before = settled_bytes(server, peers)
            peer = wrap(socket.create_connection((host, int(port)), 5), server_hostname=host)
            peer.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            peers.append(peer)
        return (settled_bytes(server, peers[OTHERS:]) - before) / connections
    finally:
        for peer in peers:
            peer.close()


def settled_bytes(server, peers):
    """What it takes when all have been answered."""
    for peer in peers:
        peer.recv(65536)
    time.sleep(0.5)
    return server.program.resident_bytes
