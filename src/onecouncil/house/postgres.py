# SPDX-License-Identifier: MIT
"""A private PostgreSQL from the machine's own binaries: for tests and benchmarks, on a socket in a temporary folder."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path


class NoPostgres(RuntimeError):
    """The machine has no PostgreSQL server binaries."""


@contextlib.contextmanager
def private_postgres() -> Iterator[str]:
    """Start a server nobody else can reach, give its URL, and remove it afterwards.

    Raises:
        NoPostgres: with what to install.
    """
    binaries = _binaries()
    owner = _owner()
    folder = Path(tempfile.mkdtemp(prefix="onecouncil-pg-"))
    if owner:
        os.chown(folder, pwd.getpwnam(owner).pw_uid, pwd.getpwnam(owner).pw_gid)
    try:
        _run([binaries / "initdb", "-D", folder / "data", "-U", "onecouncil", "-A", "trust", "-E", "UTF8"], owner)
        settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c max_connections=200"
        _run([binaries / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log", "-o", settings, "start"], owner)
        try:
            _run([binaries / "createdb", "-h", folder, "-U", "onecouncil", "onecouncil"], owner)
            yield f"postgresql://onecouncil@/onecouncil?host={folder}"
        finally:
            _run([binaries / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop"], owner)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if places:
        return places[-1].parent
    if on_path:
        return Path(on_path).resolve().parent
    raise NoPostgres("There is no PostgreSQL server here. On Debian, as root: apt-get install postgresql")


def _owner() -> str | None:
    """PostgreSQL refuses to run as root; then it runs as `postgres`, or else `nobody`."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _run(command: list[str | Path], owner: str | None) -> None:
    done = subprocess.run(  # noqa: S603 - fixed commands
        [str(part) for part in command], user=owner, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stderr.decode()[-500:]}")
