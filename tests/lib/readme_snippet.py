"""Prints a language's snippets of a README, for the suites that compile them.

readme_snippet.py LANGUAGE [FILE]    by default README.md
"""

import sys

from check_readme import ROOT, fences

language, name = (*sys.argv[1:], "README.md")[:2]
blocks = [block for kind, block in fences((ROOT / name).read_text("utf-8")) if kind == language]
if not blocks:
    sys.exit(f"{name} has no snippet in {language}")
print("\n".join(blocks))
