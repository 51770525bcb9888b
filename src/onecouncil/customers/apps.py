# SPDX-License-Identifier: MIT
from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "onecouncil.customers"
    label = "customers"

    def ready(self) -> None:
        from onecouncil.core.furniture import staff_link

        staff_link("Customers", "customers", "customer.search", order=10)
