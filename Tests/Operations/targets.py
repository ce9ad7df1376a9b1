"""Targets that are made here: what the kubelet says of containers, and JVMs that are scraped themselves, as Micrometer has it."""

import contextlib
import http.server
import threading

KUBELET = """\
container_memory_working_set_bytes{namespace="etl",pod="agent-0",container="agent",id="/a"} 1.5e+09
container_memory_working_set_bytes{namespace="etl",pod="other-0",container="other",id="/b"} 1e+09
container_spec_memory_limit_bytes{namespace="etl",pod="agent-0",container="agent",id="/a"} 2e+09
container_spec_memory_limit_bytes{namespace="etl",pod="worker-0",container="worker",id="/c"} 1e+06
container_cpu_usage_seconds_total{namespace="etl",pod="agent-0",container="agent",id="/a"} 12
process_start_time_seconds 1
process_cpu_seconds_total 1
process_resident_memory_bytes 1
process_open_fds 1
process_max_fds 1
"""
# With G1 only the old generation has a limit. The heap is 60 %, or 95 % full.
JVM = """\
jvm_memory_used_bytes{area="heap",id="G1 Eden Space"} %d
jvm_memory_used_bytes{area="heap",id="G1 Survivor Space"} 0
jvm_memory_used_bytes{area="heap",id="G1 Old Gen"} 50
jvm_memory_used_bytes{area="nonheap",id="Metaspace"} 70
jvm_memory_max_bytes{area="heap",id="G1 Eden Space"} -1
jvm_memory_max_bytes{area="heap",id="G1 Survivor Space"} -1
jvm_memory_max_bytes{area="heap",id="G1 Old Gen"} 100
jvm_memory_max_bytes{area="nonheap",id="Metaspace"} -1
jvm_gc_pause_seconds_count{action="end of minor GC",cause="G1 Evacuation Pause"} 3
jvm_gc_pause_seconds_sum{action="end of minor GC",cause="G1 Evacuation Pause"} 0.02
jvm_gc_memory_promoted_bytes_total 1000
jvm_threads_live_threads 31
process_cpu_usage 0.1
"""
PIPELINES = "dataflow_pipelines_running 1\n"
PAGES = {
    "/kubelet": KUBELET,
    "/platform": JVM % 10 + PIPELINES,
    "/full": JVM % 45 + PIPELINES,
    # One that has nothing to do with pipelines or agents.
    "/stranger": JVM % 45,
}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        # A scrape that takes too long hangs up.
        with contextlib.suppress(ConnectionError):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(PAGES[self.path].encode())

    def log_message(self, *_):
        pass


class Targets:
    """Serves these pages as long as a test runs."""

    def __enter__(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
