"""The addresses of the room ``reports``."""

from django.urls import path

from checklists.web.reports import records, verification, views

urlpatterns = [
    path("offers/<uuid:offer_id>/report/", views.draft, name="report"),
    path("drafts-of-reports/<uuid:file_id>/", views.draft_file, name="draft-file"),
    path("drafts-of-reports/<uuid:file_id>/file/", views.download_draft, name="download-draft"),
    path("offers/<uuid:offer_id>/reports/", views.listing, name="reports"),
    path("offers/<uuid:offer_id>/reports/issue/", views.issue, name="issue-report"),
    path("reports/<uuid:report_id>/", views.issued, name="issued-report"),
    path("reports/<uuid:report_id>/again/", views.again, name="print-again"),
    path("reports/<uuid:report_id>/report.pdf", views.download, name="download-report"),
    path("reports/<uuid:report_id>/assessment.json", views.as_json, name="report-json"),
    path("reports/<uuid:report_id>/since/<uuid:other_id>/", views.compare, name="compare-reports"),
    path("verify/", verification.verify, name="verify"),
    path("verify/<str:code>/", verification.by_code, name="verify-code"),
    path("assessments/<uuid:assessment_id>/assessment.json", records.draft_json, name="draft-json"),
    path("assessments/import/", records.bring_in, name="import-assessment"),
    path("schemas/record-1.json", records.schema, name="record-schema"),
]
