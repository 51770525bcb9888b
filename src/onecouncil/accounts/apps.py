# SPDX-License-Identifier: MIT
from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "onecouncil.accounts"
    label = "accounts"

    def ready(self) -> None:
        from onecouncil.accounts import tasks  # noqa: F401 - it hangs up links, jobs and checks
