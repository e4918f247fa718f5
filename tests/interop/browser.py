#!/usr/bin/env python3
"""A browser with a cookie jar and a user who signs in at the servers of this folder.

usage: browser.py [--deny] [--iss] URL  what the environment variable BROWSER may name; the user
                                        says no; the answer must name the issuer
"""

from __future__ import annotations

import argparse
import http.cookiejar
import signal
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from html.parser import HTMLParser

from harness import same

# In seconds. It is what a hang would end in; a browser gives up before the one who waits for it.
DEADLINE = 30


@dataclass
class Answer:
    status: int
    location: str
    body: str


class Stay(urllib.request.HTTPRedirectHandler):
    """Every redirect is looked at before it is followed."""

    def redirect_request(self, *_: object) -> None:
        return None


class Page(HTMLParser):
    """The form of a page, what it sends when one presses Enter, and the link that says no."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.action = self.no = ""
        self.fields: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "form" and not self.action:
            self.action = named.get("action") or ""
        # The button that has the focus is the one that Enter presses.
        if tag == "input" or (tag == "button" and "autofocus" in named):
            name, value = named.get("name"), named.get("value")
            if name and value:
                self.fields[name] = value
        if tag == "a" and not self.no:
            self.no = named.get("href") or ""


class Browser:
    """It answers the forms of oidc-provider, and those of the servers in Python, which have the
    same fields."""

    def __init__(self, *, denies: bool = False, iss_promised: bool = True) -> None:
        self._denies, self._iss_promised = denies, iss_promised
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
            Stay,
        )

    def get(self, url: str, *, token: str | None = None) -> Answer:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        return self._send(urllib.request.Request(url, headers=headers))

    def _post(self, url: str, **form: str) -> Answer:
        return self._send(urllib.request.Request(url, urllib.parse.urlencode(form).encode()))

    def _send(self, request: urllib.request.Request) -> Answer:
        try:
            answer = self._opener.open(request, timeout=DEADLINE)
        except urllib.error.HTTPError as error:
            answer = error  # Every status but 2xx.
        with answer:
            body = answer.read().decode()
            return Answer(answer.status, answer.headers.get("Location", ""), body)

    def sign_in(self, url: str) -> str:
        """From the authorization URL to the redirect that goes back to the program."""
        location, answer = self._walk(url)
        if location is None:
            raise AssertionError(f"neither form nor redirect: {answer}")
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)
        # A request that was pushed shows it to nobody (RFC 9126).
        if "request_uri" not in query and not location.startswith(query["redirect_uri"][0]):
            raise AssertionError(f"the browser was sent to {location}")
        # RFC 9207: a server that promises it names itself on success and on errors.
        if self._iss_promised:
            same(parameter(location, "iss"), origin(url))
        return location

    def enter_code(self, url: str) -> None:
        """At the address that holds a device code (RFC 8628 §3.3.1), to the end."""
        same(self._walk(url)[0], None)

    def _walk(self, url: str) -> tuple[str | None, Answer]:
        """Follows redirects and answers forms: to the redirect that leaves the server, or the last
        page."""
        issuer, denied = origin(url), False
        answer = self.get(url)
        for _ in range(20):
            if 300 <= answer.status < 400:
                url = urllib.parse.urljoin(url, answer.location)
                if not url.startswith(f"{issuer}/"):
                    return url, answer
                answer = self.get(url)
                continue
            page = Page(answer.body)
            # What comes after a no is another form at most, for another code.
            if not page.action or denied:
                return None, answer
            if page.fields.get("prompt") == "login":
                page.fields.update(login="alice", password="x")
            if page.fields.get("prompt") == "consent" and self._denies:
                denied = True
                answer = self.get(urllib.parse.urljoin(url, page.no))
            else:
                answer = self._post(page.action, **page.fields)
        raise AssertionError("the forms go round in circles")

    def finish(self, location: str) -> None:
        """Brings the redirect to the program."""
        same(self.get(location).status, 200)


class InProcess(Browser):
    """A browser as a function of the program that signs in. What goes wrong at the server is an
    exception of `sign_in` at once; the program only listens when the function has returned."""

    def __call__(self, url: str) -> None:
        location = self.sign_in(url)
        self.problem: BaseException | None = None
        self._thread = threading.Thread(target=self._finish, args=(location,), daemon=True)
        self._thread.start()

    def _finish(self, location: str) -> None:
        try:
            self.finish(location)
        except BaseException as problem:
            self.problem = problem

    def done(self) -> None:
        """The user saw the program's page."""
        self._thread.join(DEADLINE)
        same(self._thread.is_alive(), False)
        if self.problem is not None:
            raise self.problem


def origin(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def parameter(url: str, name: str) -> str:
    return urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)[name][0]


def main() -> None:
    parser = argparse.ArgumentParser(description="A browser whose user signs in.")
    parser.add_argument("--deny", action="store_true", help="the user says no")
    parser.add_argument("--iss", action="store_true", help="the server promises to name itself")
    parser.add_argument("url", metavar="URL", help="the authorization URL")
    arguments = parser.parse_args()
    signal.alarm(DEADLINE)
    browser = Browser(denies=arguments.deny, iss_promised=arguments.iss)
    browser.finish(browser.sign_in(arguments.url))


if __name__ == "__main__":
    sys.exit(main())
