# SPDX-License-Identifier: MIT
from django.apps import AppConfig


class HouseConfig(AppConfig):
    name = "onecouncil.house"
    label = "house"
