"""Mutations that change nothing that anybody could notice, each with its reason: the paragraphs of equivalent.txt.

    Sources/Module/Folder/File.swift
    - the line
    + the line as the mutation has it
    Why, on one or more lines.
"""


class Known:
    def __init__(self, text):
        self.paragraphs = {}
        for paragraph in text.split("\n\n"):
            lines = [line for line in paragraph.splitlines() if not line.startswith("#")]
            if not lines:
                continue
            if len(lines) < 4 or lines[1][:2] != "- " or lines[2][:2] != "+ ":
                raise ValueError(f"not a file, a line, the line mutated and a reason: {lines}")
            self.paragraphs[lines[0], lines[1][2:], lines[2][2:]] = " ".join(lines[3:])

    def reason(self, mutation):
        """Why nobody could notice it; None when somebody should."""
        return self.paragraphs.get(key(mutation))

    def stale(self, mutations):
        """What is about a line that is gone."""
        return sorted(set(self.paragraphs) - {key(mutation) for mutation in mutations})


def key(mutation):
    return mutation.path, mutation.before.strip(), mutation.mutated.strip()
