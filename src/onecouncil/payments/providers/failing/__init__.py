# SPDX-License-Identifier: MIT
"""A provider that is always down: to see what residents see then, and to test that nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping

from onecouncil.core.problems import Unavailable
from onecouncil.payments.providers.base import BadSignature, Notice, Order, RefundReport, Report


class Failing:
    name = "failing"
    hears_at = "failing"

    def create(self, order: Order) -> Report:
        raise Unavailable("the failing provider never answers")

    def look(self, payment_id: str) -> Report:
        raise Unavailable("the failing provider never answers")

    def find(self, reference: str, attempt: str) -> Report | None:
        raise Unavailable("the failing provider never answers")

    def refund(self, payment_id: str, pence: int, available: int, key: str) -> RefundReport:
        raise Unavailable("the failing provider never answers")

    def refunds(self, payment_id: str) -> tuple[RefundReport, ...]:
        raise Unavailable("the failing provider never answers")

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> Notice | None:
        raise BadSignature("the failing provider sends nothing")

    def check_config(self) -> str:
        return "The failing provider takes no payments: set ONECOUNCIL_PAY_PROVIDER to demo or govuk-pay."
