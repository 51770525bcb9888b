# SPDX-License-Identifier: MIT
"""Questions of the room. Answers are frozen; each list is one query, a page by key."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from onecouncil.casework import rules, timeline
from onecouncil.casework.finding import narrow
from onecouncil.casework.models import Case, CaseEntry, Permit, Task
from onecouncil.core.actors import Actor
from onecouncil.core.calendar import now, today
from onecouncil.core.permissions import require

PAGE = 25
STATE_LABELS = {rules.OPEN: "Open", rules.WAITING: "Waiting for the resident", rules.CLOSED: "Closed"}


@dataclass(frozen=True)
class CaseRow:
    """One line of a list of cases."""

    id: int
    reference: str
    kind: str
    service: str
    title: str
    unit: str
    person_id: str | None
    contact_name: str
    state: str
    stage_label: str
    assigned_name: str
    outcome: str
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    replied: bool
    overdue: bool

    @property
    def state_label(self) -> str:
        return STATE_LABELS[self.state]

    @property
    def key(self) -> str:
        """Where the worklist goes on after this row."""
        return f"{self.due_at.isoformat()}~{self.id}"


@dataclass(frozen=True)
class Filters:
    """What the worklist shows. `view`: open, replied, waiting, overdue or closed."""

    view: str = "open"
    mine: bool = False
    unit: str = ""
    kind: str = ""
    text: str = ""
    after: str = ""


@dataclass(frozen=True)
class Worklist:
    rows: tuple[CaseRow, ...]
    next_key: str


VIEWS = {
    "open": "All open",
    "replied": "Resident replied",
    "waiting": "Waiting",
    "overdue": "Overdue",
    "closed": "Closed",
}


def worklist(actor: Actor, filters: Filters, size: int = PAGE) -> Worklist:
    """The officer's list by due date, in one query however long it is.

    Raises:
        Forbidden: the actor may not view cases.
    """
    require(actor, "case.view")
    rows = _view_rows(Case.objects.all(), filters.view)
    if filters.mine:
        rows = rows.filter(assigned_user_id=actor.user_id)
    if filters.unit:
        rows = rows.filter(unit=filters.unit)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.text.strip():
        rows = narrow(rows, filters.text)
    found = list(_after(rows, filters.after).order_by("due_at", "id")[: size + 1])
    views = tuple(case_row(row) for row in found[:size])
    return Worklist(views, views[-1].key if len(found) > size else "")


def cases_of_person(person_id: str, *, before: int | None = None, size: int = 20) -> list[CaseRow]:
    """One person's cases, newest first, a page by key (the id of the last row of the page before)."""
    rows = Case.objects.filter(person_id=person_id)
    if before:
        rows = rows.filter(pk__lt=before)
    return [case_row(row) for row in rows.order_by("-pk")[:size]]


@dataclass(frozen=True)
class CaseCounts:
    open: int
    overdue: int
    replied: int
    mine: int = 0


def case_counts(actor: Actor) -> CaseCounts:
    """How many cases wait, in one query. For a resident, of their own; for staff, of all."""
    rows = Case.objects.filter(closed_at__isnull=True)
    if not actor.is_staff:
        if not actor.person_id:
            return CaseCounts(0, 0, 0)
        rows = rows.filter(person_id=actor.person_id)
    counts = rows.aggregate(
        open=Count("pk"),
        overdue=Count("pk", filter=Q(due_at__lt=now())),
        replied=Count("pk", filter=Q(replied_at__isnull=False)),
        mine=Count("pk", filter=Q(assigned_user_id=actor.user_id)) if actor.user_id else Count("pk", filter=Q(pk=None)),
    )
    return CaseCounts(**counts)


@dataclass(frozen=True)
class EntryView:
    """One line of a timeline. `title` is what happened, `text` the words that were written."""

    id: int
    reference: str
    kind: str
    title: str
    text: str
    by: str
    at: datetime
    public: bool
    files: tuple[tuple[str, str], ...] = ()
    data: dict[str, Any] = field(default_factory=dict)


_TITLES = {
    timeline.OPENED: "We received this",
    timeline.MESSAGE_OUT: "Message from the council",
    timeline.MESSAGE_IN: "Message from the resident",
    timeline.NOTE: "Note",
    timeline.DECISION: "Decision",
    timeline.STAGE: "Moved on",
    timeline.ASSIGNED: "Given out",
    timeline.TASK: "Done",
    timeline.ADDRESS: "Address",
    timeline.BREACHED: "This is late",
    timeline.CLOSED: "Closed",
    timeline.REOPENED: "Reopened",
    timeline.ESCALATED: "Asked us to look again",
    timeline.WITHDRAWN: "Withdrawn",
    timeline.PERMIT: "Permit issued",
    timeline.SLOT: "Time booked",
}


def entry_view(row: CaseEntry, reference: str) -> EntryView:
    title = _TITLES[row.kind]
    if row.kind == timeline.DECISION:
        title = f"Decision: {row.data.get('decision', '')}"
    files = tuple((one["id"], one["name"]) for one in row.data.get("files", []))
    return EntryView(row.pk, reference, row.kind, title, row.text, row.by_name, row.at, row.public, files, row.data)


def entries_of_person(person_id: str, *, before: int | None = None, size: int = 20) -> list[EntryView]:
    """The lines of all a person's cases, newest first, for the customer page."""
    rows = CaseEntry.objects.filter(case__person_id=person_id).select_related("case")
    if before:
        rows = rows.filter(pk__lt=before)
    return [entry_view(row, row.case.reference) for row in rows.order_by("-pk")[:size]]


@dataclass(frozen=True)
class TaskView:
    id: int
    label: str
    unit: str
    state: str
    due_at: datetime
    result: str
    public: bool
    overdue: bool


def tasks_of(case: Case) -> tuple[TaskView, ...]:
    moment = now()
    return tuple(
        TaskView(
            t.pk, t.label, t.unit, t.state, t.due_at, t.result, t.public, t.state == Task.TODO and t.due_at < moment
        )
        for t in Task.objects.filter(case=case).order_by("pk")
    )


@dataclass(frozen=True)
class PermitView:
    """A permit. `renew_path` is empty when it cannot be renewed now."""

    number: str
    reference: str
    label: str
    holder: str
    address: str
    details: tuple[tuple[str, str], ...]
    starts: date
    ends: date
    state: str
    renew_path: str


def permits_of_person(person_id: str, size: int = 20) -> list[PermitView]:
    """One person's permits, the one that lasts longest first."""
    rows = Permit.objects.select_related("case", "renewal").filter(person_id=person_id).order_by("-ends", "-pk")
    return [permit_view(row) for row in rows[:size]]


def permit_of_case(case: Case) -> PermitView | None:
    row = Permit.objects.select_related("case", "renewal").filter(case=case).first()
    return permit_view(row) if row else None


def permit_view(row: Permit) -> PermitView:
    from onecouncil.casework.actions.permits import renew_path

    renewed = hasattr(row, "renewal")
    open_now = rules.may_renew(row.state, row.renew_from, row.ends, today(), renewed)
    return PermitView(
        number=row.number,
        reference=row.case.reference,
        label=row.label,
        holder=row.holder,
        address=row.address,
        details=tuple(row.details.items()),
        starts=row.starts,
        ends=row.ends,
        state="renewed" if renewed else row.state,
        renew_path=renew_path(row) if open_now else "",
    )


@dataclass(frozen=True)
class PublicReport:
    """What the street sees of a report: no name, no words of a person, a place only as a point."""

    id: int
    reference: str
    service: str
    title: str
    state: str
    stage_label: str
    outcome: str
    opened_at: datetime
    changed_at: datetime
    due_at: datetime
    closed_at: datetime | None
    lat: float | None
    lon: float | None


def public_reports(
    services: Sequence[str],
    *,
    state: str = "",
    opened_from: datetime | None = None,
    opened_to: datetime | None = None,
    references: Sequence[str] = (),
    before: int | None = None,
    size: int = 50,
) -> list[PublicReport]:
    """Reports of these services, newest first, a page by key. `services`: those a council publishes; never all.

    `state`: "open" (waiting too), "closed" or both. Withdrawn ones are not listed: their person took them back.
    """
    rows = Case.objects.filter(service__in=services).exclude(outcome="withdrawn")
    if state:
        rows = rows.filter(closed_at__isnull=state != rules.CLOSED)
    if opened_from:
        rows = rows.filter(opened_at__gte=opened_from)
    if opened_to:
        rows = rows.filter(opened_at__lt=opened_to)
    if references:
        rows = rows.filter(reference__in=references)
    if before:
        rows = rows.filter(pk__lt=before)
    return [_public(row) for row in rows.order_by("-pk")[:size]]


def case_row(row: Case) -> CaseRow:
    return CaseRow(
        id=row.pk,
        reference=row.reference,
        kind=row.kind,
        service=row.service,
        title=row.title,
        unit=row.unit,
        person_id=str(row.person_id) if row.person_id else None,
        contact_name=row.contact_name,
        state=row.state,
        stage_label=row.stage_label,
        assigned_name=row.assigned_name,
        outcome=row.outcome,
        opened_at=row.opened_at,
        due_at=row.due_at,
        closed_at=row.closed_at,
        replied=row.replied_at is not None,
        overdue=row.closed_at is None and row.due_at < now(),
    )


def _public(row: Case) -> PublicReport:
    return PublicReport(
        id=row.pk,
        reference=row.reference,
        service=row.service,
        title=row.title,
        state=rules.CLOSED if row.closed_at else rules.OPEN,
        stage_label=row.stage_label,
        outcome=row.outcome,
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        due_at=row.due_at,
        closed_at=row.closed_at,
        lat=row.lat,
        lon=row.lon,
    )


def _view_rows(rows: QuerySet[Case], view: str) -> QuerySet[Case]:
    if view == "closed":
        return rows.filter(state=rules.CLOSED)
    if view == "replied":
        return rows.filter(replied_at__isnull=False)
    if view == "waiting":
        return rows.filter(state=rules.WAITING)
    rows = rows.filter(closed_at__isnull=True)
    return rows.filter(due_at__lt=now()) if view == "overdue" else rows


def _after(rows: QuerySet[Case], key: str) -> QuerySet[Case]:
    """Only what comes after the row of this key; a key that is not one starts from the beginning."""
    due, _, number = key.rpartition("~")
    try:
        moment, last = datetime.fromisoformat(due), int(number)
    except ValueError:
        return rows
    if moment.tzinfo is None or not 0 < last < 2**62:
        return rows
    return rows.filter(due_at__gte=moment).exclude(due_at=moment, pk__lte=last)
