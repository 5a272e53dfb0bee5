"""The addresses of the pages people use."""

from django.urls import path

from checklists.web import assessments, catalogue, frameworks, home, lenses, offers, questionnaire, report, result

urlpatterns = [
    path("", home.home, name="home"),
    path("health", home.health, name="health"),
    path("accessibility/", home.accessibility, name="accessibility"),
    path("checklists/<slug:checklist>/<int:number>/", catalogue.read, name="edition"),
    path("frameworks/", frameworks.listing, name="frameworks"),
    path("frameworks/<slug:key>/<int:number>/", frameworks.read, name="framework"),
    path("assessments/", assessments.listing, name="assessments"),
    path("assessments/new/", assessments.create, name="new-assessment"),
    path("assessments/bin/", assessments.bin_listing, name="bin"),
    path("assessments/<uuid:assessment_id>/", assessments.overview, name="assessment"),
    path("assessments/<uuid:assessment_id>/change/", assessments.change, name="change-assessment"),
    path("assessments/<uuid:assessment_id>/put-in-bin/", assessments.put_in_bin, name="put-in-bin"),
    path("assessments/<uuid:assessment_id>/restore/", assessments.restore, name="restore"),
    path("assessments/<uuid:assessment_id>/frameworks/", lenses.choose, name="choose-frameworks"),
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
    path("offers/<uuid:offer_id>/frameworks/<slug:key>/", lenses.lens, name="lens"),
    path("offers/<uuid:offer_id>/frameworks/<slug:key>/minimums/", lenses.require, name="require-levels"),
    path("offers/<uuid:offer_id>/report.pdf", report.download, name="report"),
]
