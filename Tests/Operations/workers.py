"""Real workers for tests, each with its ports, and webhooks for them."""

import json
import re

from support import BINARY, ROOT, WORKER, Process, free_port, get, run

SECRET = "mysecretkey"


class DemoWorker:
    """What `make demo` gives one of its workers: its ports, its flags, and how many webhooks a second."""

    def __init__(self, name):
        text = (ROOT / "Examples/Demo/run").read_text().replace("\\\n", " ")
        ((ports, flags),) = re.findall(rf"^worker {name} ([\d ]+?) (--.*)$", text, re.M)
        self.ports = [int(port) for port in ports.split()]
        self.flags = flags.split()
        (rate,) = re.findall(rf"^shop {self.ports[0]} (\d+)$", text, re.M)
        self.rate = int(rate)


class Worker(Process):
    """A worker whose work takes hardly any time."""

    def __init__(self, *flags):
        self.port, self.metrics, self.status = free_port(), free_port(), free_port()
        super().__init__(
            WORKER,
            f"--webhook.secret={SECRET}",
            f"--web.listen-address=127.0.0.1:{self.port}",
            f"--metrics.listen-address=127.0.0.1:{self.metrics}",
            "--metrics.interval=250ms",
            f"--status.listen-address=127.0.0.1:{self.status}",
            f"--actuator.listen-address=127.0.0.1:{free_port()}",
            "--work.duration=2ms",
            *flags,
        )

    def __exit__(self, *details):
        # Told to end, it would finish what it has.
        self.process.kill()
        super().__exit__(*details)

    def answers(self):
        try:
            return get(f"http://127.0.0.1:{self.port}/readyz")
        except OSError:
            return None

    @property
    def sender(self):
        """The command that sends it webhooks."""
        return BINARY, "simulate-webhook", f"http://127.0.0.1:{self.port}/webhook", SECRET

    def send(self, *flags):
        """The summary of webhooks that were sent."""
        return json.loads(run(*self.sender, "--json", *flags))

    def jobs(self, job, **labels):
        """The two jobs of a scrape configuration."""
        return [
            job("webhook", f"127.0.0.1:{self.port}", **labels),
            job("dataflow-platform", f"127.0.0.1:{self.metrics}", **labels),
        ]
