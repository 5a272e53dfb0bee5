"""The addresses of the room ``provider_answers``: the provider's own, and the team's."""

from django.urls import path

from checklists.web.provider_answers import provider, team

urlpatterns = [
    path("provider/<str:token>/", provider.door, name="provider-door"),
    path("provider/questions/<uuid:request_id>/", provider.questions, name="provider-questions"),
    path(
        "provider/questions/<uuid:request_id>/<slug:question_key>/documents/",
        provider.documents,
        name="provider-documents",
    ),
    path("offers/<uuid:offer_id>/provider/", team.requests, name="provider-requests"),
    path("offers/<uuid:offer_id>/provider/<uuid:request_id>/", team.one, name="provider-request"),
    path("offers/<uuid:offer_id>/provider/<uuid:request_id>/revoke/", team.revoke, name="revoke-provider-request"),
    path("offers/<uuid:offer_id>/provider/<uuid:request_id>/remind/", team.remind, name="remind-provider"),
    path(
        "offers/<uuid:offer_id>/provider/<uuid:request_id>/documents/<uuid:document_id>/",
        team.download,
        name="provider-document",
    ),
]
