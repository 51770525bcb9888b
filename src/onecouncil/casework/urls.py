# SPDX-License-Identifier: MIT
from django.urls import path

from onecouncil.casework.views import desk, resident

app_name = "casework"
urlpatterns = [
    path("staff/cases/", desk.cases, name="cases"),
    path("staff/cases/<str:reference>", desk.case, name="case"),
    path("staff/cases/<str:reference>/files/<str:file_id>", desk.case_file, name="case-file"),
    path("staff/cases/<str:reference>/<slug:verb>", desk.act, name="act"),
    path("account/cases/", resident.my_cases, name="my-cases"),
    path("account/cases/<str:reference>", resident.my_case, name="my-case"),
    path("account/cases/<str:reference>/files/<str:file_id>", resident.my_file, name="my-file"),
    path("account/cases/<str:reference>/<slug:verb>", resident.my_act, name="my-act"),
    path("track", resident.track, name="track"),
    path("track/<str:reference>", resident.tracked, name="tracked"),
    path("track/<str:reference>/files/<str:file_id>", resident.tracked_file, name="tracked-file"),
    path("track/<str:reference>/<slug:verb>", resident.tracked_act, name="tracked-act"),
]
