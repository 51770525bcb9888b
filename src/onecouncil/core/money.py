# SPDX-License-Identifier: MIT
"""Money is integer pence, everywhere; pounds exist only on screens."""

from decimal import Decimal, InvalidOperation

Pence = int


def pounds(pence: Pence) -> str:
    """`1250` → `£12.50`; whole pounds keep their pence so that columns line up."""
    sign = "-" if pence < 0 else ""
    whole, part = divmod(abs(pence), 100)
    return f"{sign}£{whole:,}.{part:02d}"


def parse_pounds(text: str) -> Pence:
    """`"£1,234.5"` → `123450`.

    Raises:
        ValueError: when the text is not an amount with at most two decimals.
    """
    tidy = text.strip().replace("£", "").replace(",", "")
    try:
        amount = Decimal(tidy)
    except InvalidOperation as error:
        raise ValueError("Enter an amount of money, like 12.50") from error
    if not amount.is_finite() or amount != amount.quantize(Decimal("0.01")):
        raise ValueError("Enter an amount with no more than 2 decimal places, like 12.50")
    return int(amount * 100)
