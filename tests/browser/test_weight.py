# SPDX-License-Identifier: MIT
"""What the home page weighs, over the wire, on a first visit: from the server as it runs for residents (compressed
static files with hashed names, Granian), not from the test server."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[2]
HOME_MAX = 100 * 1024
SCRIPT_MAX = 15 * 1024


@pytest.fixture(scope="module")
def running(assets: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The house, started in a data folder of its own, with the catalogue published."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ONECOUNCIL_DATABASE")},
        "ONECOUNCIL_DATA": str(tmp_path_factory.mktemp("data")),
        "DJANGO_SETTINGS_MODULE": "onecouncil.house.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }
    for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"], ["catalogue", "--load", "-v0"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)
    server = subprocess.Popen(
        [
            str(Path(sys.executable).with_name("granian")),
            "--interface",
            "wsgi",
            "--port",
            str(port),
            "--log-level",
            "error",
        ]
        + ["onecouncil.house.wsgi:application"],
        cwd=ROOT,
        env=environment,
    )
    url = f"http://localhost:{port}"
    try:
        _wait_for(url, server)
        yield url
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(100):
        assert server.poll() is None, "the server ended"
        try:
            if requests.get(f"{url}/health/live", timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.2)
    raise AssertionError("the server did not answer")


@pytest.mark.slow
def test_home_page_is_light(running: str, browser: Browser, capsys: pytest.CaptureFixture[str]) -> None:
    """All of the first load, and its JavaScript, as the browser received it: headers, compression and all."""
    context = browser.new_context()
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}
    devtools.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    devtools.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    response = page.goto(running, wait_until="networkidle")
    assert response and response.ok
    total = sum(sizes.values())
    script = sum(size for request, size in sizes.items() if kinds.get(request) == "Script")
    context.close()
    with capsys.disabled():
        print(f"\nhome page: {total / 1024:.1f} KB in {len(sizes)} requests, {script / 1024:.1f} KB JavaScript", end="")
    assert len(sizes) >= 3
    assert total <= HOME_MAX
    assert 0 < script <= SCRIPT_MAX
