# SPDX-License-Identifier: MIT
"""The HTTP API: what an officer and a resident can do on pages they can do here, with the same refusals."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.casework.conftest import HandIn
from tests.casework.given import case_of

from onecouncil.casework.models import Task

pytestmark = pytest.mark.django_db(transaction=True)
SignedIn = Callable[[str], Client]
API = "/api/v1"


def post(client: Client, path: str, **body: Any) -> int:
    return client.post(f"{API}{path}", body, content_type="application/json").status_code


def test_an_officers_day(hand_in: HandIn, signed_in: SignedIn) -> None:
    reference, move = hand_in(), hand_in("tell-us-you-have-moved", by="bob")
    cass = signed_in("cass")
    listed = cass.get(f"{API}/cases?size=1").json()
    assert [row["reference"] for row in listed["results"]] == [reference]
    rest = cass.get(f"{API}/cases", {"after": listed["next"]}).json()
    assert [row["reference"] for row in rest["results"]] == [move]
    assert rest["next"] == ""
    assert post(cass, f"/cases/{reference}/assignment", officer="me") == 204
    assert post(cass, f"/cases/{reference}/assignment", officer="nobody") == 204
    assert post(cass, f"/cases/{reference}/stage", stage="with-crew") == 204
    assert post(cass, f"/cases/{reference}/messages", message="Hello") == 201
    assert post(cass, f"/cases/{reference}/notes", note="Hm") == 201
    assert post(cass, f"/cases/{reference}/decisions", decision="collected") == 201
    assert post(cass, f"/cases/{reference}/decisions", decision="collected") == 409
    assert post(cass, f"/cases/{reference}/reopen", reason="Again") == 204
    assert post(cass, f"/cases/{reference}/close", reason="Enough") == 204
    task = Task.objects.filter(case__reference=move).first()
    assert task is not None
    assert post(cass, f"/cases/{move}/tasks/{task.pk}/done", result="Done") == 204
    whole = cass.get(f"{API}/cases/{reference}").json()
    assert (whole["state"], whole["outcome"], whole["contact_name"]) == ("closed", "closed", "Alice Example")
    assert {entry["kind"] for entry in whole["entries"]} >= {"note", "decision", "message_out", "reopened"}


def test_wrong_input_names_the_field(hand_in: HandIn, signed_in: SignedIn) -> None:
    reference, cass = hand_in(), signed_in("cass")
    for path, body, field in [
        ("messages", {"message": " "}, "message"),
        ("decisions", {"decision": "x"}, "decision"),
        ("decisions", {"decision": "not-missed"}, "reason"),
        ("stage", {"stage": "x"}, "stage"),
        ("notes", {}, "body.note"),
    ]:
        answer = cass.post(f"{API}/cases/{reference}/{path}", body, content_type="application/json")
        assert answer.status_code == 422
        assert answer["Content-Type"] == "application/problem+json"
        assert field in answer.json()["errors"][0]["field"] or answer.json()["errors"][0]["field"] in field
    assert cass.get(f"{API}/cases?view=mine").status_code == 422
    assert cass.get(f"{API}/cases?size=0").status_code == 422
    assert post(cass, f"/cases/{reference}/tasks/{2**70}/done") == 422


def test_a_residents_own(hand_in: HandIn, signed_in: SignedIn) -> None:
    reference, alice, bob = hand_in(), signed_in("alice"), signed_in("bob")
    assert [row["reference"] for row in alice.get(f"{API}/me/cases").json()["results"]] == [reference]
    assert bob.get(f"{API}/me/cases").json()["results"] == []
    assert post(alice, f"/me/cases/{reference}/messages", message="Still full") == 201
    assert post(bob, f"/me/cases/{reference}/messages", message="Mine too") == 404
    whole = alice.get(f"{API}/me/cases/{reference}").json()
    first = whole["stages"][0]
    assert (first["label"], first["status"]) == ("Received", "current")
    assert first["promise"] == "We check the round within 1 working day"
    assert "contact_email" not in whole
    sent = {"message": "A photo", "files": SimpleUploadedFile("bin.txt", b"full")}
    assert alice.post(f"{API}/me/cases/{reference}/documents", sent).status_code == 201
    odd = {"message": "A film", "files": SimpleUploadedFile("bin.pdf", b"<script>alert(1)</script>")}
    assert alice.post(f"{API}/me/cases/{reference}/documents", odd).status_code == 422
    assert case_of(reference).entries.filter(kind="message_in").count() == 2, "a refused file leaves nothing behind"
    assert [name for entry in alice.get(f"{API}/me/cases/{reference}").json()["entries"] for name in entry["files"]]
