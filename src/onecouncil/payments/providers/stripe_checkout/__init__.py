# SPDX-License-Identifier: MIT
"""Stripe Checkout, by full redirect."""

from onecouncil.payments.providers.stripe_checkout.adapter import StripeCheckout

__all__ = ["StripeCheckout"]
