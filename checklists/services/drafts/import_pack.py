"""A checklist from a file into a draft: first what it would change and what is wrong with it, then the change.

Nothing is written before :func:`carry_out`; each part it changes is an entry of the draft's history.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from checklists.core.editions.difference import moved
from checklists.models import Draft, DraftChange, DraftPart, Edition, User
from checklists.packs.editions.parts import IMPRINT, INNER, Piece, take_apart
from checklists.packs.editions.settled import settle
from checklists.services.drafts.compile_draft import draft_document, next_imprint
from checklists.services.drafts.edit_draft import change_changelog, change_head, change_of, writing
from checklists.services.drafts.open_draft import DraftRefused, begin_draft, open_draft


class DraftMoved(Exception):
    """What the proposal rests on has changed since it was made."""


class Place(NamedTuple):
    """A part among all. ``owner`` is the key of the part it is inside of, '' for none; ``turn`` its place among the
    parts of its list that have the same key, which only those without one have."""

    family: str
    owner: str
    key: str
    turn: int


_FAMILY_AROUND = {inner: family for family, (inner, _model) in INNER.items()}


@dataclass(frozen=True)
class ImportTarget:
    """What a file would change: the open draft of its checklist; or else its last edition, of which a draft would be
    opened; or nothing, and the checklist would be new. ``mark`` differs whenever what stands does."""

    checklist: str
    mark: str
    draft: Draft | None
    edition: Edition | None
    document: Mapping[str, Any] | None


@dataclass(frozen=True)
class Proposal:
    """What would stand after the import; ``changelog`` is ``None`` when that of the draft would stay."""

    standing: ImportTarget
    after: Mapping[str, Any]
    changelog: Mapping[str, str] | None


def what_stands(checklist: str) -> ImportTarget:
    """What an import into ``checklist`` would change. Raises ``DraftRefused`` when its draft waits for approval."""
    states = (Draft.State.OPEN, Draft.State.SUBMITTED)
    draft = Draft.objects.filter(checklist=checklist, state__in=states).first()
    if draft is not None:
        return standing_draft(draft)
    edition = Edition.objects.filter(checklist=checklist).order_by("-number").first()
    if edition is None:
        return ImportTarget(checklist, "nothing", None, None, None)
    return ImportTarget(checklist, f"edition {edition.sha256}", None, edition, settle(edition.document))


def standing_draft(draft: Draft) -> ImportTarget:
    """The same for a draft at hand. Raises ``DraftRefused`` when it is not being written."""
    if draft.state != Draft.State.OPEN:
        raise DraftRefused(_("This draft is not being written any more: nothing in it can be changed."))
    document = settle(draft_document(draft, next_imprint(draft)))
    return ImportTarget(draft.checklist, f"draft {draft.pk} {draft.revision}", draft, None, document)


def propose(standing: ImportTarget, document: Mapping[str, Any]) -> Proposal:
    """What ``document`` (settled) would make of ``standing``.

    The number and the day are those of the next edition. A changelog speaks of one number: the file's is taken only
    when it is the file of that number.
    """
    before = standing.document
    imprint = {name: before[name] for name in IMPRINT if before and name in before}
    if standing.edition and before:
        imprint |= {"number": before["number"] + 1, "changelog": {}}
    number = imprint.get("number", 1)
    said = document.get("changelog") or {}
    is_of_that_number = document.get("number", number) == number and bool(said)
    changelog = dict(said) if is_of_that_number and said != imprint.get("changelog") else None
    after = {**document, "number": number, "changelog": changelog or imprint.get("changelog", {})}
    after |= {"published": imprint.get("published") or document.get("published", "")}
    return Proposal(standing, after, changelog)


@transaction.atomic
def carry_out(proposal: Proposal, by: User | None) -> Draft:
    """Change the draft, opening one where none is. Raises ``DraftMoved`` when something else stands by now, and
    ``DraftRefused`` when the draft cannot be written."""
    standing = proposal.standing
    if standing.draft is not None:
        Draft.objects.select_for_update().get(pk=standing.draft.pk)
    if what_stands(standing.checklist).mark != standing.mark:
        raise DraftMoved
    draft = standing.draft
    if draft is None:
        if standing.edition is None:
            return begin_draft(proposal.after, by)
        draft = open_draft(standing.checklist, standing.edition, by)
    _rewrite(draft, proposal.after, by)
    if proposal.changelog is not None:
        change_changelog(draft, proposal.changelog, by)
    return draft


def _rewrite(draft: Draft, document: Mapping[str, Any], by: User | None) -> None:
    """Make the rows of ``draft`` say what ``document`` says; about fifteen queries, however many parts change."""
    rows = list(draft.parts.select_related("owner"))
    old_head, old_pieces = take_apart(settle(draft_document(draft, next_imprint(draft), rows)))
    head, pieces = take_apart(document)
    if head != old_head:
        change_head(draft, head, by)
    with writing(draft):
        _Rewriting(draft, rows, _placed(old_pieces), by).become(_placed(pieces))


def _placed(pieces: list[Piece]) -> dict[Place, Mapping[str, Any]]:
    """The bodies of ``pieces`` by place, in order."""
    owners = [pieces[piece.owner].key if piece.owner is not None else "" for piece in pieces]
    named = ((piece.family, owner, piece.key) for piece, owner in zip(pieces, owners, strict=True))
    return dict(zip(_places(named), (piece.body for piece in pieces), strict=True))


def _places(named: Iterable[tuple[str, str, str]]) -> Iterable[Place]:
    turns: Counter[tuple[str, str, str]] = Counter()
    for name in named:
        yield Place(*name, turns[name])
        turns[name] += 1


def _lists(places: Iterable[Place]) -> dict[tuple[str, str], list[Place]]:
    """The places of each list, in order."""
    lists: dict[tuple[str, str], list[Place]] = {}
    for place in places:
        lists.setdefault((place.family, place.owner), []).append(place)
    return lists


class _Rewriting:
    """The rows of a draft on their way to say something else. A row that means the same already is left alone."""

    def __init__(
        self, draft: Draft, rows: list[DraftPart], bodies: Mapping[Place, Mapping[str, Any]], by: User | None
    ) -> None:
        self.draft, self.bodies, self.by = draft, bodies, by
        named = ((row.family, row.owner.key if row.owner else "", row.key) for row in rows)
        self.rows: dict[Place, DraftPart] = dict(zip(_places(named), rows, strict=True))
        self.kept: list[DraftChange] = []

    def become(self, wanted: Mapping[Place, Mapping[str, Any]]) -> None:
        before = _lists(self.rows)
        self._take_out([place for place in self.rows if place not in wanted])
        self._change({place: body for place, body in wanted.items() if place in self.rows})
        self._add({place: body for place, body in wanted.items() if place not in self.rows})
        self._order(before, _lists(wanted))
        DraftChange.objects.bulk_create(self.kept)

    def _keep(self, row: DraftPart, before: Any, after: Any) -> None:
        row.draft = self.draft
        self.kept.append(change_of(row, self.by, before, after))

    def _take_out(self, places: list[Place]) -> None:
        # What is inside a part goes first, as when one takes it out by hand: restoring the part brings it back.
        for place in sorted(places, key=lambda place: not place.owner):
            self._keep(self.rows[place], self.rows[place].body, None)
        DraftPart.objects.filter(pk__in=[self.rows.pop(place).pk for place in places]).delete()

    def _change(self, bodies: Mapping[Place, Mapping[str, Any]]) -> None:
        changed = [self.rows[place] for place, body in bodies.items() if body != self.bodies[place]]
        for place, body in bodies.items():
            if body != self.bodies[place]:
                row = self.rows[place]
                self._keep(row, row.body, body)
                row.body, row.revision = dict(body), row.revision + 1
        DraftPart.objects.bulk_update(changed, ["body", "revision"], batch_size=200)

    def _add(self, bodies: Mapping[Place, Mapping[str, Any]]) -> None:
        for is_inner in (False, True):
            owners = {(place.family, place.key): row for place, row in self.rows.items() if not place.owner}
            fresh = {}
            for place, body in bodies.items():
                if bool(place.owner) == is_inner:
                    row = DraftPart(draft=self.draft, family=place.family, key=place.key, position=0, body=dict(body))
                    row.owner = owners[_FAMILY_AROUND[place.family], place.owner] if is_inner else None
                    fresh[place] = row
                    self._keep(row, None, row.body)
            DraftPart.objects.bulk_create(fresh.values())
            self.rows |= fresh

    def _order(
        self, before: Mapping[tuple[str, str], list[Place]], wanted: Mapping[tuple[str, str], list[Place]]
    ) -> None:
        """Number each list anew that is not in the order wanted, and keep the fewest moves that lead there."""
        renumbered = []
        for siblings, places in wanted.items():
            if before.get(siblings, []) == places:
                continue
            here, there = set(before.get(siblings, ())), set(places)
            self._keep_moves([p for p in before.get(siblings, ()) if p in there], [p for p in places if p in here])
            for position, place in enumerate(places):
                self.rows[place].position = position
                renumbered.append(self.rows[place])
        DraftPart.objects.bulk_update(renumbered, ["position"], batch_size=400)

    def _keep_moves(self, old: list[Place], new: list[Place]) -> None:
        """One move after the other from the order ``old`` to ``new``: restoring them backwards leads back."""
        out_of_place = moved(*([f"{place.key}#{place.turn}" for place in places] for places in (old, new)))
        standing = list(old)
        for index, place in enumerate(new):
            if f"{place.key}#{place.turn}" in out_of_place:
                row = self.rows[place]
                was = standing.index(place)
                standing.remove(place)
                at = standing.index(new[index - 1]) + 1 if index else 0
                standing.insert(at, place)
                concern = row.body.get("concern")
                self._keep(row, {"position": was, "concern": concern}, {"position": at, "concern": concern})
