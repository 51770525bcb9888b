# SPDX-License-Identifier: MIT
from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "onecouncil.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from onecouncil.casework import furniture, tasks  # noqa: F401 - tasks hangs up subscribers and jobs
        from onecouncil.casework.slots import SlotDiary
        from onecouncil.core import ports

        furniture.hang_up()
        ports.provide("slots", SlotDiary())
