"""Prints a language's snippets of a page, for the suites that compile them.

readme_snippet.py LANGUAGE [PAGE [TEXT]]

Of README.md, or of another PAGE of the tree those that TEXT stands in.
"""

import sys

from check_readme import ROOT, fences

language, page, text = sys.argv[1:] + ["README.md", ""][len(sys.argv) - 2 :]
blocks = [
    block
    for kind, block in fences((ROOT / page).read_text("utf-8"))
    if kind == language and text in block
]
if not blocks:
    sys.exit(f"{page} has no snippet in {language}")
print("\n".join(blocks))
