"""Memory and start: from exec to the first answer, at rest, and per idle connection."""

import dataclasses
import socket
import statistics
import time

from processes import free_port, running


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
    """Memory that each connection takes which has been answered once and is kept."""
    target = server.url(False).split("/")[2].split(":")
    request = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    before = server.program.resident_bytes
    peers = []
    try:
        for _ in range(connections):
            peer = socket.create_connection((target[0], int(target[1])), 5)
            peer.sendall(request)
            peers.append(peer)
        for peer in peers:
            peer.recv(65536)
        time.sleep(0.5)
        return (server.program.resident_bytes - before) / connections
    finally:
        for peer in peers:
            peer.close()
