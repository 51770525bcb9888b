# SPDX-License-Identifier: MIT
from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "onecouncil.demo"
    label = "demo"
