"""The addresses of the room ``branding``."""

from django.urls import path

from checklists.web.branding import views

urlpatterns = [
    path("organisations/<int:organisation_id>/letterhead/", views.branding, name="branding"),
]
