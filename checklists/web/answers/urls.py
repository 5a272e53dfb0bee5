"""The addresses of the room ``answers``."""

from django.urls import path

from checklists.web.answers import check_answers, views

urlpatterns = [
    path("assessments/<uuid:assessment_id>/workload/", views.workload, name="workload"),
    path("assessments/<uuid:assessment_id>/progress/", views.workload_progress, name="workload-progress"),
    path(
        "assessments/<uuid:assessment_id>/answers/<slug:question_key>/",
        views.save_workload_answer,
        name="save-workload-answer",
    ),
    path("offers/<uuid:offer_id>/questions/<slug:concern_key>/", views.concern, name="concern"),
    path(
        "offers/<uuid:offer_id>/questions/<slug:concern_key>/progress/",
        views.concern_progress,
        name="concern-progress",
    ),
    path(
        "offers/<uuid:offer_id>/answers/<slug:question_key>/",
        views.save_offer_answer,
        name="save-offer-answer",
    ),
    path("offers/<uuid:offer_id>/review/", check_answers.check_answers, name="check-answers"),
    path("offers/<uuid:offer_id>/resume/", check_answers.resume, name="resume"),
]
