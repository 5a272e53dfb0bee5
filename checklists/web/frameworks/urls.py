"""The addresses of the room ``frameworks``."""

from django.urls import path

from checklists.web.frameworks import lenses, views

urlpatterns = [
    path("frameworks/", views.listing, name="frameworks"),
    path("frameworks/<slug:key>/<int:number>/", views.read, name="framework"),
    path("assessments/<uuid:assessment_id>/frameworks/", lenses.choose, name="choose-frameworks"),
    path("offers/<uuid:offer_id>/frameworks/<slug:key>/", lenses.lens, name="lens"),
    path("offers/<uuid:offer_id>/frameworks/<slug:key>/minimums/", lenses.require, name="require-levels"),
]
