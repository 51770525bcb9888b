# SPDX-License-Identifier: MIT
"""What the room hangs up: its link in the staff menu, its regular job, its health check."""

from datetime import timedelta

from django.conf import settings

from onecouncil.core.background import background, every
from onecouncil.core.calendar import now
from onecouncil.core.furniture import staff_link
from onecouncil.core.health import FAIL, OK, WARN, Health, check

staff_link("People and roles", "staff-people", "staff.manage", order=90)


@every(seconds=6 * 3600)
@background()
def forget_ended() -> None:
    """Delete sessions that ran out, with their entries in people's lists, and tokens that ended a year ago."""
    from allauth.usersessions.models import UserSession
    from django.contrib.sessions.models import Session

    from onecouncil.accounts.models import ApiToken

    moment = now()
    Session.objects.filter(expire_date__lt=moment).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    ApiToken.objects.filter(expires_at__lt=moment - timedelta(days=365)).delete()


@check("sign-in")
def sign_in() -> Health:
    """Somebody can manage staff, and outside the demo the site has a safe address."""
    from onecouncil.accounts.models import RoleHolding

    if not RoleHolding.objects.filter(role="administrator", user__is_active=True).exists():
        return Health("sign-in", FAIL, "Nobody is administrator", "Run ./onecouncil make_administrator.")
    if not settings.DEMO and not settings.HTTPS:
        return Health("sign-in", WARN, "The site is not on https", "Set ONECOUNCIL_SITE_URL to its https address.")
    return Health("sign-in", OK, "People can sign in")


@check("single-sign-on")
def single_sign_on() -> Health:
    apps = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    if not apps:
        return Health("single-sign-on", OK, "No outside sign-in service is set up")
    missing = [name for name in ("client_id", "secret") if not apps[0][name]]
    if missing:
        return Health(
            "single-sign-on",
            FAIL,
            "The outside sign-in service is half set up",
            "Set ONECOUNCIL_OIDC_CLIENT_ID and ONECOUNCIL_OIDC_CLIENT_SECRET.",
        )
    return Health("single-sign-on", OK, f"People may sign in by {apps[0]['name']}")
