# SPDX-License-Identifier: MIT
"""Security headers on every answer; our problems turned into pages or problem+json."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from onecouncil.core.problems import Problem
from onecouncil.house.errors import problem_json, problem_response, told

Handler = Callable[[HttpRequest], HttpResponse]

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self' {form_action}",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)


_PERSONAL = (
    "/account",
    "/api/v1/bills/",
    "/api/v1/drafts",
    "/api/v1/me",
    "/apply/",
    "/confirm-email",
    "/create-account",
    "/demo/inbox",
    "/pay/",
    "/recover",
    "/resume/",
    "/sign-",
    "/staff",
    "/track",
)


def security_headers(get_response: Handler) -> Handler:
    """A strict policy: nothing inline, nothing from elsewhere. A form may redirect to the payment provider."""
    policy = _POLICY.format(form_action=" ".join(settings.CSP_FORM_ACTION))

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(self), payment=()")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if _is_personal(request):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def _is_personal(request: HttpRequest) -> bool:
    """What no shared computer may show after its user left: all signed in, and all that a link opens."""
    asker = getattr(request, "actor", None)
    return (asker is not None and asker.is_signed_in) or request.path.startswith(_PERSONAL)


def problems(get_response: Handler) -> Handler:
    """Views raise `core.problems`; people get a page, programs get problem+json."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 405 and request.path.startswith("/api/"):
            refused = problem_json(request, told(405, f"{request.method} is not a way to call this"))
            refused["Allow"] = response.headers.get("Allow", "")
            return refused
        return response

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        return problem_response(request, error) if isinstance(error, Problem) else None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware
