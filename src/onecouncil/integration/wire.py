# SPDX-License-Identifier: MIT
"""The way out to addresses that people typed in: as `core.outbound`, and never into a private network.

The address that was really connected to is looked at before a byte is sent, so a name that resolves to a public address
when asked and to a private one when called (DNS rebinding) gets nothing. Redirects are not followed, answers are not
read, proxies of the environment are not used (they would hide the address).
"""

import socket
from typing import Any

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3 import PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from onecouncil.core.outbound import CONNECT_SECONDS, Client
from onecouncil.integration.rules import may_call


def _refuse_private(sock: socket.socket, connection: HTTPConnection) -> socket.socket:
    if not may_call(sock.getpeername()[0], demo=settings.DEMO):
        sock.close()
        raise NewConnectionError(connection, "the address is inside a private network")
    return sock


class _GuardedHTTP(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _refuse_private(super()._new_conn(), self)


class _GuardedHTTPS(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _refuse_private(super()._new_conn(), self)


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _GuardedHTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedHTTPS


class _GuardedAdapter(HTTPAdapter):
    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}


class GuardedClient(Client):
    """One receiver. Only silence opens its circuit (five in a row, half a minute): a quick 500 holds nobody up."""

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        """The status of the answer, whatever it is.

        Raises:
            Unavailable: no answer, or an address we do not call.
        """
        return self.request("POST", url, data=body, headers=headers).status_code

    @property
    def is_open(self) -> bool:
        """Whether it was silent so often that asking again now would only hold up the others."""
        return bool(self._circuit.current_state == "open")

    def _send(self, method: str, url: str, timeout: float, kwargs: dict[str, Any]) -> requests.Response:
        answer = self._session().request(
            method, url, timeout=(CONNECT_SECONDS, timeout), allow_redirects=False, stream=True, **kwargs
        )
        answer.close()
        return answer

    def _session(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            session = requests.Session()
            session.trust_env = False
            session.mount("https://", _GuardedAdapter())
            session.mount("http://", _GuardedAdapter())
            self._local.session = session
        found: requests.Session = self._local.session
        return found


_clients: dict[str, GuardedClient] = {}


def client(name: str) -> GuardedClient:
    return _clients.setdefault(name, GuardedClient(name))
