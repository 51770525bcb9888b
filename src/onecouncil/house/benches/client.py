# SPDX-License-Identifier: MIT
"""A small HTTP client for measuring: threads with a kept-alive connection each, for so many requests or seconds."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

THREADS = 4
TIMEOUT = 30.0


@dataclass(frozen=True)
class Ask:
    """One request, sent again and again. `form`: sent as a form, by POST."""

    path: str
    cookies: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] | None = None

    def send(self, connection: http.client.HTTPConnection) -> tuple[int, bytes, http.client.HTTPMessage]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if self.form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(self.form)
        connection.request("GET" if self.form is None else "POST", self.path, body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.msg


@dataclass(frozen=True)
class Measured:
    """What came of it. Times in seconds, sorted."""

    times: tuple[float, ...]
    took: float
    size: int
    statuses: dict[int, int]

    @property
    def rate(self) -> float:
        return len(self.times) / self.took if self.took else 0.0

    def percentile(self, percent: float) -> float:
        """In milliseconds, by nearest rank."""
        if not self.times:
            return 0.0
        rank = max(0, -(-len(self.times) * percent // 100) - 1)
        return self.times[int(rank)] * 1000


Prepare = Callable[[http.client.HTTPConnection], Ask]


def measure(port: int, prepare: Prepare, *, requests: int, seconds: float) -> Measured:
    """Each thread prepares its own request (a form of its own to fill in), then all begin together.

    Raises:
        RuntimeError: a thread could not prepare or send.
    """
    shared = _Shared(requests, threading.Barrier(THREADS + 1))
    threads = [threading.Thread(target=shared.work, args=(port, prepare, seconds)) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    try:
        shared.barrier.wait(TIMEOUT)
    except threading.BrokenBarrierError:
        shared.failures.append("not every thread was ready in time")
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    if shared.failures:
        raise RuntimeError(shared.failures[0])
    took = time.perf_counter() - began
    return Measured(tuple(sorted(shared.times)), took, shared.size, dict(shared.statuses))


class _Shared:
    """What the threads of one measurement have in common."""

    def __init__(self, requests: int, barrier: threading.Barrier) -> None:
        self.left = requests
        self.barrier = barrier
        self.times: list[float] = []
        self.statuses: Counter[int] = Counter()
        self.size = 0
        self.failures: list[str] = []
        self._lock = threading.Lock()

    def work(self, port: int, prepare: Prepare, seconds: float) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        try:
            ask = prepare(connection)
            ask.send(connection)
            self.barrier.wait(TIMEOUT)
            self._repeat(connection, ask, time.perf_counter() + seconds)
        except (OSError, http.client.HTTPException, RuntimeError, threading.BrokenBarrierError) as fault:
            self.barrier.abort()
            self.failures.append(f"{type(fault).__name__}: {fault}")
        finally:
            connection.close()

    def _repeat(self, connection: http.client.HTTPConnection, ask: Ask, end: float) -> None:
        while time.perf_counter() < end and self._another():
            began = time.perf_counter()
            status, body, _ = ask.send(connection)
            took = time.perf_counter() - began
            with self._lock:
                self.times.append(took)
                self.statuses[status] += 1
                self.size = len(body)

    def _another(self) -> bool:
        with self._lock:
            self.left -= 1
            return self.left >= 0
