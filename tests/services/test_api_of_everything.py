# SPDX-License-Identifier: MIT
"""What a resident or an editor does on pages can be done over HTTP: files, handing in, withdrawing, words."""

import json
from collections.abc import Callable
from io import BytesIO

from django.test import Client
from tests.services.conftest import EDITED

from onecouncil.core.models import StoredFile
from onecouncil.services import api
from onecouncil.services.models import Submission

SignedIn = Callable[[str], Client]
ANSWERS = {
    "question": "When do you mend the swings in the park?",
    "name": "Alice Example",
    "email": "alice@example.org",
    "postcode": "LM1 1AA",
}


def begun(client: Client) -> str:
    body = {"service": "ask-the-council", "answers": ANSWERS}
    token: str = client.post("/api/v1/drafts", json.dumps(body), content_type="application/json").json()["token"]
    return token


def send(client: Client, path: str, body: object = None, method: str = "POST") -> tuple[int, dict[str, object]]:
    answer = client.generic(method, f"/api/v1{path}", json.dumps(body or {}), content_type="application/json")
    return answer.status_code, json.loads(answer.content or b"{}")


def paper(content: bytes = b"%PDF-1.7\n%words\n") -> BytesIO:
    out = BytesIO(content)
    out.name = "letter.pdf"
    return out


def test_a_draft_gets_a_file_and_is_handed_in_once_and_withdrawn(catalogue: None, signed_in: SignedIn) -> None:
    alice = signed_in("alice")
    token = begun(alice)
    added = alice.post(f"/api/v1/drafts/{token}/files", {"question": "papers", "file": paper()})
    assert added.status_code == 201, added.content
    first, again = (send(alice, f"/drafts/{token}/submission") for _ in range(2))
    assert first[0] == 201 and first == again
    reference = str(first[1]["reference"])
    assert list(api.submission(reference).file_ids) == added.json()["file_ids"]
    assert send(signed_in("bob"), f"/me/submissions/{reference}/withdrawal")[0] == 404
    assert send(alice, f"/me/submissions/{reference}/withdrawal", {"reason": "Mended already"})[0] == 204
    assert Submission.objects.get(reference=reference).state == "withdrawn"


def test_a_file_that_is_not_taken_changes_nothing(catalogue: None, signed_in: SignedIn) -> None:
    alice = signed_in("alice")
    token = begun(alice)
    wrong = alice.post(f"/api/v1/drafts/{token}/files", {"question": "papers", "file": paper(b"MZ\x90\x00 a program")})
    assert wrong.status_code == 422 and wrong["Content-Type"].startswith("application/problem+json")
    assert alice.post(f"/api/v1/drafts/{token}/files", {"question": "name", "file": paper()}).status_code == 404
    assert not StoredFile.objects.exists()


def test_an_editor_changes_words_and_publishes_them(catalogue: None, signed_in: SignedIn, client: Client) -> None:
    ed = signed_in("ed")
    path = f"/services/{EDITED}"
    assert send(signed_in("alice"), f"{path}/words", {"title": "Mine"}, "PUT")[0] == 403
    code, draft = send(ed, f"{path}/words", {"title": "Report graffiti or tags"}, "PUT")
    assert code == 200, draft
    assert client.get(f"/api/v1{path}").json()["title"] != "Report graffiti or tags"
    assert send(ed, f"{path}/publication")[0] == 200
    assert client.get(f"/api/v1{path}").json()["title"] == "Report graffiti or tags"
