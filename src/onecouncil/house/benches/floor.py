# SPDX-License-Identifier: MIT
"""The floor: a bare Django page of any size, with no database, no middleware and no template.

`GET /17000` answers a page of 17,000 bytes; `POST /0` reads a form and answers 303. What our pages cost
more than this is ours: sessions, permissions, queries, templates.
"""

from functools import lru_cache

from django.conf import settings

if not settings.configured:
    settings.configure(
        SECRET_KEY="the floor keeps no secrets",  # noqa: S106 - a measuring stick, on loopback for a minute
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        MIDDLEWARE=[],
        INSTALLED_APPS=[],
        LOGGING_CONFIG=None,
    )

from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path


@lru_cache(maxsize=64)
def page_of(size: int) -> bytes:
    """An HTML page of exactly `size` bytes (never fewer than its own bones)."""
    bones = b"<!DOCTYPE html><title>Floor</title><p>"
    return bones + b"." * max(0, size - len(bones))


def page(request: HttpRequest, size: int) -> HttpResponse:
    if request.method == "POST" and request.POST:
        return HttpResponse(status=303, headers={"Location": "/"})
    return HttpResponse(page_of(size))


urlpatterns = [path("<int:size>", page)]
application = get_wsgi_application()
