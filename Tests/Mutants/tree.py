"""A copy of the package that mutants may be made in: the tree itself is never touched."""

import contextlib
import os
import pathlib
import re
import signal
import subprocess

# A test that failed, as Swift Testing prints it.
FAILURE = re.compile(r'✘ Test (?P<name>"(?:[^"\\]|\\.)*"|\w+\(.*?\)) (?:with .*? )?(?:recorded an issue|failed)')
BUILD_SECONDS = 900


class Tree:
    """Has two builds: one of all targets, and one of the few that a module and its tests are made of."""

    def __init__(self, root, place, swift, slow):
        self.root, self.swift, self.slow = root, swift, slow
        self.copy, self.place = place / "tree", place
        self.renew()
        self.package = (self.copy / "Package.swift").read_text()

    def renew(self):
        """Makes the copy what the tree is now. Files that are the same stay as they are, and need not be built again."""
        listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(listing, cwd=self.root, check=True, capture_output=True, text=True).stdout
        wanted = {pathlib.Path(name) for name in listed.split("\0") if name and (self.root / name).is_file()}
        for path in self.copy.rglob("*.swift"):
            if path.relative_to(self.copy) not in wanted:
                path.unlink()
        for path in wanted:
            self.write(path, (self.root / path).read_bytes(), (self.root / path).stat().st_mode)
        # Tests that are written in Python find it where they look for it.
        python = self.copy / ".build" / "python"
        python.parent.mkdir(exist_ok=True)
        if not python.is_symlink():
            python.symlink_to(self.root / ".build" / "python")

    def write(self, path, contents, mode=0o644):
        target = self.copy / path
        if target.is_file() and target.read_bytes() == contents:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(contents)
        target.chmod(mode)

    @contextlib.contextmanager
    def mutated(self, mutation):
        right = (self.copy / mutation.path).read_bytes()
        self.write(mutation.path, mutation.applied(right.decode()).encode())
        try:
            yield
        finally:
            self.write(mutation.path, right)

    def build(self, targets=None):
        """Builds these targets, or all, and their tests: the output, and the status."""
        package = self.package
        if targets:
            names = ", ".join(f'"{target}"' for target in sorted(targets))
            package += f"\npackage.products = []\npackage.targets.removeAll {{ ![{names}].contains($0.name) }}\n"
        self.write("Package.swift", package.encode())
        scratch = str(self.scratch(targets))
        return self.run(BUILD_SECONDS, self.swift, "build", "--build-tests", "--disable-xctest", "--scratch-path", scratch)

    def test(self, test_targets, targets, seconds):
        """Runs what has been built: None when everything passed, or else what noticed."""
        program = next(self.scratch(targets).glob("debug/*PackageTests.xctest"))
        # The scripts need the program, which only the whole package has.
        skipped = [] if self.slow and not targets else ["--skip", "IntegrationTests"]
        chosen = f"^({'|'.join(test_targets)})\\."
        # Not by `swift test`, which would leave behind a test that hangs.
        output, status = self.run(seconds, program, "--testing-library", "swift-testing", "--filter", chosen, *skipped)
        if status == 0:
            return None
        if status is None:
            return "the time"
        failed = FAILURE.search(output)
        return failed["name"] if failed else "a crash"

    def scratch(self, targets):
        return self.place / ("part" if targets else "all")

    def run(self, seconds, *command):
        """Output and status; no status when it took too long."""
        process = subprocess.Popen(
            ["nice", *command],
            cwd=self.copy,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=os.environ | {"NO_COLOR": "1"},
            # A group of its own, so that it ends with everything that it has started.
            start_new_session=True,
        )
        try:
            return process.communicate(timeout=seconds)[0], process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return process.communicate()[0], None
        except KeyboardInterrupt:
            os.killpg(process.pid, signal.SIGKILL)
            raise
