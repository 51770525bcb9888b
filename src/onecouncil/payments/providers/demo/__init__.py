# SPDX-License-Identifier: MIT
"""The pretend provider: the GOV.UK Pay adapter, pointed at the stand-in of this house. No money moves."""

from onecouncil.payments.providers.govuk_pay import GovUkPay


class Demo(GovUkPay):
    name = "demo"


__all__ = ["Demo"]
