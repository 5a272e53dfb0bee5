"""The addresses of the room ``control_chain``."""

from django.urls import path

from checklists.web.control_chain import views

urlpatterns = [
    path("offers/<uuid:offer_id>/control-chain/", views.edit, name="control-chain"),
    path("offers/<uuid:offer_id>/control-chain/statements/", views.statements, name="chain-statements"),
]
