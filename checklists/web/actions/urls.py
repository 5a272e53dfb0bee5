"""The addresses of the room ``actions``."""

from django.urls import path

from checklists.web.actions import views

urlpatterns = [
    path("offers/<uuid:offer_id>/result/act/", views.act, name="act"),
    path("offers/<uuid:offer_id>/result/act/fewest/", views.fewest, name="take-fewest"),
    path("offers/<uuid:offer_id>/result/act/clauses/", views.clauses, name="clauses"),
    path("offers/<uuid:offer_id>/result/act/<slug:action_key>/", views.change, name="change-action"),
]
