"""The pipeline worker: webhooks in, batches processed, metrics out, and an end that loses nothing."""

import concurrent.futures
import http.client
import json
import pathlib
import signal
import socket
import struct
import subprocess
import tempfile
import time
import unittest

from certificates import Certificates
from hubs import Hub
from locked import WebFile, basic, bcrypt, shows, trusting
from support import Exporter, Program, is_listening, wait_until
from workers import SECRET, WORKER, Worker, samples, signature

QUICK = ("--work.duration=0s", "--work.duration-per-record=0s")


class Webhooks(unittest.TestCase):
    def test_five_of_them_give_what_the_document_shows(self):
        with Worker("--metrics.interval=1h", *QUICK) as worker:
            for number in range(5):
                answer = worker.webhook(json.dumps({"event": "ticket_created", "number": number}).encode())
                self.assertEqual((answer.status, json.loads(answer.bytes)["status"]), (200, "ok"))
            # Whoever has the answer finds it counted.
            text = worker.get().text
            for line in (
                "# HELP webhook_requests_total Total number of webhook requests processed",
                "# TYPE webhook_requests_total counter",
                'webhook_requests_total{status="success"} 5',
                "# HELP webhook_processing_time_seconds Time spent processing webhook requests",
                "# TYPE webhook_processing_time_seconds histogram",
                'webhook_processing_time_seconds_bucket{le="0.01"} 5',
                'webhook_processing_time_seconds_bucket{le="1.0"} 5',
                "# HELP webhook_payload_size_bytes_total Total size of webhook payloads received",
                f"webhook_payload_size_bytes_total {5 * len(json.dumps({'event': 'ticket_created', 'number': 0}))}",
            ):
                self.assertIn(line + "\n", text)
            worker.wait_for('dataflow_batches_processed_total{pipeline_id="webhook"}', 5)
            worker.wait_for("app_completed_tasks_total", 5)
            worker.wait_for('dataflow_pipeline_state{pipeline_id="webhook",state="running"}', 1)

    def test_what_nobody_has_signed_a_moment_ago_is_refused_and_counted(self):
        now = time.time()
        body = b'{"event": "x"}'
        with Worker("--webhook.max-body=1KiB", *QUICK) as worker:
            refused = [
                (401, worker.webhook(body, header=None)),
                (401, worker.webhook(body, header="")),
                (401, worker.webhook(body, header="t=1,v1=zz")),
                (401, worker.webhook(body, secret="another")),
                (401, worker.webhook(body, at=now - 40)),
                (401, worker.webhook(body, at=now + 40)),
                (401, worker.webhook(body + b" ", header=signature(body))),
                (413, worker.webhook(b"x" * 1025)),
            ]
            for number, (status, answer) in enumerate(refused):
                self.assertEqual(answer.status, status, number)
                self.assertNotIn(SECRET, answer.text)
            # The same twice is no replay unless that is asked for.
            header = signature(body)
            self.assertEqual([worker.webhook(body, header=header).status for _ in range(2)], [200, 200])
            self.assertEqual(worker.at(worker.port, "/webhook").status, 405)
            wait_until(lambda: worker.webhooks == (2, len(refused)), what="each is counted once")

    def test_the_longest_body_is_the_one_that_is_said_and_a_longer_one_is_counted(self):
        def body(length):
            return b'{"records": [{}], "x": "%s"}' % (b"x" * (length - 26))

        for flags, longest in (((), 1 << 20), (("--webhook.max-body=3MiB",), 3 << 20)):
            with Worker(*QUICK, *flags) as worker:
                self.assertEqual([worker.webhook(body(length)).status for length in (longest, longest + 1)], [200, 413])
                wait_until(lambda: worker.webhooks == (1, 1), what="both are counted")
                wait_until(lambda: samples(worker.get().text)['pipeline_worker_webhooks_refused_total{reason="too_long"}'] == "1")

    def test_a_sender_that_does_not_wait_for_its_answer_changes_nothing(self):
        with Worker(*QUICK) as worker:
            for number in range(50):
                body = b'{"n": %d}' % number
                with socket.create_connection(("127.0.0.1", worker.port)) as sender:
                    sender.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    head = f"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\nPetzi-Signature: {signature(body)}\r\n\r\n"
                    sender.sendall(head.encode() + body)
                    # So that it is received before the reset comes, which drops what waits.
                    time.sleep(0.005)
            wait_until(lambda: sum(worker.webhooks) == 50, what="all are counted")
            taken = worker.webhooks[0]
            self.assertGreater(taken, 0)
            worker.wait_for("app_completed_tasks_total", taken)

    def test_a_body_that_does_not_come_as_it_should_is_counted_as_one_that_is_incomplete(self):
        with Worker(*QUICK) as worker:
            for sent in (b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", b"Content-Length: 50\r\n\r\nabc"):
                with socket.create_connection(("127.0.0.1", worker.port)) as sender:
                    sender.sendall(b"POST /webhook HTTP/1.1\r\nHost: x\r\n" + sent)
                    sender.shutdown(socket.SHUT_WR)
                    while sender.recv(4096):
                        pass
            wait_until(lambda: worker.webhooks == (0, 2), what="both are counted")
            wait_until(lambda: samples(worker.get().text)['pipeline_worker_webhooks_refused_total{reason="incomplete"}'] == "2")

    def test_a_replay_is_refused_where_that_is_wanted_and_what_was_not_kept_may_come_again(self):
        body = b'{"n": 1}'
        with Worker("--webhook.refuse-replays", *QUICK) as worker:
            header = signature(body)
            self.assertEqual([worker.webhook(body, header=header).status for _ in range(3)], [200, 409, 409])
        flags = ("--webhook.refuse-replays", "--work.queue=1", "--work.concurrency=1", "--work.duration=3s")
        with Worker(*flags) as worker:
            self.assertEqual(worker.webhook(b'{"n": 2}').status, 200)
            worker.wait_for("pipeline_worker_batches_active", 1)
            codes = [worker.webhook(b'{"n": %d}' % number).status for number in range(3, 5)]
            self.assertEqual(codes, [200, 503])
            header = signature(body)
            self.assertEqual([worker.webhook(body, header=header).status for _ in range(2)], [503, 503])
            self.assertEqual(worker.webhook(body, header=header).headers["retry-after"], "1")

    def test_two_thousand_at_once_are_counted_to_the_last_one(self):
        with Worker(*QUICK, "--work.queue=100") as worker:
            def send(number):
                body = b'{"n": %d}' % number
                return worker.webhook(body, secret="wrong" if number % 10 == 0 else SECRET).status

            with concurrent.futures.ThreadPoolExecutor(16) as pool:
                codes = list(pool.map(send, range(2000)))
            counts = {code: codes.count(code) for code in set(codes)}
            self.assertEqual(counts[401], 200)
            taken = counts[200]
            wait_until(lambda: worker.webhooks == (taken, 2000 - taken), what="all are counted")
            worker.wait_for("app_completed_tasks_total", taken)
            self.assertEqual(worker.samples['dataflow_records_processed_total{pipeline_id="webhook"}'], str(taken))


class Processing(unittest.TestCase):
    def test_records_are_counted_and_those_that_are_none_have_failed(self):
        with Worker(*QUICK) as worker:
            worker.webhook(b'{"records": [{}, {}, 3]}')
            worker.wait_for('dataflow_records_processed_total{pipeline_id="webhook"}', 2)
            worker.wait_for('dataflow_records_failed_total{pipeline_id="webhook"}', 1)
            worker.wait_for('dataflow_checkpoint_updates_total{pipeline_id="webhook"}', 1)

    def test_a_batch_has_taken_as_long_as_it_took(self):
        with Worker("--work.duration=1s", "--work.duration-per-record=0s") as worker:
            worker.webhook()
            worker.signal(signal.SIGSTOP)
            # Longer than such a batch would take.
            time.sleep(3)
            worker.signal(signal.SIGCONT)
            worker.wait_for("app_completed_tasks_total", 1)
            took = int(worker.samples['dataflow_batch_processing_time_ms_sum{pipeline_id="webhook"}'])
            self.assertGreaterEqual(took, 2900)

    def test_what_fails_is_tried_again_and_counted_as_what_it_was(self):
        pipeline = 'pipeline_id="webhook"'
        with Worker(*QUICK, "--play.wishes", "--work.retries=1", "--work.timeout=50ms") as worker:
            worker.webhook(b'{"simulate": "failure"}')
            worker.webhook(b'{"simulate": "timeout"}')
            worker.webhook(b'{}')
            worker.wait_for("app_failed_tasks_total", 2)
            found = worker.samples
            for series, value in {
                "app_completed_tasks_total": 1,
                "app_task_errors_total": 4,
                f'dataflow_batches_failed_total{{error_code="PLAYED_FAILURE",{pipeline}}}': 1,
                f'dataflow_batches_timeouts_total{{{pipeline}}}': 2,
                f'dataflow_retries_scheduled_total{{error_code="PLAYED_FAILURE",{pipeline}}}': 1,
                f'dataflow_retries_scheduled_total{{error_code="TIMEOUT",{pipeline}}}': 1,
                "app_task_duration_seconds_count": 3,
            }.items():
                self.assertEqual(found.get(series), str(value), series)
        # By itself nothing is played.
        with Worker(*QUICK) as worker:
            worker.webhook(b'{"simulate": "failure"}')
            worker.wait_for("app_completed_tasks_total", 1)

    def test_what_waits_for_another_attempt_holds_up_nothing_else(self):
        flags = ("--play.wishes", "--work.concurrency=1", "--work.retries=9")
        with Worker(*QUICK, *flags) as worker:
            for _ in range(20):
                worker.webhook(b'{"simulate": "failure"}')
            for number in range(50):
                worker.webhook(b'{"n": %d}' % number)
            worker.wait_for("app_completed_tasks_total", 50, 3)
            self.assertEqual(worker.info["activeTaskCount"], 20)
            # What is given up at once is given up at once, and told.
            began = time.monotonic()
            worker.signal(signal.SIGINT)
            self.assertEqual(worker.wait(10), 0)
            self.assertLess(time.monotonic() - began, 5)
            self.assertIn('msg="batches are given up" batches=20', worker.log)

    def test_a_second_signal_gives_up_what_is_left_and_it_says_how_much(self):
        with Worker("--work.duration=20s", "--work.concurrency=4") as worker:
            for number in range(10):
                self.assertEqual(worker.webhook(b'{"n": %d}' % number).status, 200)
            worker.signal(signal.SIGTERM)
            wait_until(lambda: worker.info["agentStatus"] == "PENDING_SHUTDOWN", what="it ends")
            worker.signal(signal.SIGTERM)
            self.assertEqual(worker.wait(10), 0)
            self.assertIn('msg="batches are given up" batches=10', worker.log)
            self.assertNotIn("all batches are done", worker.log)

    def test_it_ends_when_the_last_batch_is_done_and_says_meanwhile_that_it_ends(self):
        with Hub() as hub, Worker(
            "--work.duration=1500ms", "--work.concurrency=4", environment={"NOETL_SERVER_URL": f"http://127.0.0.1:{hub.port}"}
        ) as worker:
            for number in range(8):
                self.assertEqual(worker.webhook(b'{"n": %d}' % number).status, 200)
            self.assertEqual(worker.info["agentStatus"], "RUNNING")
            self.assertGreaterEqual(worker.info["activeTaskCount"], 4)
            worker.signal(signal.SIGTERM)
            wait_until(lambda: worker.info["agentStatus"] == "PENDING_SHUTDOWN", what="it says that it ends")
            self.assertEqual(worker.webhook(b"{}").status, 503)
            self.assertEqual(worker.get("/readyz").status, 503)
            self.assertEqual(worker.wait(30), 0)
            self.assertIn("all batches are done", worker.log)
            def told():
                return [value for line, value in hub.samples.items() if line.startswith("app_completed_tasks_total")]

            wait_until(lambda: told() == ["8"], what="the hub knows of all")

    def test_batches_that_take_longer_than_the_grace_period_are_given_up_and_it_says_how_many(self):
        with Worker("--work.duration=60s", "--work.timeout=10m", environment={"GRACE_PERIOD_SECONDS": "0.3"}) as worker:
            worker.webhook(b"{}")
            worker.signal(signal.SIGTERM)
            self.assertEqual(worker.wait(5), 0)
            self.assertIn('msg="batches are given up" batches=1', worker.log)


class Settings(unittest.TestCase):
    def test_without_a_secret_it_does_not_start(self):
        with tempfile.NamedTemporaryFile("w") as file:
            for environment, flags, said in (
                ({}, [], "WEBHOOK_SECRET"),
                ({"WEBHOOK_SECRET": "x"}, [f"--webhook.secret-file={file.name}"], "exclude each other"),
            ):
                ended = self.run_worker(*flags, environment=environment)
                self.assertEqual(ended.wait(5), 2)
                self.assertIn(said, ended.log)
            for path in (file.name, "/nowhere"):
                ended = self.run_worker(f"--webhook.secret-file={path}")
                self.assertEqual(ended.wait(5), 2)
                self.assertIn("webhook.secret-file", ended.log)
                self.assertIn("try: pipeline-worker --help", ended.log)

    def run_worker(self, *flags, environment=None):
        return self.enterContext(Program(*flags, environment=environment, binary=WORKER))

    def test_a_file_with_a_secret_will_do(self):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("fromafile\n")
            file.flush()
            flags = [f"--webhook.secret-file={file.name}", *QUICK]
            with Worker(*flags, environment={"WEBHOOK_SECRET": ""}) as worker:
                self.assertEqual(worker.webhook(secret="fromafile").status, 200)

    def test_a_new_secret_in_the_file_holds_after_sighup_and_one_that_is_none_changes_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "secret")
            file.write_text("firstkey")
            flags = [f"--webhook.secret-file={file}", *QUICK]
            with Worker(*flags, environment={"WEBHOOK_SECRET": ""}) as worker:
                for number, (text, good, bad) in enumerate((("secondkey", "secondkey", "firstkey"), ("", "secondkey", ""))):
                    file.write_text(text)
                    worker.process.send_signal(signal.SIGHUP)
                    lines = "configuration has been read again", "cannot be read again"
                    wait_until(lambda: lines[number] in worker.log, what=lines[number])
                    self.assertEqual(worker.webhook(secret=good).status, 200)
                    self.assertEqual(worker.webhook(secret=bad).status, 401)
                for secret in ("firstkey", "secondkey"):
                    self.assertNotIn(secret, worker.log)

    def test_what_is_switched_off_records_nothing_and_opens_nothing_else(self):
        with Worker(*QUICK, environment={"KAMON_ENABLED": "false"}) as worker:
            self.assertEqual(worker.webhook().status, 200)
            wait_until(lambda: worker.webhooks == (1, 0), what="it is counted")
            self.assertFalse(is_listening(worker.metrics_port) or is_listening(worker.status_port))
        with Worker(*QUICK, environment={"KAMON_STATUS_PAGE_ENABLED": "no"}) as worker:
            self.assertFalse(is_listening(worker.status_port))
            self.assertIn("dataflow_pipelines_running", worker.samples)

    def test_groups_and_families_may_be_left_out(self):
        flags = ["--metrics.disable=mailbox", "--metrics.disable=process", "--metrics.drop=*_duration_seconds"]
        with Worker(*QUICK, *flags, "--metrics.drop=app_task_errors_total") as worker:
            names = {line.partition("{")[0] for line in worker.samples}
            self.assertIn("app_completed_tasks_total", names)
            for name in (
                "process_cpu_usage", "app_memory_usage_bytes", "pipeline_worker_mailbox_depth",
                "app_task_duration_seconds_count", "app_request_duration_seconds_sum", "app_task_errors_total",
            ):
                self.assertNotIn(name, names)
            modules = {module["name"]: module["enabled"] for module in worker.status["modules"]}
            self.assertEqual(modules, {"pipelines": True, "tasks": True, "mailbox": False, "process": False})

    def test_the_status_page_shows_everything_but_secrets(self):
        with Worker(*QUICK, environment={"KAMON_SERVICE_NAME": "<orders>"}) as worker:
            worker.webhook()
            worker.wait_for("app_completed_tasks_total", 1)
            page = worker.at(worker.status_port, "/").text
            self.assertNotIn(SECRET, page + json.dumps(worker.status))
            self.assertIn("&lt;orders&gt;", page)
            for text in ("webhook.secret", "dataflow_batches_processed_total", "mailbox"):
                self.assertIn(text, page)
            found = {instrument["name"]: instrument for instrument in worker.status["instruments"]}
            self.assertEqual(found["app_completed_tasks_total"]["value"], 1)
            self.assertEqual(found["app_task_duration_seconds"]["unit"], "seconds")
            self.assertEqual(found["dataflow_batch_processing_time_ms"]["unit"], "ms")
            settings = {setting["name"]: (setting["value"], setting["source"]) for setting in worker.status["settings"]}
            self.assertEqual(settings["metrics.service"], ("<orders>", "KAMON_SERVICE_NAME"))
            self.assertEqual(settings["metrics.interval"], ("1s", "default"))
            self.assertEqual(worker.status["health"]["pipeline"], "running")


    def test_it_says_what_it_can_and_its_reference_is_the_one_in_docs(self):
        def told(*flags):
            return subprocess.run([WORKER, *flags], capture_output=True, text=True, env={}, timeout=20)

        for flag in ("--help", "--version", "--help-man", "--completion-script-bash", "--completion-script-zsh"):
            self.assertEqual((told(flag).returncode, told(flag).stderr), (0, ""))
        page = pathlib.Path(__file__).parents[2] / "docs/worker-reference.md"
        self.assertEqual(told("--help-markdown").stdout, page.read_text(), "`make docs` writes it again")

    def test_it_can_be_asked_how_it_is(self):
        with Worker() as worker:
            command = [WORKER, "healthcheck"]
            asked = subprocess.run(command, capture_output=True, text=True, env={"PORT": str(worker.port)}, timeout=20)
            self.assertEqual(asked.returncode, 0, asked.stdout)


class Locked(unittest.TestCase):
    def test_every_port_is_and_a_new_password_holds_on_all(self):
        rules = {"basic_auth_users": {"ops": bcrypt("old")}, "basic_auth_scopes": {"ops": ["read", "write"]}}
        with WebFile(**rules) as web, Worker(f"--web.config.file={web.path}", *QUICK) as worker:
            places = [
                (worker.port, "/metrics"), (worker.metrics_port, "/metrics"), (worker.actuator_port, "/actuator/info"),
                (worker.status_port, "/"), (worker.status_port, "/status.json"),
            ]

            def statuses(password):
                fields = {"Authorization": basic("ops", password)} if password else {}
                return {worker.at(port, path, headers=fields).status for port, path in places}

            self.assertEqual([statuses(None), statuses("old"), statuses("new")], [{401}, {200}, {401}])
            # A signature alone is not enough, and credentials alone are not.
            body = b"{}"
            signed = {"Petzi-Signature": signature(body)}
            for fields, status in (signed, 401), ({"Authorization": basic("ops", "old")}, 401), (
                signed | {"Authorization": basic("ops", "old")}, 200,
            ):
                self.assertEqual(worker.at(worker.port, "/webhook", "POST", fields, body).status, status)
            web.write(
                basic_auth_users={"ops": bcrypt("new")}, http_server_config={"headers": {"X-Content-Type-Options": "nosniff"}}
            )
            worker.signal(signal.SIGHUP)
            wait_until(lambda: "configuration has been read again" in worker.log, what="it has been read again")
            self.assertEqual([statuses("old"), statuses("new")], [{401}, {200}])
            for port, path in places:
                self.assertEqual(worker.at(port, path).headers.get("x-content-type-options"), "nosniff", (port, path))

    def test_every_port_has_the_limits_of_the_first(self):
        with Worker("--web.max-connections=1", *QUICK) as worker:
            for port in (worker.port, worker.metrics_port, worker.actuator_port, worker.status_port):
                with socket.create_connection(("127.0.0.1", port), 10) as first:
                    first.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                    self.assertTrue(first.recv(12))
                    self.assertEqual(worker.at(port, "/").status, 503, "one more than it may have")

    def test_all_that_is_said_is_encrypted_where_the_file_says_so(self):
        with Certificates() as pki, WebFile(tls_server_config=shows(pki.server)) as web, Worker(
            f"--web.config.file={web.path}", ready=False
        ) as worker:
            wait_until(lambda: "msg=starting" in worker.log, what="it listens")
            for port in (worker.port, worker.metrics_port, worker.actuator_port, worker.status_port):
                asked = http.client.HTTPSConnection("localhost", port, timeout=10, context=trusting(pki.authority))
                self.addCleanup(asked.close)
                asked.request("GET", "/actuator/info" if port == worker.actuator_port else "/")
                self.assertIn(asked.getresponse().status, (200, 404))
                self.assertEqual(worker.at(port, "/").status, 400, "it was asked in the clear")
            self.assertIn(f"page=https://localhost:{worker.status_port}/", worker.log)
            asked = http.client.HTTPSConnection("localhost", worker.port, timeout=10, context=trusting(pki.authority))
            asked.request("GET", "/metrics")
            text = asked.getresponse().read().decode()
            asked.close()
            for result in ("done", "failed"):
                count = samples(text)[f'pipeline_worker_http_tls_handshakes_total{{result="{result}"}}']
                self.assertGreaterEqual(int(count), 4, "those of every port")


class Beside(unittest.TestCase):
    def test_a_sidecar_sees_what_it_does_and_a_hub_is_told(self):
        with (
            Hub() as hub,
            Worker(
                "--work.duration=3s", "--work.duration-per-record=0s",
                environment={
                    "NOETL_SERVER_URL": f"http://127.0.0.1:{hub.port}", "NOETL_WORKER_POOL_NAME": "orders",
                    "NOETL_WORKER_ID": "w1", "NOETL_WORKER_HEARTBEAT_INTERVAL": "0.2",
                },
            ) as worker,
            Exporter(f"http://127.0.0.1:{worker.actuator_port}/actuator/info") as sidecar,
        ):
            for number in range(3):
                worker.webhook(b'{"n": %d}' % number)
            sidecar.wait_for("app_active_task_count", "3", 2)
            sidecar.wait_for("app_agent_status", "1")
            def told():
                return {line: value for line, value in hub.samples.items() if 'instance="w1"' in line}
            name = "noetl_worker_active_tasks"
            wait_until(lambda: any(line.startswith(name) and value == "3" for line, value in told().items()), what=name)
            lines = told()
            self.assertTrue(any(line.startswith("dataflow_pipelines_running") and 'component="orders"' in line for line in lines))
            worker.signal(signal.SIGINT)
            self.assertEqual(worker.wait(10), 0)


if __name__ == "__main__":
    unittest.main()
