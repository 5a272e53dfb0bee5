"""The addresses of the room ``comparison``."""

from django.urls import path

from checklists.web.comparison import views

urlpatterns = [
    path("offers/<uuid:offer_id>/copy/", views.copy, name="copy-answers"),
    path("assessments/<uuid:assessment_id>/comparison/", views.comparison, name="comparison"),
    path(
        "assessments/<uuid:assessment_id>/comparison.csv",
        views.comparison_file,
        {"kind": "csv"},
        name="comparison-csv",
    ),
    path(
        "assessments/<uuid:assessment_id>/comparison.xlsx",
        views.comparison_file,
        {"kind": "xlsx"},
        name="comparison-xlsx",
    ),
]
