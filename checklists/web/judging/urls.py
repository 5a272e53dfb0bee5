"""The addresses of the room ``judging``."""

from django.urls import path

from checklists.web.judging import result

urlpatterns = [
    path("offers/<uuid:offer_id>/result/", result.decide_page, name="result"),
    path("offers/<uuid:offer_id>/result/understand/", result.understand, name="understand"),
    path("offers/<uuid:offer_id>/result/understand/<slug:section>/", result.section, name="understand-section"),
]
