# SPDX-License-Identifier: MIT
"""The public pages: home, categories, A to Z, search, help."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from onecouncil.core.problems import NotFound
from onecouncil.website import pages, reads, rules


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "website/home.html", {"home": reads.home()})


@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    found = rules.category(slug)
    if found is None:
        raise NotFound()
    return render(request, "website/category.html", {"category": found, "listings": reads.in_category(slug)})


@require_safe
def a_to_z(request: HttpRequest) -> HttpResponse:
    return render(request, "website/a_to_z.html", {"letters": reads.a_to_z()})


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[: reads.LONGEST_QUERY]
    context = {"q": text, "found": reads.search(text), "category_of": rules.category}
    return render(request, "website/search.html", context)


@require_safe
def help_page(request: HttpRequest, slug: str) -> HttpResponse:
    page = pages.help_page(slug)
    if page is None:
        raise NotFound()
    return render(request, "website/help.html", {"page": page})


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for this on answers that are not pages; ours is an SVG."""
    return redirect(static("brand/favicon.svg"))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines may read what is public."""
    private = ("/account/", "/apply/", "/pay/", "/sign-in", "/staff/", "/track")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in private)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
