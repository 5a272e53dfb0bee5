"""Take an action in hand: who does it, by when, how far it is.

An approved assessment keeps its content; what is carried out afterwards goes on, as the steps of a plan do
(decision 0062): actions are not locked with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from checklists.core.people.permissions import Action
from checklists.models import Offer, OfferAction, User
from checklists.models.actions import MAX_NOTE
from checklists.services.permissions import who_may


class ActionRefused(ValueError):
    """The action cannot be kept so; ``errors`` maps a field to a sentence."""

    def __init__(self, errors: dict[str, Any]) -> None:
        self.errors = errors
        super().__init__("; ".join(f"{field}: {message}" for field, message in errors.items()))


class ActionIsStale(Exception):
    """Somebody changed the action since it was read; ``current`` is what stands now, ``None`` for nothing."""

    def __init__(self, current: OfferAction | None) -> None:
        self.current = current
        super().__init__("changed meanwhile")


@dataclass(frozen=True, slots=True)
class Undertaking:
    """What is kept of an action. ``owner`` is a person's number, ``None`` for nobody."""

    owner: int | None = None
    due: date | None = None
    state: str = OfferAction.State.TO_DO
    note: str = ""

    @classmethod
    def of(cls, row: OfferAction | None) -> Undertaking:
        return cls(row.owner_id, row.due, row.state, row.note) if row else cls()


@transaction.atomic
def keep_action(offer: Offer, key: str, said: Undertaking, *, revision: int, by: User | None) -> OfferAction:
    """Keep ``said`` of the action ``key``; ``revision`` is that of the row that was read, 0 for none.

    Raises ``ActionRefused``; ``ActionIsStale`` when somebody else changed it, unless to the same.
    """
    row = OfferAction.objects.select_for_update().filter(offer=offer, key=key).first()
    if row and Undertaking.of(row) == said:
        return row
    if revision != (row.revision if row else 0):
        raise ActionIsStale(row)
    _check(offer, said, standing=row.owner_id if row else None)
    row = row or OfferAction(offer=offer, key=key, revision=0)
    row.owner_id, row.due, row.state, row.note = said.owner, said.due, said.state, said.note
    row.revision += 1
    row.updated_by = by
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        # Two first saves at the same instant: the other one stands.
        raise ActionIsStale(OfferAction.objects.filter(offer=offer, key=key).first()) from None
    return row


def _check(offer: Offer, said: Undertaking, *, standing: int | None) -> None:
    errors: dict[str, Any] = {}
    if said.state not in OfferAction.State.values:
        errors["state"] = _("Choose a state in the list.")
    if len(said.note) > MAX_NOTE:
        errors["note"] = _("The note is too long: 2,000 characters at most.")
    owner = said.owner
    if (
        owner is not None
        and owner != standing
        and not who_may(Action.ANSWER, offer.assessment).filter(pk=owner).exists()
    ):
        errors["owner"] = _("This person may not answer here. Choose another.")
    if errors:
        raise ActionRefused(errors)


@transaction.atomic
def take_on(offer: Offer, keys: Iterable[str], by: User | None) -> int:
    """Put the actions ``keys`` on the list of what is to be done, those that nobody took in hand; how many."""
    standing = set(OfferAction.objects.filter(offer=offer).values_list("key", flat=True))
    new = [key for key in keys if key not in standing]
    for key in new:
        keep_action(offer, key, Undertaking(), revision=0, by=by)
    return len(new)
