#!/usr/bin/env python3
"""Prints the access token that is kept in the store of this user, refreshed where it is old.

usage: python_token.py RESOURCE CLIENT
"""

from __future__ import annotations

import sys

from proofkey import Client
from signers import file_store

resource, client_id = sys.argv[1:]
with Client(resource, client_id=client_id, store=file_store()) as client:
    print(client.access_token())
