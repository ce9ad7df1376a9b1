"""Sums lines of numbers, counts what becomes of them, and tells a hub. Python alone is enough."""

import collections
import http.client
import json
import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid

HUB = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8082"
BOUNDS = {"0.01": 0.01, "0.1": 0.1, "1.0": 1, "10.0": 10, "60.0": 60, "600.0": 600, "3600.0": 3600, "+Inf": float("inf")}
values = collections.Counter()
done = threading.Event()


def count(name, amount=1, kind="counter", **labels):
    values[name, kind, tuple(labels.items())] += amount


def observe(name, value=0.0, times=1):
    count(f"{name}_sum", value * times)
    count(f"{name}_count", times)
    for text, bound in BOUNDS.items():
        count(f"{name}_bucket", times if value <= bound else 0, le=text)


def report(attempts=1):
    samples = [
        {"metric_name": name, "metric_type": kind, "metric_value": value, "labels": dict(labels)}
        for (name, kind, labels), value in list(values.items())
    ]
    # The same report_id at each attempt: the hub keeps the report once.
    told = {"component_name": "sums-python", "component_type": "worker_pool", "report_id": str(uuid.uuid4()), "metrics": samples}
    request = urllib.request.Request(f"{HUB}/api/metrics/report", json.dumps(told).encode(), {"Content-Type": "application/json"})
    for attempt in range(attempts):
        wait = 2**attempt
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)["rejected"]
        except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
            print("a report was not taken:", error, file=sys.stderr)
            if isinstance(error, urllib.error.HTTPError):
                if error.code in (400, 413, 422):
                    return None  # the same again would be refused again
                after = error.headers.get("Retry-After", "")
                wait = min(int(after), 5) if after.isdecimal() else wait
        if attempt + 1 < attempts:
            time.sleep(wait)


def report_until_done():
    while not done.is_set():
        if rejected := report():
            print("not taken:", rejected, file=sys.stderr)
        done.wait(15)
    report(attempts=5)  # nobody can ask for the last numbers later


def end_when_asked():
    signal.sigwait({signal.SIGTERM})
    done.set()
    reporter.join()
    os._exit(0)  # whatever the task that is under way waits for


# From the start on there is a zero, so that the first task is an increase.
for name in ("app_completed_tasks_total", "app_failed_tasks_total"):
    count(name, 0)
count("noetl_worker_active_tasks", 0, "gauge")
observe("app_task_duration_seconds", times=0)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # for the thread that waits for it
reporter = threading.Thread(target=report_until_done)
reporter.start()
threading.Thread(target=end_when_asked, daemon=True).start()
try:
    for line in sys.stdin:
        count("noetl_worker_active_tasks", 1, "gauge")
        began = time.monotonic()
        try:
            print(sum(map(float, line.split())))
            count("app_completed_tasks_total")
        except ValueError:
            count("app_failed_tasks_total")
        observe("app_task_duration_seconds", time.monotonic() - began)
        count("noetl_worker_active_tasks", -1, "gauge")
finally:
    done.set()
    reporter.join()
