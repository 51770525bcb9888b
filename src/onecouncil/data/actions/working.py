# SPDX-License-Identifier: MIT
"""Small tables worked out from the feed by a background job, so that web pages need no DuckDB."""

from django.db import transaction

from onecouncil.core.calendar import now
from onecouncil.data import warehouse
from onecouncil.data.models import DemandRow, FeedBatch, Worked

DEMAND = "demand"

_DEMAND_SQL = """
SELECT json_extract_string(data, '$.service') AS service,
       (time AT TIME ZONE 'UTC' AT TIME ZONE 'Europe/London')::DATE AS day,
       count(DISTINCT subject) AS submissions
FROM events
WHERE type = 'submission.submitted' AND json_extract_string(data, '$.service') IS NOT NULL
GROUP BY ALL
ORDER BY day, service
"""


def work_out_demand() -> int:
    """Count submissions by service and (London) day anew, when the feed has grown. Returns how many rows there are."""
    files = FeedBatch.objects.filter(written_at__isnull=False).count()
    if Worked.objects.filter(name=DEMAND, files=files).exists():
        return DemandRow.objects.count()
    found = warehouse.ask(_DEMAND_SQL).rows
    with transaction.atomic():
        DemandRow.objects.all().delete()
        DemandRow.objects.bulk_create(
            (DemandRow(service=service[:80], day=day, submissions=count) for service, day, count in found),
            batch_size=500,
        )
        Worked.objects.update_or_create(name=DEMAND, defaults={"at": now(), "files": files})
    return len(found)
