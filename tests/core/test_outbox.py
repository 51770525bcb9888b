# SPDX-License-Identifier: MIT
"""Events: written with the change or not at all; delivered at least once; effects in our database exactly once."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from onecouncil.core import events, relay
from onecouncil.core.actors import system
from onecouncil.core.events import Event, publish, subscriber
from onecouncil.core.models import AuditEntry, Delivery, EventRow, Message

ROBOT = system("test")


@pytest.fixture
def kept_subscribers() -> Iterator[None]:
    """Subscribers made in a test are forgotten after it."""
    before = dict(events._subscribers)
    yield
    events._subscribers.clear()
    events._subscribers.update(before)


def tell(kind: str = "lamp.lit") -> str:
    with transaction.atomic():
        return publish(kind, subject="LAMP-1", data={"lamp": 1}, actor=ROBOT)


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="inside transaction"):
        publish("lamp.lit", subject="LAMP-1", data={}, actor=ROBOT)


@pytest.mark.django_db(transaction=True)
def test_an_event_is_gone_when_its_change_is_rolled_back() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        publish("lamp.lit", subject="LAMP-1", data={}, actor=ROBOT)
        raise ZeroDivisionError
    assert not EventRow.objects.exists()
    assert not Delivery.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_subscriber_hears_only_the_types_it_named(kept_subscribers: None) -> None:
    heard: list[str] = []
    subscriber("test.lamps", "lamp.*")(lambda event: heard.append(event.type))
    tell("lamp.lit")
    tell("kettle.boiled")
    relay.deliver_due()
    assert heard == ["lamp.lit"]


@pytest.mark.django_db(transaction=True)
def test_a_handler_killed_half_way_leaves_nothing_and_runs_again(kept_subscribers: None) -> None:
    """SIGKILL is a transaction that never commits: here an error that no handler catches."""
    tries: list[int] = []

    def handler(event: Event) -> None:
        tries.append(1)
        AuditEntry.objects.create(event_id=event.id, time=event.time, actor="x", verb="half", subject="way")
        if len(tries) == 1:
            raise MemoryError("killed here")

    subscriber("test.killed", "lamp.lit")(handler)
    event_id = tell()
    delivery = Delivery.objects.get(subscriber="test.killed")
    assert relay.deliver(delivery.pk) is False
    assert not AuditEntry.objects.filter(verb="half").exists()
    assert relay.deliver(delivery.pk) is True
    assert AuditEntry.objects.filter(verb="half", event_id=event_id).count() == 1
    assert relay.deliver(delivery.pk) is False, "a delivery that is done is not run again"
    assert len(tries) == 2


@pytest.mark.django_db(transaction=True)
def test_a_prompt_subscriber_is_served_right_after_the_commit(kept_subscribers: None) -> None:
    heard: list[str] = []
    subscriber("test.prompt", "lamp.lit", prompt=True)(lambda event: heard.append(event.id))
    with transaction.atomic():
        event_id = publish("lamp.lit", subject="LAMP-1", data={}, actor=ROBOT)
        assert heard == []
    assert heard == [event_id]


@pytest.mark.django_db(transaction=True)
def test_a_delivery_that_keeps_failing_is_parked_and_can_be_unparked(kept_subscribers: None) -> None:
    def broken(event: Event) -> None:
        raise ValueError("always")

    subscriber("test.broken", "lamp.lit")(broken)
    tell()
    delivery = Delivery.objects.get(subscriber="test.broken")
    for _ in range(relay.PARK_AFTER):
        relay.deliver(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.parked_at is not None
    assert "always" in delivery.last_error
    assert relay.unpark_all() == 1


@pytest.mark.django_db(transaction=True)
def test_every_event_becomes_one_entry_of_the_trail() -> None:
    event_id = tell()
    relay.deliver_due()
    entry = AuditEntry.objects.get(event_id=event_id)
    assert (entry.verb, entry.subject, entry.actor) == ("lamp.lit", "LAMP-1", "system:test")


@pytest.mark.django_db(transaction=True)
def test_the_cloud_event_has_the_required_attributes() -> None:
    tell()
    cloud = events.from_row(EventRow.objects.get()).as_cloud_event("https://larkmere.example")
    assert {"specversion", "id", "source", "type"} <= set(cloud)
    assert cloud["specversion"] == "1.0"
    assert cloud["time"].endswith("Z")


@pytest.mark.django_db(transaction=True)
def test_a_message_with_the_same_key_is_written_once() -> None:
    from onecouncil.core.messaging import Recipient, send_written

    for _ in range(2):
        send_written(Recipient(email="alice@example.org"), subject="Hello", body="Words", key="once")
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_subject_is_one_line_whatever_is_in_it() -> None:
    from onecouncil.core.messaging import Recipient, send_written

    send_written(Recipient(email="alice@example.org"), subject="Hello\r\nBcc: eve@example.org", body="x", key="inject")
    assert Message.objects.get().subject == "Hello Bcc: eve@example.org"
