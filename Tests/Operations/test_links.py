"""Every relative link in the documentation leads to a file that is there."""

import re
import unittest

from support import ROOT, documents


class Links(unittest.TestCase):
    def test_every_link_leads_somewhere(self):
        broken = []
        for page in documents():
            for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text()):
                if not re.match(r"[a-z]+:", target) and not (page.parent / target).exists():
                    broken.append(f"{page.relative_to(ROOT)}: {target}")
        self.assertEqual(broken, [])


if __name__ == "__main__":
    unittest.main()
