# SPDX-License-Identifier: MIT
from django.apps import AppConfig


class HouseConfig(AppConfig):
    name = "onecouncil.house"
    label = "house"

    def ready(self) -> None:
        from onecouncil.core.furniture import staff_link

        staff_link("Messages", "staff-messages", "message.view", order=85)
        staff_link("Health", "staff-health", "health.view", order=90)
