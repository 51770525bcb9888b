# SPDX-License-Identifier: MIT
"""The steward's page: is the feed well, and what are people asking for?"""

import csv
import io
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from onecouncil.data import reads


@require_GET
def data(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    service = request.GET.get("service", "").strip()[:80].replace("\x00", "")
    page = reads.demand(actor, service=service, before=request.GET.get("before", ""))
    query = urlencode({"service": service, "before": page.next_before})
    context = {
        "feed": reads.feed_state(actor),
        "demand": page,
        "service": service,
        "next_url": f"?{query}" if page.next_before else "",
    }
    return render(request, "data/data.html", context)


@require_GET
def demand_csv(request: HttpRequest) -> HttpResponse:
    rows = reads.all_demand(request.actor)  # type: ignore[attr-defined]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["service", "day", "submissions"])
    writer.writerows((service, day.isoformat(), count) for service, day, count in rows)
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="demand.csv"'
    return response
