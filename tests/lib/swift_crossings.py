"""Writes the C of a library that stands before ProofKey's and counts what calls it.

    swift_crossings.py HEADER >counting.c

Loaded first (LD_PRELOAD), it passes each call on. At the end of the process it prints how many
there were: calls of ours, references to objects taken and given back, and memory for what is
passed.
"""

import re
import sys
from pathlib import Path

HEAD = """#define _GNU_SOURCE
#include "CProofKey.h"
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_long calls, references, memory;

__attribute__((destructor)) static void tell(void) {
    printf("%ld %ld %ld\\n", atomic_load(&calls), atomic_load(&references), atomic_load(&memory));
}
"""
DECLARATION = re.compile(r"^(\w+) (\w+)\(([^()]*)\);", re.MULTILINE)
COUNTED = re.compile(r"_uniffi_(fn_(clone|free|constructor|method|func)_|rustbuffer_)")


def kind(name: str) -> str:
    """What a function of the library is for."""
    if "rustbuffer" in name:
        return "memory"
    return "references" if "_fn_clone_" in name or "_fn_free_" in name else "calls"


def passing(result: str, name: str, given: str) -> str:
    """A function of this name that counts and passes the call on."""
    given = " ".join(given.split())
    parameters = [] if given in ("", "void") else given.split(",")
    names = ", ".join(re.search(r"\w+$", one.strip()).group() for one in parameters)
    return f"""
{result} {name}({given}) {{
    static {result} (*_Atomic real)({given});
    atomic_fetch_add(&{kind(name)}, 1);
    if (!real) real = ({result}(*)({given}))dlsym(RTLD_NEXT, "{name}");
    {"" if result == "void" else "return "}real({names});
}}"""


def main() -> int:
    header = Path(sys.argv[1]).read_text(encoding="utf-8")
    found = [one for one in DECLARATION.findall(header) if COUNTED.search(one[1])]
    if not found:
        print("swift_crossings: the header declares nothing that can be counted", file=sys.stderr)
        return 1
    print(HEAD, *(passing(*one) for one in found), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
