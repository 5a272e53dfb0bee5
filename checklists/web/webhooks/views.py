"""Other programs that are told what happens, for the owners of an organisation: addresses, journal, sending anew."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from checklists.core.people.permissions import Action
from checklists.models import Webhook, WebhookMessage
from checklists.services.webhooks import keep_webhook
from checklists.services.webhooks.keep_webhook import WebhookRefused, add_webhook, refused_words
from checklists.services.webhooks.tell import EVENTS
from checklists.web.site.access import SignedRequest, member_required, organisation_or_404

PER_PAGE = 50
EVENT_WORDS: dict[str, Any] = {
    "assessment.created": gettext_lazy("An assessment is begun"),
    "assessment.submitted": gettext_lazy("An assessment is submitted for review"),
    "assessment.returned": gettext_lazy("An assessment is returned to its authors"),
    "assessment.approved": gettext_lazy("An assessment is approved"),
    "report.issued": gettext_lazy("A report is issued"),
    "report.ready": gettext_lazy("The file of a report is made"),
    "provider.answered": gettext_lazy("A provider sends its answers"),
}


class WebhookForm(forms.Form):
    """Where to send, and what."""

    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        help_text=gettext_lazy("https only, on a machine that the internet reaches: https://example.org/hook."),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("What it is told"),
        choices=[(event, EVENT_WORDS[event]) for event in EVENTS],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


@member_required
def webhooks(request: SignedRequest, organisation_id: int) -> HttpResponse:
    """The addresses of an organisation, and a form for another; its secret is shown once."""
    organisation = organisation_or_404(request, organisation_id, may=Action.MANAGE_ORGANISATION)
    form, made = WebhookForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            made = add_webhook(organisation, form.cleaned_data["url"], form.cleaned_data["events"], request.user)
            form = WebhookForm()
        except WebhookRefused as refused:
            form.add_error(refused.field, str(refused))
    context = {
        "organisation": organisation,
        "form": form,
        "made": made,
        "is_on": settings.WEBHOOKS,
        "lines": [_line(hook) for hook in organisation.webhooks.all()],
    }
    response = render(request, "web/webhooks/webhooks.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "private, no-store"
    return response


def _line(hook: Webhook) -> dict[str, Any]:
    return {"hook": hook, "events": [EVENT_WORDS[event] for event in hook.events if event in EVENT_WORDS]}


def _webhook_or_404(request: SignedRequest, webhook_id: UUID) -> Webhook:
    hook = get_object_or_404(Webhook.objects.select_related("organisation"), pk=webhook_id)
    organisation_or_404(request, hook.organisation_id, may=Action.MANAGE_ORGANISATION)
    return hook


@member_required
@require_safe
def journal(request: SignedRequest, webhook_id: UUID) -> HttpResponse:
    """What was sent to an address, the newest first, with what came of it."""
    hook = _webhook_or_404(request, webhook_id)
    page = Paginator(hook.messages.all(), PER_PAGE).get_page(request.GET.get("page"))
    lines = [
        {
            "message": message,
            "event": EVENT_WORDS.get(message.event, message.event),
            "problem": refused_words(message.problem) if message.problem else "",
        }
        for message in cast("list[WebhookMessage]", page.object_list)
    ]
    context = {"organisation": hook.organisation, "line": _line(hook), "page": page, "lines": lines}
    return render(request, "web/webhooks/journal.html", context)


@require_POST
@member_required
def switch(request: SignedRequest, webhook_id: UUID) -> HttpResponse:
    """Send nothing more, or send again."""
    hook = _webhook_or_404(request, webhook_id)
    keep_webhook.switch(hook, on=hook.disabled_at is not None)
    messages.success(request, _("Saved."))
    return redirect("webhook", hook.pk)


@require_POST
@member_required
def remove(request: SignedRequest, webhook_id: UUID) -> HttpResponse:
    """Forget an address and its journal."""
    hook = _webhook_or_404(request, webhook_id)
    organisation = hook.organisation_id
    keep_webhook.remove_webhook(hook)
    messages.success(request, _("The address is removed, with its journal."))
    return redirect("webhooks", organisation)


@require_POST
@member_required
def again(request: SignedRequest, message_id: UUID) -> HttpResponse:
    """Send one message once more."""
    message = get_object_or_404(WebhookMessage.objects.select_related("webhook"), pk=message_id)
    hook = _webhook_or_404(request, message.webhook_id)
    keep_webhook.send_anew(message)
    messages.success(request, _("The message is about to be sent once more."))
    return redirect("webhook", hook.pk)
