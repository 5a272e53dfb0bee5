"""The addresses of the room ``moves``."""

from django.urls import path

from checklists.web.moves import views

urlpatterns = [
    path("assessments/<uuid:assessment_id>/edition/", views.show, name="edition-move"),
    path("assessments/<uuid:assessment_id>/edition/move/", views.move, name="move-edition"),
    path("assessments/<uuid:assessment_id>/edition/confirm/", views.confirm, name="confirm-move"),
    path("assessments/<uuid:assessment_id>/edition/undo/", views.undo, name="undo-move"),
    path("organisations/<int:organisation_id>/editions/", views.older_editions, name="older-editions"),
]
