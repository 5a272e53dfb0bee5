"""Invite by e-mail: send, withdraw, read the link, accept. A link works once, for one address, for some days."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from checklists.core.readable import TURNING, readable
from checklists.models import Assessment, Guest, Invitation, Membership, Organisation, User
from checklists.services.people.keep_members import lock_organisation
from checklists.services.people.prove_mailbox import is_proven, prove_mailbox
from checklists.services.trail.record import acting

_SIGNER = signing.TimestampSigner(sep=".", salt="checklists.invitation")


class InvitationRefused(Exception):
    """``reason`` is a sentence for the person who invites or who is invited."""

    def __init__(self, reason: Any) -> None:
        self.reason = reason
        super().__init__(str(reason))


def lifetime() -> timedelta:
    """How long a link works: the setting ``INVITATION_DAYS``."""
    return timedelta(days=settings.INVITATION_DAYS)


@transaction.atomic
def invite_member(
    organisation: Organisation, *, email: str, role: str, by: User, address_of: Callable[[str], str]
) -> Invitation:
    """Invite ``email`` with ``role``; ``address_of`` makes the address of a token. Raises ``InvitationRefused``."""
    email = email.strip().lower()
    lock_organisation(organisation.pk)
    if organisation.memberships.filter(user__email__iexact=email).exists():
        raise InvitationRefused(_("This person is a member already: change their role in the list."))
    invitation = Invitation(organisation=organisation, email=email, role=role)
    return _send(invitation, by, address_of)


@transaction.atomic
def invite_guest(
    assessment: Assessment, *, email: str, until: date, by: User, address_of: Callable[[str], str]
) -> Invitation:
    """Invite ``email`` to read ``assessment`` up to and including ``until``. Raises ``InvitationRefused``."""
    email = email.strip().lower()
    organisation = lock_organisation(assessment.organisation_id)
    if organisation.memberships.filter(user__email__iexact=email).exists():
        raise InvitationRefused(_("This person is a member of the organisation and reads the assessment already."))
    if Guest.objects.lasting().filter(assessment=assessment, user__email__iexact=email).exists():
        raise InvitationRefused(_("This person is a guest already: change the last day in the list."))
    invitation = Invitation(organisation=organisation, email=email, assessment=assessment, guest_until=until)
    return _send(invitation, by, address_of)


MOST_A_DAY, MOST_FOR_AN_ORGANISATION, MOST_TO_ONE = 40, 60, 4
"""Invitations that one person sends in a day, one organisation sends in a day, and one address gets in a day."""


def _check_measure(invitation: Invitation, by: User) -> None:
    """Invitations are no way to write to whomever one likes. Raises ``InvitationRefused``."""
    if settings.ACCOUNT_EMAIL_VERIFICATION == "mandatory" and not is_proven(by):
        raise InvitationRefused(_("Verify the address of your account before you invite others."))
    today = Invitation.objects.filter(created_at__gt=timezone.now() - timedelta(days=1))
    if (
        today.filter(invited_by=by).count() >= MOST_A_DAY
        or today.filter(organisation=invitation.organisation).count() >= MOST_FOR_AN_ORGANISATION
    ):
        raise InvitationRefused(_("Too many invitations were sent in a day: wait until tomorrow."))
    if today.filter(email=invitation.email).count() >= MOST_TO_ONE:
        raise InvitationRefused(_("This address was invited several times in a day: wait until tomorrow."))


def flattened(name: str) -> str:
    """A name as it may stand in an e-mail: short, on one line, with nothing that a reader of mail makes a link of."""
    plain = TURNING.sub("", readable(" ".join(name.split())))
    plain = re.sub(r"\S*(?:://|www\.|@)\S*|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/\S*)?", "…", plain, flags=re.IGNORECASE)
    return plain if len(plain) <= LONGEST_NAME else plain[: LONGEST_NAME - 1] + "…"


LONGEST_NAME = 80
"""Characters of a name in an e-mail."""


def _send(invitation: Invitation, by: User, address_of: Callable[[str], str]) -> Invitation:
    """Keep the invitation and send it in the language of whoever invites; earlier ones to the same place end."""
    alike = Invitation.objects.open().filter(
        organisation=invitation.organisation, email=invitation.email, assessment=invitation.assessment
    )
    _check_measure(invitation, by)
    for earlier in alike:
        withdraw(earlier)
    invitation.language = get_language() or settings.LANGUAGE_CODE
    invitation.invited_by = by
    invitation.expires_at = timezone.now() + lifetime()
    invitation.save()
    context = {
        "invitation": invitation,
        "organisation": {"name": flattened(invitation.organisation.name)},
        "assessment": {"name": flattened(invitation.assessment.name)} if invitation.assessment else None,
        "by": flattened(by.get_full_name()) or by.email,
        "address": address_of(_SIGNER.sign(str(invitation.pk))),
    }
    subject = " ".join(render_to_string("mail/invitation_subject.txt", context).split())
    try:
        send_mail(subject, render_to_string("mail/invitation.txt", context), None, [invitation.email])
    except OSError:
        # Everything an SMTP conversation can raise is an OSError; the invitation goes back with the transaction.
        raise InvitationRefused(
            _("The e-mail could not be sent: nobody was invited. Try again, or tell the site operator.")
        ) from None
    return invitation


@transaction.atomic
def withdraw(invitation: Invitation) -> None:
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])


def token_of(invitation: Invitation) -> str:
    """The token of a link to ``invitation``: only for who is known to hold its address."""
    return _SIGNER.sign(str(invitation.pk))


def read_token(token: str) -> Invitation | None:
    """The invitation of a link that still works; ``None`` for a link forged, used, withdrawn or expired."""
    try:
        pk = _SIGNER.unsign(token, max_age=lifetime())
    except signing.BadSignature:
        return None
    return Invitation.objects.open().select_related("organisation", "assessment", "invited_by").filter(pk=pk).first()


@transaction.atomic
def accept(invitation: Invitation, user: User, *, session: str | None = None) -> None:
    """``user``, who holds the link, becomes a member or a guest, once. Raises ``InvitationRefused``.

    The link proves the mailbox: an account whose address was never verified is first made its holder's alone (see
    ``prove_mailbox``). ``session`` is the key of the session to leave open.
    """
    lock_organisation(invitation.organisation_id)
    current = Invitation.objects.open().select_for_update(of=("self",)).filter(pk=invitation.pk).first()
    if current is None:
        raise InvitationRefused(_("This invitation has been used already, or withdrawn."))
    if current.email.lower() != user.email.lower():
        raise InvitationRefused(_("This invitation was sent to another address than that of your account."))
    with acting(lambda: user):
        prove_mailbox(user, keep_session=session)
        if current.assessment is None:
            role = {"role": current.role}
            Membership.objects.get_or_create(user=user, organisation_id=current.organisation_id, defaults=role)
        else:
            until = {"until": current.guest_until or date.min}
            Guest.objects.update_or_create(user=user, assessment=current.assessment, defaults=until)
        current.accepted_at, current.accepted_by = timezone.now(), user
        current.save(update_fields=["accepted_at", "accepted_by"])
