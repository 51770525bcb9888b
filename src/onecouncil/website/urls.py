# SPDX-License-Identifier: MIT
from django.urls import path

from onecouncil.website import views

urlpatterns = [
    path("", views.home, name="home"),
    path("categories/<slug:slug>", views.category, name="category"),
    path("a-to-z", views.a_to_z, name="a-to-z"),
    path("search", views.search, name="search"),
    path("help/<slug:slug>", views.help_page, name="help"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("robots.txt", views.robots, name="robots"),
]
