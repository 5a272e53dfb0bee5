"""The addresses of the room ``profiles``."""

from django.urls import path

from checklists.web.profiles import views

urlpatterns = [
    path("profiles/", views.listing, name="profiles"),
    path("profiles/<int:profile_id>/", views.read, name="profile"),
    path("offers/<uuid:offer_id>/fill/", views.fill, name="fill-offer"),
]
