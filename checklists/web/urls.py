"""The addresses of the pages people use."""

from django.urls import path, re_path

from checklists.web import (
    assessments,
    capacity,
    catalogue,
    comparison,
    control_chain,
    deadlines,
    home,
    invitations,
    offers,
    organisations,
    person,
    questionnaire,
    report,
    result,
    trail,
    transition,
)

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
    path("offers/<uuid:offer_id>/control-chain/", control_chain.edit, name="control-chain"),
    path("offers/<uuid:offer_id>/review/", result.review, name="review"),
    path("offers/<uuid:offer_id>/result/", result.result, name="result"),
    path("offers/<uuid:offer_id>/report.pdf", report.download, name="report"),
    path("offers/<uuid:offer_id>/transition/", transition.transition, name="transition"),
    path("offers/<uuid:offer_id>/transition/answers/", transition.carry, name="carry-over-plan"),
    path("offers/<uuid:offer_id>/transition/delete/", transition.remove, name="delete-plan"),
    path("offers/<uuid:offer_id>/transition.ics", transition.calendar, name="plan-calendar"),
    path("deadlines/", deadlines.overview, name="deadlines"),
    path("deadlines.ics", deadlines.calendar, name="deadlines-calendar"),
    path("assessments/<uuid:assessment_id>/needs/", capacity.needs, name="needs"),
    path("offers/<uuid:offer_id>/capacity/", capacity.provision, name="provision"),
    path("offers/<uuid:offer_id>/copy/", comparison.copy, name="copy-answers"),
    path("assessments/<uuid:assessment_id>/comparison/", comparison.comparison, name="comparison"),
    path(
        "assessments/<uuid:assessment_id>/comparison.csv",
        comparison.comparison_file,
        {"kind": "csv"},
        name="comparison-csv",
    ),
    path(
        "assessments/<uuid:assessment_id>/comparison.xlsx",
        comparison.comparison_file,
        {"kind": "xlsx"},
        name="comparison-xlsx",
    ),
    path("organisations/new/", organisations.create, name="new-organisation"),
    path("organisations/choose/", organisations.choose, name="choose-organisation"),
    path("organisations/<int:organisation_id>/", organisations.show, name="organisation"),
    path("organisations/<int:organisation_id>/change/", organisations.change, name="change-organisation"),
    path("organisations/<int:organisation_id>/leave/", organisations.leave, name="leave-organisation"),
    path("organisations/<int:organisation_id>/invite/", invitations.invite_member, name="invite"),
    path(
        "organisations/<int:organisation_id>/invitations/<uuid:invitation_id>/withdraw/",
        invitations.withdraw,
        name="withdraw-invitation",
    ),
    path(
        "organisations/<int:organisation_id>/members/<int:membership_id>/role/",
        organisations.change_role,
        name="change-role",
    ),
    path(
        "organisations/<int:organisation_id>/members/<int:membership_id>/remove/",
        organisations.remove,
        name="remove-member",
    ),
    path(
        "organisations/<int:organisation_id>/members/<int:membership_id>/transfer/",
        organisations.transfer,
        name="transfer-ownership",
    ),
    path("organisations/<int:organisation_id>/trail/", trail.show, name="trail"),
    re_path(
        r"^organisations/(?P<organisation_id>\d{1,18})/trail\.(?P<form_of>csv|json)$", trail.export, name="export-trail"
    ),
    path("assessments/<uuid:assessment_id>/guests/", invitations.guests, name="guests"),
    path(
        "assessments/<uuid:assessment_id>/guests/<int:guest_id>/change/", invitations.change_guest, name="change-guest"
    ),
    path(
        "assessments/<uuid:assessment_id>/guests/<int:guest_id>/remove/", invitations.remove_guest, name="remove-guest"
    ),
    path("invitations/<str:token>/", invitations.answer, name="invitation"),
    path("person/", person.show, name="person"),
    path("person/my-data.json", person.export, name="export-person"),
    path("person/delete/", person.erase, name="erase-person"),
    path("privacy/", person.privacy, name="privacy"),
]
