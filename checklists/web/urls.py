"""The addresses of the pages people use."""

from django.urls import path

from checklists.web import assessments, catalogue, deadlines, home, offers, questionnaire, report, result, transition

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
    path("offers/<uuid:offer_id>/report.pdf", report.download, name="report"),
    path("offers/<uuid:offer_id>/transition/", transition.transition, name="transition"),
    path("offers/<uuid:offer_id>/transition/answers/", transition.carry, name="carry-over-plan"),
    path("offers/<uuid:offer_id>/transition/delete/", transition.remove, name="delete-plan"),
    path("offers/<uuid:offer_id>/transition.ics", transition.calendar, name="plan-calendar"),
    path("deadlines/", deadlines.overview, name="deadlines"),
    path("deadlines.ics", deadlines.calendar, name="deadlines-calendar"),
]
