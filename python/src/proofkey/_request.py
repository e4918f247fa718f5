"""One request of the program to its resource, with all its tries. What an answer means for the
token is judged in Rust; here it is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from . import _arguments as arguments
from . import _native, _signer
from ._crossing import crossing
from ._errors import SignInAgain
from ._http import clean

# As type checkers know it; importing typing takes a good part of what all of this package does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator
    from typing import Any, NoReturn, Protocol, TypeVar, Union

    from ._access import AccessClient
    from ._flights import Interaction
    from ._tokens import TokenSet

    _T = TypeVar("_T")

    class HasItems(Protocol):
        """What HTTP clients give as the header fields of an answer."""

        def items(self) -> Iterable[tuple[str, str]]:
            """Names and values."""

    Fields = Union[HasItems, Iterable[tuple[str, str]]]
    """The header fields of an answer: what an HTTP client has, or pairs of name and value."""

    Need = tuple[Callable[[], Any], Callable[[], Awaitable[Any]]]
    """What has to be waited for, by a thread or by a task."""

    Plan = Generator[Need, Any, _T]
    """What is to be done, but for the waiting."""


class Tries:
    """What both kinds of request share."""

    __slots__ = (
        "_call",
        "_client",
        "_era",
        "_fields",
        "_interaction",
        "_method",
        "_tokens",
        "_url",
    )

    def __init__(
        self, client: AccessClient, method: str, url: str, interaction: Interaction
    ) -> None:
        self._client = client
        self._method = arguments.text("method", method)
        self._url = arguments.text("url", url)
        self._interaction = interaction
        self._call: _native.ResourceCall | None = None
        self._tokens: TokenSet | None = None
        self._era = client._era
        self._fields: dict[str, str] = {}

    @property
    def headers(self) -> dict[str, str]:
        """The header fields for the next try, in place of any of the same names. They hold the
        token, and are for this one request. There are none where the resource is asked without a
        token first: see `Client.authorize`."""
        return dict(self._fields)

    def first(self, repeatable: bool = True) -> Plan[None]:
        """Before the first try. Where the user may be asked, the resource is asked first: its
        answer says where to sign in and for what (RFC 9728 §5)."""
        client, interaction = self._client, self._interaction
        client._check_resource(self._url)
        asks_later = repeatable and interaction != "never"
        try:
            self._tokens = yield client._need_tokens("never" if asks_later else interaction)
        except SignInAgain:
            if not asks_later:
                raise
            return
        yield from self._authorize()

    def next(self, status: int, fields: Fields, repeatable: bool = True) -> Plan[bool]:
        """After a try, which got this answer: whether there is another."""
        self._fields = {}
        client, tokens = self._client, self._tokens
        status, given = arguments.whole("status", status, 65535), list(_pairs(fields))
        demands, nonces = _values(given, "WWW-Authenticate"), _values(given, "DPoP-Nonce")
        # Two are none (RFC 9449 §8.1).
        if len(nonces) == 1:
            crossing(client._nonces.heard, self._url, nonces[0])
        if self._call is None:
            self._call = crossing(_native.ResourceCall, client._config.scope_ceiling)
        if tokens is None:
            reaction = crossing(self._call.answered, status, demands, [], [])
        else:
            reaction = tokens._judged(self._call, status, demands)
        if reaction.is_ACCEPT():
            return False
        used = None if tokens is None else tokens._fingerprint()
        era, self._era = self._era, client._era
        if reaction.is_REFRESH():
            self._tokens = yield client._need_tokens(self._interaction, used, demands)
        elif reaction.is_SIGN_IN():
            if self._interaction == "never":
                return False
            self._tokens = yield client._need_more(self._interaction, used, era, reaction.step_up)
        if repeatable:
            yield from self._authorize()
        return repeatable

    def _authorize(self) -> Plan[None]:
        tokens, client = self._tokens, self._client
        if tokens is None:
            return
        given = tokens._authorize_now(self._method, self._url, client._nonces)
        if given.is_SIGN():
            proof, signer, wanted = given.proof, client._signer, (given.key_id, given.input)

            def sign() -> bytes:
                return _signer.signature(signer, *wanted)

            try:
                signature = yield client._need_yours(sign)
            except Exception as error:
                failure = _signer.failed(proof, error)
            else:
                self._fields = _headers(_signer.signed(proof, signature))
                return
            raise failure
        self._fields = _headers(given.fields)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._method} {self._url}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} cannot be pickled or copied: it holds a token")


class AuthorizedRequest(Tries):
    """A request to the client's resource, by any HTTP client; `Client.authorize` gives it.

    ::

        request = client.authorize("GET", url)
        answer = http.get(url, headers=request.headers)
        while request.again(answer.status, answer.headers):
            answer = http.get(url, headers=request.headers)
    """

    __slots__ = ()

    def again(self, status: int, headers: Fields) -> bool:
        """Whether the request is to be sent once more, with `headers` that are new by then. To be
        asked after each try, with the answer's status and header fields.

        A token that the resource does not take is refreshed. Where the resource demands more, and
        the user may be asked, the user signs in again for that (RFC 9470), within the client's
        ``scope_ceiling``, and twice at most.

        Raises:
            FixConfiguration: ``scope_ceiling``, ``step_up_refused``: nothing more is tried.
            ProofKeyError: As for `Client.tokens`, and ``signing_failed``.
        """
        return run(self.next(status, headers))


class AsyncAuthorizedRequest(Tries):
    """As `AuthorizedRequest`, for asyncio; `AsyncClient.authorize` gives it."""

    __slots__ = ()

    async def again(self, status: int, headers: Fields) -> bool:
        """As `AuthorizedRequest.again`."""
        return await run_async(self.next(status, headers))


def run(plan: Plan[_T]) -> _T:
    """Does what is planned, and waits for what must be waited for."""
    try:
        need = next(plan)
        while True:
            try:
                got = need[0]()
            except BaseException as error:
                need = plan.throw(error)
            else:
                need = plan.send(got)
    except StopIteration as end:
        done: _T = end.value
        return done


async def run_async(plan: Plan[_T]) -> _T:
    """As `run`."""
    try:
        need = next(plan)
        while True:
            try:
                got = await need[1]()
            except BaseException as error:
                need = plan.throw(error)
            else:
                need = plan.send(got)
    except StopIteration as end:
        done: _T = end.value
        return done


def _headers(given: _native.AuthorizationFields) -> dict[str, str]:
    fields = {"Authorization": given.authorization}
    if given.dpop is not None:
        fields["DPoP"] = given.dpop
    return fields


def _values(fields: Iterable[tuple[str, str]], name: str) -> list[str]:
    """The values of the fields of this name, in their order."""
    return [value for given, value in fields if given.lower() == name.lower()]


def _pairs(fields: Fields) -> Iterator[tuple[str, str]]:
    """The fields one by one, also where an HTTP client can give those of a name together."""
    items = getattr(fields, "multi_items", None) or getattr(fields, "items", None)
    pairs: object = fields if items is None else items()
    expected = "header fields with names and values of str"
    if isinstance(pairs, (str, bytes)) or not isinstance(pairs, Iterable):
        raise arguments.wrong_type("headers", expected, fields)
    for pair in pairs:
        if not isinstance(pair, tuple) or not all(isinstance(part, str) for part in pair):
            raise arguments.wrong_type("headers", expected, pair)
        name, value = pair
        yield name, clean(value)
