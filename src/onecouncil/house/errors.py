# SPDX-License-Identifier: MIT
"""Answers to problems: a page in plain words for people, RFC 9457 problem+json for programs."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render

from onecouncil.core.problems import Invalid, Problem, SignInNeeded, TooMany

_PAGES = {400, 403, 404, 409, 422, 429, 500, 503}


def problem_response(request: HttpRequest, problem: Problem) -> HttpResponse:
    if is_api(request):
        return problem_json(request, problem)
    if isinstance(problem, SignInNeeded):
        where = request.get_full_path() if request.method == "GET" else request.META.get("HTTP_REFERER", "/")
        return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': where})}")
    return problem_page(request, problem.status, problem.title, problem.detail, problem)


def problem_page(
    request: HttpRequest, status: int, title: str, detail: str = "", problem: Problem | None = None
) -> HttpResponse:
    template = f"errors/{status}.html" if status in _PAGES else "errors/400.html"
    response = render(request, template, {"title": title, "detail": detail}, status=status, using="jinja2")
    if isinstance(problem, TooMany):
        response["Retry-After"] = str(problem.retry_after)
    return response


def problem_json(request: HttpRequest, problem: Problem) -> HttpResponse:
    body: dict[str, object] = {
        "type": f"/api/v1/problems/{type(problem).__name__.lower()}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": request.path,
    }
    if isinstance(problem, Invalid):
        body["errors"] = [{"field": field, "message": message} for field, message in problem.fields.items()]
    response = JsonResponse(body, status=problem.status, content_type="application/problem+json")
    if isinstance(problem, TooMany):
        response["Retry-After"] = str(problem.retry_after)
    if isinstance(problem, SignInNeeded):
        response["WWW-Authenticate"] = 'Bearer realm="onecouncil"'
    return response


def told(status: int, title: str) -> Problem:
    """A problem of any status, for what the framework refused before our code was asked."""
    problem = Problem(title)
    problem.status, problem.title = status, title
    return problem


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith(("/api/", "/open311/"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _plain(request, 404, "We could not find that page")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _plain(request, 403, "You do not have permission to see this page")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _plain(request, 400, "We could not understand that request")


def server_error(request: HttpRequest) -> HttpResponse:
    return _plain(request, 500, "Sorry, there is a problem with the service")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _plain(request, 403, "The page you sent was open too long. Go back, reload it and send it again")


def _plain(request: HttpRequest, status: int, title: str) -> HttpResponse:
    if is_api(request):
        return problem_json(request, told(status, title))
    return problem_page(request, status, title)
