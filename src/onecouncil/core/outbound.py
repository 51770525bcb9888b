# SPDX-License-Identifier: MIT
"""Calls to outside services: a time-out always, a retry with jitter where it is safe, a circuit, clear words.

Never call from inside a database transaction: `request` refuses to.
"""

import threading
from typing import Any

import pybreaker
import requests
from django.conf import settings
from django.db import connection
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from onecouncil.core.problems import Unavailable

CONNECT_SECONDS, READ_SECONDS = 3.05, 10
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class _ServerFault(Exception):
    """The service answered 5xx: counts against its circuit; the answer goes along."""

    def __init__(self, answer: requests.Response) -> None:
        self.answer = answer


class Client:
    """One outside service. Keep-alive sessions are held per thread."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._local = threading.local()
        self._circuit = pybreaker.CircuitBreaker(fail_max=5, reset_timeout=30, name=name)

    def request(self, method: str, url: str, *, timeout: float = READ_SECONDS, **kwargs: Any) -> requests.Response:
        """Send; any answer below 500 comes back as it is, 429 too. `url` is ours by settings, never a person's.

        Raises:
            Unavailable: no answer in time, a server fault, or the circuit is open. For a POST the service may have
                acted all the same: look before asking again.
        """
        if connection.in_atomic_block and not settings.TESTING:
            raise RuntimeError(f"{self.name} must not be called inside a database transaction")
        try:
            return self._circuit.call(self._send, method, url, timeout, kwargs)
        except pybreaker.CircuitBreakerError as error:
            raise Unavailable(f"{self.name} has been failing; we try it again in half a minute") from error
        except (requests.RequestException, _ServerFault) as error:
            raise Unavailable(f"{self.name} did not answer properly ({type(error).__name__})") from error

    def _send(self, method: str, url: str, timeout: float, kwargs: dict[str, Any]) -> requests.Response:
        answer = self._session().request(
            method, url, timeout=(CONNECT_SECONDS, timeout), allow_redirects=False, **kwargs
        )
        if answer.status_code >= 500:
            raise _ServerFault(answer)
        return answer

    def _session(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            retry = Retry(
                total=2,
                backoff_factor=0.3,
                backoff_jitter=0.3,
                allowed_methods=_SAFE,
                status_forcelist=(502, 503, 504),
                raise_on_status=False,
                redirect=False,
            )
            session = requests.Session()
            session.mount("https://", HTTPAdapter(max_retries=retry))
            session.mount("http://", HTTPAdapter(max_retries=retry))
            self._local.session = session
        found: requests.Session = self._local.session
        return found


_clients: dict[str, Client] = {}


def client(name: str) -> Client:
    """The one client of that name in this process."""
    return _clients.setdefault(name, Client(name))
