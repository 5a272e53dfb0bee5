"""What the front page of the administration shows to whom: criteria, frameworks, cases, library, people, the site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from checklists.models import (
    ChecklistOwner,
    Draft,
    Edition,
    Framework,
    ImpactRun,
    Organisation,
    PrintJob,
    ProfileFact,
    ProviderProfile,
    User,
)
from checklists.services.drafts.check_draft import check_draft
from checklists.services.editions.keep_cases import cases_of
from checklists.services.editions.offer_checklists import (
    Offered,
    offer_again,
    published_checklists,
    withdraw_checklist,
)
from checklists.services.editions.own_checklists import offer_to_all, powers_on, writable, writing_in
from checklists.words.vocabulary import pick

WORDS = {
    "django_tasks_database": gettext_lazy("Work in the background"),
    "django_tasks_db": gettext_lazy("Work in the background"),
    "DBTaskResult": gettext_lazy("Tasks and what came of them"),
}
"""French and English for what a package names in English alone: applications by label, models by class."""
FOR_ALL = {"for-all": True, "for-itself": False}
"""What a button says of who is offered an organisation's checklist."""
UNDER_WAY = (Draft.State.OPEN, Draft.State.SUBMITTED)


def door(request: HttpRequest) -> dict[str, Any]:
    """The sections of the front page that the reader may use; nothing of the others is counted."""
    user: Any = request.user
    sections: dict[str, Any] = {}
    is_of_instance = user.has_perm("checklists.view_draft")
    writes_own = writing_in(user).exists()
    if is_of_instance or writes_own:
        shown = _looked_at(user)
        sections["criteria"] = _criteria(user, shown)
        sections["cases"] = [(each.key, pick(each.title), len(cases_of(each.key))) for each in shown]
    if is_of_instance:
        sections["frameworks"] = _frameworks(shown)
    if user.has_perm("checklists.view_providerprofile"):
        sections["library"] = _library()
    if user.is_superuser:
        sections["people"] = _people()
        sections["site"] = _site()
    return {
        "sections": sections,
        "may_begin": user.has_perm("checklists.add_draft") or writes_own,
        "may_offer_to_all": user.is_superuser,
        "may_withdraw": user.has_perm("checklists.publish_draft") or writes_own,
    }


def _looked_at(user: User) -> list[Offered]:
    """The published checklists that ``user`` may look at here."""
    mine = set(Edition.objects.filter(writable(user)).values_list("checklist", flat=True))
    return [each for each in published_checklists() if each.key in mine]


def _criteria(user: User, shown: list[Offered]) -> list[dict[str, Any]]:
    """Every checklist that ``user`` may look at, published or only drafted: its edition in force and its draft."""
    drafts = Draft.objects.filter(writable(user), state__in=UNDER_WAY).select_related("created_by", "submitted_by")
    drafted = {draft.checklist: draft for draft in drafts.defer("base__document")}
    found = [
        {
            "key": each.key,
            "title": pick(each.title) or each.key,
            "edition": each.edition,
            "is_withdrawn": each.is_withdrawn,
            "draft": _draft(drafted.pop(each.key, None)),
            "owner": each.owner,
            "may_publish": "publish" in powers_on(user, each.key)
            if each.owner
            else user.has_perm("checklists.publish_draft"),
        }
        for each in shown
    ]
    return found + [
        {"key": key, "title": pick(draft.head.get("title")) or key, "edition": None, "draft": _draft(draft)}
        for key, draft in drafted.items()
    ]


def _draft(draft: Draft | None) -> dict[str, Any] | None:
    if draft is None:
        return None
    problems = check_draft(draft)
    waits = draft.state == Draft.State.SUBMITTED
    return {
        "pk": draft.pk,
        "errors": sum(not problem.is_warning for problem in problems),
        "warnings": sum(problem.is_warning for problem in problems),
        "waits": waits,
        "by": draft.submitted_by if waits else draft.created_by,
        "since": draft.submitted_at if waits else draft.updated_at,
    }


def _frameworks(shown: list[Offered]) -> list[tuple[Framework, str]]:
    rows = Framework.objects.defer("document").order_by("key", "number")
    newest = {row.key: row for row in rows}
    titles = {each.key: pick(each.title) for each in shown}
    return [(row, titles.get(row.checklist, row.checklist)) for row in newest.values()]


def _library() -> dict[str, int]:
    today = timezone.localdate()
    return {
        "profiles": ProviderProfile.objects.filter(is_withdrawn=False).count(),
        "facts": ProfileFact.objects.count(),
        "to_review": ProfileFact.objects.filter(review_by__lt=today).count(),
        "contested": ProfileFact.objects.exclude(contested={}).count(),
        "replies": ProviderProfile.objects.filter(reply__isnull=False).count(),
    }


def _people() -> dict[str, int]:
    return {
        "users": User.objects.filter(is_active=True).count(),
        "staff": User.objects.filter(is_active=True, is_staff=True).count(),
        "organisations": Organisation.objects.count(),
    }


def _site() -> dict[str, int]:
    return {
        "reports_waiting": PrintJob.objects.filter(state__in=("waiting", "running")).count(),
        "reports_failed": PrintJob.objects.filter(state="failed").count(),
        "impacts_waiting": ImpactRun.objects.filter(state__in=("waiting", "running")).count(),
        "impacts_failed": ImpactRun.objects.filter(state="failed").count(),
    }


def translated(apps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Django's list, with our words where a package has none of its own."""
    for app in apps:
        app["name"] = WORDS.get(app["app_label"], app["name"])
        for model in app["models"]:
            model["name"] = WORDS.get(model["object_name"], model["name"])
    return apps


_index = admin.site.index


def index(request: HttpRequest, extra_context: Mapping[str, Any] | None = None) -> HttpResponse:
    """The front page; Django's list comes last, under "Technical"."""
    apps = translated(admin.site.get_app_list(request))
    return _index(request, {**door(request), "app_list": apps, **(extra_context or {})})


@require_POST
def change_standing(request: HttpRequest, checklist: str) -> HttpResponse:
    """Withdraw a checklist, or offer it again: those who publish it decide. To all or not: the instance decides."""
    act = request.POST.get("act")
    if act in FOR_ALL:
        return _change_audience(request, checklist, is_for_all=FOR_ALL[act])
    if "publish" not in powers_on(request.user, checklist):
        raise PermissionDenied
    if act == "offer":
        offer_again(checklist)
        messages.success(request, _("Offered to new assessments again."))
    else:
        try:
            withdraw_checklist(checklist, request.user)  # type: ignore[arg-type]
        except Edition.DoesNotExist:
            raise Http404(f"no checklist {checklist}") from None
        messages.success(request, _("Withdrawn: new assessments cannot take it; those that use it keep it."))
    return redirect(reverse("admin:index"))


def _change_audience(request: HttpRequest, checklist: str, *, is_for_all: bool) -> HttpResponse:
    """Offer an organisation's own checklist to all, or to it alone again."""
    if not request.user.is_superuser:
        raise PermissionDenied
    try:
        offer_to_all(checklist, is_for_all=is_for_all)
    except ChecklistOwner.DoesNotExist:
        raise Http404(f"{checklist} is the instance's") from None
    told = _("Offered to every organisation.") if is_for_all else _("Its organisation alone sees it again.")
    messages.success(request, told)
    return redirect(reverse("admin:index"))


_urls = admin.site.get_urls


def urls() -> list[URLResolver | URLPattern]:
    """Django's addresses, and ours."""
    standing = admin.site.admin_view(change_standing)
    return [path("checklists/standing/<slug:checklist>/", standing, name="checklist_standing"), *_urls()]


def open_door() -> None:
    """Put our front page in the place of Django's."""
    admin.site.index = index  # type: ignore[method-assign,assignment]
    admin.site.get_urls = urls  # type: ignore[method-assign]
    admin.site.index_template = "admin/door.html"


open_door()
