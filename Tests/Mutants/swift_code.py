"""Which characters of a Swift file are code: everything but comments and strings."""

import re

# What opens something that is no code. A string may have any number of `#` around it.
OPENING = re.compile(r'//|/\*|(?P<hashes>#*)(?P<quotes>"""|")')


def blanked(text):
    """The text with spaces for what is no code, so that every position stays what it was."""
    pieces, position = [], 0
    while match := OPENING.search(text, position):
        end = end_of(match, text)
        pieces.append(text[position : match.start()])
        pieces.append(re.sub(r"[^\n]", " ", text[match.start() : end]))
        position = end
    return "".join(pieces) + text[position:]


def end_of(opening, text):
    if opening.group() == "//":
        return position_or_end(text, text.find("\n", opening.end()))
    if opening.group() == "/*":
        return end_of_comment(text, opening.end())
    return end_of_string(text, opening.end(), opening["quotes"], opening["hashes"])


def end_of_comment(text, position):
    """Comments nest."""
    depth = 1
    while depth and (match := re.compile(r"/\*|\*/").search(text, position)):
        depth += 1 if match.group() == "/*" else -1
        position = match.end()
    return len(text) if depth else position


def end_of_string(text, position, quotes, hashes):
    """What is interpolated belongs to the string, and may hold strings itself."""
    escape = "\\" + hashes
    while position < len(text):
        if text.startswith(quotes + hashes, position):
            return position + len(quotes + hashes)
        if text.startswith(escape + "(", position):
            position = end_of_interpolation(text, position + len(escape) + 1)
        elif text.startswith(escape, position):
            position += len(escape) + 1
        else:
            position += 1
    return len(text)


def end_of_interpolation(text, position):
    depth = 1
    while depth and position < len(text):
        if match := OPENING.match(text, position):
            position = end_of(match, text)
            continue
        depth += {"(": 1, ")": -1}.get(text[position], 0)
        position += 1
    return position


def position_or_end(text, position):
    return len(text) if position < 0 else position
