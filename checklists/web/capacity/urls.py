"""The addresses of the room ``capacity``."""

from django.urls import path

from checklists.web.capacity import views

urlpatterns = [
    path("assessments/<uuid:assessment_id>/needs/", views.needs, name="needs"),
    path("offers/<uuid:offer_id>/capacity/", views.provision, name="provision"),
]
