"""The addresses of the room ``interview``."""

from django.urls import path

from checklists.web.interview import first_verdict, views

urlpatterns = [
    path("offers/<uuid:offer_id>/interview/", views.interview, name="interview"),
    path("offers/<uuid:offer_id>/to-ask/", views.to_ask, name="to-ask"),
    path("first-verdict/", first_verdict.ask, name="first-verdict"),
    path("first-verdict/result/", first_verdict.result, name="first-verdict-result"),
    path("first-verdict/report/", first_verdict.report, name="first-verdict-report"),
    path("first-verdict/hosts/", first_verdict.hosts, name="first-verdict-hosts"),
    path("first-verdict/forget/", first_verdict.forget, name="forget-first-verdict"),
    path("first-verdict/keep/", first_verdict.keep, name="keep-first-verdict"),
]
