"""Who calls: the token of the request, what it may do, and the rows it opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from checklists.api.problems import Problem
from checklists.core.people.permissions import Action, roles_that_may
from checklists.models import ApiToken, Assessment, Membership, Offer, Organisation, User
from checklists.models.assessments import AssessmentQuerySet, OfferQuerySet
from checklists.services.api.tokens import find_token
from checklists.services.editions.own_checklists import visible, visible_to_organisation


@dataclass(frozen=True, slots=True)
class Caller:
    """A program and its token. ``user`` is the person it acts for, ``None`` for an organisation's token."""

    token: ApiToken
    user: User | None

    def require(self, action: Action) -> None:
        """Raises a 403 problem when the token was not given ``action``."""
        if str(action) not in self.token.scopes:
            raise Problem(
                403,
                "scope-missing",
                _("This token was not given the scope “%(scope)s”.") % {"scope": action},
                extra={"scope": str(action)},
            )

    def readable(self) -> Q:
        """The editions this caller may read: not those of a checklist that another organisation keeps."""
        if self.user is not None:
            return visible(self.user)
        return visible_to_organisation(cast(Organisation, self.token.organisation))

    def assessments(self, action: Action) -> AssessmentQuerySet:
        """The assessments in use on which this caller may do ``action``: its scopes and its holder's present rights."""
        self.require(action)
        found = Assessment.objects.in_use()
        if self.user is not None:
            found = found.allowing(self.user, action)
        else:
            found = found.filter(organisation=self.token.organisation)
        if self.token.is_limited:
            found = found.filter(pk__in=self.token.assessments.values("pk"))
        return found

    def assessment(self, key: UUID, action: Action) -> Assessment:
        """One of :meth:`assessments`. Not there and not allowed are the same 404."""
        found = self.assessments(action).select_related("edition", "organisation").filter(pk=key).first()
        if found is None:
            raise not_found()
        return found

    def offers(self, action: Action) -> OfferQuerySet:
        return Offer.objects.filter(assessment__in=self.assessments(action))

    def offer(self, key: UUID, action: Action) -> Offer:
        """One of :meth:`offers`, with its assessment and edition."""
        chosen = self.offers(action).select_related("assessment__edition", "assessment__organisation")
        found = chosen.filter(pk=key).first()
        if found is None:
            raise not_found()
        return found

    def organisation(self, key: int, action: Action) -> Organisation:
        """An organisation in which this caller may do ``action``."""
        self.require(action)
        found = Organisation.objects.filter(pk=key)
        if self.user is not None:
            members = Membership.objects.filter(user=self.user, role__in=roles_that_may(action))
            found = found.filter(pk__in=members.values("organisation"))
        else:
            found = found.filter(pk=self.token.organisation_id or 0)
        if self.token.is_limited or (organisation := found.first()) is None:
            raise not_found()
        return organisation


class TokenAuth(HttpBearer):
    """``Authorization: Bearer pck_…``: nothing else opens the interface, no cookie in particular."""

    openapi_description = "A token made on the page “API tokens” of one's own account or of an organisation."

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        found = find_token(token)
        if found is None:
            return None
        # The trail names the person and the token; a cookie of the same request counts for nothing.
        request.user = found.user or AnonymousUser()
        request.api_token = found  # type: ignore[attr-defined]
        return Caller(found, found.user)


def caller_of(request: HttpRequest) -> Caller:
    """The caller that authentication found."""
    return cast(Caller, request.auth)  # type: ignore[attr-defined]


def not_found() -> Problem:
    return Problem(404, "not-found", _("Nothing is there, or the token does not open it."))
