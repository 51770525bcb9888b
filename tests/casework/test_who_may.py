# SPDX-License-Identifier: MIT
"""Every address of the room, asked for by everybody, against one readable table. Alice's case is not Bob's."""

from collections.abc import Callable

import pytest
from django.test import Client
from tests.casework.conftest import HandIn
from tests.casework.given import case_of

from onecouncil.casework.models import Case, Task
from onecouncil.casework.views import desk
from onecouncil.core import files
from onecouncil.core.actors import Actor
from onecouncil.core.models import Look
from onecouncil.core.permissions import may

pytestmark = pytest.mark.django_db(transaction=True)
SignedIn = Callable[[str], Client]
EVERYBODY = ("nobody", "alice", "bob", "ada", "cass", "fin", "addie")

# method, path, then the status for: nobody, Alice (whose case it is), Bob, adviser, caseworker, finance, administrator
TABLE = """
GET  /staff/cases/                             302 403 403 200 200 403 403
GET  /staff/cases/{ref}                        302 403 403 200 200 403 403
GET  /staff/cases/{ref}/files/{file}           302 403 403 200 200 403 403
POST /staff/cases/{ref}/message                302 403 403 422 422 403 403
POST /staff/cases/{ref}/note                   302 403 403 422 422 403 403
POST /staff/cases/{ref}/take                   302 403 403 403 303 403 403
POST /staff/cases/{ref}/hand-back              302 403 403 403 303 403 403
POST /staff/cases/{ref}/give                   302 403 403 403 422 403 403
POST /staff/cases/{ref}/stage                  302 403 403 403 422 403 403
POST /staff/cases/{ref}/decision               302 403 403 403 422 403 403
POST /staff/cases/{ref}/close                  302 403 403 403 422 403 403
POST /staff/cases/{ref}/reopen                 302 403 403 403 422 403 403
POST /staff/cases/{ref}/task                   302 403 403 404 404 403 403
POST /staff/cases/{ref}/nonsense               302 403 403 404 404 403 403
GET  /account/cases/                           302 200 200 200 200 200 200
GET  /account/cases/{ref}                      302 200 404 404 404 404 404
GET  /account/cases/{ref}/files/{file}         302 200 404 404 404 404 404
POST /account/cases/{ref}/message              302 422 404 404 404 404 404
POST /account/cases/{ref}/second-stage         302 409 404 404 404 404 404
GET  /track                                    200 200 200 200 200 200 200
GET  /track/{ref}                              303 303 303 303 303 303 303
GET  /track/{ref}/files/{file}                 303 303 303 303 303 303 303
POST /track/{ref}/message                      303 303 303 303 303 303 303
GET  /api/v1/cases                             401 403 403 200 200 403 403
GET  /api/v1/cases/{ref}                       401 403 403 200 200 403 403
GET  /api/v1/cases/{ref}/files/{file}          401 403 403 200 200 403 403
GET  /api/v1/me/cases/{ref}/files/{file}       401 200 404 404 404 404 404
GET  /api/v1/me/cases                          401 200 200 200 200 200 200
GET  /api/v1/me/cases/{ref}                    401 200 404 404 404 404 404
"""


@pytest.mark.parametrize("line", [line for line in TABLE.strip().splitlines()])
def test_table(line: str, hand_in: HandIn, signed_in: SignedIn) -> None:
    method, path, *wanted = line.split()
    reference = hand_in()
    file = files.keep("photo.txt", b"the bin is full", about=reference)
    address = path.format(ref=reference, file=file.id)
    found = []
    for name in EVERYBODY:
        client = Client() if name == "nobody" else signed_in(name)
        found.append(str(client.generic(method, address).status_code))
    assert dict(zip(EVERYBODY, found, strict=True)) == dict(zip(EVERYBODY, wanted, strict=True))
    assert case_of(reference).state == "open"


def test_a_file_is_only_ever_a_download(hand_in: HandIn, signed_in: SignedIn) -> None:
    reference = hand_in()
    other = files.keep("secret.txt", b"of another case", about=hand_in(by="bob"))
    alice, base = signed_in("alice"), f"/account/cases/{reference}"
    upload = files.keep("photo.txt", b"the bin is full", about=reference)
    response = alice.get(f"{base}/files/{upload.id}")
    assert response["Content-Disposition"] == 'attachment; filename="photo.txt"'
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Content-Type"] == "application/octet-stream"
    assert alice.get(f"{base}/files/{other.id}").status_code == 404
    assert alice.get(f"{base}/files/nonsense").status_code == 404


def test_a_look_is_logged_with_its_purpose(hand_in: HandIn, signed_in: SignedIn, people: dict[str, Actor]) -> None:
    reference = hand_in()
    signed_in("ada").get(f"/staff/cases/{reference}")
    look = Look.objects.get(person_id=people["alice"].person_id)
    assert (look.purpose, look.what, look.who) == ("casework", f"case {reference}", "Ada (adviser)")
    signed_in("alice").get(f"/account/cases/{reference}")
    assert Look.objects.count() == 1


def test_a_task_of_another_case_is_not_found(hand_in: HandIn, signed_in: SignedIn) -> None:
    moved, other = hand_in("tell-us-you-have-moved"), hand_in()
    task = Task.objects.filter(case__reference=moved).first()
    assert task is not None
    assert signed_in("cass").post(f"/staff/cases/{other}/task", {"task": task.pk}).status_code == 404


@pytest.mark.parametrize("reference", ["LM-0000-0000", "x%00y", "é", "a" * 300])
def test_odd_references_are_not_found(reference: str, signed_in: SignedIn) -> None:
    assert signed_in("cass").get(f"/staff/cases/{reference}").status_code == 404
    assert signed_in("alice").get(f"/account/cases/{reference}").status_code == 404
    unreadable = "%00" in reference  # the house's guard turns it away before the room is asked
    assert signed_in("alice").get(f"/track/{reference}").status_code == (404 if unreadable else 303)


def test_the_case_leads_to_its_customer(
    hand_in: HandIn, signed_in: SignedIn, people: dict[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, officer = f"/staff/cases/{hand_in()}", signed_in("cass")
    Case.objects.update(contact_phone="+447700900123")
    text = officer.get(path).content.decode()
    link = f'href="/staff/customers/{people["alice"].person_id}/">Alice Example</a>'
    assert link in text and "07700 900 123" in text and "+44" not in text
    monkeypatch.setattr(desk, "may", lambda actor, permission: permission != "customer.view" and may(actor, permission))
    assert link not in officer.get(path).content.decode()
