"""One HTTP exchange by urllib, on a thread of its own, so that its timeout holds for the whole of
it.

A socket's timeout holds for one call: a server that sends a byte every few seconds, or a name that
is not resolved, would outlast it. So the exchange runs beside, and whoever waits ends it at the
deadline. A thread is also what nobody can cancel by accident.
"""

from __future__ import annotations

import contextlib
import functools
import http.client
import socket
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Callable

from ._flight import Cancel
from ._http import answered, is_loopback, too_large, too_late, unreachable
from ._native import Event, HttpRequest, Lost


class Exchange:
    """One exchange, exactly as the core wrote it: nothing followed, nothing repeated, nothing
    added.

    `settled` is called once, from any thread, when `outcome` is there.
    """

    def __init__(self, request: HttpRequest, settled: Callable[[], object]) -> None:
        self.outcome: Event | None = None
        self._request = request
        self._settled = settled
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None

    def start(self) -> None:
        """Begins."""
        threading.Thread(target=self._run, name="proofkey-http", daemon=True).start()

    def end(self, detail: str) -> None:
        """Ends the exchange, if it has not ended: nothing more is sent or read."""
        with self._lock:
            if self.outcome is not None:
                return
            reason = Lost.TIMED_OUT if self._socket else Lost.NOT_CONNECTED
            self.outcome = unreachable(reason, detail)
            if self._socket:
                # Of the plain socket: TLS above it is still used by the reading thread. A server
                # that has gone already makes it fail.
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
        self._settled()

    def connected(self, sock: socket.socket) -> None:
        """From here on the request may arrive; but after the end nothing is sent any more."""
        with self._lock:
            if self.outcome is not None:
                raise ConnectionAbortedError("the exchange was ended")
            self._socket = sock

    def _run(self) -> None:
        try:
            outcome = self._perform()
        except Exception as error:
            outcome = unreachable(self._how_far(error), _words(error))
        with self._lock:
            if self.outcome is not None:
                return
            self.outcome = outcome
        self._settled()

    def _perform(self) -> Event:
        wanted = self._request
        request = urllib.request.Request(
            wanted.url,
            data=wanted.body,
            headers={field.name: field.value for field in wanted.headers},
            method=wanted.method,
        )
        # urllib sends `Connection: close`: no connection is kept, so none can be found dead and
        # used again, which is what makes HTTP stacks send a request twice (P14).
        opener = _opener(self, wanted.url)
        response = opener.open(request, timeout=wanted.timeout_ms / 1000)
        if response is None:
            return unreachable(Lost.NOT_CONNECTED, "the address is neither http nor https")
        with response:
            body = _read(response, wanted.max_body)
            if body is None:
                return too_large(wanted.max_body)
            return answered(response.status, response.getheaders(), body)

    def _how_far(self, error: Exception) -> Lost:
        if self._socket is None:
            return Lost.NOT_CONNECTED
        if isinstance(error, http.client.LineTooLong):
            return Lost.TOO_LARGE
        return Lost.TIMED_OUT if isinstance(_cause(error), TimeoutError) else Lost.LOST


def exchange(request: HttpRequest, cancel: Cancel | None) -> Event:
    """Makes the exchange and waits for its end. Without `cancel` nothing but its timeout ends it;
    with it the caller does, and then that is the event."""
    settled = threading.Event()
    running = Exchange(request, settled.set)
    seconds = request.timeout_ms / 1000
    try:
        running.start()
    except RuntimeError:
        # The interpreter ends, or the system has no thread left.
        return unreachable(Lost.NOT_CONNECTED, "no thread could be started")
    if cancel is not None:
        cancel.waking(lambda: running.end("cancelled"))
    if not settled.wait(seconds):
        running.end(too_late(seconds))
    if cancel is not None:
        cancel.waking(None)
        if cancel.requested:
            return Event.CANCEL()
    return running.outcome or unreachable(Lost.LOST, "interrupted")


class _Plain(http.client.HTTPConnection):
    def __init__(self, exchange: Exchange, host: str, timeout: float) -> None:
        super().__init__(host, timeout=timeout)
        self._exchange = exchange

    def connect(self) -> None:
        super().connect()
        self._exchange.connected(self.sock)


class _Secure(http.client.HTTPSConnection):
    def __init__(self, exchange: Exchange, host: str, timeout: float) -> None:
        super().__init__(host, timeout=timeout, context=_tls())
        self._exchange = exchange

    def connect(self) -> None:
        super().connect()
        self._exchange.connected(self.sock)


class _PlainHandler(urllib.request.HTTPHandler):
    def __init__(self, exchange: Exchange) -> None:
        # Said aloud: the default is what a program set to debug http.client, and then the request
        # is printed with all that is in it.
        super().__init__(debuglevel=0)
        self._exchange = exchange

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(functools.partial(_Plain, self._exchange), req)


class _SecureHandler(urllib.request.HTTPSHandler):
    def __init__(self, exchange: Exchange) -> None:
        super().__init__(debuglevel=0, context=_tls())
        self._exchange = exchange

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(functools.partial(_Secure, self._exchange), req)


def _opener(exchange: Exchange, url: str) -> urllib.request.OpenerDirector:
    """Neither redirects nor cookies nor passwords, and no status is an exception."""
    opener = urllib.request.OpenerDirector()
    opener.addheaders = []
    opener.add_handler(urllib.request.ProxyHandler({} if is_loopback(url) else None))
    # Only what is needed: the trust store of TLS takes milliseconds to read.
    opener.add_handler(_PlainHandler(exchange))
    if not url.startswith("http://"):
        opener.add_handler(_SecureHandler(exchange))
    return opener


@functools.lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """The system's trust store, read once."""
    return ssl.create_default_context()


def _read(response: http.client.HTTPResponse, most: int) -> bytes | None:
    """The whole body, or None if it has more than `most` bytes. A body that ends before its length
    raises."""
    if response.length is not None:
        return None if response.length > most else response.read()
    body = response.read(most + 1)
    return None if len(body) > most else body


def _cause(error: Exception) -> object:
    return error.reason if isinstance(error, urllib.error.URLError) else error


def _words(error: Exception) -> str:
    cause = _cause(error)
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    # What http.client could not read may be a part of the answer: only the kind is told.
    return cause if isinstance(cause, str) else type(cause).__name__
