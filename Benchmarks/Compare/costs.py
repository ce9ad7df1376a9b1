"""What a scrape costs each server: CPU time per request, in rounds that take turns, so that a busy machine is busy for all."""

import dataclasses
import statistics

import load as loads


@dataclasses.dataclass
class Cost:
    server: str
    load: loads.Load
    body_bytes: float
    microseconds: list = dataclasses.field(default_factory=list)
    rates: list = dataclasses.field(default_factory=list)
    resident_bytes: int = 0
    answers: int = 0
    errors: int = 0

    @property
    def failed(self):
        return self.errors / (self.errors + self.answers)

    @property
    def median(self):
        return statistics.median(self.microseconds)


def measure(loadtest, servers, load, rounds, seconds):
    """The costs of one load, by server."""
    costs = [Cost(server.name, load, 0) for server in servers]
    for number in range(rounds):
        for server, cost in zip(servers, costs):
            if number == 0:
                loads.run(loadtest, server.url(load.gzip), load, 0.2, server.authority)
            before = server.program.cpu_seconds
            report = loads.run(loadtest, server.url(load.gzip), load, seconds, server.authority)
            taken = server.program.cpu_seconds - before
            cost.microseconds.append(taken * 1e6 / report["answers"])
            cost.answers += report["answers"]
            cost.errors += report["errors"]["total"]
            cost.rates.append(report["rate"])
            cost.body_bytes = report["bytes"] / report["answers"]
            cost.resident_bytes = server.program.resident_bytes
    return costs
