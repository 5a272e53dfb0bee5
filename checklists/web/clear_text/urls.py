"""The addresses of the room ``clear_text``."""

from django.urls import path

from checklists.web.clear_text import views

urlpatterns = [
    path("offers/<uuid:offer_id>/clear-text/", views.edit, name="clear-text"),
]
