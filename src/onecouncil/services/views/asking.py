# SPDX-License-Identifier: MIT
"""What every view of the room reads from a request."""

from django.http import HttpRequest, HttpResponseRedirect

from onecouncil.core.actors import Actor
from onecouncil.services.actions.drafting import access_draft
from onecouncil.services.models import Draft

_TOKENS = "drafts"
_MOST_TOKENS = 20


class SeeOther(HttpResponseRedirect):
    """After a POST: the browser GETs the next page."""

    status_code = 303


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def own_tokens(request: HttpRequest) -> list[str]:
    """The anonymous drafts that this browser began or resumed."""
    return list(request.session.get(_TOKENS, ()))


def remember(request: HttpRequest, token: str) -> None:
    request.session[_TOKENS] = [*own_tokens(request), token][-_MOST_TOKENS:]


def draft_of(request: HttpRequest, token: str) -> Draft:
    """The draft of this address, if this asker may open it.

    Raises:
        NotFound: it is not there, or not theirs.
    """
    return access_draft(actor_of(request), token, own_tokens(request))


def form_of(request: HttpRequest) -> dict[str, list[str]]:
    """The posted fields, each with all its values."""
    return {name: [str(value) for value in values] for name, values in request.POST.lists()}
