"""The addresses of the room ``api``."""

from django.urls import path

from checklists.web.api import views

urlpatterns = [
    path("person/tokens/", views.own_tokens, name="tokens"),
    path("organisations/<int:organisation_id>/tokens/", views.organisation_tokens, name="organisation-tokens"),
    path("tokens/<uuid:token_id>/revoke/", views.revoke, name="revoke-token"),
    path("tokens/<uuid:token_id>/renew/", views.renew, name="renew-token"),
]
