"""Errors: four families, each with a stable code and an advice."""

from __future__ import annotations

# As type checkers know it; importing typing takes a good part of what all of this package does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar, Literal

    Family = Literal["retry", "sign_in_again", "fix_configuration", "user_cancelled"]


class ProofKeyError(Exception):
    """Something went wrong. Catch one of the four families, or this for all of them.

    ``str()`` says what was wrong and what to do; it never holds a secret.
    """

    family: ClassVar[Family]
    """What can be done about it: the family's stable name."""

    code: str
    """A stable code; it never changes its meaning."""

    advice: str
    """What to do, in one sentence for the person who runs the program."""

    def __init__(self, code: str, message: str, advice: str) -> None:
        # All three are the arguments, so that an error can be pickled and comes back the same.
        super().__init__(code, message, advice)
        self.code = code
        self.advice = advice
        self._message = message

    def __str__(self) -> str:
        return f"{self._message}. {self.advice}"


class Retry(ProofKeyError):
    """Nothing is wrong with the request: try again later."""

    family: ClassVar[Family] = "retry"


class SignInAgain(ProofKeyError):
    """This sign-in cannot be completed: start a new one, with the user."""

    family: ClassVar[Family] = "sign_in_again"


class FixConfiguration(ProofKeyError):
    """A setting of the program or of the server is wrong: trying again will not help."""

    family: ClassVar[Family] = "fix_configuration"


class UserCancelled(ProofKeyError):
    """The user said no."""

    family: ClassVar[Family] = "user_cancelled"


def closed(what: str) -> FixConfiguration:
    """Something was used after it was closed."""
    return FixConfiguration("closed", f"this {what} is closed", f"Make a new {what}.")
