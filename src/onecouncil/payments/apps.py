# SPDX-License-Identifier: MIT
from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "onecouncil.payments"
    label = "payments"

    def ready(self) -> None:
        from onecouncil.payments import tasks  # noqa: F401 - it hangs up jobs, checks, links and the port
