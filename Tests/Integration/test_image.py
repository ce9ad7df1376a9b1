"""What is in an image, with nothing around it: AGENT_EXPORTER is in-root, and IMAGE_ROOT the folder it runs in."""

import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import threading
import unittest

from certificates import Certificates
from locked import LockedExporter, WebFile, basic, bcrypt, trusting
from support import BINARY, Exporter, FakeAgent, Program, free_port, is_listening, surroundings, wait_until
from test_agent_tls import SecureAgent

ROOT = pathlib.Path(os.environ["IMAGE_ROOT"])
ENVIRONMENT = {"IMAGE_ROOT": str(ROOT)}
# Nobody else's port 53.
NAME_SERVER = "127.0.0.153"


def run(*arguments):
    return subprocess.run([BINARY, *arguments], capture_output=True, text=True, env=surroundings() | ENVIRONMENT)


class NameServer:
    """Says that every name is 127.0.0.1."""

    def __enter__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((NAME_SERVER, 53))
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def serve(self):
        while True:
            try:
                query, asker = self.socket.recvfrom(512)
            except OSError:
                return
            end = query.index(b"\0", 12) + 5
            wants_address = query[end - 4 : end - 2] == b"\0\1"
            head = query[:2] + struct.pack("!HHHHH", 0x8180, 1, wants_address, 0, 0)
            answer = b"\xc0\x0c" + struct.pack("!HHIH4B", 1, 1, 1, 4, 127, 0, 0, 1) if wants_address else b""
            self.socket.sendto(head + query[12:end] + answer, asker)

    def __exit__(self, *_):
        self.socket.close()


class Image(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # A container runtime puts these in place.
        (ROOT / "etc").mkdir(exist_ok=True)
        (ROOT / "etc/hosts").write_text("127.0.0.1 localhost\n127.0.0.1 agent.hosts.test\n")
        (ROOT / "etc/resolv.conf").write_text(f"nameserver {NAME_SERVER}\noptions timeout:1\n")

    def test_it_is_small(self):
        size = sum(path.stat().st_size for path in ROOT.rglob("*") if path.is_file())
        print(f"  {size / 1e6:.1f} MB")
        self.assertLess(size, 16e6)

    def test_the_demo_answers_and_its_health_is_checked(self):
        port = free_port()
        address = f"--web.listen-address=127.0.0.1:{port}"
        self.assertEqual(run("healthcheck", f"--url=http://127.0.0.1:{port}/healthz").returncode, 1)
        with Program("demo", address, environment=ENVIRONMENT):
            healthy = lambda: run("healthcheck", f"--url=http://localhost:{port}/readyz").returncode == 0
            wait_until(healthy, what="the demo is ready")

    def test_it_has_no_rights_and_nothing_to_write_to(self):
        with FakeAgent() as agent, Exporter(agent.url, environment=ENVIRONMENT) as exporter:
            exporter.wait_for("app_agent_up", "1")
            process = pathlib.Path(f"/proc/{exporter.process.pid}")
            status = dict(line.split(":\t", 1) for line in (process / "status").read_text().splitlines())
            self.assertEqual(status["Uid"].split(), ["65532"] * 4)
            self.assertEqual(status["Gid"].split(), ["65532"] * 4)
            self.assertEqual((int(status["CapEff"], 16), status["NoNewPrivs"]), (0, "1"))
            mounts = [line.split() for line in (process / "mountinfo").read_text().splitlines()]
            self.assertEqual([mount[5].split(",")[0] for mount in mounts if mount[4] == "/"], ["ro"])
            exporter.signal(signal.SIGINT)
            self.assertEqual(exporter.wait(), 0)

    def test_names_are_found_in_its_hosts_file_and_by_its_name_server(self):
        with FakeAgent() as agent, NameServer():
            port = agent.server.server_address[1]
            for name in ["localhost", "agent.hosts.test", "agent.dns.test"]:
                with self.subTest(name=name):
                    url = f"http://{name}:{port}/actuator/info"
                    with Exporter(url, environment=ENVIRONMENT) as exporter:
                        exporter.wait_for("app_agent_up", "1")

    def test_it_speaks_https_on_both_sides(self):
        """With OpenSSL and libcrypt in it, and no file of theirs around it."""
        with Certificates() as pki, WebFile() as web, SecureAgent(pki.server) as agent:
            place = ROOT / "etc/locks"
            place.mkdir(mode=0o755)
            self.addCleanup(shutil.rmtree, place)

            def put(path):
                """Where it is in the root."""
                shutil.copyfile(path, place / os.path.basename(path))
                os.chmod(place / os.path.basename(path), 0o644)
                return f"/etc/locks/{os.path.basename(path)}"

            tls = {"cert_file": put(pki.server.certificate), "key_file": put(pki.server.key)}
            web.write(tls_server_config=tls, basic_auth_users={"prom": bcrypt("right")})
            web.path = put(web.path)
            authority, login = put(pki.authority.certificate), basic("prom", "right")
            context = trusting(pki.authority)
            with LockedExporter(
                web, agent.url, f"--agent.tls-ca-file={authority}", context=context, authorization=login, environment=ENVIRONMENT
            ) as exporter:
                exporter.wait_for("app_active_task_count", "3")
                self.assertEqual(exporter.status(authorization=basic("prom", "wrong")), 401)
                check = ["healthcheck", f"--url=https://127.0.0.1:{exporter.port}/healthz", f"--ca-file={authority}"]
                self.assertEqual(run(*check).returncode, 1)
                self.assertEqual(run(*check, "--basic-auth-user=prom", "--basic-auth-password=right").returncode, 0)
            # Nobody has told it whom to believe.
            with Exporter(agent.url, environment=ENVIRONMENT) as exporter:
                wait_until(lambda: "--agent.tls-ca-file" in (exporter.health["agent"]["last_error"] or ""))

    def test_SIGTERM_ends_it_as_the_first_process_too(self):
        """To which the kernel passes only the signals that it has asked for."""
        port = free_port()
        command = ["unshare", "--pid", "--fork", BINARY, f"--web.listen-address=127.0.0.1:{port}", "--agent.url=http://127.0.0.1:1/"]
        process = subprocess.Popen(command, env=surroundings() | ENVIRONMENT, stderr=subprocess.DEVNULL)
        wait_until(lambda: is_listening(port))
        first = int(pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text())
        self.assertEqual(pathlib.Path(f"/proc/{first}/status").read_text().split("NSpid:")[1].split()[1], "1")
        os.kill(first, signal.SIGTERM)
        self.assertEqual(process.wait(5), 0)

    def test_SIGTERM_ends_it(self):
        with FakeAgent() as agent:
            url = agent.url
        with Exporter(url, environment=ENVIRONMENT) as exporter:
            exporter.signal(signal.SIGTERM)
            self.assertEqual(exporter.wait(), 0)


if __name__ == "__main__":
    unittest.main()
