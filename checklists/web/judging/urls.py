"""The addresses of the room ``judging``."""

from django.urls import path

from checklists.web.judging import views

urlpatterns = [
    path("offers/<uuid:offer_id>/review/", views.review, name="review"),
    path("offers/<uuid:offer_id>/resume/", views.resume, name="resume"),
    path("offers/<uuid:offer_id>/result/", views.result, name="result"),
]
