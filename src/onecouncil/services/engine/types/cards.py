# SPDX-License-Identifier: MIT
"""Keep payment card numbers out of free text (PCI DSS: card data must not be stored where it is not protected).

A number of 13 to 19 digits, in one piece or in groups, that passes the Luhn check (ISO/IEC 7812-1, annex B) is
refused. No
payment card begins with 0, so telephone numbers pass.
"""

from __future__ import annotations

import re

from .base import refuse

_RUN = re.compile(r"\d+(?:[\s.\-\u2010-\u2015]{1,3}\d+)*")


def luhn_valid(digits: str) -> bool:
    """Whether the last digit is the check digit of the others."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        double = int(digit) * (1 + place % 2)
        total += double - 9 if double > 9 else double
    return total % 10 == 0


def holds_card_number(text: str) -> bool:
    """Whether consecutive groups of digits in `text` make a card number."""
    for run in _RUN.finditer(text):
        groups = re.findall(r"\d+", run.group())
        for start in range(len(groups)):
            digits = ""
            for group in groups[start:]:
                digits += group
                if len(digits) > 19:
                    break
                if len(digits) >= 13 and int(digits[0]) != 0 and luhn_valid(digits):
                    return True
    return False


def refuse_cards(text: str, part: str = "") -> str:
    """`text`, unless it holds a card number: then raises Refused with what to do."""
    if holds_card_number(text):
        raise refuse(
            "card_number",
            "Remove the payment card number. If there is something to pay, you will pay on a separate secure page",
            part,
        )
    return text
