# SPDX-License-Identifier: MIT
"""The process around the application: a threaded WSGI server that starts and stops cleanly."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from .app import StandIn
from .clock import Clock
from .desk import Desk
from .faults import Faults
from .store import Store
from .webhooks import RETRY_AFTER, Sender


@dataclass(frozen=True)
class Settings:
    """All that can be set. `public_url` is where the payer's browser finds us, when that is not host and port."""

    data: Path | str
    api_key: str
    host: str = "127.0.0.1"
    port: int = 0
    public_url: str = ""
    webhook_url: str = ""
    webhook_secret: str = ""
    retry_after: tuple[float, ...] = RETRY_AFTER
    testing: bool = False


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = True

    def server_bind(self) -> None:
        """Without the base class's reverse look-up of our own name, which can hang for seconds."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        host, port = self.socket.getsockname()[:2]
        self.server_address = (host, port)
        self.server_name, self.server_port = host, port
        self.setup_environ()


class _Handler(WSGIRequestHandler):
    timeout = 30

    def address_string(self) -> str:
        return str(self.client_address[0])

    def log_message(self, _format: str, *_args: Any) -> None:
        """Silent: the addresses hold tokens, and tokens do not belong in logs."""


class RunningStandIn:
    """A stand-in that serves from a thread: for tests, and for `python -m`."""

    def __init__(self, settings: Settings) -> None:
        self._server = _Server((settings.host, settings.port), _Handler)
        self.url = f"http://{settings.host}:{self._server.server_port}"
        self.clock = Clock()
        self.faults = Faults()
        self.store = Store(settings.data)
        self.desk = Desk(self.store, self.clock, self.url, settings.public_url or self.url)
        self.sender = Sender(
            self.desk,
            self.faults,
            settings.webhook_url,
            settings.webhook_secret,
            settings.retry_after,
        )
        self.app = StandIn(
            self.desk,
            self.sender,
            self.faults,
            settings.api_key,
            testing=settings.testing,
        )
        self._server.set_app(self.app)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="pay-http", daemon=True)

    def start(self) -> RunningStandIn:
        self.sender.start()
        self._thread.start()
        return self

    def stop(self) -> None:
        """Answer what is being answered, send what is being sent, then close the file."""
        self._server.shutdown()
        self._thread.join(timeout=5)
        self._server.server_close()
        self.sender.stop()
        self.store.close()
