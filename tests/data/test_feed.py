# SPDX-License-Identifier: MIT
"""The feed: every event once in files that are whole, whatever is killed when."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from onecouncil.core.actors import system
from onecouncil.core.calendar import now
from onecouncil.core.events import publish
from onecouncil.core.models import Delivery, EventRow
from onecouncil.core.problems import Invalid
from onecouncil.data import reads, tasks, warehouse
from onecouncil.data.actions import feeding, working
from onecouncil.data.models import DemandRow, FeedBatch, FeedItem

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], None]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: object) -> Iterator[Path]:
    settings.FEED_DIR = tmp_path  # type: ignore[attr-defined]
    yield tmp_path / "events"


def tell(count: int, event_type: str = "case.opened", **data: object) -> None:
    with transaction.atomic():
        for number in range(count):
            publish(event_type, subject=f"LM-{number}", data={"n": number, **data}, actor=system("test"))


def exact() -> bool:
    return reads.compare().is_exact


def test_every_event_is_in_one_file_of_its_day(work: Work, folder: Path) -> None:
    tell(30)
    EventRow.objects.filter(pk__in=list(EventRow.objects.order_by("pk").values_list("pk", flat=True)[:10])).update(
        time=now() - timedelta(days=3)
    )
    work()
    feeding.feed()
    assert exact()
    days = sorted(path.name for path in folder.iterdir())
    assert days == sorted({f"date={(now() - timedelta(days=3)).date()}", f"date={now().date()}"})
    row = warehouse.ask("SELECT id, type, subject, data, time, date FROM events ORDER BY seq DESC LIMIT 1").rows[0]
    last = EventRow.objects.latest("pk")
    assert row[:3] == (str(last.event_id), last.type, last.subject)
    assert json.loads(row[3]) == last.data
    assert row[4] == last.time.replace(tzinfo=None)
    assert row[5] == now().date()


def test_nothing_waits_and_nothing_is_written_again(work: Work) -> None:
    tell(5)
    work()
    feeding.feed()
    written = FeedBatch.objects.count()
    assert feeding.feed() == (0, 0)
    assert FeedBatch.objects.count() == written


def test_a_lower_number_that_appears_later_is_not_lost(work: Work) -> None:
    """Numbers are given before commits: the second event is in the feed before the first can be seen."""
    tell(3)
    first = EventRow.objects.earliest("pk")
    late = Delivery.objects.filter(event=first)
    late.update(next_try_at=now() + timedelta(hours=1))
    work()
    feeding.feed()
    assert reads.compare().missing == 1
    late.update(next_try_at=now())
    work()
    feeding.feed()
    assert exact()


@pytest.mark.parametrize("killed_in", ["lines_to_parquet", "_flush", "mark"])
def test_a_killed_run_is_finished_by_the_next(work: Work, monkeypatch: pytest.MonkeyPatch, killed_in: str) -> None:
    tell(7)
    work()
    FeedBatch.objects.update(written_at=None)  # as if killed between the file and the mark
    FeedItem.objects.update(batch=None)
    FeedBatch.objects.all().delete()

    def die(*args: object, **options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        if killed_in == "lines_to_parquet":
            broken.setattr(warehouse, "lines_to_parquet", die)
        elif killed_in == "_flush":
            broken.setattr(feeding, "_flush", die)
        else:
            broken.setattr(feeding, "now", _second_call(die))
        with pytest.raises(KeyboardInterrupt):
            feeding.feed()
    assert FeedBatch.objects.filter(written_at__isnull=True).exists()
    feeding.feed()
    assert exact()
    assert not FeedBatch.objects.filter(written_at__isnull=True).exists()


def _second_call(die: Callable[[], None]) -> Callable[[], object]:
    calls = []

    def answer() -> object:
        calls.append(1)
        return now() if len(calls) == 1 else die()

    return answer


def test_events_from_before_the_room_are_taken_in(work: Work) -> None:
    moment = now()
    EventRow.objects.bulk_create(
        EventRow(type="case.opened", subject=f"OLD-{n}", time=moment, actor="system:demo", data={}) for n in range(12)
    )
    tell(2)
    out = StringIO()
    call_command("data", "feed", stdout=out)
    work()
    call_command("data", "feed", stdout=out)
    call_command("data", "feed", "--check", stdout=out)
    assert "missing 0, twice 0, strange 0" in out.getvalue()


def test_a_difference_fails_the_check(work: Work, folder: Path) -> None:
    tell(4)
    work()
    feeding.feed()
    one = next(folder.glob("date=*/part-*.parquet"))
    copy = one.with_name("part-999999-999999.parquet")
    copy.write_bytes(one.read_bytes())
    assert reads.compare().twice > 0
    with pytest.raises(SystemExit):
        call_command("data", "feed", "--check", stdout=StringIO())
    copy.unlink()
    one.unlink()
    assert reads.compare().missing > 0


def test_an_empty_feed_answers() -> None:
    assert warehouse.ask("SELECT count(*) FROM events").rows == [(0,)]
    assert tasks.feed().state == "ok"


@pytest.mark.parametrize(
    "sql",
    [
        "", "nonsense", "SELECT 1; SELECT 2", "DROP VIEW events", "COPY events TO '/tmp/x.csv'", "INSTALL httpfs",
        "SELECT * FROM '/etc/passwd'", "SELECT * FROM read_text('/etc/passwd')", "ATTACH '/tmp/x.db'",
        "SET enable_external_access = true", "SELECT * FROM read_csv('/etc/hosts')",
        "CREATE TABLE a AS SELECT 1", "SELECT * FROM glob('/etc/*')",
    ],
)  # fmt: skip
def test_only_one_select_over_the_feed_is_answered(sql: str) -> None:
    with pytest.raises(Invalid):
        warehouse.ask(sql)


def test_the_query_command(work: Work) -> None:
    tell(3)
    work()
    feeding.feed()
    for form, wanted in (("table", "case.opened"), ("csv", "case.opened,3"), ("json", '{"type": "case.opened"')):
        out = StringIO()
        sql = "select type, count(*) as n from events where type like 'case.%' group by all"
        call_command("data", "query", sql, "--format", form, stdout=out)
        assert wanted in out.getvalue()
    with pytest.raises(CommandError):
        call_command("data", "query", "drop view events")


def test_demand_is_counted_by_service_and_london_day(work: Work) -> None:
    tell(3, "submission.submitted", service="report-a-pothole")
    tell(1, "submission.submitted", service="missed-bin")
    tell(1)
    work()
    feeding.feed()
    working.work_out_demand()
    assert set(DemandRow.objects.values_list("service", "submissions")) == {("report-a-pothole", 3), ("missed-bin", 1)}


def test_the_page_and_its_csv(work: Work, signed_in: Callable[[str], Client]) -> None:
    tell(2, "submission.submitted", service="report-a-pothole")
    work()
    feeding.feed()
    working.work_out_demand()
    client = signed_in("stew")
    page = client.get("/staff/data/").content.decode()
    assert "report-a-pothole" in page
    answer = client.get("/staff/data/demand.csv")
    assert answer["Content-Type"].startswith("text/csv")
    assert answer.content.decode().splitlines()[1].startswith("report-a-pothole,")
    for name in ("alice", "ada", "cass", "fin", "ed"):
        assert signed_in(name).get("/staff/data/").status_code == 403
        assert signed_in(name).get("/staff/data/demand.csv").status_code == 403
    assert Client().get("/staff/data/").status_code == 302
    for odd in ("x", "2026-99-99:1", "2026-01-01:²", ":", "2026-01-01:" + "9" * 30):
        assert client.get("/staff/data/", {"before": odd}).status_code == 200


def test_demand_is_paged_by_key(signed_in: Callable[[str], Client]) -> None:
    day = now().date()
    DemandRow.objects.bulk_create(
        DemandRow(service=f"s{n % 7}", day=day - timedelta(days=n // 7), submissions=1) for n in range(120)
    )
    seen, before = [], ""
    while True:
        page = reads.demand(system("test"), before=before)
        seen += [one.id for one in page.results]
        before = page.next_before
        if not before:
            break
    assert len(seen) == len(set(seen)) == 120
