"""The addresses of the room ``help``."""

from django.urls import path

from checklists.web.help import pages

urlpatterns = [
    path("help/", pages.contents, name="help"),
    path("help/words/", pages.words, name="help-words"),
    path("help/<slug:key>/", pages.page, name="help-page"),
]
