"""What may reach a browser (M9), and how."""

from __future__ import annotations

import webbrowser

import pytest
from proofkey import _browser


@pytest.mark.parametrize(
    "url",
    [
        "https://login.example/authorize?a=b&c=%20",
        "http://127.0.0.1:8080/authorize",
        "http://[::1]:1/",
        "http://localhost/x?y",
        "https://[2001:db8::1]/a",
    ],
)
def test_web_addresses_reach_it(url: str) -> None:
    seen: list[str] = []
    _browser.open_url(seen.append, url)
    assert seen == [url]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "-https://login.example/",
        "--new-window",
        " https://login.example/",
        "https://login.example/ a",
        "https://login.example/\n--flag",
        "https://login.example/\n",
        "https://login.example/\0",
        "https://login.example/\x7f",
        "https://login.example/ä",
        'https://login.example/"&calc&"',
        "https://login.example/`id`",
        "https://login.example/|id",
        "https://login.example/<>",
        "https://login.example/\\x",
        "https://login.example/" + "x" * 17_000,
        "http://login.example/",
        "http://127.0.0.1.evil.example/",
        "http://127.0.0.1@evil.example/",
        "http://127.0.0.1:80@evil.example/",
        "http://localhost.evil.example/",
        "HTTPS://login.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "ms-settings:",
        "https:login.example",
        "$(id)",
    ],
)
def test_nothing_else_does(url: str) -> None:
    """Threat: command or flag injection on opening the browser."""
    seen: list[str] = []
    with pytest.raises(_browser.CannotOpen):
        _browser.open_url(seen.append, url)
    assert seen == []


def test_the_environment_names_one_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER", "sh -c %s:true")
    with pytest.raises(_browser.CannotOpen, match="'sh -c %s:true'"):
        _browser.open_url(None, "https://login.example/")


@pytest.mark.parametrize("answer", [False, webbrowser.Error("no"), OSError("no")])
def test_a_machine_without_a_browser(answer: object, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(url: str) -> object:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(webbrowser, "open", nothing)
    with pytest.raises(_browser.CannotOpen):
        _browser.open_url(None, "https://login.example/")


def test_a_browser_function_may_not_end_a_generator() -> None:
    def stop(url: str) -> None:
        raise StopIteration

    with pytest.raises(RuntimeError, match="StopIteration"):
        _browser.open_url(stop, "https://login.example/")
