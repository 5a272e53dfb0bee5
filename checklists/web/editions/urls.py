"""The addresses of the room ``editions``."""

from django.urls import path

from checklists.web.editions import catalogue, compare, decided_cases, method, used

urlpatterns = [
    path("checklists/<slug:checklist>/<int:number>/", catalogue.read, name="edition"),
    path("checklists/<slug:checklist>/<int:number>/method/", method.method, name="edition-method"),
    path("method/", method.method, name="method"),
    path("decided-cases/", decided_cases.decided_cases, name="decided-cases"),
    path("decided-cases/<slug:checklist>/", decided_cases.decided_cases, name="decided-cases-of"),
    path("organisations/<int:organisation_id>/checklists/", used.used, name="organisation-checklists"),
    path("checklists/<slug:checklist>/compare/<int:older>/<int:newer>/", compare.compare, name="compare-editions"),
    path("checklists/<slug:checklist>/life/<slug:family>/<slug:key>/", compare.life, name="edition-life"),
]
