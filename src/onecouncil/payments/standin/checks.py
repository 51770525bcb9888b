# SPDX-License-Identifier: MIT
"""What may be asked for: the checks of a request body, with GOV.UK Pay's codes. Pure."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from .problems import ApiError, invalid, missing, wrong_kind

MOST_PENCE = 10_000_000
EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


@dataclass(frozen=True)
class CreateRequest:
    """A payment asked for, all of it checked."""

    amount: int
    reference: str
    description: str
    return_url: str
    email: str | None = None
    language: str = "en"
    delayed_capture: bool = False
    moto: bool = False
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RefundRequest:
    amount: int
    amount_available: int | None


def parse_object(raw: bytes, code: str) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise ApiError(400, code, "Unable to parse JSON") from error
    if not isinstance(body, dict):
        raise ApiError(400, code, "Unable to parse JSON")
    return body


def check_create(raw: bytes) -> CreateRequest:
    body = parse_object(raw, "P0197")
    for name in ("amount", "reference", "description", "return_url"):
        if body.get(name) is None:
            raise missing("P0101", name)
    _check_mode(body)
    email = _text(body, "email", 254) if body.get("email") is not None else None
    if email is not None and not EMAIL.match(email):
        raise invalid("P0102", "email", "Must be a well-formed email address")
    return CreateRequest(
        amount=_amount(body, "amount", "P0102", least=0),
        reference=_text(body, "reference", 255),
        description=_text(body, "description", 255),
        return_url=_url(body),
        email=email,
        language=_one_of(body, "language", ("en", "cy")) or "en",
        delayed_capture=_flag(body, "delayed_capture"),
        moto=_flag(body, "moto"),
        metadata=_metadata(body),
    )


def check_refund(raw: bytes) -> RefundRequest:
    body = parse_object(raw, "P0697")
    if body.get("amount") is None:
        raise missing("P0601", "amount")
    known = body.get("refund_amount_available") is not None
    return RefundRequest(
        amount=_amount(body, "amount", "P0602", least=1),
        amount_available=_amount(body, "refund_amount_available", "P0602", least=0) if known else None,
    )


def _check_mode(body: dict[str, Any]) -> None:
    mode = _one_of(body, "authorisation_mode", ("web", "agreement", "moto_api"))
    if mode not in (None, "web"):
        # Recurring and by-API card payments need an account that GOV.UK Pay has agreed to; this one has not.
        raise invalid("P0102", "authorisation_mode", "Must be web for this account")
    for name in ("agreement_id", "set_up_agreement", "agreement_payment_type"):
        if body.get(name) is not None:
            raise invalid("P0102", name, "Recurring payments are not enabled for this account")


def _amount(body: dict[str, Any], name: str, code: str, least: int) -> int:
    value = body[name]
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong_kind(code, name, "Must be a valid numeric format")
    if value < least:
        raise invalid(code, name, f"Must be greater than or equal to {least}")
    if value > MOST_PENCE:
        raise invalid(code, name, f"Must be less than or equal to {MOST_PENCE}")
    return value


def _text(body: dict[str, Any], name: str, longest: int) -> str:
    value = body[name]
    if not isinstance(value, str):
        raise wrong_kind("P0102", name, "Must be of type String")
    if len(value) > longest:
        raise invalid("P0102", name, f"Must be less than or equal to {longest} characters length")
    return value


def _url(body: dict[str, Any]) -> str:
    value = _text(body, "return_url", 2000)
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or any(ord(c) <= 32 for c in value):
        raise invalid("P0102", "return_url", "Must be a valid URL format")
    return value


def _flag(body: dict[str, Any], name: str) -> bool:
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        raise wrong_kind("P0102", name, "Must be true or false")
    return bool(value)


def _one_of(body: dict[str, Any], name: str, allowed: tuple[str, ...]) -> str | None:
    value = body.get(name)
    if value is None or value in allowed:
        return value
    raise invalid("P0102", name, f"Must be one of {', '.join(allowed)}")


def _metadata(body: dict[str, Any]) -> dict[str, Any]:
    value = body.get("metadata")
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise wrong_kind("P0102", "metadata", "Must be an object of JSON key-value pairs")
    if len(value) > 15:
        raise invalid("P0102", "metadata", "Cannot have more than 15 key-value pairs")
    for key, entry in value.items():
        if not 1 <= len(key) <= 30:
            raise invalid("P0102", "metadata", "Keys must be between 1 and 30 characters long")
        if not isinstance(entry, str | int | float | bool):
            raise invalid("P0102", "metadata", "Values must be of type String, Boolean or Number")
        if len(str(entry)) > 100:
            raise invalid(
                "P0102",
                "metadata",
                "Values must be no greater than 100 characters long",
            )
    return value
