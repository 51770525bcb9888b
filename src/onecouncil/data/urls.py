# SPDX-License-Identifier: MIT
from django.urls import path

from onecouncil.data import views

urlpatterns = [
    path("staff/data/", views.data, name="staff-data"),
    path("staff/data/demand.csv", views.demand_csv, name="staff-data-demand-csv"),
]
