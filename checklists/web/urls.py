"""The addresses of the pages people use."""

from django.urls import path

from checklists.web import assessments, catalogue, home, offers, questionnaire, records, report, result, verification

urlpatterns = [
    path("", home.home, name="home"),
    path("health", home.health, name="health"),
    path("accessibility/", home.accessibility, name="accessibility"),
    path("checklists/<slug:checklist>/<int:number>/", catalogue.read, name="edition"),
    path("assessments/", assessments.listing, name="assessments"),
    path("assessments/new/", assessments.create, name="new-assessment"),
    path("assessments/bin/", assessments.bin_listing, name="bin"),
    path("assessments/<uuid:assessment_id>/", assessments.overview, name="assessment"),
    path("assessments/<uuid:assessment_id>/change/", assessments.change, name="change-assessment"),
    path("assessments/<uuid:assessment_id>/put-in-bin/", assessments.put_in_bin, name="put-in-bin"),
    path("assessments/<uuid:assessment_id>/restore/", assessments.restore, name="restore"),
    path("assessments/<uuid:assessment_id>/workload/", questionnaire.workload, name="workload"),
    path("assessments/<uuid:assessment_id>/progress/", questionnaire.workload_progress, name="workload-progress"),
    path(
        "assessments/<uuid:assessment_id>/answers/<slug:question_key>/",
        questionnaire.save_workload_answer,
        name="save-workload-answer",
    ),
    path("assessments/<uuid:assessment_id>/offers/new/", offers.create, name="new-offer"),
    path("offers/<uuid:offer_id>/change/", offers.change, name="change-offer"),
    path("offers/<uuid:offer_id>/questions/<slug:concern_key>/", questionnaire.concern, name="concern"),
    path(
        "offers/<uuid:offer_id>/questions/<slug:concern_key>/progress/",
        questionnaire.concern_progress,
        name="concern-progress",
    ),
    path(
        "offers/<uuid:offer_id>/answers/<slug:question_key>/",
        questionnaire.save_offer_answer,
        name="save-offer-answer",
    ),
    path("offers/<uuid:offer_id>/review/", result.review, name="review"),
    path("offers/<uuid:offer_id>/result/", result.result, name="result"),
    path("offers/<uuid:offer_id>/report.pdf", report.draft, name="report"),
    path("offers/<uuid:offer_id>/reports/", report.listing, name="reports"),
    path("offers/<uuid:offer_id>/reports/issue/", report.issue, name="issue-report"),
    path("reports/<uuid:report_id>/", report.issued, name="issued-report"),
    path("reports/<uuid:report_id>/again/", report.again, name="print-again"),
    path("reports/<uuid:report_id>/report.pdf", report.download, name="download-report"),
    path("reports/<uuid:report_id>/assessment.json", report.as_json, name="report-json"),
    path("reports/<uuid:report_id>/since/<uuid:other_id>/", report.compare, name="compare-reports"),
    path("verify/", verification.verify, name="verify"),
    path("verify/<str:code>/", verification.by_code, name="verify-code"),
    path("assessments/import/", records.bring_in, name="import-assessment"),
    path("schemas/record-1.json", records.schema, name="record-schema"),
]
