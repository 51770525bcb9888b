# SPDX-License-Identifier: MIT
"""Is the house well? Each room hangs up its checks; the health page and `./onecouncil check` show them all."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection

from onecouncil.core.calendar import now

OK, WARN, FAIL = "ok", "warn", "fail"


@dataclass(frozen=True)
class Health:
    """`do` says what to do about it; empty when all is well."""

    name: str
    state: str
    message: str
    do: str = ""


Check = Callable[[], Health]
_checks: dict[str, Check] = {}


def check(name: str) -> Callable[[Check], Check]:
    def keep(function: Check) -> Check:
        _checks[name] = function
        return function

    return keep


def run_all() -> list[Health]:
    """Every check's answer; a check that itself breaks is a failure with its reason."""
    return [_run(name, function) for name, function in _checks.items()]


def _run(name: str, function: Check) -> Health:
    try:
        return function()
    except (DatabaseError, OSError, RuntimeError, KeyError, ValueError, LookupError) as error:
        return Health(
            name, FAIL, f"The check itself failed: {type(error).__name__}", "Look in the log of the web process."
        )


@check("database")
def database() -> Health:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Health("database", OK, f"{connection.vendor} answers")


@check("worker")
def worker() -> Health:
    from onecouncil.core.models import WorkerBeat

    seen = WorkerBeat.objects.order_by("-seen_at").values_list("seen_at", flat=True).first()
    if seen and now() - seen < timedelta(seconds=60):
        return Health("worker", OK, "A worker is alive")
    return Health("worker", FAIL, "No worker has been seen for a minute", "Start one with ./onecouncil worker.")


@check("outbox")
def outbox() -> Health:
    from onecouncil.core.models import Delivery

    parked = Delivery.objects.filter(parked_at__isnull=False).count()
    if parked:
        return Health(
            "outbox",
            FAIL,
            f"{parked} deliveries are parked after failing many times",
            "Read core_delivery.last_error, mend the cause, then run ./onecouncil events --unpark.",
        )
    oldest = Delivery.objects.filter(done_at__isnull=True).order_by("next_try_at").values_list("next_try_at", flat=True)
    first = oldest.first()
    if first and now() - first > timedelta(minutes=5):
        return Health("outbox", WARN, "Events are more than 5 minutes late", "Check that the worker runs and keeps up.")
    return Health("outbox", OK, "Events are delivered in time")


@check("messages")
def messages() -> Health:
    from onecouncil.core.messaging.providers import provider

    name = settings.MESSAGES_PROVIDER
    fault = provider(name).check_config()
    if fault:
        return Health("messages", FAIL, f"Messages ({name}) cannot be sent", fault)
    if name == "kept" and not settings.DEMO:
        return Health(
            "messages", WARN, "Messages are only kept, not sent", "Set ONECOUNCIL_MESSAGES to smtp or notify."
        )
    return Health("messages", OK, f"Messages go by {name}")


@check("disk")
def disk() -> Health:
    usage = shutil.disk_usage(settings.DATA_DIR)
    free = usage.free / usage.total
    if free < 0.05:
        return Health("disk", FAIL, f"Only {free:.0%} of the disk is free", "Make room, or move the data folder.")
    return Health("disk", OK, f"{free:.0%} of the disk is free")


@check("addresses")
def addresses() -> Health:
    from onecouncil.core.models import AddressRow

    if settings.OS_PLACES_KEY or AddressRow.objects.exists():
        return Health("addresses", OK, "Addresses can be looked up")
    return Health("addresses", FAIL, "There are no addresses", "Load the gazetteer, or set ONECOUNCIL_OS_PLACES_KEY.")
