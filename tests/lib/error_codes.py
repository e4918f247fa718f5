"""docs/errors.md against the codes, families and advice that the core's source holds."""

import re
from pathlib import Path

from pages import cells

_ARM = re.compile(
    r"((?:\|?\s*Self::\w+\s*(?:\{[^{}]*\}|\([^()]*\))?\s*)+)=>\s*\{?\s*"
    r'(?:"((?:[^"\\]|\\.)*)"|Family::(\w+))',
)


def _arms(source: str, function: str) -> dict:
    """variant -> text, for a function that is one `match` over variants."""
    head = re.search(rf"fn {function}\(&?self\)", source)
    if not head:
        return {}
    start, end = head.start(), source.find("\n    }\n", head.start())
    found = {}
    for arm in _ARM.finditer(source, start, end):
        text = arm.group(2) if arm.group(2) is not None else arm.group(3)
        # A string that goes on in the next line leaves out the break and the indentation.
        text = re.sub(r"\\\n\s*", "", text).replace('\\"', '"')
        for variant in re.findall(r"Self::(\w+)", arm.group(1)):
            found[variant] = text
    return found


def _messages(source: str) -> dict:
    """variant -> the shape of its message: fields in braces, what a server said as …"""
    found = {}
    for variant in re.finditer(r'#\[error\(\s*"((?:[^"\\]|\\.)*)"(.*?)\)\]\n', source, re.DOTALL):
        name = re.compile(r"^    ([A-Z]\w+)", re.MULTILINE).search(source, variant.end())
        text = variant.group(1).replace('\\"', '"')
        said = "; the server says: …" if "words(" in variant.group(2) else " (…)"
        found[name.group(1)] = text.replace("{}", said).replace(":?}", "}")
    return found


def read_errors(source: str) -> dict:
    """code -> (family, message, advice) of core/src/error."""
    code, family, advice = (_arms(source, name) for name in ("code", "family", "advice"))
    message = _messages(source)
    snake = {key: re.sub(r"(?<=[a-z])(?=[A-Z])", "_", text).lower() for key, text in family.items()}
    return {
        code[key]: (f"`{snake.get(key, '?')}`", message.get(key, "?"), advice.get(key, "?"))
        for key in code
    }


def read_table(page: str, heading: str) -> dict:
    """code -> the other cells, from the table under a heading of docs/errors.md."""
    _, _, section = page.partition(f"\n## {heading}\n")
    section = section.partition("\n## ")[0]
    rows = [cells(line) for line in section.splitlines() if line.startswith("| `")]
    return {row[0].strip("`"): row[1:] for row in rows}


def check_errors(root: Path) -> list:
    """What differs between the page and the source."""
    name = "docs/errors.md"
    page = (root / name).read_text(encoding="utf-8")
    problems = []

    files = sorted((root / "core/src/error").glob("*.rs"))
    source = "".join(file.read_text(encoding="utf-8") for file in files)
    errors = read_errors(source)
    variants = len(_messages(source))
    if not errors or len(errors) != variants:
        problems.append(f"core/src/error: {len(errors)} codes found for {variants} errors")
    told = read_table(page, "Errors")
    for code, expected in errors.items():
        if code not in told:
            problems.append(f"{name}: the code {code} of core/src/error is missing")
            continue
        for what, text, there in zip(("family", "message", "advice"), expected, told[code]):
            if text != there:
                problems.append(f"{name}: {code}: its {what} is: {text}")
    problems += [f"{name}: there is no code {code}" for code in told if code not in errors]

    callback = root / "core/src/callback.rs"
    if callback.is_file():
        source = callback.read_text(encoding="utf-8")
        message = _messages(source)
        refusals = {code: message.get(key) for key, code in _arms(source, "code").items()}
        told = read_table(page, "Refused redirects")
        if not refusals:
            problems.append("core/src/callback.rs: no codes were found")
        for code, text in refusals.items():
            if told.get(code) != [text]:
                problems.append(f"{name}: the refusal {code} must stand there with: {text}")
        problems += [f"{name}: there is no refusal {code}" for code in told if code not in refusals]
    return problems
