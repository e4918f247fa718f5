#!/usr/bin/env python3
"""Reads from an API by httpx, signing in where that is needed.

    pip install 'proofkey[httpx]'
    httpx_notes.py URL [--client-id ID] [--device] [--dpop]

The address is that of the protected resource, which names its authorization server. What comes of
the sign-in is kept in this user's folder: the next run asks nobody.
"""

import argparse

import httpx
from proofkey import Client, FileStore, ProofKeyError
from proofkey.httpx import Auth


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url", help="the address of the resource")
    parser.add_argument(
        "--client-id", help="this program's identifier at the server, if it has one"
    )
    parser.add_argument(
        "--device", action="store_true", help="sign in by a code that is entered on another device"
    )
    parser.add_argument("--dpop", action="store_true", help="bind the tokens to a key")
    given = parser.parse_args()

    name = None if given.client_id else "ProofKey's example"
    client = Client(
        given.url,
        client_id=given.client_id,
        client_name=name,
        store=FileStore(),
        dpop="required" if given.dpop else "never",
    )
    with httpx.Client(auth=Auth(client, "device" if given.device else "auto")) as http:
        answer = http.get(given.url)
    answer.raise_for_status()
    print(answer.text)


if __name__ == "__main__":
    try:
        main()
    except ProofKeyError as error:
        raise SystemExit(f"{error}") from None
