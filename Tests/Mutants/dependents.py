"""Which test targets may notice a change of a module, as Package.swift has it."""

import json
import subprocess


class Targets:
    def __init__(self, described):
        self.dependencies, self.tests = {}, set()
        for target in described["targets"]:
            names = [next(iter(dependency.values()))[0] for dependency in target["dependencies"]]
            self.dependencies[target["name"]] = names
            if target["type"] == "test":
                self.tests.add(target["name"])

    @classmethod
    def of_package(cls, root, swift):
        described = subprocess.run([swift, "package", "dump-package"], cwd=root, check=True, capture_output=True)
        return cls(json.loads(described.stdout))

    def needed_by(self, name):
        """The target and everything that it is built from."""
        needed, waiting = set(), [name]
        while waiting:
            name = waiting.pop()
            if name not in needed:
                needed.add(name)
                waiting += self.dependencies[name]
        return needed

    def own_tests(self, module):
        return [f"{module}Tests"] if f"{module}Tests" in self.tests else []

    def other_tests(self, module):
        """The tests of what is built from the module."""
        others = self.tests - set(self.own_tests(module))
        return sorted(name for name in others if module in self.needed_by(name))
