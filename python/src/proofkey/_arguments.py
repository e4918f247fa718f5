"""What callers give, checked before it crosses into Rust: types by name, and text that is text.

Values are judged by the core alone; here it is only made sure that they can reach it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping

from ._errors import FixConfiguration
from ._native import Parameter

# What is left when bytes were read with surrogateescape.
_HALF = re.compile("[\ud800-\udfff]")


def wrong_type(name: str, expected: str, value: object) -> TypeError:
    """The message names the parameter and both types, never the value: it may be a secret."""
    return TypeError(f"{name} must be {expected}, not {type(value).__name__}")


def text(name: str, value: object) -> str:
    """A ``str`` that can be written as UTF-8."""
    if not isinstance(value, str):
        raise wrong_type(name, "str", value)
    # Searched, not tried: an exception of Python's would carry the text.
    if not value.isascii() and _HALF.search(value):
        raise FixConfiguration(
            "invalid_configuration",
            f"{name} has a character that is half of a pair (a lone surrogate) and no Unicode text",
            "Decode the text as UTF-8 where it comes from, without surrogateescape.",
        )
    # A subclass could carry a __str__ or __eq__ of its own.
    return str.__str__(value)


def optional_text(name: str, value: object) -> str | None:
    """As `text`, or None."""
    return None if value is None else text(name, value)


def texts(name: str, value: object) -> list[str]:
    """A list of texts. One string is refused: it would be taken apart into its characters."""
    if isinstance(value, (str, bytes, bytearray)) or not isinstance(value, Iterable):
        raise wrong_type(name, "a list of str", value)
    return [text(f"{name}[{n}]", item) for n, item in enumerate(value)]


def flag(name: str, value: object) -> bool:
    """A ``bool``; 0 and 1 are none."""
    if not isinstance(value, bool):
        raise wrong_type(name, "bool", value)
    return value


def whole(name: str, value: object, most: int) -> int:
    """An ``int`` from 0 to `most`."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong_type(name, "int", value)
    if not 0 <= value <= most:
        raise FixConfiguration(
            "invalid_configuration",
            f"{name} is not between 0 and {most}",
            "Correct this setting and start again.",
        )
    return int(value)


def milliseconds(name: str, value: object) -> int:
    """Seconds, as ``int`` or ``float``, in milliseconds. The core knows the bounds."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise wrong_type(name, "a number of seconds", value)
    if not math.isfinite(value) or value < 0:
        raise FixConfiguration(
            "invalid_configuration",
            f"{name} is not a number of seconds that can be waited",
            "Correct this setting and start again.",
        )
    return round(min(value, 1e9) * 1000)


def parameters(given: object) -> list[Parameter]:
    """``extra_parameters``: a mapping, or pairs."""
    pairs = given.items() if isinstance(given, Mapping) else given
    if isinstance(pairs, (str, bytes)) or not hasattr(pairs, "__iter__"):
        raise wrong_type("extra_parameters", "a mapping or pairs of str", given)
    made = []
    for number, pair in enumerate(pairs):
        at = f"extra_parameters[{number}]"
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise wrong_type(at, "a pair of name and value", pair)
        made.append(Parameter(name=text(at, pair[0]), value=text(at, pair[1])))
    return made
