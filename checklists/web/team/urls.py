"""The addresses of the room ``team``."""

from django.urls import path

from checklists.web.team import assignments, discussions

urlpatterns = [
    path("my-work/", assignments.my_work, name="my-work"),
    path("assessments/<uuid:assessment_id>/who-answers/", assignments.change, name="assignments"),
    path("assessments/<uuid:assessment_id>/discussions/", discussions.of_assessment, name="discussions"),
    path(
        "assessments/<uuid:assessment_id>/discussions/<slug:question_key>/",
        discussions.of_workload_question,
        name="workload-discussion",
    ),
    path(
        "offers/<uuid:offer_id>/discussions/<slug:question_key>/",
        discussions.of_offer_question,
        name="offer-discussion",
    ),
    path("discussions/<int:discussion_id>/mark/", discussions.mark, name="mark-discussion"),
    path("comments/<int:comment_id>/", discussions.change, name="change-comment"),
    path("comments/<int:comment_id>/delete/", discussions.delete, name="delete-comment"),
]
