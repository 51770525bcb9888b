# SPDX-License-Identifier: MIT
"""`python -m onecouncil.house.benches.town CASES`: fills the data folder of the environment for `bench web`.

Prints, as one line of JSON, the session cookies of the people who will be measured.
"""

import json
import os
import sys
from io import StringIO

SIGN_INS = {"resident": "resident@larkmere.example", "caseworker": "caseworker@larkmere.example"}
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def main(cases: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onecouncil.house.settings")
    from django import setup

    setup()
    from django.core.management import call_command

    from onecouncil.demo.bulk import copy_cases
    from onecouncil.house import preparing

    preparing.assets()
    preparing.database()
    preparing.catalogue()
    call_command("demo", people=60, cases=40, stdout=StringIO())
    copy_cases(cases)
    print(json.dumps({role: _session(email) for role, email in SIGN_INS.items()}))


def _session(email: str) -> dict[str, str]:
    """A session of this user, as signing in makes it."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(get_user_model().objects.get(email=email), backend=BACKEND)
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


if __name__ == "__main__":
    main(int(sys.argv[1]))
