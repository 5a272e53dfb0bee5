"""The addresses of the room ``notices``."""

from django.urls import path

from checklists.web.notices import views

urlpatterns = [
    path("notices/", views.listing, name="notices"),
    path("notices/open/", views.open_notice, name="open-notice"),
    path("person/e-mails/", views.mail_choice, name="mail-choice"),
    path("e-mails/stop/<str:signed>/", views.refuse, name="refuse-mail"),
]
