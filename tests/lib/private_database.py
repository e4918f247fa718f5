#!/usr/bin/env python3
"""Runs a private database server for a test: a folder of its own, a port of the system's choice.

    private_database.py postgres [--lasting] [--tls] [--small]
    private_database.py redis [--lasting] [--tls]

It writes one line of JSON once the server takes connections, and then does what the lines on its
standard input say, each answered by a line: `stop` (an orderly end), `kill` (SIGKILL), `start` (on
the same files and port), `hang` (SIGSTOP) and `go on`, `full BYTES` (no file grows beyond so many,
as on a disk that is full) and `room`. At the end of its input it stops the server and deletes the
folder: so the server ends with whoever holds the other end, however that dies. `--lasting` writes
to the disk as a server in earnest does; without it nothing is flushed. `--tls`: it takes encrypted
connections as well, under the name `localhost`. `--small`: files of PostgreSQL's log have 1 MiB,
so that it goes on where no other file may be larger.

Python 3.9 or later and the server's programs, no packages.
"""

import argparse
import contextlib
import json
import os
import pwd
import queue
import secrets
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

# No server takes longer to begin or to end.
DEADLINE = 60


def free_port() -> int:
    """A port that nobody listens on. Is it taken before the server has it, `start` tries again."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """A server process whose output is read until it says that it is ready."""

    ready = ""
    # Before a command: makes it that of the user whose server it is.
    as_user = ()
    orderly = at_once = signal.SIGTERM

    def __init__(self, folder: Path):
        self.folder, self.process, self.said = folder, None, []

    def command(self) -> list:
        raise NotImplementedError

    def begin(self):
        """Starts it; raises if it ends or is silent."""
        self.process = subprocess.Popen(
            self.command(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", cwd=self.folder,
            # Python ignores SIGXFSZ, and the server goes on doing so: it sees an error where a file
            # may not grow.
            restore_signals=False,
        )  # fmt: skip
        lines: queue.Queue = queue.Queue()
        threading.Thread(target=self._read, args=(self.process.stdout, lines), daemon=True).start()
        self.said = []
        while True:
            line = lines.get(timeout=DEADLINE)
            if line is None:
                raise OSError("the server has ended:\n" + "".join(self.said))
            self.said.append(line)
            if self.ready in line:
                return

    @staticmethod
    def _read(stream, lines):
        """Reads to the end, so that the server never waits for a reader."""
        for line in stream:
            lines.put(line)
        lines.put(None)

    def end(self, by: int):
        if self.process is not None:
            self.process.send_signal(by)
            self.process.wait(timeout=DEADLINE)
            self.process = None

    def started(self) -> list:
        """The processes that it has started; it starts no more."""
        pid = self.process.pid
        self.process.send_signal(signal.SIGSTOP)
        with contextlib.suppress(FileNotFoundError):
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
            return [int(child) for child in children.split()]
        # It has ended by itself.
        return []

    def hang(self):
        for child in self.started():
            os.kill(child, signal.SIGSTOP)

    def go_on(self):
        for child in self.started():
            os.kill(child, signal.SIGCONT)
        self.process.send_signal(signal.SIGCONT)

    def limit(self, size: str):
        """No file of it and of what it starts grows beyond so many bytes."""
        for pid in [self.process.pid, *self.started()]:
            # Of another user's process that user alone may say it.
            command = [*self.as_user, "prlimit", f"--pid={pid}", f"--fsize={size}:"]
            subprocess.run(command, check=True, timeout=DEADLINE)
        self.process.send_signal(signal.SIGCONT)

    def kill(self):
        """Ends it and all that it has started, at once: nothing may answer any more."""
        handles = [os.pidfd_open(child) for child in self.started()]
        self.end(signal.SIGKILL)
        for handle in handles:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(handle, signal.SIGKILL)
            select.select([handle], [], [], DEADLINE)
            os.close(handle)


def certify(folder: Path) -> tuple:
    """A certificate for `localhost` and its key; folder/roots.pem is what it is trusted by."""

    def openssl(arguments: str):
        command = ["openssl", *arguments.split()]
        subprocess.run(command, check=True, capture_output=True, timeout=DEADLINE, cwd=folder)

    new_key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
    (folder / "names").write_text("subjectAltName=DNS:localhost\n", encoding="ascii")
    openssl(f"req -x509 {new_key} -keyout roots.key -out roots.pem -days 2 -subj /CN=tests")
    openssl(f"req {new_key} -keyout server.key -out server.csr -subj /CN=localhost")
    signed_by = "-CA roots.pem -CAkey roots.key -CAcreateserial"
    openssl(f"x509 -req -in server.csr {signed_by} -out server.pem -days 2 -extfile names")
    (folder / "server.key").chmod(0o600)
    return folder / "server.pem", folder / "server.key"


class Postgres(Server):
    ready = "database system is ready to accept connections"
    # An orderly end that does not wait for clients.
    orderly = signal.SIGINT
    at_once = signal.SIGQUIT

    def __init__(self, folder: Path, lasting: bool, tls: bool, small: bool = False):
        super().__init__(folder)
        self.data, self.password, self.port = folder / "data", secrets.token_hex(16), 0
        self.programs = self.find_programs()
        # It refuses to run as root.
        self.as_user, owner = ["setpriv", "--pdeathsig=KILL"], None
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
            self.as_user += ["--reuid=postgres", "--regid=postgres", "--clear-groups"]
        given = folder / "password"
        given.write_text(self.password, encoding="ascii")
        given.chmod(0o600)
        if owner:
            os.chown(given, owner.pw_uid, owner.pw_gid)
        done = subprocess.run(
            [*self.as_user, self.programs / "initdb", "-D", self.data, "-U", "proofkey",
             "-E", "UTF8", "--no-locale", "--no-sync", "--no-instructions",
             "--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={given}",
             *(["--wal-segsize=1"] if small else [])],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE, cwd=folder,
        )  # fmt: skip
        if done.returncode:
            raise OSError(done.stdout + done.stderr)
        switch = "on" if lasting else "off"
        self.settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": folder,
            "fsync": switch,
            "full_page_writes": switch,
            "synchronous_commit": "on",
            "max_connections": 200,
            "shared_buffers": "64MB",
            "autovacuum_naptime": "5s",
            "log_min_messages": "log",
            "lc_messages": "C",
        }
        self.roots = folder / "roots.pem"
        if tls:
            certificate, key = certify(folder)
            if owner:
                os.chown(key, owner.pw_uid, owner.pw_gid)
            self.settings.update(ssl="on", ssl_cert_file=certificate, ssl_key_file=key)

    @staticmethod
    def find_programs() -> Path:
        """Debian keeps them out of PATH, one folder a version."""
        folders = sorted(
            Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)
        )
        initdb = shutil.which("initdb")
        if folders:
            return folders[-1]
        if initdb:
            return Path(initdb).resolve().parent
        raise OSError("PostgreSQL's server is missing; on Debian: apt-get install postgresql-15")

    def command(self) -> list:
        settings = {**self.settings, "port": self.port}
        options = [f"-c{name}={value}" for name, value in settings.items()]
        return [*self.as_user, self.programs / "postgres", "-D", self.data, *options]

    def start(self):
        until = time.monotonic() + DEADLINE
        chosen = self.port == 0
        while True:
            if chosen:
                self.port = free_port()
            try:
                return self.begin()
            except OSError:
                said = "".join(self.said)
                taken = chosen and "Address already in use" in said
                # What a killed server has started takes a moment to notice it.
                leftover = "shared memory block" in said
                if not (taken or leftover) or time.monotonic() > until:
                    raise

    def describe(self) -> dict:
        return {
            "url": f"postgres://proofkey:{self.password}@127.0.0.1:{self.port}/postgres",
            "port": self.port,
            "password": self.password,
            "socket_folder": str(self.folder),
            "roots": str(self.roots),
        }


class Redis(Server):
    """Redis, or Valkey where that is installed."""

    ready = "eady to accept connections"
    orderly = signal.SIGTERM
    at_once = signal.SIGKILL

    def __init__(self, folder: Path, lasting: bool, tls: bool):
        super().__init__(folder)
        self.port, self.data, self.socket = 0, folder / "data", folder / "redis.sock"
        self.data.mkdir()
        self.program = shutil.which("redis-server") or shutil.which("valkey-server")
        if self.program is None:
            raise OSError("Redis is missing; on Debian, as root: apt-get install redis-server")
        self.settings = {
            "bind": "127.0.0.1",
            "unixsocket": self.socket,
            "unixsocketperm": "700",
            "dir": self.data,
            "save": "",
            "appendonly": "yes",
            "appendfsync": "always" if lasting else "no",
            "maxmemory-policy": "noeviction",
        }
        self.roots = folder / "roots.pem"
        if tls:
            certificate, key = certify(folder)
            self.settings |= {
                "tls-cert-file": certificate,
                "tls-key-file": key,
                "tls-auth-clients": "no",
            }
        self.tls = tls

    def command(self) -> list:
        settings = [
            str(part) for name, value in self.settings.items() for part in (f"--{name}", value)
        ]
        ports = ["--port", "0", "--tls-port"] if self.tls else ["--port"]
        return ["setpriv", "--pdeathsig=KILL", self.program, *ports, str(self.port), *settings]

    def start(self):
        chosen = self.port == 0
        until = time.monotonic() + DEADLINE
        while True:
            if chosen:
                self.port = free_port()
            try:
                return self.begin()
            except OSError:
                if not chosen or "in use" not in "".join(self.said) or time.monotonic() > until:
                    raise

    def describe(self) -> dict:
        return {
            "url": ("rediss://localhost" if self.tls else "redis://127.0.0.1") + f":{self.port}",
            "port": self.port,
            "socket": str(self.socket),
            "pid": self.process.pid,
            "data": str(self.data),
            "roots": str(self.roots),
        }


class RedisCluster(Redis):
    """A server of a cluster that has no slots yet."""

    def __init__(self, folder: Path, lasting: bool, tls: bool):
        super().__init__(folder, lasting, tls)
        # The port of the cluster's own talk is else the other one plus 10000, which may be none.
        self.settings |= {"cluster-enabled": "yes", "cluster-port": str(free_port())}


def serve(server: Server, commands):
    """Does what the lines say until there are no more."""
    server.start()
    print(json.dumps(server.describe()), flush=True)
    actions = {
        "start": server.start,
        "stop": lambda: server.end(server.orderly),
        "kill": server.kill,
        "hang": server.hang,
        "go on": server.go_on,
        "room": lambda: server.limit("unlimited"),
    }
    for line in commands:
        command = line.strip()
        if command.startswith("full "):
            server.limit(command.split()[1])
        else:
            actions[command]()
        print(command, flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("--lasting", action="store_true")
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--small", action="store_true")
    chosen = parser.parse_args()
    # What ends this process ends it in order; SIGKILL is the server's affair (see `pdeathsig`).
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="proofkey-") as folder:
        choices = {"small": True} if chosen.small else {}
        server = KINDS[chosen.kind](Path(folder), chosen.lasting, chosen.tls, **choices)
        try:
            serve(server, sys.stdin)
        finally:
            if server.process is not None:
                server.go_on()
            server.end(server.at_once)


KINDS = {"postgres": Postgres, "redis": Redis, "redis-cluster": RedisCluster}

if __name__ == "__main__":
    main()
