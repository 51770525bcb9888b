# SPDX-License-Identifier: MIT
"""Ways to be paid. A provider is one folder here and one line in `PROVIDERS`; `base.py` is the manual."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from onecouncil.payments.providers.base import Provider

PROVIDERS = {
    "govuk-pay": "onecouncil.payments.providers.govuk_pay.GovUkPay",
    "stripe": "onecouncil.payments.providers.stripe_checkout.StripeCheckout",
    "demo": "onecouncil.payments.providers.demo.Demo",
    "failing": "onecouncil.payments.providers.failing.Failing",
}


def provider(name: str) -> Provider:
    """The provider of that name, with today's settings.

    Raises:
        KeyError: there is none of that name.
    """
    made: Provider = import_string(PROVIDERS[name])()
    return made


def hearing_at(address: str) -> Provider | None:
    """Whose webhooks come to this address. The chosen provider first: the pretend one shares the real one's address."""
    names = sorted(PROVIDERS, key=lambda name: name != chosen())
    return next((made for made in map(provider, names) if made.hears_at == address), None)


def chosen() -> str:
    """The name of the provider that takes new payments."""
    name: str = settings.PAY_PROVIDER
    return name
