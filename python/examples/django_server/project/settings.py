"""Settings: SQLite out of the box, PostgreSQL by ``DATABASE_URL``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.management.utils import get_random_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent

# What the outside calls this server. It is in every authorization response and in the metadata.
ISSUER = os.environ.get("ISSUER", "http://127.0.0.1:8000")
# The resource that tokens are for; here it lies beside the authorization server.
RESOURCE = f"{ISSUER}/notes"
RESOURCE_METADATA = f"{ISSUER}/.well-known/oauth-protected-resource/notes"
SCOPES = ["notes.read", "notes.write"]

# Without one in the environment all sessions end when the server stops.
SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY") or get_random_secret_key()
# The page of an error would show what was posted: codes and verifiers.
DEBUG = False
ALLOWED_HOSTS = [urlsplit(ISSUER).hostname or "127.0.0.1"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ISSUER.startswith("https:")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "grants",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "project.urls"
WSGI_APPLICATION = "project.wsgi.application"
LOGIN_URL = "login"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
            ]
        },
    }
]


def database(url: str) -> dict[str, Any]:
    """``sqlite:///a/file`` or ``postgresql://user:password@host:port/name``."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        # Each commit is on the disk before anybody hears of it; tests need not wait for that.
        synchronous = "OFF" if parts.query == "synchronous=off" else "FULL"
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path),
            "OPTIONS": {
                # A transaction takes the lock when it begins: one that reads first and then wants
                # to write would be refused where another has written meanwhile.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous};",
            },
            # Threads of the tests share a file; they could not share memory.
            "TEST": {"NAME": unquote(parts.path) + ".test"},
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
    }


DATABASES = {
    "default": database(os.environ.get("DATABASE_URL", f"sqlite://{BASE_DIR / 'db.sqlite3'}"))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
