# SPDX-License-Identifier: MIT
"""The secret key of an embedded house: made once, kept in the data folder, readable by its owner only."""

import contextlib
import os
import secrets
from pathlib import Path


def secret_key(data_dir: Path) -> str:
    """The key in `data_dir/secret.key`, made on first use; safe when two processes start together."""
    path = data_dir / "secret.key"
    if not path.exists():
        made = path.with_suffix(f".{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):
            os.link(made, path)
        made.unlink()
    return path.read_text()
