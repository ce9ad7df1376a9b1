"""A PostgreSQL server of a test's own, and databases in it."""

import collections
import contextlib
import itertools
import os
import pathlib
import signal
import subprocess

POSTGRES = str(pathlib.Path(__file__).parent.parent / "postgres")
PASSWORD = "not-to-be-shown"


def control(*words):
    # Whoever starts a server leaves it behind, so its output is not waited for.
    done = subprocess.run([POSTGRES, *map(str, words)], stdout=subprocess.PIPE, text=True, timeout=90, check=True,
                          env=os.environ | {"TEST_POSTGRES_PASSWORD": PASSWORD})
    return done.stdout.split()


class Cluster:
    """A server that ends with this process; on a disk of its own when it has a size."""

    numbers = itertools.count(1)

    def __init__(self, size="", place=None):
        self.directory, port = place or control("start", os.getpid(), size)
        self.port = int(port)

    def replica(self):
        return Cluster(place=control("replica", os.getpid(), self.directory))

    def promote(self):
        control("promote", self.directory)

    def stop(self, mode="fast"):
        control("stop", self.directory, mode)

    def resume(self):
        """Also when it has ended by itself."""
        if not self.is_running:
            control("resume", self.directory)

    @property
    def is_running(self):
        try:
            self.database("postgres").number("SELECT 1")
        except subprocess.CalledProcessError:
            return False
        return True

    @property
    def processes(self):
        """The server, and all that it has started."""
        with open(f"{self.directory}/data/postmaster.pid") as file:
            first = int(file.readline())
        with open(f"/proc/{first}/task/{first}/children") as children:
            return [first, *map(int, children.read().split())]

    @contextlib.contextmanager
    def hanging(self):
        """It takes connections and says nothing: no process of it runs."""
        stopped = []
        try:
            # The first one starts no others once it stands still.
            while left := set(self.processes) - set(stopped):
                for process in sorted(left):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(process, signal.SIGSTOP)
                    stopped.append(process)
            yield
        finally:
            for process in stopped:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGCONT)

    def database(self, name=None):
        """That one, or a new and empty one."""
        if name:
            return Database(self, name)
        name = f"test{next(self.numbers)}"
        self.database("postgres").ask(f"CREATE DATABASE {name}")
        return Database(self, name)


class Database:
    def __init__(self, cluster, name):
        self.cluster = cluster
        self.name = name

    def url(self, user="tester", password=PASSWORD, hosts=None, **options):
        """Over TCP, as between machines."""
        query = "&".join(f"{key}={value}" for key, value in options.items())
        return f"postgres://{user}:{password}@{hosts or f'127.0.0.1:{self.cluster.port}'}/{self.name}?{query}"

    def ask(self, sql, **whom):
        """What a query says, row by row; more than one statement makes one transaction."""
        command = ["psql", "-XAtq", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", sql, self.url(**whom)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def number(self, sql):
        return int(self.ask(sql)[0][0])

    def disconnect(self):
        """Ends the connections of hubs, whatever they are doing."""
        return self.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        f"WHERE datname = '{self.name}' AND application_name = 'agent-hub'")

    @property
    def written(self):
        """How often each number that was reported as `n` is there."""
        rows = self.ask("SELECT metric_value::bigint, count(*) FROM noetl.metrics WHERE metric_name = 'n' GROUP BY 1")
        return collections.Counter({int(value): int(times) for value, times in rows})
