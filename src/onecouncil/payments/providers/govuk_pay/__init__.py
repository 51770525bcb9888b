# SPDX-License-Identifier: MIT
"""GOV.UK Pay (public API 1.0.3), by full redirect."""

from onecouncil.payments.providers.govuk_pay.adapter import GovUkPay

__all__ = ["GovUkPay"]
