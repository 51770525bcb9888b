# SPDX-License-Identifier: MIT
"""The editor's desk: change a service's words, look at them, publish, go back. The journey's designer comes later."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from onecouncil.core.permissions import require
from onecouncil.core.problems import Invalid, NotFound
from onecouncil.services.actions import publishing
from onecouncil.services.models import Service, ServiceVersion
from onecouncil.services.reads import titles_of
from onecouncil.services.views.asking import SeeOther, actor_of
from onecouncil.services.views.service import page_of

PAGE = 50
FIELDS = (
    ("title", "Title", "What a resident would call it, 65 characters at most", 1),
    ("summary", "Summary", "One sentence under the title and in search, 160 characters at most", 2),
    ("words", "Other words people use", "One on each line: what residents type to find this", 6),
    ("audience", "Who it is for", "", 3),
    ("cost", "What it costs", "", 2),
    ("time", "How long it takes", "", 2),
    ("then", "What happens next", "", 3),
    ("body", "The page", "Markdown. A fact of the council is written {fees.bulky_waste_base}", 20),
)
BLANK = {
    "title": "Enter a title",
    "summary": "Enter a summary",
    "audience": "Enter who it is for",
    "cost": "Enter what it costs",
    "time": "Enter how long it takes",
    "then": "Enter what happens next",
    "body": "Enter the words of the page",
}


@require_GET
def services(request: HttpRequest) -> HttpResponse:
    """Every service by its address, a page by key."""
    require(actor_of(request), "content.edit")
    after, find = request.GET.get("after", ""), request.GET.get("q", "").strip()
    rows = Service.objects.select_related("published").filter(slug__gt=after)
    if find:
        rows = rows.filter(title__icontains=find)
    shown = list(rows.order_by("slug")[: PAGE + 1])
    drafts = ServiceVersion.objects.filter(service__in=[row.pk for row in shown], state=ServiceVersion.DRAFT)
    context = {
        "rows": shown[:PAGE],
        "after": shown[PAGE - 1].slug if len(shown) > PAGE else "",
        "drafts": set(drafts.values_list("service_id", flat=True)),
        "q": find,
    }
    return render(request, "services/staff_list.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The words of one service. Saving keeps them as a draft version."""
    actor = actor_of(request)
    service = publishing.access_service(actor, slug)
    draft = publishing.draft_of(service)
    base = draft or service.published
    if base is None:
        raise NotFound()
    if request.method == "GET":
        return _form(request, service, draft, _words_of(base), {})
    typed = {key: request.POST.get(key, "").replace("\r\n", "\n").strip() for key, *_ in FIELDS}
    phrases = [phrase.strip() for phrase in typed["words"].split("\n") if phrase.strip()]
    words = {**typed, "words": phrases, "body": typed["body"] + "\n"}
    try:
        publishing.save_words(actor, slug, words, note=request.POST.get("note", ""))
    except Invalid as problem:
        return _form(request, service, draft, typed, {**problem.fields, **_missing(typed)})
    messages.success(request, "Your draft is saved. Residents do not see it until you publish it.")
    return SeeOther(f"/staff/services/{slug}/preview")


def _missing(typed: dict[str, str]) -> dict[str, str]:
    """What to enter, for each field left empty."""
    return {key: text for key, text in BLANK.items() if not typed[key]}


def _words_of(version: ServiceVersion) -> dict[str, str]:
    content = version.content
    return {key: "\n".join(content[key]) if key == "words" else content[key] for key, *_ in FIELDS}


def _form(
    request: HttpRequest, service: Service, draft: ServiceVersion | None, words: dict[str, str], wrong: dict[str, str]
) -> HttpResponse:
    context = {
        "service": service,
        "draft": draft,
        "words": words,
        "fields": FIELDS,
        "wrong": wrong,
        "errors": [{"href": f"#{name}", "text": _summed_up(name, text)} for name, text in wrong.items()],
    }
    return render(request, "services/staff_edit.html", context, status=422 if wrong else 200)


def _summed_up(name: str, text: str) -> str:
    """A message at the top of the page names its field, unless it does so itself."""
    label = next((label for key, label, *_ in FIELDS if key == name), name)
    return text if text == BLANK.get(name) else f"{label}: {text}"


@require_GET
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft version as residents would see it."""
    service = publishing.access_service(actor_of(request), slug)
    version = publishing.draft_of(service)
    if version is None:
        return SeeOther(f"/staff/services/{slug}/")
    related = titles_of(version.content["related"])
    return render(request, "services/service.html", {**page_of(version), "related": related, "preview": version})


@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    version = publishing.publish(actor_of(request), slug, carry_over=request.POST.get("carry_over") == "yes")
    messages.success(request, f"Version {version.number} is published.")
    return SeeOther(f"/staff/services/{slug}/history")


@require_POST
def discard(request: HttpRequest, slug: str) -> HttpResponse:
    publishing.discard(actor_of(request), slug)
    messages.success(request, "The draft is gone. What residents see has not changed.")
    return SeeOther(f"/staff/services/{slug}/")


@require_GET
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Every version, newest first, a page by key."""
    service = publishing.access_service(actor_of(request), slug)
    before = request.GET.get("before", "")
    rows = service.versions.defer("content", "text")
    if before.isdecimal() and len(before) < 10:
        rows = rows.filter(number__lt=int(before))
    shown = list(rows.order_by("-number")[: PAGE + 1])
    more = shown[PAGE - 1].number if len(shown) > PAGE else None
    return render(request, "services/staff_history.html", {"service": service, "rows": shown[:PAGE], "before": more})


@require_POST
def roll_back(request: HttpRequest, slug: str) -> HttpResponse:
    number = request.POST.get("number", "")
    version = publishing.roll_back(
        actor_of(request), slug, int(number) if number.isdecimal() and len(number) < 10 else 0
    )
    messages.success(request, f"{version.note}: published as version {version.number}.")
    return SeeOther(f"/staff/services/{slug}/history")


@require_GET
def file(request: HttpRequest, slug: str) -> HttpResponse:
    """The published definition as its readable file."""
    service = publishing.access_service(actor_of(request), slug)
    if service.published is None:
        raise NotFound()
    response = HttpResponse(service.published.text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}.yaml"'
    return response
