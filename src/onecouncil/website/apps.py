# SPDX-License-Identifier: MIT
from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    name = "onecouncil.website"
    label = "website"
    default_auto_field = "django.db.models.BigAutoField"
