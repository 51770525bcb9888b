# SPDX-License-Identifier: MIT
"""The steps before the house opens. Each is idempotent, quick when there is nothing to do, and says what it did."""

import hashlib
import os
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

_PACKAGE = Path(__file__).resolve().parents[1]


def assets() -> str:
    """Compile the styles and scripts when their sources changed, then collect and compress them."""
    from onecouncil.website.assets import build

    fresh = build.build()
    stamp = settings.STATIC_ROOT / ".stamp"
    print_of = _fingerprint(_PACKAGE / "website" / "static", *(_PACKAGE.glob("*/static")))
    if stamp.exists() and stamp.read_text() == print_of:
        return "built" if fresh else "as they were"
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(print_of)
    return "built"


def database() -> str:
    """Apply the migrations that are missing."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not missing:
        return "up to date"
    call_command("migrate", interactive=False, verbosity=0)
    return f"{len(missing)} migrations applied"


def catalogue() -> str:
    """Publish the service definitions when their files changed."""
    stamp = settings.DATA_DIR / ".catalogue-stamp"
    print_of = _fingerprint(Path(settings.CATALOGUE_DIR), Path(settings.BOROUGH_FILE))
    if stamp.exists() and stamp.read_text() == print_of:
        return "as they were"
    out = StringIO()
    call_command("catalogue", load=True, stdout=out)
    stamp.write_text(print_of)
    return (out.getvalue().strip().splitlines() or ["published"])[-1]


def example_borough() -> str:
    """Fill an empty database with the generated example borough (only with ONECOUNCIL_DEMO on, the default)."""
    if not settings.DEMO:
        return "not wanted"
    out = StringIO()
    call_command("demo", if_empty=True, stdout=out)
    return (out.getvalue().strip().splitlines() or ["there already"])[-1]


def demo_sign_ins() -> list[str]:
    if not settings.DEMO:
        return ["Create the first administrator with ./onecouncil make-administrator E-MAIL"]
    from onecouncil.demo.people import sign_in_lines

    return sign_in_lines()


def _fingerprint(*roots: Path) -> str:
    """A hash of the names, sizes and times of all files below these roots."""
    digest = hashlib.sha256()
    for root in roots:
        for folder, _, names in sorted(os.walk(root)) if root.is_dir() else [(str(root.parent), [], [root.name])]:
            for name in sorted(names):
                stat = (Path(folder) / name).stat()
                digest.update(f"{folder}/{name}:{stat.st_size}:{stat.st_mtime_ns};".encode())
    return digest.hexdigest()
