"""The hub's log on disks that are full, cannot be written, or have lost what was on them: an answer with a reason, and no crash.

A disk is a small tmpfs that nobody sees but the writer (unshare). The writer is Benchmarks/LogBench, which does what it is told.
"""

import contextlib
import os
import pathlib
import subprocess
import tempfile
import unittest

PROGRAM = pathlib.Path(os.environ["AGENT_EXPORTER"]).with_name("log-bench")


class Writer:
    """A writer in a directory; on a disk of its own when it has a size."""

    def __init__(self, directory, disk=None, prepare=""):
        self.directory = directory
        command = [PROGRAM, "obey", f"{directory}/log.db"]
        if disk:
            script = f'mount -t tmpfs -o size={disk} none "$0" && {prepare or ":"} && exec "$@"'
            command = ["unshare", "-rm", "sh", "-euc", script, directory, *command]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        self.process = subprocess.Popen(command, **pipes, text=True)
        self.greeting = self.process.stdout.readline().strip()
        if not self.greeting:
            raise AssertionError(f"there is no writer: {self.process.stderr.read()}")

    def tell(self, order):
        self.process.stdin.write(f"{order}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        if not answer:
            raise AssertionError(f"it has ended: {self.process.wait()} {self.process.stderr.read()[-2000:]}")
        return answer

    def inside(self, name):
        """A file in its directory as the writer sees it."""
        return pathlib.Path(f"/proc/{self.process.pid}/root{self.directory}/{name}")

    def end(self):
        self.process.stdin.close()
        status = self.process.wait(20)
        self.process.stdout.close()
        self.process.stderr.close()
        return status


@contextlib.contextmanager
def writer(*arguments, **settings):
    started = Writer(*arguments, **settings)
    try:
        yield started
    finally:
        started.process.kill()
        started.process.wait()
        for pipe in (started.process.stdin, started.process.stdout, started.process.stderr):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


class DiskTests(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = os.path.realpath(directory.name)

    def test_a_full_disk_refuses_reports_and_takes_them_again_when_there_is_room(self):
        with writer(self.directory, disk="4m", prepare='head -c 1m /dev/zero > "$0/filler"') as log:
            self.assertEqual("ready", log.greeting)
            answers = [log.tell("append") for _ in range(1000)]
            written = [answer for answer in answers if answer.startswith("written")]
            self.assertEqual([f"written {number + 1}" for number in range(len(written))], written)
            self.assertGreater(len(written), 50)
            refused = answers[len(written) :]
            self.assertTrue(refused, "the disk is not full")
            for answer in refused:
                self.assertRegex(answer, "^noSpace true .*there is no room on the disk; make room, and it goes on by itself")
            # What was answered can be read while there is no room.
            self.assertEqual(f"read {len(written)}", log.tell("read"))
            log.inside("filler").unlink()
            self.assertEqual(f"written {len(written) + 1}", log.tell("append"))
            self.assertEqual(f"read {len(written) + 1}", log.tell("read"))
            self.assertEqual(0, log.end())

    def test_a_disk_that_cannot_be_written_is_refused_with_a_reason(self):
        with writer(self.directory, disk="4m", prepare='mount -o remount,ro "$0"') as log:
            self.assertRegex(log.greeting, "^readOnly .*its file and directory must be writable")
        made = f'"{PROGRAM}" obey "$0/log.db" < /dev/null > /dev/null'
        with writer(self.directory, disk="4m", prepare=f'{made} && test -s "$0/log.db" && mount -o remount,ro "$0"') as log:
            self.assertRegex(log.greeting, "^readOnly .*its file and directory must be writable")

    def test_bytes_that_change_under_it_are_errors_and_no_crash(self):
        with writer(self.directory) as log:
            for number in range(200):
                self.assertEqual(f"written {number + 1}", log.tell("append"))
            self.assertEqual(0, log.end())
        with writer(self.directory) as log:
            self.assertEqual("ready", log.greeting)
            self.assertEqual("read 200", log.tell("read"))
            with open(f"{self.directory}/log.db", "r+b", buffering=0) as file:
                pages = file.seek(0, os.SEEK_END) // 4096
                for page in range(pages // 2, pages, 3):
                    file.seek(page * 4096)
                    file.write(b"\xa5" * 4096)
            self.assertRegex(log.tell("read"), "^damaged .*it is damaged")
            for _ in range(100):
                self.assertRegex(log.tell("append"), "^(written|damaged|failed) ")
            self.assertRegex(log.tell("read"), "^damaged ")
            self.assertEqual(0, log.end())

    def test_a_page_that_was_overwritten_while_it_was_closed_is_found(self):
        with writer(self.directory) as log:
            for number in range(200):
                self.assertEqual(f"written {number + 1}", log.tell("append"))
            self.assertEqual(0, log.end())
        pages = os.path.getsize(f"{self.directory}/log.db") // 4096
        for page in (1, pages // 2, pages - 1):
            with open(f"{self.directory}/log.db", "r+b", buffering=0) as file:
                file.seek(page * 4096)
                kept = file.read(4096)
                file.seek(page * 4096)
                file.write(b"\xa5" * 4096)
            found = subprocess.run([PROGRAM, "export", f"{self.directory}/log.db"], capture_output=True, text=True, timeout=60)
            output = found.stdout + found.stderr
            self.assertTrue("problem: " in output or "damaged" in output, f"page {page}: {output[:500]}")
            with open(f"{self.directory}/log.db", "r+b", buffering=0) as file:
                file.seek(page * 4096)
                file.write(kept)
        self.assertEqual("", subprocess.run([PROGRAM, "export", f"{self.directory}/log.db"], capture_output=True, text=True).stderr)

    def test_a_second_process_is_told_that_there_is_a_first(self):
        with writer(self.directory) as first:
            self.assertEqual("ready", first.greeting)
            with writer(self.directory) as second:
                self.assertRegex(second.greeting, "^inUse .*another process has it; one hub has one log")
            self.assertEqual("written 1", first.tell("append"))
            first.process.kill()
            first.process.wait()
            with writer(self.directory) as third:
                self.assertEqual("ready", third.greeting)
                self.assertEqual("read 1", third.tell("read"))


if __name__ == "__main__":
    unittest.main()
