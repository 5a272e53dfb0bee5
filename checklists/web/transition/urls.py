"""The addresses of the room ``transition``."""

from django.urls import path

from checklists.web.transition import views

urlpatterns = [
    path("offers/<uuid:offer_id>/transition/", views.transition, name="transition"),
    path("offers/<uuid:offer_id>/transition/answers/", views.carry, name="carry-over-plan"),
    path("offers/<uuid:offer_id>/transition/delete/", views.remove, name="delete-plan"),
    path("offers/<uuid:offer_id>/transition.ics", views.calendar, name="plan-calendar"),
]
