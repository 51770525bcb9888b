# SPDX-License-Identifier: MIT
"""The pages of a journey: the first one, and each one after it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from onecouncil.accounts import api as accounts
from onecouncil.core.problems import Invalid, SignInNeeded
from onecouncil.services import rules
from onecouncil.services.actions import drafting
from onecouncil.services.actions.drafting import Beginning
from onecouncil.services.drawing import Drawn, answer_of, draw
from onecouncil.services.engine import PageOnPath, Saved, may_visit, previous_page
from onecouncil.services.models import Draft, Submission
from onecouncil.services.people import known_facts
from onecouncil.services.reads import about_title
from onecouncil.services.sitting import CHECK, Sitting, sit_down
from onecouncil.services.views.asking import SeeOther, actor_of, draft_of, form_of, remember
from onecouncil.services.views.turning import Turn, read_turn


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """The first page. Nothing is kept until its first good answer."""
    actor = actor_of(request)
    beginning = Beginning(
        drafting.published_version(slug),
        about=_known_slug(request.GET.get("about", "")),
        for_person=request.GET.get("for") or None,
    )
    drafting.may_begin(actor, beginning)
    sitting = sit_down(beginning.version, person_id=drafting.owner_of(actor, beginning))
    page = sitting.page(sitting.where_to_go_on()) or sitting.page(sitting.path_ids()[0])
    if page is None:
        raise Http404
    if sitting.sign_in_at == page.id and not drafting.owner_of(actor, beginning):
        raise SignInNeeded()
    context: dict[str, object] = {
        "post_to": request.get_full_path(),
        "back": f"/services/{slug}",
        "about": about_title(beginning.about),
        "for_whom": _name(beginning.for_person),
    }
    if request.method == "GET":
        return _page(request, sitting, draw(sitting, page), context)
    turn = read_turn(request, page, form_of(request))
    if turn.stays:
        return _again(request, sitting, page, turn, context)
    if request.FILES:
        draft = drafting.begin(actor, beginning, sitting.answers)
        remember(request, draft.token)
        return _take(request, draft, page.id)
    saved = drafting.take_page(sitting, page.id, turn.form)
    if not saved.ok:
        turn.errors = saved.by_field()
        return _again(request, sitting, page, turn, context)
    draft = drafting.begin(actor, beginning, sitting.answers)
    remember(request, draft.token)
    return SeeOther(f"/apply/{draft.token}/{sitting.after(saved.next_page)}")


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, token: str, page_id: str) -> HttpResponse:
    """One page of a draft."""
    draft = draft_of(request, token)
    if Submission.objects.filter(draft=draft).exists():
        return SeeOther(f"/apply/{token}/done")
    dropped = drafting.bring_up_to_date(draft)
    if request.method == "POST":
        return _take(request, draft, page_id)
    sitting = sit_down(draft.version, draft=draft)
    found = sitting.page(page_id)
    if found is None or not may_visit(sitting.definition, sitting.answers, page_id, sitting.world):
        return SeeOther(f"/apply/{token}/{sitting.where_to_go_on()}")
    if must_sign_in(request, sitting, page_id):
        return sign_in_page(request, sitting, page_id)
    context = page_context(draft, sitting, found)
    return _page(request, sitting, draw(sitting, found), {**context, "changed": bool(dropped)})


def _take(request: HttpRequest, draft: Draft, page_id: str) -> HttpResponse:
    """A POST to a page of a draft: look up, move, upload, remove, or save and go on."""
    sitting = sit_down(draft.version, draft=draft)
    found = sitting.page(page_id)
    if found is None or not may_visit(sitting.definition, sitting.answers, page_id, sitting.world):
        return SeeOther(f"/apply/{draft.token}/{sitting.where_to_go_on()}")
    if must_sign_in(request, sitting, page_id):
        return sign_in_page(request, sitting, page_id)
    turn = read_turn(request, found, form_of(request))
    here = SeeOther(f"/apply/{draft.token}/{page_id}")
    if turn.action == "drop":
        drafting.drop_file(draft, page_id, turn.target, turn.detail)
        return here
    if turn.action == "remove":
        drafting.drop_item(draft, page_id, int(turn.target) if turn.target.isdecimal() and len(turn.target) < 10 else 0)
        return here
    _receive(request, draft, sitting, found, turn)
    context = page_context(draft, sitting, found)
    if turn.stays or turn.errors:
        return _again(request, sitting, found, turn, context)
    if turn.action == "upload":
        return here
    saved, sitting = drafting.save(draft, page_id, turn.form)
    if not saved.ok:
        turn.errors = saved.by_field()
        return _again(request, sitting, found, turn, context)
    return SeeOther(f"/apply/{draft.token}/{_next(sitting, page_id, saved)}")


def _next(sitting: Sitting, page_id: str, saved: Saved) -> str:
    if saved.next_page is None:
        return sitting.where_to_go_on()
    return sitting.after(saved.next_page)


def _receive(request: HttpRequest, draft: Draft, sitting: Sitting, page: PageOnPath, turn: Turn) -> None:
    """Keep the files of this POST; each file question's field then holds the ids of all its files."""
    for question in page.fields:
        if question.type != "file":
            continue
        answered = answer_of(sitting, page, question)
        given = [(file.name or "file", file.read()) for file in request.FILES.getlist(question.key)]
        try:
            ids = (
                drafting.receive_files(draft, page.id, question, answered, given)
                if given
                else drafting.uploads_for(draft, page.id, question.key, answered)
            )
        except Invalid as problem:
            turn.errors.update(problem.fields)
            ids = drafting.uploads_for(draft, page.id, question.key, answered)
        turn.form[question.key] = ids


# --- drawing ----------------------------------------------------------------------------------------------------------


def page_context(draft: Draft, sitting: Sitting, page: PageOnPath | None, page_id: str = "") -> dict[str, object]:
    """What a page of a draft shows around its questions."""
    at = page.id if page else page_id
    before = previous_page(sitting.definition, sitting.answers, at, sitting.world)
    if at == CHECK:
        ids = sitting.path_ids()
        before = ids[-1] if ids else None
    return {
        "token": draft.token,
        "post_to": f"/apply/{draft.token}/{at}",
        "back": f"/apply/{draft.token}/{before}" if before else f"/services/{draft.version.content['slug']}",
        "about": about_title(draft.about),
        "for_whom": _name(str(draft.person_id)) if draft.started_by else "",
    }


def _again(
    request: HttpRequest, sitting: Sitting, page: PageOnPath, turn: Turn, context: dict[str, object]
) -> HttpResponse:
    drawn = draw(sitting, page, form=turn.form, errors=turn.errors, modes=turn.modes)
    return _page(request, sitting, drawn, context, status=422 if turn.errors else 200)


def _page(
    request: HttpRequest, sitting: Sitting, drawn: Drawn, context: dict[str, object], status: int = 200
) -> HttpResponse:
    full = {"token": "", "changed": False, **context, "page": drawn, "errors": drawn.errors, "service": sitting.title}
    template = f"services/{ {'page': 'page', 'group': 'group', 'exit': 'exit'}[drawn.kind] }.html"
    response = render(request, template, full, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def draw_with_errors(
    request: HttpRequest, draft: Draft, sitting: Sitting, page: PageOnPath, errors: dict[str, str]
) -> HttpResponse:
    """A page of the draft with what is wrong with its saved answers."""
    drawn = draw(sitting, page, errors=errors)
    return _page(request, sitting, drawn, page_context(draft, sitting, page), status=422)


def must_sign_in(request: HttpRequest, sitting: Sitting, page_id: str) -> bool:
    """Whether this page needs a person, and the draft has none yet."""
    gate, draft = sitting.sign_in_at, sitting.draft
    if gate is None or (draft is not None and draft.person_id is not None):
        return False
    return rules.is_at_or_after(page_id, gate, sitting.path_ids())


def sign_in_page(request: HttpRequest, sitting: Sitting, page_id: str) -> HttpResponse:
    """Ask to sign in; somebody on the staff who is signed in already gets a person of their own now."""
    token = sitting.draft.token if sitting.draft else ""
    if sitting.draft and actor_of(request).is_signed_in:
        drafting.claim(sitting.draft, accounts.own_person(actor_of(request)))
        return SeeOther(f"/apply/{token}/{page_id}")
    context = {"service": sitting.title, "token": token, "next": f"/apply/{token}/{page_id}"}
    return render(request, "services/sign_in_needed.html", context)


def _known_slug(slug: str) -> str:
    return slug if about_title(slug) else ""


def _name(person_id: str | None) -> str:
    return str(known_facts(person_id).get("person.name") or "") if person_id else ""
