"""Which checklists a new assessment may take: those published, not withdrawn, and used by its organisation."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import F

from checklists.models import ChecklistChoice, ChecklistOwner, Edition, Organisation, User, Withdrawal
from checklists.services.editions.own_checklists import Person, visible
from checklists.services.editions.publish_edition import FLAGSHIP


class ChoiceRefused(ValueError):
    """What an organisation chose names no checklist it could use, or no first among them."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A published checklist: its newest edition (without its document), its title, and how it stands."""

    edition: Edition
    title: Mapping[str, str]
    is_withdrawn: bool = False
    is_chosen: bool = False
    is_default: bool = False
    owner: ChecklistOwner | None = None

    def is_open_to(self, organisation: Organisation) -> bool:
        """Whether assessments of ``organisation`` may take it: it is not another one's own."""
        return self.owner is None or self.owner.is_for_all or self.owner.organisation_id == organisation.pk

    @property
    def key(self) -> str:
        return self.edition.checklist


def published_checklists() -> list[Offered]:
    """Every published checklist, the one that ships first, withdrawn ones too. Three queries."""
    owners = {row.checklist: row for row in ChecklistOwner.objects.select_related("organisation")}
    withdrawn = set(Withdrawal.objects.values_list("checklist", flat=True))
    rows = Edition.objects.defer("document").annotate(title=F("document__title")).order_by("checklist", "number")
    newest = {row.checklist: row for row in rows}
    found = [Offered(row, row.title or {}, key in withdrawn, owner=owners.get(key)) for key, row in newest.items()]
    return sorted(found, key=lambda each: (each.key != FLAGSHIP, each.key))


def readable_by(user: Person) -> list[Offered]:
    """The published checklists whose editions ``user`` may read. Four queries."""
    hidden = set(Edition.objects.exclude(visible(user)).values_list("checklist", flat=True))
    return [each for each in published_checklists() if each.key not in hidden]


def offered_to(organisation: Organisation) -> list[Offered]:
    """What a new assessment of ``organisation`` may take, its default first. Four queries.

    What it chose counts while one of it is offered; otherwise all that are.
    """
    return [each for each in choices_for(organisation) if each.is_chosen]


def choices_for(organisation: Organisation) -> list[Offered]:
    """Every checklist ``organisation`` could use, and whether it does; its default first."""
    rows = dict(ChecklistChoice.objects.filter(organisation=organisation).values_list("checklist", "is_default"))
    open_ones = [each for each in published_checklists() if not each.is_withdrawn and each.is_open_to(organisation)]
    chosen = {each.key for each in open_ones} & rows.keys() or {each.key for each in open_ones}
    default = next((each.key for each in open_ones if rows.get(each.key)), None)
    if default is None:
        default = next((each.key for each in open_ones if each.key in chosen), None)
    found = [replace(each, is_chosen=each.key in chosen, is_default=each.key == default) for each in open_ones]
    return sorted(found, key=lambda each: not each.is_default)


@transaction.atomic
def choose_checklists(organisation: Organisation, keys: Collection[str], default: str) -> None:
    """Have ``organisation`` use the checklists ``keys``, ``default`` proposed first. Raises ``ChoiceRefused``."""
    known = {each.key for each in choices_for(organisation)}
    if not keys or not set(keys) <= known or default not in keys:
        raise ChoiceRefused(default)
    standing = {row.checklist: row for row in ChecklistChoice.objects.filter(organisation=organisation)}
    # The old default goes before the new one comes: there is one at most.
    for key, row in standing.items():
        if key not in keys:
            row.delete()
        elif row.is_default and key != default:
            row.is_default = False
            row.save(update_fields=["is_default"])
    for key in keys:
        if key not in standing:
            ChecklistChoice.objects.create(organisation=organisation, checklist=key, is_default=key == default)
        elif key == default and not standing[key].is_default:
            standing[key].is_default = True
            standing[key].save(update_fields=["is_default"])


@transaction.atomic
def withdraw_checklist(checklist: str, by: User | None) -> None:
    """Offer ``checklist`` to no new assessment. Twice is as once. Raises ``Edition.DoesNotExist``."""
    if not Edition.objects.filter(checklist=checklist).exists():
        raise Edition.DoesNotExist(checklist)
    Withdrawal.objects.get_or_create(checklist=checklist, defaults={"withdrawn_by": by})


@transaction.atomic
def offer_again(checklist: str) -> None:
    """Undo a withdrawal."""
    for row in Withdrawal.objects.filter(checklist=checklist):
        row.delete()
