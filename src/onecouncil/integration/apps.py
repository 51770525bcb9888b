# SPDX-License-Identifier: MIT
from django.apps import AppConfig


class IntegrationConfig(AppConfig):
    name = "onecouncil.integration"
    label = "integration"

    def ready(self) -> None:
        from onecouncil.core.furniture import staff_link
        from onecouncil.integration import tasks  # noqa: F401 - hangs up the subscriber, the jobs and the health check

        staff_link("Webhooks", "staff-webhooks", "webhook.manage", order=80)
        staff_link("Events", "staff-events", "event.view", order=85)
        staff_link("Audit trail", "staff-audit", "audit.view", order=90)
