"""The plainest Django views that do the same work, to measure ours against; served by the same middleware."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from checklists.models import Answer, DraftPart, TrailEntry
from checklists.web.answers.forms import QuestionnaireForm

BARE_CHAIN = 1_000_000
positions = count(1)
form: QuestionnaireForm | None = None
file: Path | None = None


class PlainList(admin.ModelAdmin):
    """Django's own list of the same parts, all on one page."""

    list_display = ("key", "family", "position", "revision")
    list_filter = ("family",)
    list_per_page = 2_000


site = admin.AdminSite("bare")
site.register(DraftPart, PlainList)


@login_required
def show(request: HttpRequest) -> HttpResponse:
    return render(request, "benchmarks/bare.html", {"form": form})


@require_POST
@login_required
def save(request: HttpRequest, answer_id: int) -> HttpResponse:
    Answer.objects.filter(pk=answer_id).update(comment=request.POST["comment"])
    return HttpResponse("saved")


@login_required
def send(request: HttpRequest) -> FileResponse:
    assert file is not None
    return FileResponse(file.open("rb"), content_type="application/pdf")


@login_required
def send_and_tell(request: HttpRequest) -> FileResponse:
    TrailEntry.objects.create(chain=BARE_CHAIN, position=next(positions), at=timezone.now(), kind="sent", details={})
    return send(request)


urlpatterns = [
    path("bare/", show),
    path("bare/file/", send),
    path("bare/told/", send_and_tell),
    path("bare/<int:answer_id>/", save),
    path("bare-admin/", site.urls),
    path("", include("compliance.urls")),
]
