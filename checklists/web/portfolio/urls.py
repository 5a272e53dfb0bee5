"""The addresses of the room ``portfolio``."""

from django.urls import path, re_path

from checklists.web.portfolio import deadlines, views

urlpatterns = [
    path("assessments/", views.portfolio, name="assessments"),
    re_path(r"^assessments/portfolio\.(?P<kind>csv|xlsx)$", views.portfolio_file, name="export-portfolio"),
    path("assessments/evolution/", views.evolution, name="evolution"),
    path("deadlines/", deadlines.overview, name="deadlines"),
    path("deadlines.ics", deadlines.calendar, name="deadlines-calendar"),
]
