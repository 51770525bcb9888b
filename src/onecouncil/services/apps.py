# SPDX-License-Identifier: MIT
from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "onecouncil.services"
    label = "services"

    def ready(self) -> None:
        from onecouncil.services import tasks  # noqa: F401 - subscribers, jobs, panels and health checks register themselves
