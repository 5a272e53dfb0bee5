"""The addresses of the room ``profiles``."""

from django.urls import path

from checklists.web.profiles import caiq, hosts, views

urlpatterns = [
    path("profiles/", views.listing, name="profiles"),
    path("profiles/<int:profile_id>/", views.read, name="profile"),
    path("offers/<uuid:offer_id>/fill/", views.fill, name="fill-offer"),
    path("offers/<uuid:offer_id>/caiq/", caiq.caiq, name="caiq"),
    path("assessments/<uuid:assessment_id>/hosts/", hosts.who_could_host, name="who-could-host"),
    path("assessments/<uuid:assessment_id>/hosts/choose/", hosts.choose_host, name="choose-host"),
]
