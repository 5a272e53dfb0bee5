"""The addresses of the room ``assessments``."""

from django.urls import path

from checklists.web.assessments import offers, reassessment, views

urlpatterns = [
    path("assessments/new/", views.create, name="new-assessment"),
    path("assessments/bin/", views.bin_listing, name="bin"),
    path("assessments/<uuid:assessment_id>/", views.overview, name="assessment"),
    path("assessments/<uuid:assessment_id>/change/", views.change, name="change-assessment"),
    path("assessments/<uuid:assessment_id>/reassessment/", reassessment.reassess, name="reassessment"),
    path("assessments/<uuid:assessment_id>/put-in-bin/", views.put_in_bin, name="put-in-bin"),
    path("assessments/<uuid:assessment_id>/restore/", views.restore, name="restore"),
    path("assessments/<uuid:assessment_id>/offers/new/", offers.create, name="new-offer"),
    path("offers/<uuid:offer_id>/change/", offers.change, name="change-offer"),
]
