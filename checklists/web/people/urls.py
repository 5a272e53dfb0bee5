"""The addresses of the room ``people``."""

from django.urls import path

from checklists.web.people import invitations, organisations, person

urlpatterns = [
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
    path("assessments/<uuid:assessment_id>/guests/", invitations.guests, name="guests"),
    path(
        "assessments/<uuid:assessment_id>/guests/<int:guest_id>/change/", invitations.change_guest, name="change-guest"
    ),
    path(
        "assessments/<uuid:assessment_id>/guests/<int:guest_id>/remove/", invitations.remove_guest, name="remove-guest"
    ),
    path("invitations/<str:token>/", invitations.answer, name="invitation"),
    path("person/", person.show, name="person"),
    path("person/sessions/end/", person.end_session, name="end-session"),
    path("person/my-data.json", person.export, name="export-person"),
    path("person/delete/", person.erase, name="erase-person"),
    path("privacy/", person.privacy, name="privacy"),
]
