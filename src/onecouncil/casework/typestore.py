# SPDX-License-Identifier: MIT
"""Case types at rest: each version once, by digest; read back as a frozen `CaseType`."""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from onecouncil.casework.casetypes import CaseType
from onecouncil.casework.models import Case, CaseTypeRow
from onecouncil.casework.reading import read_case_type


def keep_type(case: Mapping[str, Any], messages: Mapping[str, Any], service: str) -> CaseTypeRow:
    """The row of this definition, made when it is new.

    Raises:
        CaseTypeError: the definition is wrong.
    """
    kind = read_case_type(case, service=service, messages=messages).kind
    definition = {"case": dict(case), "messages": dict(messages), "service": service}
    digest = hashlib.sha256(json.dumps(definition, sort_keys=True, default=str).encode()).hexdigest()
    row, _ = CaseTypeRow.objects.get_or_create(digest=digest, defaults={"kind": kind, "definition": definition})
    return row


def type_of(case: Case) -> CaseType:
    """The rules this case was opened under."""
    return _read(case.case_type.digest, json.dumps(case.case_type.definition))


@lru_cache(maxsize=512)
def _read(digest: str, definition: str) -> CaseType:
    held = json.loads(definition)
    return read_case_type(held["case"], service=held["service"], messages=held["messages"])
