# SPDX-License-Identifier: MIT
"""`./onecouncil`: one command for everything. `up`, `test` and `lint` are ours; the rest are the rooms' commands."""

import sys
from collections.abc import Callable

from django.core.management import get_commands, load_command_class

OWN = {
    "up": "Set up what is missing, then start web, worker and the pretend payment provider",
    "test": "Run the whole test suite, browser tests included",
    "lint": "Run the linter, the type checker and the import contracts",
}
DJANGO = {
    "migrate": "Bring the database up to date",
    "makemigrations": "Write migrations for changed models",
    "shell": "A Python shell with the house loaded",
}
HIDDEN = {"upgrade_data"}


def main(argv: list[str]) -> int:
    if not argv or argv[0] in ("-h", "--help", "help"):
        return show_commands()
    name, rest = argv[0], argv[1:]
    own = _own(name)
    if own:
        return own(rest)
    return _management(name, rest)


def show_commands() -> int:
    """List every command with one line of what it does."""
    from django import setup

    setup()
    found = {**OWN, **DJANGO}
    for name, app in get_commands().items():
        if app.startswith("onecouncil.") and name not in HIDDEN:
            found[name.replace("_", "-")] = _first_line(load_command_class(app, name).help)
    print("OneCouncil. Usage: ./onecouncil COMMAND [--help]\n")
    width = max(len(name) for name in found)
    for name in [*OWN, *sorted(set(found) - set(OWN))]:
        print(f"  {name:<{width}}  {found[name]}")
    return 0


def _own(name: str) -> Callable[[list[str]], int] | None:
    if name == "up":
        from onecouncil.house.up import main as up

        return up
    if name == "test":
        from onecouncil.house.testing import main as test

        return test
    if name == "lint":
        from onecouncil.house.linting import main as lint

        return lint
    return None


def _management(name: str, rest: list[str]) -> int:
    from django import setup
    from django.core.management import execute_from_command_line

    setup()
    command = name.replace("-", "_")
    if command not in get_commands() and name not in get_commands():
        print(f"There is no command {name!r}. ./onecouncil lists them all.", file=sys.stderr)
        return 2
    execute_from_command_line(["onecouncil", name if name in get_commands() else command, *rest])
    return 0


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0] if text.strip() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
