# SPDX-License-Identifier: MIT
from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "onecouncil.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from onecouncil.core import audit, jobs  # noqa: F401 - they hang up subscribers and jobs
