# SPDX-License-Identifier: MIT
"""Webhooks end to end, to a real receiver: told once, signed, tried again, given up, switched off."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import override_settings
from tests.integration.receiver import Receiver, receiver

from onecouncil.core import health
from onecouncil.core.actors import Actor, system
from onecouncil.core.calendar import now
from onecouncil.core.events import publish
from onecouncil.core.models import EventRow, Message
from onecouncil.core.problems import Conflict, Forbidden, NotFound, SignInNeeded
from onecouncil.core.relay import deliver_due
from onecouncil.integration import rules, tasks
from onecouncil.integration.actions import managing, telling
from onecouncil.integration.models import WebhookDelivery, WebhookEndpoint

pytestmark = pytest.mark.django_db(transaction=True)
ADMIN = system("test")
Work = Callable[[], None]


@pytest.fixture
def heard() -> Iterator[Receiver]:
    with receiver() as held:
        yield held


def tell(event_type: str = "case.opened", subject: str = "LM-1") -> str:
    with transaction.atomic():
        return publish(event_type, subject=subject, data={"n": 1}, actor=ADMIN)


def make_due() -> None:
    WebhookDelivery.objects.update(next_try_at=now() - timedelta(minutes=2))


def test_an_event_arrives_signed_at_the_endpoints_that_want_it(heard: Receiver, work: Work) -> None:
    wanted = managing.add_endpoint(ADMIN, heard.url, ["case.*"])
    secret = managing.show_secret(ADMIN, str(wanted.pk))
    managing.add_endpoint(ADMIN, heard.url + "/other", ["payment.*"])
    event_id = tell()
    work()
    assert len(heard.got) == 1
    headers, body = heard.got[0]
    assert headers["webhook-id"] == event_id
    assert rules.is_genuine(secret, headers, body, int(time.time()))
    told = json.loads(body)
    assert told["type"] == "onecouncil.case.opened"
    assert told["id"] == event_id
    assert told["subject"] == "LM-1"
    held = WebhookDelivery.objects.get()
    assert (held.state, held.response_code, held.attempts) == ("sent", 200, 1)


def test_a_second_round_of_work_tells_nothing_twice(heard: Receiver, work: Work) -> None:
    managing.add_endpoint(ADMIN, heard.url, ["case.*"])
    tell()
    work()
    make_due()
    tasks.send_overdue()
    work()
    assert len(heard.got) == 1


@pytest.mark.parametrize("code", [500, 404, 302, 429])
def test_a_failed_try_is_tried_again_with_the_same_bytes(heard: Receiver, work: Work, code: int) -> None:
    managing.add_endpoint(ADMIN, heard.url, ["case.*"])
    heard.answers = [code]
    tell()
    work()
    held = WebhookDelivery.objects.get()
    assert (held.state, held.response_code, held.attempts) == ("waiting", code, 1)
    assert timedelta(seconds=2) < held.next_try_at - now() <= timedelta(seconds=5)
    make_due()
    tasks.send_overdue()
    work()
    assert WebhookDelivery.objects.get().state == "sent"
    assert heard.got[0][1] == heard.got[1][1]
    assert heard.got[0][0]["webhook-id"] == heard.got[1][0]["webhook-id"]


def test_after_the_last_try_it_is_given_up_and_can_be_resent(heard: Receiver, work: Work) -> None:
    managing.add_endpoint(ADMIN, heard.url, ["case.*"])
    heard.answers = [503]
    tell()
    deliver_due()
    WebhookDelivery.objects.update(attempts=len(rules.WAITS))
    work()
    held = WebhookDelivery.objects.get()
    assert held.state == "failed"
    tasks.resend(ADMIN, held.pk)
    with pytest.raises(Conflict):
        tasks.resend(ADMIN, held.pk)
    work()
    assert WebhookDelivery.objects.get().state == "sent"


def test_days_of_failing_switch_an_endpoint_off_and_tell_the_house(
    heard: Receiver, work: Work, people: dict[str, Actor]
) -> None:
    endpoint = managing.add_endpoint(ADMIN, heard.url, ["case.*"])
    WebhookEndpoint.objects.update(failing_since=now() - timedelta(days=6))
    heard.answers = [500]
    tell()
    work()
    endpoint.refresh_from_db()
    assert endpoint.disabled_at
    assert EventRow.objects.filter(type="webhook.disabled", subject=str(endpoint.pk)).count() == 1
    assert not WebhookDelivery.objects.filter(state="waiting").exists()
    written = Message.objects.filter(template="integration-endpoint-disabled").get()
    assert written.address == "addie@example.org"
    assert f"/staff/webhooks/{endpoint.pk}/" in written.body
    told = next(one for one in health.run_all() if one.name == "webhooks")
    assert told.state == health.FAIL
    tell()
    work()
    assert len(heard.got) == 1, "a disabled endpoint gets nothing"
    managing.enable_endpoint(ADMIN, str(endpoint.pk))
    tell()
    work()
    assert len(heard.got) == 2


def test_gone_switches_off_at_once(heard: Receiver, work: Work) -> None:
    endpoint = managing.add_endpoint(ADMIN, heard.url, ["case.*"])
    heard.answers = [410]
    tell()
    work()
    endpoint.refresh_from_db()
    assert endpoint.disabled_at
    assert WebhookDelivery.objects.get().state == "failed"


def test_one_good_answer_ends_the_failing(heard: Receiver, work: Work) -> None:
    managing.add_endpoint(ADMIN, heard.url, ["case.*"])
    WebhookEndpoint.objects.update(failing_since=now() - timedelta(days=4))
    tell()
    work()
    assert WebhookEndpoint.objects.get().failing_since is None


def test_a_secret_is_shown_once_and_rotates_with_overlap(heard: Receiver, work: Work) -> None:
    endpoint = str(managing.add_endpoint(ADMIN, heard.url, ["case.*"]).pk)
    old = managing.show_secret(ADMIN, endpoint)
    with pytest.raises(Conflict):
        managing.show_secret(ADMIN, endpoint)
    managing.rotate_secret(ADMIN, endpoint)
    new = managing.show_secret(ADMIN, endpoint)
    assert old != new
    tell()
    work()
    headers, body = heard.got[0]
    assert rules.is_genuine(old, headers, body, int(time.time()))
    assert rules.is_genuine(new, headers, body, int(time.time()))
    WebhookEndpoint.objects.get().secrets.filter(ends_at__isnull=False).update(ends_at=now())
    tell()
    work()
    headers, body = heard.got[1]
    assert not rules.is_genuine(old, headers, body, int(time.time()))
    assert rules.is_genuine(new, headers, body, int(time.time()))


def test_a_changed_house_key_is_told_by_the_health_check(heard: Receiver) -> None:
    managing.add_endpoint(ADMIN, heard.url, ["case.*"])
    assert tasks.webhooks().state == health.OK
    with override_settings(SECRET_KEY="another"):
        assert tasks.webhooks().state == health.FAIL


def test_a_name_that_leads_inside_is_connected_to_but_told_nothing(heard: Receiver, work: Work) -> None:
    """DNS rebinding: the name was fine when it was typed in, and leads to this machine when it is called."""
    managing.add_endpoint(ADMIN, heard.url, ["case.*"])
    with override_settings(DEMO=False):
        tell()
        work()
    assert heard.got == []
    assert WebhookDelivery.objects.get().state == "waiting"


def test_two_workers_do_not_send_one_delivery(heard: Receiver) -> None:
    endpoint = managing.add_endpoint(ADMIN, heard.url, ["case.*"])
    delivery = telling.write_test(ADMIN, str(endpoint.pk))
    taken = telling._take(delivery.pk)
    assert taken is not None
    assert telling._take(delivery.pk) is None
    assert telling.send(delivery.pk) is None
    assert heard.got == []


def test_only_administrators_manage(people: dict[str, Actor], heard: Receiver) -> None:
    endpoint = str(managing.add_endpoint(people["addie"], heard.url, ["*"]).pk)
    for name in ("alice", "ada", "cass", "fin", "stew", "ed"):
        with pytest.raises(Forbidden):
            managing.show_secret(people[name], endpoint)
        with pytest.raises(Forbidden):
            managing.add_endpoint(people[name], heard.url, ["*"])
    with pytest.raises(SignInNeeded):
        managing.access_endpoint(Actor(), endpoint)
    with pytest.raises(NotFound):
        managing.access_endpoint(people["addie"], "00000000-0000-0000-0000-000000000000")
