# SPDX-License-Identifier: MIT
"""Questions about services and submissions; the answers are frozen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onecouncil.core.problems import NotFound
from onecouncil.services.models import Service, Submission


@dataclass(frozen=True)
class ServiceView:
    """A published service. `content` is its whole definition as data (treat it as read-only)."""

    slug: str
    title: str
    category: str
    unit: str
    lgsl: int | None
    version: int
    has_journey: bool
    content: dict[str, Any]

    @property
    def url(self) -> str:
        return f"/services/{self.slug}"


@dataclass(frozen=True)
class SummaryRow:
    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class SummarySection:
    title: str
    rows: tuple[SummaryRow, ...]


@dataclass(frozen=True)
class Place:
    """Where the matter is: from a place question (text, point or both), else from the first address that was given."""

    text: str
    lat: float | None = None
    lon: float | None = None
    uprn: str = ""


@dataclass(frozen=True)
class SubmissionView:
    """What a person handed in, as the rooms above read it. `state`: awaiting_payment, submitted or withdrawn.

    `answers` are those on the path only. `case_definition` is the `case:` part of the version it was made on,
    `messages` its `messages:` part. `bill` is a bill's reference or ""; `about` the slug an enquiry is about or "".
    `assisted_by` is the user id of the adviser, when there was one.
    """

    reference: str
    service: str
    service_title: str
    lgsl: int | None
    version: int
    unit: str
    about: str
    person_id: str | None
    name: str
    email: str
    phone: str
    postcode: str
    channel: str
    assisted_by: int | None
    summary: tuple[SummarySection, ...]
    answers: dict[str, Any]
    file_ids: tuple[str, ...]
    place: Place | None
    slot_id: str
    fee_pence: int
    bill: str
    case_definition: dict[str, Any]
    messages: dict[str, Any]
    state: str
    created_at: datetime
    submitted_at: datetime | None


def service(slug: str) -> ServiceView:
    """One published service, in one query.

    Raises:
        NotFound: there is none, or it is not published.
    """
    row = Service.objects.select_related("published").filter(slug=slug, published__isnull=False).first()
    if row is None:
        raise NotFound()
    return service_view(row)


def services_list(*, category: str = "", after: str = "", size: int = 200) -> list[ServiceView]:
    """Published services by slug, a page by key."""
    rows = Service.objects.select_related("published").filter(published__isnull=False, slug__gt=after)
    if category:
        rows = rows.filter(category=category)
    return [service_view(row) for row in rows.order_by("slug")[:size]]


def submission(reference: str) -> SubmissionView:
    """One submission, in one query. Who may see it is the caller's work.

    Raises:
        NotFound: there is none.
    """
    row = Submission.objects.select_related("version").filter(reference=reference).first()
    if row is None:
        raise NotFound()
    return submission_view(row)


def submissions_of_person(person_id: str, *, before: str = "", size: int = 20) -> list[SubmissionView]:
    """What one person handed in, newest first, a page by key (the last reference of the page before)."""
    rows = Submission.objects.select_related("version").filter(person_id=person_id)
    if before:
        rows = rows.filter(pk__lt=Submission.objects.filter(reference=before).values("pk")[:1])
    return [submission_view(row) for row in rows.order_by("-pk")[:size]]


def service_view(row: Service) -> ServiceView:
    version = row.published
    assert version is not None
    return ServiceView(
        slug=row.slug,
        title=row.title,
        category=row.category,
        unit=row.unit,
        lgsl=row.lgsl,
        version=version.number,
        has_journey="journey" in version.content,
        content=version.content,
    )


def submission_view(row: Submission) -> SubmissionView:
    content = row.version.content
    return SubmissionView(
        reference=row.reference,
        service=row.service_slug,
        service_title=content["title"],
        lgsl=content["lgsl"],
        version=row.version.number,
        unit=row.unit,
        about=row.about,
        person_id=str(row.person_id) if row.person_id else None,
        name=row.name,
        email=row.email,
        phone=row.phone,
        postcode=row.postcode,
        channel=row.channel,
        assisted_by=row.assisted_by,
        summary=_sections(row.summary),
        answers=row.answers,
        file_ids=tuple(row.file_ids),
        place=Place(**row.place) if row.place else None,
        slot_id=row.slot_id,
        fee_pence=row.fee_pence,
        bill=row.bill,
        case_definition=content.get("case", {}),
        messages=content.get("messages", {}),
        state=row.state,
        created_at=row.created_at,
        submitted_at=row.submitted_at,
    )


def _sections(held: list[dict[str, Any]]) -> tuple[SummarySection, ...]:
    return tuple(
        SummarySection(part["title"], tuple(SummaryRow(r["label"], tuple(r["lines"])) for r in part["rows"]))
        for part in held
    )


def about_title(slug: str) -> str:
    """The title of the published service that an enquiry is about; "" for none."""
    if not slug:
        return ""
    row = Service.objects.filter(slug=slug[:80], published__isnull=False).values_list("title", flat=True).first()
    return row or ""


def titles_of(slugs: list[str]) -> list[dict[str, str]]:
    """Title and address of published services, in the order asked for, in one query."""
    rows = dict(Service.objects.filter(slug__in=slugs, published__isnull=False).values_list("slug", "title"))
    return [{"title": rows[slug], "href": f"/services/{slug}"} for slug in slugs if slug in rows]
