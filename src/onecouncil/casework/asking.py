# SPDX-License-Identifier: MIT
"""Who asks, from where, with what files: what the pages and the HTTP API need from a request."""

from django.http import HttpRequest, HttpResponse

from onecouncil.accounts.api import client_ip
from onecouncil.casework.access import Grant, read_grant, sign_grant
from onecouncil.casework.actions.writing import Upload
from onecouncil.core import limits
from onecouncil.core.actors import Actor
from onecouncil.core.files import MAX_BYTES, FileView
from onecouncil.core.problems import Invalid

_SESSION_KEY = "casework.tracking"
_MOST_GRANTS = 5


def actor_of(request: HttpRequest) -> Actor:
    found: Actor = request.actor  # type: ignore[attr-defined]
    return found


def grant_of(request: HttpRequest, reference: str) -> Grant | None:
    """The leave this browser has to see a case, given by `/track`; None when there is none or it ran out."""
    signed = request.session.get(_SESSION_KEY, {}).get(reference)
    grant = read_grant(signed) if signed else None
    return grant if grant and grant.reference == reference else None


def keep_grant(request: HttpRequest, reference: str) -> None:
    """Give this browser leave, keeping the newest few."""
    held = {key: value for key, value in request.session.get(_SESSION_KEY, {}).items() if key != reference}
    newest = list(held.items())[-(_MOST_GRANTS - 1) :]
    request.session[_SESSION_KEY] = {**dict(newest), reference: sign_grant(reference)}


def limit_tracking(request: HttpRequest, reference: str) -> None:
    """Ten tries in ten minutes from one address, and for one reference: a postcode cannot be guessed by trying.

    Raises:
        TooMany: past the limit.
    """
    limits.hit("track-from", client_ip(request), limit=10, seconds=600)
    limits.hit("track-reference", reference.upper()[:40], limit=10, seconds=600)


def uploads_of(request: HttpRequest, field: str = "files") -> list[Upload]:
    """The files of a form, refused by size before they are read."""
    given = [one for one in request.FILES.getlist(field) if one]
    if any((one.size or 0) > MAX_BYTES for one in given):
        raise Invalid({field: f"Each file must be smaller than {MAX_BYTES // 1024 // 1024} MB"})
    return [Upload(one.name or "file", one.read()) for one in given]


def send_file(view: FileView, content: bytes) -> HttpResponse:
    """A file people sent us: always a download, in a sandbox, never shown as a page of ours."""
    response = HttpResponse(content, content_type="application/octet-stream")
    plain = view.name.encode("ascii", "replace").decode().replace('"', "")
    response["Content-Disposition"] = f'attachment; filename="{plain}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
