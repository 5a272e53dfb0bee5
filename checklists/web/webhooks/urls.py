"""The addresses of the room ``webhooks``."""

from django.urls import path

from checklists.web.webhooks import views

urlpatterns = [
    path("organisations/<int:organisation_id>/webhooks/", views.webhooks, name="webhooks"),
    path("webhooks/<uuid:webhook_id>/", views.journal, name="webhook"),
    path("webhooks/<uuid:webhook_id>/switch/", views.switch, name="switch-webhook"),
    path("webhooks/<uuid:webhook_id>/remove/", views.remove, name="remove-webhook"),
    path("webhooks/messages/<uuid:message_id>/again/", views.again, name="send-anew"),
]
