"""The addresses of the room ``site``."""

from django.urls import path

from checklists.web.site import home, schemas

urlpatterns = [
    path("", home.home, name="home"),
    path("accessibility/", home.accessibility, name="accessibility"),
    path("schemas/<slug:name>.json", schemas.pack_schema, name="pack-schema"),
]
