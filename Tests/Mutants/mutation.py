"""What may be wrong in a line of Swift, by one small slip each."""

import dataclasses
import hashlib
import re

from swift_code import blanked

# Lines that say how something is compiled, not what it does.
IGNORED = re.compile(r"\s*((package|public|internal|private) )?(import |@available|@inline|#if|#elseif|#unavailable)")

# swift-format puts spaces around operators, and none around generic parameters.
SWAPPED = {
    r"(?<= )<(?= )": "<=",
    r"(?<= )<=(?= )": "<",
    r"(?<= )>(?= )": ">=",
    r"(?<= )>=(?= )": ">",
    r"(?<= )==(?= )": "!=",
    r"(?<= )!=(?= )": "==",
    r"(?<= )&&(?= )": "||",
    r"(?<= )\|\|(?= )": "&&",
    r"(?<= )(?P<wraps>&?)\+(?P<sets>=?)(?= )": r"\g<wraps>-\g<sets>",
    r"(?<= )(?P<wraps>&?)-(?P<sets>=?)(?= )": r"\g<wraps>+\g<sets>",
    r"\btrue\b": "false",
    r"\bfalse\b": "true",
    r"\.min\b|\bmin(?=\()": "max",
    r"\.max\b|\bmax(?=\()": "min",
    r"(?<![\w)\]!?])!(?=[\w(])": "",
    r"\bcontinue\b": "break",
    r"\bbreak\b": "continue",
    # Of a return that leaves early, and with nothing: what comes after it goes on. A guard has to leave.
    r"(?<!else \{ )\breturn(?= \}|$)": "",
}
SMALL_INTEGER = re.compile(r"(?<![\w.$])\d{1,4}(?![\w.]|\.\d)")


@dataclasses.dataclass(frozen=True)
class Mutation:
    path: str
    line: int
    start: int
    end: int
    before: str
    after: str
    # How many times the same line has stood above this one in its file.
    repetition: int = 0

    @property
    def module(self):
        return self.path.split("/")[1]

    @property
    def mutated(self):
        return self.before[: self.start] + self.after + self.before[self.end :]

    def applied(self, text):
        lines = text.split("\n")
        lines[self.line - 1] = self.mutated
        return "\n".join(lines)

    def rank(self, seed):
        """The place of this mutation in a sample: by what it changes, so that edits elsewhere do not move it."""
        identity = f"{seed}\0{self.path}\0{self.before.strip()}\0{self.repetition}\0{self.mutated.strip()}"
        return hashlib.sha256(identity.encode()).hexdigest()


def mutations(path, text):
    """Every mutation of a file, from its first line to its last."""
    found, seen = [], {}
    for number, (line, code) in enumerate(zip(text.split("\n"), blanked(text).split("\n")), 1):
        repetition = seen[line] = seen.get(line, -1) + 1
        if IGNORED.match(code):
            continue
        for start, end, after in slips(code):
            found.append(Mutation(path, number, start, end, line, after, repetition))
    return found


def slips(code):
    for pattern, replacement in SWAPPED.items():
        for match in re.finditer(pattern, code):
            after = match.expand(replacement)
            # The dot belongs to the member that is replaced.
            yield match.start(), match.end(), "." + after if match.group().startswith(".") else after
    for match in SMALL_INTEGER.finditer(code):
        value = int(match.group())
        # Either up or down, and always the same for the same place.
        step = 1 if value == 0 or (match.start() + value) % 2 else -1
        yield match.start(), match.end(), str(value + step)
