# SPDX-License-Identifier: MIT
"""The door of the payments room. Rooms below it use `core.ports.payments()`."""

from onecouncil.payments.actions.billing import cancel_bill, raise_bill, send_pay_link
from onecouncil.payments.reads import PaymentView, bill_about, bills_of, payments_of

__all__ = ["PaymentView", "bill_about", "bills_of", "cancel_bill", "payments_of", "raise_bill", "send_pay_link"]
