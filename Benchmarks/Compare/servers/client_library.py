"""The agent's metrics from Python's prometheus_client and its own server. usage: client_library.py PORT"""

import sys
import time

from prometheus_client import Gauge, start_http_server

for name in ["app_agent_status", "app_active_task_count", "app_active_request_count", "app_open_sessions_count"]:
    Gauge(name, "A value of the agent.").set(7)
start_http_server(int(sys.argv[1]), "127.0.0.1")
while True:
    time.sleep(60)
