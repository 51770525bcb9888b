# SPDX-License-Identifier: MIT
from django.apps import AppConfig


class DataConfig(AppConfig):
    name = "onecouncil.data"
    label = "data"

    def ready(self) -> None:
        from onecouncil.core.furniture import staff_link
        from onecouncil.data import tasks  # noqa: F401 - hangs up the subscriber, the jobs and the health check

        staff_link("Data", "staff-data", "data.view", order=70)
