# SPDX-License-Identifier: MIT
"""The end of a journey: check your answers, hand in, pay, and what comes of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from onecouncil.core import ports
from onecouncil.core.permissions import may
from onecouncil.core.problems import Conflict, Invalid, NotFound
from onecouncil.services import rules
from onecouncil.services.actions import drafting, submitting
from onecouncil.services.drawing import fill, markdown
from onecouncil.services.engine import FeeResult, clean_declaration, fee, summary
from onecouncil.services.models import Draft, Submission
from onecouncil.services.sitting import CHECK, Sitting, sit_down
from onecouncil.services.views.asking import SeeOther, actor_of, draft_of, form_of
from onecouncil.services.views.pages import draw_with_errors, must_sign_in, page_context, sign_in_page


@require_GET
def check(request: HttpRequest, token: str) -> HttpResponse:
    """Check your answers."""
    draft = draft_of(request, token)
    if Submission.objects.filter(draft=draft).exists():
        return SeeOther(f"/apply/{token}/done")
    drafting.bring_up_to_date(draft)
    sitting = sit_down(draft.version, draft=draft)
    page_id = sitting.where_to_go_on()
    if page_id != CHECK:
        return SeeOther(f"/apply/{token}/{page_id}")
    if must_sign_in(request, sitting, CHECK):
        return sign_in_page(request, sitting, CHECK)
    return _check_page(request, draft, sitting, {})


@require_POST
def submit(request: HttpRequest, token: str) -> HttpResponse:
    """Hand in. Pressed twice, the second press finds the first one's submission."""
    draft = draft_of(request, token)
    if Submission.objects.filter(draft=draft).exists():
        return SeeOther(f"/apply/{token}/done")
    sitting = sit_down(draft.version, draft=draft)
    if must_sign_in(request, sitting, CHECK):
        return sign_in_page(request, sitting, CHECK)
    errors = {error.field: error.message for error in clean_declaration(sitting.definition, form_of(request))}
    if errors:
        return _check_page(request, draft, sitting, errors)
    try:
        row = submitting.submit(draft, actor_of(request))
    except submitting.NotReady as problem:
        return _mend(request, draft, sitting, problem)
    if row.state == Submission.AWAITING_PAYMENT and draft.started_by is None:
        return SeeOther(submitting.ready_to_pay(row))
    return SeeOther(f"/apply/{token}/done")


def _mend(request: HttpRequest, draft: Draft, sitting: Sitting, problem: submitting.NotReady) -> HttpResponse:
    page = sitting.page(problem.page) if problem.page else None
    if page is None or not problem.errors:
        return SeeOther(f"/apply/{draft.token}/{sitting.where_to_go_on()}")
    return draw_with_errors(request, draft, sitting, page, {error.field: error.message for error in problem.errors})


def _check_page(request: HttpRequest, draft: Draft, sitting: Sitting, errors: dict[str, str]) -> HttpResponse:
    charged: FeeResult = fee(sitting.definition, sitting.answers, sitting.world)
    declaration = sitting.definition.declaration
    context = {
        **page_context(draft, sitting, None, CHECK),
        "service": sitting.title,
        "sections": _sections(draft.token, sitting),
        "fee": charged,
        "declaration": {"html": markdown(declaration.text), "label": fill(declaration.label)} if declaration else None,
        "errors": [{"href": f"#{name}", "text": text} for name, text in errors.items()],
        "post_to": f"/apply/{draft.token}/submit",
    }
    response = render(request, "services/check.html", context, status=422 if errors else 200)
    response["Cache-Control"] = "private, no-store"
    return response


def _sections(token: str, sitting: Sitting) -> list[dict[str, object]]:
    """The summary with its change links. The lines hold what people typed: nothing is filled into them."""
    return [
        {
            "title": fill(part.title),
            "rows": [
                {
                    "label": fill(row.label),
                    "lines": row.lines,
                    "href": f"/apply/{token}/{row.page}#{row.field}",
                }
                for row in part.rows
            ],
        }
        for part in summary(sitting.definition, sitting.answers, sitting.world)
        if part.rows
    ]


@require_GET
def done(request: HttpRequest, token: str) -> HttpResponse:
    """The confirmation, or what is still to do. Safe to reload."""
    row = _submission(request, token)
    actor = actor_of(request)
    if row.state == Submission.AWAITING_PAYMENT:
        bill = ports.payments().bill_about(row.reference)
        if bill is not None and bill.state == "paid":
            submitting.paid(row.reference)
            row.refresh_from_db(fields=["state", "submitted_at"])
    content = row.version.content
    context = {
        "row": row,
        "token": token,
        "service": content["title"],
        "then": fill(content["then"]),
        "booked": rules.slot_label(row.answers, row.slot_id),
        "own": bool(actor.person_id) and str(actor.person_id) == str(row.person_id),
        "assisted": row.assisted_by is not None and row.assisted_by == actor.user_id,
        "may_send_link": may(actor, "payment.send_link") if actor.is_signed_in else False,
    }
    response = render(request, "services/done.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """To the payment page, with the slot held again."""
    row = _submission(request, token)
    return SeeOther(submitting.ready_to_pay(row))


@require_POST
def change(request: HttpRequest, token: str) -> HttpResponse:
    """Change answers that were handed in but not paid for."""
    draft = draft_of(request, token)
    submitting.reopen(draft, actor_of(request))
    return SeeOther(f"/apply/{token}/{CHECK}")


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Take back what was handed in but not paid for; asked once more first."""
    row = _submission(request, token)
    if row.state != Submission.AWAITING_PAYMENT:
        return SeeOther(f"/apply/{token}/done")
    if request.method == "POST":
        submitting.withdraw_draft(row, actor_of(request))
        return SeeOther(f"/apply/{token}/done")
    return render(request, "services/withdraw.html", {"token": token, "service": row.version.content["title"]})


@require_POST
def pay_link(request: HttpRequest, token: str) -> HttpResponse:
    """An adviser sends the resident the link to pay."""
    row = _submission(request, token)
    try:
        address = submitting.send_pay_link(row, actor_of(request))
        messages.success(request, f"We sent the link to pay to {address}")
    except (Invalid, Conflict) as problem:
        messages.error(request, problem.detail)
    return SeeOther(f"/apply/{token}/done")


def _submission(request: HttpRequest, token: str) -> Submission:
    """The submission of a draft that this asker may open."""
    draft = draft_of(request, token)
    row = Submission.objects.select_related("version").filter(draft=draft).first()
    if row is None:
        raise NotFound()
    return row


__all__ = ["change", "check", "done", "pay", "pay_link", "submit", "withdraw"]
