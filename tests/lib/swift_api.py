"""Prints the public API of the Swift package as a text, one line a declaration, from the symbol
graph that `swift package dump-symbol-graph` left below the folder that is named."""

import json
import sys
from pathlib import Path


def main() -> int:
    graphs = sorted(Path(sys.argv[1]).glob("*/symbolgraph/ProofKey.symbols.json"))
    if len(graphs) != 1:
        print(f"swift_api: {len(graphs)} symbol graphs of ProofKey, expected one", file=sys.stderr)
        return 1
    graph = json.loads(graphs[0].read_text(encoding="utf-8"))
    lines, undocumented = set(), []
    for symbol in graph["symbols"]:
        path = ".".join(symbol["pathComponents"])
        declaration = "".join(part["spelling"] for part in symbol["declarationFragments"])
        lines.add(f"{path}: {' '.join(declaration.split())}")
        if "docComment" not in symbol:
            undocumented.append(path)
        if "FFI" in declaration:
            print(f"swift_api: the generated layer shows in {path}", file=sys.stderr)
            return 1
    if undocumented:
        print(f"swift_api: without a comment: {', '.join(sorted(undocumented))}", file=sys.stderr)
        return 1
    names = {symbol["identifier"]["precise"]: symbol for symbol in graph["symbols"]}
    for relation in graph["relationships"]:
        if relation["kind"] == "conformsTo" and relation["source"] in names:
            path = ".".join(names[relation["source"]]["pathComponents"])
            ours = names.get(relation["target"])
            target = ".".join(ours["pathComponents"]) if ours else relation["targetFallback"]
            lines.add(f"{path}: conforms to {target}")
    print("\n".join(sorted(lines)))
    return 0


sys.exit(main())
