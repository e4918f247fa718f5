"""Calls into Rust: what goes wrong there, as an error of this package."""

from __future__ import annotations

from . import _native
from ._errors import FixConfiguration, ProofKeyError, Retry, SignInAgain, UserCancelled

# As type checkers know it; importing typing takes a good part of what all of this package does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import ParamSpec, Protocol, TypeVar

    _Given = ParamSpec("_Given")
    _T = TypeVar("_T")

    class Crossed(Protocol):
        """An error, or a warning, as it crosses."""

        code: str
        family: _native.Family
        text: str
        advice: str


_FAMILIES: dict[_native.Family, type[ProofKeyError]] = {
    _native.Family.RETRY: Retry,
    _native.Family.SIGN_IN_AGAIN: SignInAgain,
    _native.Family.FIX_CONFIGURATION: FixConfiguration,
    _native.Family.USER_CANCELLED: UserCancelled,
}


def from_native(error: Crossed) -> ProofKeyError:
    """What crossed, as an error in its family."""
    return _FAMILIES[error.family](error.code, error.text, error.advice)


def crossing(call: Callable[_Given, _T], *given: _Given.args, **named: _Given.kwargs) -> _T:
    """Calls into Rust. An error that crosses is raised in its family; every call can have one."""
    try:
        return call(*given, **named)
    except _native.ProofKeyError as error:
        failure = from_native(error)
    # What shows a traceback with its variables finds no secret here.
    del call, given, named
    raise failure


def from_store(code: str, detail: str) -> ProofKeyError:
    """The error of a store, by its stable code and the store's own words."""
    try:
        _native.store_error(code, detail)
    except _native.ProofKeyError as error:
        failure = from_native(error)
    else:
        raise AssertionError("a store's error is none")
    if failure.code == "internal_error":
        raise failure
    return failure
