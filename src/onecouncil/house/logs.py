# SPDX-License-Identifier: MIT
"""Logs without personal data: addresses, phone and card numbers and tokens are masked before a line is written."""

import logging
import re

_MASKS = (
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "[e-mail]"),
    (re.compile(r"\b(?:\d[ -]?){13,19}\b"), "[number]"),
    (re.compile(r"(?:\+44|\b0)\d[\d ]{8,11}\b"), "[phone]"),
    (re.compile(r"/[\w-]{20,}(?=[/?\s\"'\])]|$)"), "/[token]"),
    (re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"), "[postcode]"),
)


def mask(text: str) -> str:
    for pattern, instead in _MASKS:
        text = pattern.sub(instead, text)
    return text


class KeepPrivate(logging.Filter):
    """Mask the message; a failed request's log record keeps no request object."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = mask(record.getMessage())
        record.args = ()
        record.__dict__.pop("request", None)
        return True


class LineFormatter(logging.Formatter):
    """One line a record, exceptions with their frames but masked, so that values in messages do not leak."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatException(self, ei: object) -> str:  # noqa: N802 - the library's name
        return mask(super().formatException(ei))  # type: ignore[arg-type]
