"""Calls into Rust: what goes wrong there, as an error of this package."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from . import _native
from ._errors import FixConfiguration, ProofKeyError, Retry, SignInAgain, UserCancelled

_Given = ParamSpec("_Given")
_T = TypeVar("_T")

_FAMILIES: dict[_native.Family, type[ProofKeyError]] = {
    _native.Family.RETRY: Retry,
    _native.Family.SIGN_IN_AGAIN: SignInAgain,
    _native.Family.FIX_CONFIGURATION: FixConfiguration,
    _native.Family.USER_CANCELLED: UserCancelled,
}


def from_native(error: _native.ProofKeyError) -> ProofKeyError:
    """The error that crossed, in its family."""
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
