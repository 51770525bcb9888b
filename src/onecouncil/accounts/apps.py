# SPDX-License-Identifier: MIT
from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "onecouncil.accounts"
    label = "accounts"
