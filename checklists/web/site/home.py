"""The front door."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from checklists.models import Edition
from checklists.services.editions.publish_edition import current_edition, load_edition


def home(request: HttpRequest) -> HttpResponse:
    """What the product is, for those who do not know it; the assessments, for those who do."""
    if request.user.is_authenticated:
        return redirect("assessments")
    try:
        edition = load_edition(current_edition().sha256)
    except Edition.DoesNotExist:
        edition = None
    return render(request, "web/site/home.html", {"edition": edition})


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "web/site/accessibility.html")


def health(request: HttpRequest) -> HttpResponse:
    """For a load balancer: the process answers and the database too."""
    Edition.objects.exists()
    return HttpResponse("ok", content_type="text/plain")
