"""Finds Rust tests by name: in the source, without building anything, and in what cargo printed."""

import re
from pathlib import Path

# What may hold a brace, a quote or the word `fn` without meaning it.
_NOT_CODE = re.compile(
    r"""(?P<comment>//[^\n]*)|(?P<block>/\*)|(?P<raw>\bb?r(?P<hash>\#*)".*?"(?P=hash))"""
    r"""|(?P<string>b?"(?:\\.|[^"\\])*")|(?P<char>b?'(?:\\[^\n]{1,8}?|[^'\\\n])')""",
    re.DOTALL,
)
_TEST = re.compile(r"#\[\s*(?:\w+::)*test\b")
_IGNORED = re.compile(r"#\[\s*ignore\b")
# A macro that makes tests or modules: the names stand where it is called.
_MADE_TEST = re.compile(r"#\[\s*(?:\w+::)*test\b[^{};]*\bfn\s+\$\w+\s*\(")
_MADE_MODULE = re.compile(r"\bmod\s+\$\w+\s*\{")


def code_only(source: str) -> str:
    """The source with comments and literals blanked, lines and columns kept."""
    out, at = [], 0
    while True:
        found = _NOT_CODE.search(source, at)
        if not found:
            out.append(source[at:])
            return "".join(out)
        end = found.end()
        if found.group("block"):
            end = _end_of_block(source, end)
        out.append(source[at : found.start()])
        out.append(re.sub(r"[^\n]", " ", source[found.start() : end]))
        at = end


def _end_of_block(source: str, at: int) -> int:
    """Where a block comment ends that begins before `at`; they nest in Rust."""
    depth = 1
    for mark in re.compile(r"/\*|\*/").finditer(source, at):
        depth += 1 if mark.group() == "/*" else -1
        if depth == 0:
            return mark.end()
    return len(source)


def has_test(source: str, name: str) -> str:
    """'' if the source has a test function of that name that runs, else why not."""
    code = code_only(source)
    reason = f"no function '{name}'"
    for found in re.finditer(r"\bfn\s+" + re.escape(name) + r"\s*[(<]", code):
        # Everything between the end of the last item and `fn`: attributes and `pub async`.
        before = re.split(r"[;{}]", code[: found.start()])[-1]
        if not _TEST.search(before):
            reason = f"'{name}' is not a test"
        elif _IGNORED.search(before):
            reason = f"'{name}' is ignored"
        else:
            return ""
    if _MADE_TEST.search(code) and _is_argument(code, name):
        return ""
    return reason


def _is_argument(code: str, name: str) -> bool:
    """Whether a word stands alone between commas and brackets, as an argument of a macro."""
    return bool(re.search(r"[(,:]\s*" + re.escape(name) + r"\s*[,)]", code))


def _has_module(code: str, name: str) -> bool:
    if re.search(r"\bmod\s+" + re.escape(name) + r"\s*\{", code):
        return True
    return bool(_MADE_MODULE.search(code)) and _is_argument(code, name)


def _module_elsewhere(source: str, inner: list) -> str:
    """The file that an attribute `path` names for the one module that is looked for in a file."""
    if len(inner) != 1:
        return ""
    found = re.search(r'#\[path\s*=\s*"([^"]+)"\]\s*mod\s+' + inner[0] + r"\s*;", source)
    return found.group(1) if found else ""


def crates(root: Path) -> dict:
    """Every crate of the workspace by its folder's name and by its package's name."""
    manifest = (root / "Cargo.toml").read_text(encoding="utf-8")
    members = re.search(r"^members\s*=\s*\[(.*?)\]", manifest, re.DOTALL | re.MULTILINE)
    found = {}
    for pattern in re.findall(r'"([^"]+)"', members.group(1) if members else ""):
        for folder in root.glob(pattern):
            own = folder / "Cargo.toml"
            package = own.is_file() and re.search(
                r'^name\s*=\s*"([^"]+)"', own.read_text(encoding="utf-8"), re.MULTILINE
            )
            found[folder.name] = folder
            if package:
                found[package.group(1).replace("-", "_")] = folder
    return found


def find(root: Path, path: str) -> str:
    """'' if `crate::file::test` names a test that runs, else why not.

    `core::session::tests::name` is in core/src/session.rs, `core::tests::swap::name` in
    core/tests/swap.rs. Modules inside a file may be named.
    """
    crate, *modules, name = path.split("::")
    folder = crates(root).get(crate)
    if folder is None:
        return f"there is no crate '{crate}'"
    if modules[:1] == ["tests"] and len(modules) > 1:
        base, modules = folder / "tests", modules[1:]
    else:
        base = folder / "src"
    files = []
    for length in range(len(modules), -1, -1):
        stem = base.joinpath(*modules[:length])
        inner = modules[length:]
        choices = [stem.with_suffix(".rs"), stem / "mod.rs", stem / "main.rs", stem / "lib.rs"]
        for file in choices:
            if file.is_file():
                text = file.read_text(encoding="utf-8")
                elsewhere = _module_elsewhere(text, inner)
                if elsewhere:
                    files.append(file.parent / elsewhere)
                elif all(_has_module(code_only(text), module) for module in inner):
                    files.append(file)
        if files:
            break
    if not files:
        return f"there is no file for '{'::'.join([crate, *modules])}'"
    reasons = [has_test(file.read_text(encoding="utf-8"), name) for file in files]
    if "" in reasons:
        return ""
    return f"{reasons[0]} in {files[0].relative_to(root)}"


def read_log(text: str) -> dict:
    """What `cargo test` printed: (target, test) -> its result. A target is the file of an
    integration test, `tests/swap.rs`, or the name and root of a library or program,
    `proofkey src/lib.rs`."""
    found, target = {}, ""
    for line in text.splitlines():
        started = re.match(r"\s*Running (unittests )?(\S+) \(\S*?(\w+)-[0-9a-f]{16}", line)
        if started:
            unit, file, name = started.groups()
            target = f"{name} {file}" if unit else file
        elif re.match(r"\s*Doc-tests ", line):
            target = "doc"
        done = re.match(r"test (\S+)(?: - should panic)? \.\.\. (\w+)", line)
        if done:
            found[target, done.group(1)] = done.group(2)
    return found


def ran(root: Path, path: str, log: dict) -> str:
    """'' if the tests of that name are in the log and passed, else why not."""
    crate, *modules, name = path.split("::")
    folder = crates(root)[crate]
    if modules[:1] == ["tests"] and len(modules) > 1:
        targets, inner = {f"tests/{modules[1]}.rs", f"tests/{modules[1]}/main.rs"}, modules[2:]
    else:
        manifest = (folder / "Cargo.toml").read_text(encoding="utf-8")
        names = re.findall(r'^name\s*=\s*"([^"]+)"', manifest, re.MULTILINE)
        roots = [
            f"src/{root}.rs" for root in ("lib", "main") if (folder / f"src/{root}.rs").is_file()
        ]
        targets = {f"{name.replace('-', '_')} {file}" for name in names for file in roots}
        inner = modules
    results = [
        result
        for (target, test), result in log.items()
        if target in targets and _is_within([*inner, name], test.split("::"))
    ]
    if not results:
        return "it did not run"
    return "" if set(results) == {"ok"} else f"its result is {', '.join(sorted(set(results)))}"


def _is_within(wanted: list, test: list) -> bool:
    """Whether the wanted names stand in this order in the test's path, the last of them last."""
    rest = iter(test)
    return wanted[-1] == test[-1] and all(part in rest for part in wanted)
