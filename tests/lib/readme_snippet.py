"""Prints a language's snippets of README.md, for the suites that compile them.

readme_snippet.py LANGUAGE
"""

import sys

from check_readme import ROOT, fences

blocks = [
    block for kind, block in fences((ROOT / "README.md").read_text("utf-8")) if kind == sys.argv[1]
]
if not blocks:
    sys.exit(f"README.md has no snippet in {sys.argv[1]}")
print("\n".join(blocks))
