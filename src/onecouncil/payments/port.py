# SPDX-License-Identifier: MIT
"""The payments that other rooms see through `core.ports`."""

from __future__ import annotations

from onecouncil.core.actors import Actor
from onecouncil.core.ports import BillRequest, BillView
from onecouncil.payments import reads
from onecouncil.payments.actions import billing


class HousePayments:
    """`core.ports.Payments`, kept by this room."""

    def raise_bill(self, request: BillRequest, actor: Actor) -> BillView:
        return reads.view(billing.raise_bill(request, actor))

    def bill_about(self, about: str) -> BillView | None:
        return reads.bill_about(about)

    def cancel_bill(self, about: str, reason: str, actor: Actor) -> None:
        billing.cancel_bill(about, reason, actor)
