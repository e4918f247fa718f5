"""A client that is named by the address of a document about it."""

from __future__ import annotations

from collections.abc import Sequence

from . import _arguments as arguments
from . import _native
from ._crossing import crossing


class ClientDocument:
    """What a client says of itself at its own address, for servers that take such an address as the
    client's identifier. Serve `to_json` there as ``application/json``, and give the address to
    `Client` as ``client_document``."""

    __slots__ = ("_native",)

    def __init__(
        self,
        client_id: str,
        *,
        client_name: str,
        redirect_uris: Sequence[str],
        client_uri: str | None = None,
        scopes: Sequence[str] = (),
    ) -> None:
        """Checks nothing but types; `to_json` judges the values.

        Args:
            client_id: The document's own address: https, with a path.
            client_name: What a user is shown.
            redirect_uris: Where answers may go. On loopback the port does not count, so
                ``http://127.0.0.1/callback`` is enough (RFC 8252 §7.3).
            client_uri: The client's home page.
            scopes: The scopes that it may ask for; nothing leaves it to the server.

        Raises:
            TypeError: A parameter is of a wrong type; the message names it.
        """
        self._native = _native.ClientDocument(
            client_id=arguments.text("client_id", client_id),
            client_name=arguments.text("client_name", client_name),
            client_uri=arguments.optional_text("client_uri", client_uri),
            redirect_uris=arguments.texts("redirect_uris", redirect_uris),
            scopes=arguments.texts("scopes", scopes),
        )

    def to_json(self) -> str:
        """The document: a native application, public, for the code grant and for refreshing.

        Raises:
            FixConfiguration: ``invalid_metadata`` names the member that cannot be used.
        """
        return crossing(_native.client_document_json, self._native)

    def __repr__(self) -> str:
        return f"<ClientDocument {self._native.client_id!r}>"
