"""The addresses of the room ``trail``."""

from django.urls import path, re_path

from checklists.web.trail import views

urlpatterns = [
    path("organisations/<int:organisation_id>/trail/", views.show, name="trail"),
    re_path(
        r"^organisations/(?P<organisation_id>\d{1,18})/trail\.(?P<form_of>csv|json)$", views.export, name="export-trail"
    ),
]
