"""The addresses of the room ``evidence``."""

from django.urls import path

from checklists.web.evidence import views

urlpatterns = [
    path("assessments/<uuid:assessment_id>/evidence/", views.of_assessment, name="evidence"),
    path("assessments/<uuid:assessment_id>/evidence/hold/", views.hold, name="hold-to-evidence"),
    path("assessments/<uuid:assessment_id>/evidence/<slug:question_key>/", views.of_workload, name="workload-evidence"),
    path("offers/<uuid:offer_id>/evidence/<slug:question_key>/", views.of_offer, name="offer-evidence"),
    path("evidence/<uuid:evidence_id>/change/", views.change, name="change-evidence"),
    path("evidence/<uuid:evidence_id>/remove/", views.remove, name="remove-evidence"),
    path("evidence/<uuid:evidence_id>/restore/", views.restore, name="restore-evidence"),
    path("evidence/<uuid:evidence_id>/file/", views.download, name="download-evidence"),
]
