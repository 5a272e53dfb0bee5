"""The addresses of the pages people use: one file a room."""

from django.urls import include, path

ROOMS = (
    "actions",
    "answers",
    "api",
    "assessments",
    "branding",
    "capacity",
    "clear_text",
    "comparison",
    "control_chain",
    "drafts",
    "editions",
    "evidence",
    "frameworks",
    "help",
    "interview",
    "judging",
    "moves",
    "notices",
    "people",
    "portfolio",
    "profiles",
    "provider_answers",
    "reports",
    "review",
    "team",
    "trail",
    "transition",
    "webhooks",
    "workbooks",
    "site",
)

urlpatterns = [path("", include(f"checklists.web.{room}.urls")) for room in ROOMS]
