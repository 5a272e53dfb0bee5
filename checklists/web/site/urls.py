"""The addresses of the room ``site``."""

from django.urls import path

from checklists.web.site import home, plain_files, schemas, theme

urlpatterns = [
    path("", home.home, name="home"),
    path("theme/", theme.choose, name="choose-theme"),
    path("robots.txt", plain_files.robots, name="robots"),
    path(".well-known/security.txt", plain_files.security, name="security-txt"),
    path("accessibility/", home.accessibility, name="accessibility"),
    path("schemas/<slug:name>.json", schemas.pack_schema, name="pack-schema"),
]
