"""API tokens: one's own, and those of an organisation for its owners. A secret is shown once, then never again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from checklists.core.people.permissions import Action
from checklists.models import ApiToken, Assessment, Organisation, User
from checklists.services.api.tokens import (
    LONGEST,
    TokenRefused,
    create_token,
    possible_scopes,
    renew_token,
    revoke_token,
    token_of,
)
from checklists.web.site.access import member_required, organisation_or_404

SCOPES: dict[Action, Any] = {
    Action.READ: gettext_lazy("Read assessments, answers, verdicts and reports"),
    Action.SEE_TEAM: gettext_lazy("See who answers what, and the discussions"),
    Action.COMMENT: gettext_lazy("Write in the discussions"),
    Action.ANSWER: gettext_lazy("Answer questions"),
    Action.REVIEW: gettext_lazy("Review"),
    Action.APPROVE: gettext_lazy("Approve"),
    Action.ISSUE_REPORT: gettext_lazy("Issue reports"),
    Action.MANAGE_ASSESSMENT: gettext_lazy("Create and change assessments and offers"),
    Action.MANAGE_ORGANISATION: gettext_lazy("Manage the organisation"),
}
RENEWED_FOR = timedelta(days=90)


class TokenForm(forms.Form):
    """What a new token is called, what it may do, on what, until when."""

    name = forms.CharField(
        label=gettext_lazy("Name of the token"),
        max_length=100,
        help_text=gettext_lazy("For example the name of the program that uses it."),
    )
    scopes = forms.MultipleChoiceField(label=gettext_lazy("What it may do"), widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(
        label=gettext_lazy("In how many days it ends"),
        min_value=1,
        max_value=LONGEST.days,
        initial=RENEWED_FOR.days,
        help_text=gettext_lazy("A year at most."),
    )
    assessments = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Only on these assessments"),
        queryset=Assessment.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Choose none to open all those that its holder may open."),
    )

    def __init__(self, user: User, organisation: Organisation | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        possible = possible_scopes(user, organisation)
        scopes = cast(forms.MultipleChoiceField, self.fields["scopes"])
        scopes.choices = [(action.value, words) for action, words in SCOPES.items() if action in possible]
        chosen = cast(forms.ModelMultipleChoiceField, self.fields["assessments"])
        found = Assessment.objects.in_use().visible_to(user)
        chosen.queryset = found.filter(organisation=organisation) if organisation else found
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    @property
    def ends(self) -> datetime:
        """The last moment of the token: the chosen number of days from now."""
        return timezone.now() + timedelta(days=self.cleaned_data["days"])


@member_required
def own_tokens(request: HttpRequest) -> HttpResponse:
    """One's own tokens, and a form for another."""
    return _tokens(request, None)


@member_required
def organisation_tokens(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """The tokens of an organisation, for its owners."""
    return _tokens(request, organisation_or_404(request, organisation_id, may=Action.MANAGE_ORGANISATION))


def _tokens(request: HttpRequest, organisation: Organisation | None) -> HttpResponse:
    user = cast(User, request.user)
    form = TokenForm(user, organisation, request.POST or None)
    secret, made = "", None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made, secret = create_token(
                name=data["name"],
                by=user,
                scopes=data["scopes"],
                expires_at=form.ends,
                organisation=organisation,
                assessments=data["assessments"],
            )
            form = TokenForm(user, organisation)
        except TokenRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    return _render(request, organisation, form, made, secret, status=422 if form.errors else 200)


def _render(
    request: HttpRequest,
    organisation: Organisation | None,
    form: TokenForm,
    made: ApiToken | None,
    secret: str,
    status: int = 200,
) -> HttpResponse:
    holder = {"organisation": organisation} if organisation else {"user": request.user}
    lines = [
        {
            "token": token,
            "scopes": [SCOPES[Action(word)] for word in token.scopes],
            "chosen": [str(assessment) for assessment in token.assessments.all()],
        }
        for token in ApiToken.objects.filter(**holder).prefetch_related("assessments")
    ]
    context = {"organisation": organisation, "form": form, "lines": lines, "made": made, "secret": secret}
    response = render(request, "web/api/tokens.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _token_or_404(request: HttpRequest, token_id: UUID) -> ApiToken:
    token = token_of(cast(User, request.user), token_id)
    if token is None:
        raise Http404("no token of theirs")
    return token


@member_required
@require_POST
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """End a token at once."""
    token = _token_or_404(request, token_id)
    revoke_token(token)
    messages.success(request, _("The token “%(name)s” opens nothing any more.") % {"name": token.name})
    return _back(token)


@member_required
@require_POST
def renew(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """Replace a token by one with the same scopes; the old one ends, the new secret is shown once."""
    token = _token_or_404(request, token_id)
    user = cast(User, request.user)
    try:
        made, secret = renew_token(token, user, timezone.now() + RENEWED_FOR)
    except TokenRefused as refused:
        messages.error(request, str(refused))
        return _back(token)
    form = TokenForm(user, token.organisation)
    return _render(request, token.organisation, form, made, secret)


def _back(token: ApiToken) -> HttpResponse:
    if token.organisation_id:
        return redirect("organisation-tokens", token.organisation_id)
    return redirect("tokens")
