"""Make, find, renew and revoke API tokens.

A token reads ``pck_<hint>_<secret>``: the hint finds the row, the SHA-256 of the whole proves it. The secret has 256
bits from the system's source of randomness, so a plain fingerprint is as safe as a slow one and is checked faster.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from checklists.core.people.permissions import ALLOWED, Action, Role
from checklists.models import ApiToken, Assessment, Membership, Organisation, User

PREFIX = "pck"
LONGEST = timedelta(days=366)
"""A token ends within a year."""
USE_STEP = timedelta(minutes=1)
"""The last use is told to the minute: a program asking fast does not write it each time."""
OF_ORGANISATION = ALLOWED[Role.CONTRIBUTOR]
"""What the token of an organisation may do at most: nothing that needs a person's own decision."""


class TokenRefused(ValueError):
    """The token cannot be made; ``field`` names what to mend and the message says how."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


def possible_scopes(user: User, organisation: Organisation | None) -> frozenset[Action]:
    """What a token may do at most: the person's own rights wherever they are a member, or an organisation's share."""
    if organisation is not None:
        return OF_ORGANISATION
    roles = Membership.objects.filter(user=user).values_list("role", flat=True)
    return frozenset({Action.READ}).union(*(ALLOWED[Role(role)] for role in roles))


@transaction.atomic
def create_token(
    *,
    name: str,
    by: User,
    scopes: Iterable[str],
    expires_at: datetime,
    organisation: Organisation | None = None,
    assessments: Iterable[Assessment] = (),
) -> tuple[ApiToken, str]:
    """A token of ``by``, or of ``organisation`` made by one of its owners, and its secret, which is told once.

    Without ``assessments`` it opens all that its holder may open. Raises ``TokenRefused``.
    """
    now = timezone.now()
    asked = frozenset(scopes)
    possible = {str(action) for action in possible_scopes(by, organisation)}
    if not name.strip():
        raise TokenRefused("name", _("Give the token a name: it says later which program uses it."))
    if not asked:
        raise TokenRefused("scopes", _("Choose at least one thing the token may do."))
    if not asked <= possible:
        raise TokenRefused("scopes", _("A token may never do more than you may do yourself."))
    if not now < expires_at <= now + LONGEST:
        raise TokenRefused("expires_at", _("A token ends after today and within a year."))
    limited = list(assessments)
    hint, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    text = f"{PREFIX}_{hint}_{secret}"
    token = ApiToken.objects.create(
        name=name.strip(),
        hint=f"{PREFIX}_{hint}",
        sha256=_fingerprint(text),
        user=None if organisation else by,
        organisation=organisation,
        scopes=sorted(asked),
        is_limited=bool(limited),
        created_by=by,
        expires_at=expires_at,
    )
    token.assessments.set(limited)
    return token, text


def find_token(text: str) -> ApiToken | None:
    """The working token whose secret is ``text``; ``None`` for every other text. Notes the use."""
    prefix, _, rest = text.partition("_")
    hint, _, secret = rest.partition("_")
    if prefix != PREFIX or not hint or not secret or len(text) > 200:
        return None
    now = timezone.now()
    found = ApiToken.objects.working(now).select_related("user", "organisation").filter(hint=f"{PREFIX}_{hint}").first()
    # The fingerprint is computed for an unknown token too: the time taken tells nothing.
    if not constant_time_compare(_fingerprint(text), found.sha256 if found else "") or found is None:
        return None
    if found.user is not None and not found.user.is_active:
        return None
    if found.last_used_at is None or now - found.last_used_at > USE_STEP:
        ApiToken.objects.filter(pk=found.pk).update(last_used_at=now)
    return found


def revoke_token(token: ApiToken) -> None:
    """End ``token`` at once. Revoking it again changes nothing."""
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])


@transaction.atomic
def renew_token(token: ApiToken, by: User, expires_at: datetime) -> tuple[ApiToken, str]:
    """A token with the name, scopes and assessments of ``token``, which ends. Raises ``TokenRefused``."""
    fresh = create_token(
        name=token.name,
        by=by,
        scopes=token.scopes,
        expires_at=expires_at,
        organisation=token.organisation,
        assessments=token.assessments.all() if token.is_limited else (),
    )
    fresh[0].is_limited = token.is_limited
    fresh[0].save(update_fields=["is_limited"])
    revoke_token(token)
    return fresh


def tokens_of(user: User) -> list[ApiToken]:
    """The person's own tokens, newest first, ended ones included."""
    return list(ApiToken.objects.filter(user=user).prefetch_related("assessments"))


def token_of(user: User, token_id: UUID) -> ApiToken | None:
    """A token that ``user`` may end or renew: their own, or one of an organisation they own."""
    owned = Membership.objects.filter(user=user, role=Role.OWNER).values("organisation")
    return ApiToken.objects.filter(Q(user=user) | Q(organisation__in=owned), pk=token_id).first()


def _fingerprint(text: str) -> str:
    return sha256(text.encode()).hexdigest()
