"""A worker under as many webhooks as it takes: what it counts is what was sent, by outcome, and what each costs.

webhooks.py PROGRAMS [--count 1000000] [--connections 16] [--bad 3] [--failures 5]

PROGRAMS is a folder with pipeline-worker and agent-exporter. BAD of a hundred are signed with another secret, FAILURES ask for a
batch that fails: twice, so that each is tried again. It exits with 1 if a number is another than it should be.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import time

import processes

SECRET = {"WEBHOOK_SECRET": "benchmark"}


def samples(port):
    text = processes.fetch(f"http://127.0.0.1:{port}/metrics").decode()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in text.splitlines() if line[0] != "#")}


def memory(pid):
    """The most that was resident, in MB."""
    line = next(line for line in open(f"/proc/{pid}/status") if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024 / 1e6


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("programs", type=pathlib.Path)
    for name, standard in (("count", 1_000_000), ("connections", 16), ("bad", 3), ("failures", 5)):
        words.add_argument(f"--{name}", type=int, default=standard)
    chosen = words.parse_args()
    front, own, actuator = (processes.free_port() for _ in range(3))
    worker = subprocess.Popen(
        [
            chosen.programs / "pipeline-worker", f"--web.listen-address=127.0.0.1:{front}",
            f"--metrics.listen-address=127.0.0.1:{own}", f"--actuator.listen-address=127.0.0.1:{actuator}", "--no-status.enabled",
            "--work.duration=0s", "--work.duration-per-record=0s", "--work.retries=1", "--play.wishes", "--log.level=warn",
        ],
        env=os.environ | SECRET,
    )
    try:
        processes.wait_until_answering(f"http://127.0.0.1:{front}/healthz", worker)
        before = processes.cpu_seconds(processes.family(worker.pid))
        sender = subprocess.run(
            [
                chosen.programs / "agent-exporter", "simulate-webhook", f"http://127.0.0.1:{front}/webhook", "--json",
                f"--count={chosen.count}", f"--connections={chosen.connections}", f"--bad-signatures={chosen.bad}",
                f"--failures={chosen.failures}", "--log.level=warn",
            ],
            env=os.environ | SECRET, capture_output=True, text=True,
        )
        spent = processes.cpu_seconds(processes.family(worker.pid)) - before
        told = json.loads(sender.stdout)
        # The last of those that fail come again after a second and a fifth.
        time.sleep(3)
        webhooks, work = samples(front), samples(own)
        bad, failed = chosen.count * chosen.bad // 100, chosen.count * chosen.failures // 100
        pipeline = '{pipeline_id="webhook"}'
        code = '{error_code="PLAYED_FAILURE",pipeline_id="webhook"}'
        wrong = False
        for found, name, expected in (
            (webhooks, 'webhook_requests_total{status="success"}', chosen.count - bad),
            (webhooks, 'webhook_requests_total{status="failure"}', bad),
            (webhooks, "webhook_processing_time_seconds_count", chosen.count),
            (webhooks, "webhook_payload_size_bytes_total", told["bytes"]),
            (work, "app_completed_tasks_total", chosen.count - bad - failed),
            (work, "app_failed_tasks_total", failed),
            (work, "app_task_errors_total", 2 * failed),
            (work, "dataflow_batches_processed_total" + pipeline, chosen.count - bad - failed),
            (work, "dataflow_batches_failed_total" + code, failed),
            (work, "dataflow_retries_scheduled_total" + code, failed),
        ):
            value = found.get(name, 0)
            wrong = wrong or value != expected
            print(f"{name:75} {value:12.0f}  {'as it should be' if value == expected else f'instead of {expected}'}")
        print(
            f"{chosen.count / told['seconds']:.0f} a second, {spent / chosen.count * 1e6:.1f} µs of processor each, "
            f"{memory(worker.pid):.1f} MB"
        )
        if wrong or sender.returncode:
            sys.exit(sender.stderr or 1)
    finally:
        worker.terminate()
        worker.wait()


if __name__ == "__main__":
    main()
