# SPDX-License-Identifier: MIT
"""What the room hears, does by itself, and hangs up for others."""

from typing import Any

from onecouncil.core import health
from onecouncil.core.actors import Actor
from onecouncil.core.background import background, every
from onecouncil.core.events import Event, subscriber
from onecouncil.core.furniture import account_panel, staff_link
from onecouncil.services.actions import drafting, submitting
from onecouncil.services.models import Service, Submission


@subscriber("services.paid", "bill.paid", prompt=True)
def on_bill_paid(event: Event) -> None:
    """A paid bill hands its submission in."""
    submitting.paid(str(event.data.get("about") or event.subject))


@every(seconds=3600)
@background()
def forget_expired_drafts() -> None:
    """Delete drafts past their 30 days, with their files."""
    while drafting.delete_expired():
        pass


def drafts_panel(actor: Actor) -> dict[str, Any]:
    """What a person began and has not finished."""
    if not actor.person_id:
        return {"drafts": [], "unpaid": []}
    waiting = Submission.objects.select_related("version", "draft").filter(
        person_id=actor.person_id, state=Submission.AWAITING_PAYMENT, draft__isnull=False
    )
    return {"drafts": drafting.drafts_of(actor.person_id), "unpaid": list(waiting.order_by("-pk")[:20])}


account_panel("services.drafts", "services/panel_drafts.html", drafts_panel, order=30)
staff_link("Services", "staff-services", "content.edit", order=40)


@health.check("catalogue")
def catalogue() -> health.Health:
    count = Service.objects.filter(published__isnull=False).count()
    if count:
        return health.Health("catalogue", health.OK, f"{count} services are published")
    return health.Health("catalogue", health.FAIL, "No service is published", "Run ./onecouncil catalogue --load.")
