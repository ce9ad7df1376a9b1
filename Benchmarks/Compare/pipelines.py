"""What a program with 1,000 pipelines pays for being scraped: processor time, memory, and how long a scrape takes.

pipelines.py MICRO_BENCH [--seconds 20]
"""

import argparse
import http.client
import time

import processes

AS_PROMETHEUS = {"Accept": "application/openmetrics-text;version=1.0.0", "Accept-Encoding": "gzip"}


def scrape(connection):
    began = time.monotonic()
    connection.request("GET", "/metrics", headers=AS_PROMETHEUS)
    length = len(connection.getresponse().read())
    return time.monotonic() - began, length


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("bench")
    words.add_argument("--seconds", type=int, default=20)
    chosen = words.parse_args()
    port = processes.free_port()
    with processes.running([chosen.bench, "pipeline-server", port], f"http://127.0.0.1:{port}/healthz") as program:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)

        def phase(name, pause):
            began, spent, took = time.monotonic(), program.cpu_seconds, []
            while time.monotonic() - began < chosen.seconds:
                if pause is not None:
                    took.append(scrape(connection)[0])
                time.sleep(pause or 1)
            share = (program.cpu_seconds - spent) / (time.monotonic() - began) * 100
            took.sort()
            latency = f"p50 {took[len(took) // 2] * 1e3:.2f} ms, p99 {took[len(took) * 99 // 100] * 1e3:.2f} ms" if took else ""
            print(f"{name:26} {share:5.1f} % of a core  {program.resident_bytes / 1e6:5.1f} MB  {latency}")

        phase("nobody scrapes", None)
        seconds, length = scrape(connection)
        print(f"the first scrape takes {seconds * 1e3:.1f} ms and has {length} bytes")
        phase("one scraper, every second", 1)
        phase("100 scrapes a second", 0.01)


if __name__ == "__main__":
    main()
