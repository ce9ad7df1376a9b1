"""What a report of five metrics costs a hub in user instructions, its request included: reports.py HUB [FLAG...]"""

import json
import sys

from instructions import Way, per_request

WORKERS = 100
# Name, unit, help. Where samples are alike they have the help and the unit of the first.
METRICS = [
    ("noetl_system_cpu_usage_percent", "percent", "CPU usage percentage"),
    ("noetl_system_memory_usage_percent", "percents", "Memory usage percentage"),
    ("noetl_process_memory_rss_bytes", "bytes", "Resident set size of the process"),
    ("noetl_worker_active_tasks", "tasks", "Tasks under way"),
    ("noetl_worker_queue_size", "waiting", "Tasks waiting"),
]


class Reporting(Way):
    """One worker after the other reports, each time with other values and a later time."""

    alike = True

    def head(self, port, number):
        body = json.dumps(self.report(number), separators=(",", ":")).encode()
        lines = [
            "POST /api/metrics/report HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        ]
        return "".join(f"{line}\r\n" for line in [*lines, ""]).encode() + body

    def report(self, number):
        worker = f"worker-cpu-{number % WORKERS:03}"
        metrics = [self.sample(number, worker, place) for place in range(len(METRICS))]
        return {"component_name": worker, "component_type": "worker_pool", "metrics": metrics}

    def sample(self, number, worker, place):
        _, unit, text = METRICS[0 if self.alike else place]
        milliseconds = 7 * number + (0 if self.alike else place)
        seconds = milliseconds // 1000
        labels = {"component": worker, "hostname": f"node-{number % 10}"}
        if not self.alike:
            labels["queue"] = f"q{place}"
        return {
            "metric_name": METRICS[place][0],
            "metric_type": "gauge",
            "metric_value": number / 10 + place,
            "timestamp": f"2024-01-01T00:{seconds // 60:02}:{seconds % 60:02}.{milliseconds % 1000:03}Z",
            "labels": labels,
            "help_text": text,
            "unit": unit,
        }


def main(hub, *flags):
    def command(port):
        return [hub, f"--web.listen-address=127.0.0.1:{port}", *flags]

    for alike in (True, False):
        way = Reporting("agent-hub", "a report", command, "")
        way.alike = alike
        what = "samples alike" if alike else "samples that differ"
        print(f"{what}: {per_request(way):,.0f} instructions a report", flush=True)


main(*sys.argv[1:])
