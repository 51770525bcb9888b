# SPDX-License-Identifier: MIT
"""`./onecouncil lint`: linter, formatter, types, import contracts. Prints each, fails when one does."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BIN = Path(sys.executable).parent

CHECKS = (
    ("linter", [str(BIN / "ruff"), "check", "src", "tests", "onecouncil"]),
    ("format", [str(BIN / "ruff"), "format", "--check", "--quiet", "src", "tests", "onecouncil"]),
    ("types", [str(BIN / "mypy")]),
    ("import contracts", [str(BIN / "lint-imports")]),
)


def main(argv: list[str]) -> int:
    failed = []
    for name, command in CHECKS:
        print(f"── {name}", flush=True)
        if subprocess.run(command, cwd=ROOT).returncode:  # noqa: S603 - fixed commands
            failed.append(name)
    print("lint: " + (f"failed: {', '.join(failed)}" if failed else "all well"))
    return 1 if failed else 0
