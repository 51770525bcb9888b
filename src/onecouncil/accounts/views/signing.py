# SPDX-License-Identifier: MIT
"""allauth's views in our clothes: wrong input answers 422 with our words, a POST redirects with 303."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode

from onecouncil.accounts import rules

View = Callable[..., HttpResponse]

_REQUIRED = "This field is required."
_ENTER = {
    "code": "Enter the code",
    "email": "Enter your e-mail address",
    "password": "Enter your password",
    "name": "Enter a name",
    "account": "Select a sign-in",
    "credential": "Your passkey did not answer. Try again",
}
_PLAINER = {
    "Enter a valid email address.": "Enter an e-mail address like name@example.com",
    "This password is too common.": "Choose a password that is harder to guess",
    "This password is too short. It must contain at least 10 characters.": "Use 10 characters or more",
}
_FORMS = ("form", "verify_form", "change_form", "webauthn_form")


def ours(view: View) -> View:
    """Wrap one of allauth's views."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponseRedirect) and request.method == "POST":
            response.status_code = 303
        if isinstance(response, TemplateResponse) and not response.is_rendered:
            _dress(request, response)
        return response

    return page


def _dress(request: HttpRequest, response: TemplateResponse) -> None:
    context: dict[str, Any] = response.context_data or {}
    faults = list(_faults(context)) if request.method == "POST" else []
    context["errors"] = [{"text": words, "href": f"#{where}"} for where, _name, words in faults]
    context["field_errors"] = {name: words for _where, name, words in faults if name}
    context["demo_code"] = _demo_code(context)
    context["device_name"] = rules.device_name
    if isinstance(context.get("view"), LoginView):
        context.update(_ways_in(request))
    response.context_data = context
    if faults:
        response.status_code = 422


def _ways_in(request: HttpRequest) -> dict[str, Any]:
    """The sign-in page's other ways, each going on where the asker was."""
    wanted = get_next_redirect_url(request)
    query = f"?{urlencode({'next': wanted})}" if wanted else ""
    apps = get_social_adapter().list_apps(request)
    services = [{"id": app.provider_id, "name": app.name, "query": query} for app in apps]
    return {"sign_in_services": services, "recover_url": reverse("account_reset_password") + query}


def _faults(context: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(id of the control, field's name or "", words) of everything wrong in the forms of a page."""
    seen: list[BaseForm] = []
    for form in (context.get(name) for name in _FORMS):
        if isinstance(form, BaseForm) and form.is_bound and not any(form is other for other in seen):
            seen.append(form)
            yield from _faults_of(form)


def _faults_of(form: BaseForm) -> Iterator[tuple[str, str, str]]:
    first = next((field.auto_id for field in form.visible_fields()), "main-content")
    for name, messages in form.errors.items():
        words = str(messages[0])
        words = _ENTER.get(name, words) if words == _REQUIRED else _PLAINER.get(words, words)
        shown = name in form.fields and not form[name].is_hidden
        yield (form[name].auto_id if shown else first), (name if shown else ""), words


def _demo_code(context: dict[str, Any]) -> str:
    """In the demo no mail leaves the house: the page that asks for a code shows it, and says why."""
    if not settings.DEMO or settings.MESSAGES_PROVIDER != "kept":
        return ""
    process = getattr(context.get("view"), "_process", None)
    return str(process.state.get("code", "")) if process else ""
