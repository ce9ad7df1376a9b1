"""What `make image` asks of Docker or buildah, with programs in their places that only repeat it."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILES = ["deploy/image/build", "Tests/install", "Sources/Service/Process/BuildInfo.swift"]
REPEAT = '#!/bin/sh\n[ "$1" = info ] && exit {status}\necho {name} "$@"\n'


class Build(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.sources = self.directory / "sources"
        for file in FILES:
            (self.sources / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / file, self.sources / file)

    def engine(self, name, status):
        path = self.directory / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(REPEAT.format(name=name, status=status))
        path.chmod(0o755)

    def build(self, docker=True, **variables):
        self.engine("docker", 0 if docker else 1)
        self.engine("buildah", 0)
        kept = {name: value for name, value in os.environ.items() if name not in ("REVISION", "PLATFORM", "BASE", "IMAGE", "PROGRAM")}
        environment = kept | {"PATH": f"{self.directory}/bin:{os.environ['PATH']}"} | variables
        return subprocess.run([self.sources / "deploy/image/build"], env=environment, capture_output=True, text=True)

    def git(self, *arguments, directory=None):
        identity = ["-c", "user.name=n", "-c", "user.email=e@example.org"]
        command = ["git", *identity, "-C", directory or self.sources, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, directory):
        self.git("init", "--quiet", directory=directory)
        self.git("add", ".", directory=directory)
        self.git("commit", "--quiet", "--message=m", directory=directory)
        return self.git("rev-parse", "--short", "HEAD", directory=directory)

    def test_the_revision_is_that_of_what_is_built(self):
        # An archive that was unpacked in somebody's repository.
        self.commit(self.directory)
        self.assertIn("REVISION=unknown ", self.build().stdout)
        commit = self.commit(self.sources)
        self.git("tag", "--annotate", "--message=m", "v9")
        self.assertIn(f"REVISION={commit} ", self.build().stdout)
        (self.sources / FILES[1]).write_text("changed\n")
        self.assertIn(f"REVISION={commit}-dirty ", self.build().stdout)
        self.assertIn("REVISION=mine ", self.build(REVISION="mine").stdout)

    def test_what_an_engine_is_given_is_the_whole_package(self):
        given = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
        for name in given:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, self.directory / name)
        described = subprocess.run(["swift", "package", "--package-path", self.directory, "describe"], capture_output=True, text=True)
        self.assertEqual(described.returncode, 0, described.stderr)

    def test_docker_builds_where_there_is_an_engine_and_buildah_otherwise(self):
        self.assertRegex(self.build().stdout, r"^docker build .*--tag agent-exporter:\d")
        self.assertRegex(self.build(docker=False, BASE="b").stdout, r"^buildah build --isolation chroot .*--build-arg BASE=b ")

    def test_the_program_is_the_exporter_or_what_is_named(self):
        self.assertRegex(self.build().stdout, r"--tag agent-exporter:[\d.]+ --target agent-exporter\b")
        for program in ("agent-hub", "pipeline-worker"):
            self.assertRegex(self.build(PROGRAM=program).stdout, rf"--tag {program}:[\d.]+ --target {program}\b")
        stages = re.findall(r"^FROM scratch AS (\S+)$", (ROOT / "Dockerfile").read_text(), re.M)
        # The last is what is built where nobody names one.
        self.assertEqual(stages, ["agent-hub", "pipeline-worker", "agent-exporter"])

    def test_two_processors_need_buildx(self):
        self.assertRegex(self.build(PLATFORM="linux/a,linux/b").stdout, r"^docker buildx build --platform linux/a,linux/b ")
        refused = self.build(docker=False, PLATFORM="linux/a")
        self.assertEqual((refused.returncode, refused.stdout), (1, ""))
        self.assertIn("PLATFORM=linux/a needs Docker", refused.stderr)


if __name__ == "__main__":
    unittest.main()
