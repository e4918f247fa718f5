"""Prints the public API of the Swift package's products as a text, one line a declaration, from the
symbol graphs that `swift package dump-symbol-graph` left below the folder that is named."""

import json
import sys
from pathlib import Path

PRODUCTS = ("ProofKey", "ProofKeyServerChecks")


def main() -> int:
    lines: set[str] = set()
    for product in PRODUCTS:
        graphs = sorted(Path(sys.argv[1]).glob(f"*/symbolgraph/{product}.symbols.json"))
        if len(graphs) != 1:
            print(f"swift_api: {len(graphs)} symbol graphs of {product}", file=sys.stderr)
            return 1
        if fault := read(graphs[0], lines):
            print(f"swift_api: {fault}", file=sys.stderr)
            return 1
    print("\n".join(sorted(lines)))
    return 0


def read(file: Path, lines: set[str]) -> str | None:
    """Adds what the graph declares; what is wrong with it, if something is."""
    graph = json.loads(file.read_text(encoding="utf-8"))
    undocumented = []
    for symbol in graph["symbols"]:
        path = ".".join(symbol["pathComponents"])
        declaration = "".join(part["spelling"] for part in symbol["declarationFragments"])
        lines.add(f"{path}: {' '.join(declaration.split())}")
        if "docComment" not in symbol:
            undocumented.append(path)
        if "FFI" in declaration:
            return f"the generated layer shows in {path}"
    if undocumented:
        return f"without a comment: {', '.join(sorted(undocumented))}"
    names = {symbol["identifier"]["precise"]: symbol for symbol in graph["symbols"]}
    for relation in graph["relationships"]:
        if relation["kind"] == "conformsTo" and relation["source"] in names:
            path = ".".join(names[relation["source"]]["pathComponents"])
            ours = names.get(relation["target"])
            target = ".".join(ours["pathComponents"]) if ours else relation["targetFallback"]
            lines.add(f"{path}: conforms to {target}")
    return None


sys.exit(main())
