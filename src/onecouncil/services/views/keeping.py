# SPDX-License-Identifier: MIT
"""Save and come back: the link by e-mail, opening it elsewhere, and throwing a draft away. Also a draft's own files."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from onecouncil.core import files
from onecouncil.core.problems import Invalid
from onecouncil.services.actions import drafting
from onecouncil.services.people import known_facts
from onecouncil.services.sitting import sit_down
from onecouncil.services.views.asking import SeeOther, actor_of, draft_of, remember


@require_http_methods(["GET", "POST"])
def save(request: HttpRequest, token: str) -> HttpResponse:
    """Ask where to send the link, and send it."""
    draft = draft_of(request, token)
    typed = request.POST.get("email", "").strip()
    service = draft.version.content["title"]
    context: dict[str, object] = {"token": token, "service": service, "draft": draft, "errors": []}
    if request.method == "GET":
        known = known_facts(draft.person_id).get("person.email") if draft.person_id else ""
        return render(request, "services/save.html", {**context, "email": draft.email or known or ""})
    try:
        validate_email(typed)
    except ValidationError:
        wrong = "Enter an e-mail address in the correct format, like name@example.com"
        context["errors"] = [{"href": "#email", "text": wrong if typed else "Enter your e-mail address"}]
        return render(request, "services/save.html", {**context, "email": typed}, status=422)
    drafting.send_resume_link(draft, typed)
    return SeeOther(f"/apply/{token}/saved")


@require_GET
def saved(request: HttpRequest, token: str) -> HttpResponse:
    draft = draft_of(request, token)
    sitting = sit_down(draft.version, draft=draft)
    where = f"/apply/{token}/{sitting.where_to_go_on()}"
    return render(request, "services/saved.html", {"draft": draft, "service": sitting.title, "where": where})


@require_http_methods(["GET", "POST"])
def resume(request: HttpRequest, token: str) -> HttpResponse:
    """Open a draft from its link: with the e-mail address it was sent to, or by signing in when it has an owner."""
    if request.method == "GET":
        return render(request, "services/resume.html", {"email": "", "errors": [], "token": token})
    typed = request.POST.get("email", "")
    try:
        draft = drafting.resume(token, typed)
    except Invalid as problem:
        errors = [{"href": f"#{name}", "text": text} for name, text in problem.fields.items()]
        return render(request, "services/resume.html", {"email": typed, "errors": errors, "token": token}, status=422)
    if draft.person_id is not None and str(draft.person_id) != str(actor_of(request).person_id):
        return SeeOther(f"/sign-in?next=/resume/{token}/go-on")
    remember(request, token)
    return SeeOther(f"/resume/{token}/go-on")


@require_GET
def go_on(request: HttpRequest, token: str) -> HttpResponse:
    """To the page where a draft was left."""
    draft = draft_of(request, token)
    sitting = sit_down(draft.version, draft=draft)
    return SeeOther(f"/apply/{token}/{sitting.where_to_go_on()}")


@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, token: str) -> HttpResponse:
    """Delete a draft; asked once more first."""
    draft = draft_of(request, token)
    if request.method == "POST":
        drafting.discard(draft)
        return SeeOther("/account/" if actor_of(request).is_signed_in else f"/services/{draft.version.content['slug']}")
    return render(request, "services/discard.html", {"token": token, "service": draft.version.content["title"]})


@require_GET
def file(request: HttpRequest, token: str, file_id: str) -> HttpResponse:
    """A file of one's own draft: as a download, never shown inside our own pages."""
    held = drafting.own_file(draft_of(request, token), file_id)
    response = HttpResponse(files.read(held.id), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{held.name}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
