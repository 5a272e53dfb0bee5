"""The addresses of the room ``drafts``."""

from django.urls import path

from checklists.web.drafts import views

urlpatterns = [
    path("drafts/<int:draft_id>/preview/", views.enter, name="draft-preview"),
    path("drafts/<int:draft_id>/preview/result/", views.result, name="draft-preview-result"),
    path("drafts/<int:draft_id>/preview/restart/", views.restart, name="draft-preview-restart"),
    path("drafts/<int:draft_id>/preview/<slug:chapter>/", views.page, name="draft-preview-page"),
    path(
        "drafts/<int:draft_id>/preview/<slug:chapter>/progress/",
        views.progress,
        name="draft-preview-progress",
    ),
    path(
        "drafts/<int:draft_id>/preview/answers/<slug:question_key>/save/",
        views.save,
        name="draft-preview-save",
    ),
]
