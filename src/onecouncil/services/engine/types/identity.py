# SPDX-License-Identifier: MIT
"""Numbers that belong to a person or a thing: phone_uk, ni_number, vehicle_registration, bank_details."""

from __future__ import annotations

import re
from collections.abc import Mapping

from onecouncil.services.engine.definition import Json, Question
from onecouncil.services.engine.outside import Outside

from .base import Fault, QuestionType, Refused, Setting, refuse, text_of
from .cards import holds_card_number
from .words import tidy_line


class PhoneUK(QuestionType):
    """E.164: `+447700900123`. Numbers from abroad with `international: true`."""

    name, label, noun = "phone_uk", "UK telephone number", "a telephone number"
    settings = (Setting("international", "bool", "Take numbers from other countries too"),)
    _national = re.compile(r"[1-35789]\d{8,9}")

    def check(self, question: Question, loose: Json, outside: Outside) -> Json:
        text = text_of(loose).strip()
        digits = re.sub(r"[\s().\-\u2010-\u2015/]", "", text.replace("(0)", ""))
        if digits.startswith("00"):
            digits = "+" + digits[2:]
        if digits.isascii():
            national = (
                digits.removeprefix("+44") if digits.startswith("+44") else digits[1:] if digits.startswith("0") else ""
            )
            national = national.removeprefix("0")
            if self._national.fullmatch(national):
                return "+44" + national
            abroad = question.settings.get("international") and not digits.startswith("+44")
            if abroad and re.fullmatch(r"\+[1-9]\d{6,14}", digits):
                return digits
        raise refuse("invalid", "Enter a telephone number, like 01632 960 001, 07700 900 982 or +44 808 157 0192")

    def show(self, question: Question, value: Json) -> str:
        text = str(value)
        if not text.startswith("+44"):
            return text
        national = "0" + text[3:]
        return f"{national[:5]} {national[5:8]} {national[8:]}"

    def sample(self, question: Question, outside: Outside) -> Json:
        return "+447700900982"


class NINumber(QuestionType):
    """Upper case without spaces. Prefixes that are never issued are refused (HMRC, NIM39110)."""

    name, label, noun = "ni_number", "National Insurance number", "a National Insurance number"
    _shape = re.compile(r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]", re.ASCII)

    def check(self, question: Question, loose: Json, outside: Outside) -> Json:
        text = re.sub(r"[\s\-.]", "", text_of(loose)).upper()
        if not self._shape.fullmatch(text):
            raise refuse("invalid", "Enter a National Insurance number in the correct format, like AB 12 34 56 C")
        return text

    def show(self, question: Question, value: Json) -> str:
        text = str(value)
        return " ".join((text[:2], text[2:4], text[4:6], text[6:8], text[8:]))

    def sample(self, question: Question, outside: Outside) -> Json:
        return "AB123456C"


class VehicleRegistration(QuestionType):
    """Upper case without spaces; any British or Northern Irish style, cherished numbers too."""

    name, label, noun = "vehicle_registration", "Vehicle registration", "a vehicle registration number"
    _shape = re.compile(r"(?=[A-Z0-9]*[A-Z])(?=[A-Z0-9]*\d)[A-Z0-9]{2,7}", re.ASCII)
    _current = re.compile(r"([A-Z]{2}\d{2})([A-Z]{3})", re.ASCII)

    def check(self, question: Question, loose: Json, outside: Outside) -> Json:
        text = re.sub(r"[\s\-.]", "", text_of(loose)).upper()
        if not self._shape.fullmatch(text):
            raise refuse("invalid", "Enter a vehicle registration number, like AB12 CDE")
        return text

    def show(self, question: Question, value: Json) -> str:
        current = self._current.fullmatch(str(value))
        return f"{current[1]} {current[2]}" if current else str(value)

    def sample(self, question: Question, outside: Outside) -> Json:
        return "AB12CDE"


class BankDetails(QuestionType):
    """A UK account. The format is checked; whether the account exists is for the bank to say."""

    name, label, noun = "bank_details", "Bank details", "your bank details"
    parts = ("name", "sort_code", "account_number")

    def check(self, question: Question, loose: Json, outside: Outside) -> Json:
        if not isinstance(loose, Mapping):
            raise refuse("kind", "Give the name, the sort code and the account number", "name")
        texts = {part: tidy_line(text_of(loose.get(part) or "")) for part in self.parts}
        sort_code = re.sub(r"[\s\-\u2010-\u2015]", "", texts["sort_code"])
        account = re.sub(r"[\s\-]", "", texts["account_number"])
        faults = [*_name_faults(texts["name"]), *_sort_code_faults(sort_code), *_account_faults(account)]
        if faults:
            raise Refused(*faults)
        return {"name": texts["name"], "sort_code": sort_code, "account_number": account.zfill(8)}

    def show(self, question: Question, value: Json) -> list[str]:
        code = value["sort_code"]
        return [
            value["name"],
            f"Sort code {code[:2]}-{code[2:4]}-{code[4:]}",
            f"Account number {value['account_number']}",
        ]

    def sample(self, question: Question, outside: Outside) -> Json:
        return {"name": "Alice Sample", "sort_code": "000000", "account_number": "00012345"}


def _name_faults(name: str) -> list[Fault]:
    if not name:
        return [Fault("missing", "Enter the name on the account", "name")]
    if len(name) > 70 or holds_card_number(name):
        return [Fault("invalid", "Enter the name on the account, 70 characters or fewer", "name")]
    return []


def _sort_code_faults(code: str) -> list[Fault]:
    if not code:
        return [Fault("missing", "Enter a sort code", "sort_code")]
    if not re.fullmatch(r"[0-9]{6}", code):
        return [Fault("invalid", "Enter a valid sort code, like 30-94-30", "sort_code")]
    return []


def _account_faults(account: str) -> list[Fault]:
    if not account:
        return [Fault("missing", "Enter an account number", "account_number")]
    if not re.fullmatch(r"[0-9]{6,8}", account):
        return [Fault("invalid", "Account number must be between 6 and 8 digits", "account_number")]
    return []
