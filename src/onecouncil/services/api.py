# SPDX-License-Identifier: MIT
"""The only door of the services room for other rooms.

`submission.submitted` (subject and `data["reference"]`: the reference) is published exactly once for each submission,
after payment where there is a fee. `submission.withdrawn` follows `withdraw`.
"""

from onecouncil.services.actions.programs import hand_in
from onecouncil.services.actions.submitting import withdraw
from onecouncil.services.checking import Fault, check_part
from onecouncil.services.reads import (
    Place,
    ServiceView,
    SubmissionView,
    SummaryRow,
    SummarySection,
    service,
    services_list,
    submission,
    submissions_of_person,
)

__all__ = [
    "Fault",
    "Place",
    "ServiceView",
    "SubmissionView",
    "SummaryRow",
    "SummarySection",
    "check_part",
    "hand_in",
    "service",
    "services_list",
    "submission",
    "submissions_of_person",
    "withdraw",
]
