"""Every relative link in the documentation leads to a file that is there."""

import re
import unittest

from support import ROOT, documents


class Links(unittest.TestCase):
    def test_every_link_leads_somewhere(self):
        broken = []
        for page in documents():
            for target, heading in re.findall(r"\]\(([^)#\s]*)(?:#([^)]*))?\)", page.read_text()):
                file = page.parent / target if target else page
                if re.match(r"[a-z]+:", target):
                    continue
                if not file.exists() or (heading and heading not in headings(file)):
                    broken.append(f"{page.relative_to(ROOT)}: {target}#{heading}")
        self.assertEqual(broken, [])


def headings(page):
    """The headings of a page, as the links to them have them."""
    found = re.findall(r"^#+ (.*)$", page.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


if __name__ == "__main__":
    unittest.main()
