# SPDX-License-Identifier: MIT
"""The operational database from one setting: empty for embedded SQLite, `postgresql://user:password@host/name`."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def database_from_url(url: str, data_dir: Path, *, durable: bool = True) -> dict[str, Any]:
    """Django's database settings for a URL.

    Args:
        durable: wait for the disk at each commit (money is kept here); tests need not.

    Raises:
        ValueError: the URL is neither sqlite nor postgresql.
    """
    if not url or url.startswith("sqlite://"):
        path = Path(url.removeprefix("sqlite://")) if url else data_dir / "onecouncil.sqlite3"
        return _sqlite(path, durable)
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError("ONECOUNCIL_DATABASE_URL must start with sqlite:// or postgresql://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def _sqlite(path: Path, durable: bool) -> dict[str, Any]:
    """WAL lets readers go on beside the one writer; IMMEDIATE makes writers queue, not fail (houses.md)."""
    pragmas = [
        "PRAGMA journal_mode=WAL",
        f"PRAGMA synchronous={'FULL' if durable else 'OFF'}",
        "PRAGMA temp_store=MEMORY",
        "PRAGMA mmap_size=134217728",
        "PRAGMA cache_size=-20000",
    ]
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": ";".join(pragmas)},
    }
