"""The addresses of the room ``review``."""

from django.urls import path

from checklists.web.review import views

urlpatterns = [
    path("assessments/<uuid:assessment_id>/review/", views.show, name="assessment-review"),
    path("assessments/<uuid:assessment_id>/review/submit/", views.submit, name="submit-review"),
    path("assessments/<uuid:assessment_id>/review/withdraw/", views.withdraw, name="withdraw-review"),
    path("assessments/<uuid:assessment_id>/review/decide/", views.decide, name="decide-review"),
    path("assessments/<uuid:assessment_id>/review/send-back/", views.send_back, name="send-back-review"),
    path("assessments/<uuid:assessment_id>/review/approve/", views.approve, name="approve-review"),
    path("assessments/<uuid:assessment_id>/review/reopen/", views.reopen, name="reopen-review"),
]
