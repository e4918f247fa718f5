#!/usr/bin/env python3
"""Prints the access token that is kept in the store of this user, refreshed where it is old.

usage: python_token.py -c CLIENT_ID RESOURCE
"""

from __future__ import annotations

import argparse

from proofkey import Client
from signers import file_store

parser = argparse.ArgumentParser(description="Prints the access token that is kept.")
parser.add_argument("-c", metavar="CLIENT_ID", required=True)
parser.add_argument("resource", metavar="RESOURCE")
arguments = parser.parse_args()
with Client(arguments.resource, client_id=arguments.c, store=file_store()) as client:
    print(client.access_token())
