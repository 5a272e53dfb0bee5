"""Add to the trail: every change of a watched model by itself, any other act by ``record``.

The acting person is whoever the request (or ``acting``) says. An entry is written in the transaction of the change it
tells of: both stand, or neither. Values are kept; free text is kept as a fingerprint only (decision 0051).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models.signals import post_delete, post_save, pre_save
from django.utils import timezone

from checklists.core.editions.edition import fingerprint
from checklists.core.trail import Link
from checklists.models import Organisation, TrailChain, TrailEntry, User
from checklists.models.trail import INSTANCE

log = logging.getLogger(__name__)

Actor = User | int | None
Path = str
Reading = Callable[[Any], Any]

_actor: ContextVar[Callable[[], Actor]] = ContextVar("acting", default=lambda: None)
_through: ContextVar[Callable[[], str]] = ContextVar("through", default=lambda: "")


@contextmanager
def acting(who: Callable[[], Actor], through: Callable[[], str] = lambda: "") -> Iterator[None]:
    """Within, what is recorded is the act of whoever ``who()`` says at that moment; ``None`` is the system.

    ``through()`` names the API token that was used, if any: each entry says it.
    """
    token, means = _actor.set(who), _through.set(through)
    try:
        yield
    finally:
        _actor.reset(token)
        _through.reset(means)


def acting_person() -> int | None:
    """The number of whoever acts now; ``None`` for the system, and for somebody not signed in."""
    return _number(_actor.get()())


def record(
    kind: str,
    *,
    organisation: Organisation | int | None,
    subject: models.Model | None = None,
    subject_type: str = "",
    subject_id: object = "",
    details: Mapping[str, Any] | None = None,
    actor: Actor = None,
) -> None:
    """Add one entry to the chain of ``organisation`` (``None``: the instance's).

    ``kind`` is 'thing.act', such as 'report.downloaded'. ``details`` holds JSON values; no name or address of a
    person. ``subject`` stands for both ``subject_type`` and ``subject_id``. Without ``actor``, the acting person.
    Entries of one chain are added one after the other, however many writers there are: they wait at its head.
    """
    if subject is not None:
        watched = _watched.get(type(subject))
        subject_type = watched.word if watched else str(subject._meta.model_name)
        subject_id = subject.pk
    who = _number(actor if actor is not None else _actor.get()())
    chain = organisation.pk if isinstance(organisation, Organisation) else organisation or INSTANCE
    # Every change of a row passes here: three sentences of SQL that never vary, said as such, cost less than half of
    # the time that composing them would (decision 0067).
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        length, previous = _locked_head(cursor, chain)
        link = Link(
            chain=chain,
            position=length + 1,
            at=timezone.now(),
            actor=who,
            kind=kind,
            subject_type=subject_type,
            subject_id=str(subject_id),
            details=dict(details or {}) | ({"token": through} if (through := _through.get()()) else {}),
            previous=previous,
        )
        sha256 = link.fingerprint()
        cursor.execute(_MOVE_HEAD, [link.position, sha256, chain])
        values = {name: getattr(link, name) for name in Link.__dataclass_fields__} | {"sha256": sha256}
        cursor.execute(_ADD, [field.get_db_prep_save(values[field.attname], connection) for field in _FIELDS])


_FIELDS = [field for field in TrailEntry._meta.concrete_fields if not field.primary_key]
_ADD = "INSERT INTO checklists_trailentry ({}) VALUES ({})".format(  # noqa: S608 - only columns of the model
    ", ".join(str(field.column) for field in _FIELDS), ", ".join("%s" for field in _FIELDS)
)
_READ_HEAD = "SELECT length, sha256 FROM checklists_trailchain WHERE chain = %s"
_MOVE_HEAD = "UPDATE checklists_trailchain SET length = %s, sha256 = %s WHERE chain = %s"


def _locked_head(cursor: CursorWrapper, chain: int) -> tuple[int, str]:
    """The length and last fingerprint of ``chain``. SQLite's writers wait at BEGIN, the others' at this row."""
    question = _READ_HEAD + (" FOR UPDATE" if connection.features.has_select_for_update else "")
    cursor.execute(question, [chain])
    head = cursor.fetchone()
    if head is None:
        # A head that was lost is laid again at the end of its chain: saving goes on, and the check tells of it.
        last = TrailEntry.objects.filter(chain=chain).order_by("-position").values_list("position", "sha256").first()
        found = {"length": last[0], "sha256": last[1]} if last else {}
        if last:
            log.error("the head of chain %s was lost, and is laid again at entry %s: run verifytrail", chain, last[0])
        TrailChain.objects.bulk_create([TrailChain(chain=chain, **found)], ignore_conflicts=True)
        if last:
            record("trail.head_lost", organisation=chain or None, subject_type="trail", subject_id=chain)
        return _locked_head(cursor, chain)
    length, sha256 = head
    return length, sha256


def _number(actor: Actor) -> int | None:
    return actor.pk if isinstance(actor, models.Model) else actor


def record_of_person(kind: str, person: User, *, actor: Actor = None, details: Mapping[str, Any] | None = None) -> None:
    """Record an act about ``person`` where those who answer for it can read it: in each of their organisations,
    or in the instance's chain if there is none."""
    chains = sorted(person.memberships.values_list("organisation", flat=True))
    for organisation in chains or (None,):
        record(kind, organisation=organisation, subject=person, details=details, actor=actor)


@dataclass(frozen=True, slots=True)
class Watched:
    """How one model is told of. See ``watch``."""

    word: str
    organisation: str
    label: str
    values: tuple[str, ...]
    texts: tuple[str, ...]
    about: tuple[tuple[str, Path | Reading], ...]
    added_as: str


_watched: dict[type[models.Model], Watched] = {}


def watch(
    model: type[models.Model],
    *,
    organisation: str,
    word: str = "",
    label: str = "",
    values: tuple[str, ...] = (),
    texts: tuple[str, ...] = (),
    about: Mapping[str, Path | Reading] | None = None,
    added_as: str = "added",
    only_added: bool = False,
) -> None:
    """From now on each row of ``model`` added, changed or deleted is in the trail. One line a model.

    ``organisation``: the attribute path to the organisation's number ('assessment.organisation_id'), empty for what is
    the instance's. ``word``: what the model is called in the trail, its own name unless given. ``label``: the path to a
    name to keep with the entry, never that of a person. ``values``: fields whose values are kept; ``texts``: fields
    kept as a fingerprint. ``about``: more paths, or functions of the row, to keep with each entry by name.
    ``added_as``: the act that a new row is. ``only_added``: rows that never change, and vanish with what they hang on.
    ``QuerySet.update`` and ``bulk_create`` send no signal: a service that uses them records by itself.
    """
    _watched[model] = Watched(
        word or str(model._meta.model_name), organisation, label, values, texts, tuple((about or {}).items()), added_as
    )
    identity = f"trail-{model._meta.label}"
    post_save.connect(_after_save, sender=model, dispatch_uid=identity)
    if not only_added:
        pre_save.connect(_before_save, sender=model, dispatch_uid=identity)
        post_delete.connect(_after_delete, sender=model, dispatch_uid=identity)


def _before_save(sender: type[models.Model], instance: models.Model, raw: bool = False, **kwargs: Any) -> None:
    if raw or instance._state.adding:
        return
    watched = _watched[sender]
    fields = [_column(sender, name) for name in (*watched.values, *watched.texts)]
    stored = sender._default_manager.filter(pk=instance.pk).values(*fields).first()
    instance._trail_before = stored or {}  # type: ignore[attr-defined]


def _after_save(
    sender: type[models.Model],
    instance: models.Model,
    created: bool,
    raw: bool = False,
    update_fields: frozenset[str] | None = None,
    **kwargs: Any,
) -> None:
    if raw:
        return
    watched = _watched[sender]
    if created:
        kept = {name: _json(_value(instance, name)) for name in watched.values}
        texts = {name: text_fingerprint(_value(instance, name)) for name in watched.texts}
        _record_row(watched.added_as, watched, instance, {"values": kept | texts} if kept or texts else {})
        return
    before: dict[str, Any] = instance.__dict__.pop("_trail_before", {})
    changes: dict[str, list[Any]] = {}
    for names, keep in ((watched.values, _json), (watched.texts, text_fingerprint)):
        for name in names:
            if update_fields is not None and name not in update_fields:
                continue
            pair = [keep(before.get(_column(sender, name))), keep(_value(instance, name))]
            if pair[0] != pair[1]:
                changes[name] = pair
    if changes:
        _record_row("changed", watched, instance, {"changes": changes})


def _after_delete(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    _record_row("deleted", _watched[sender], instance, {})


def _record_row(act: str, watched: Watched, instance: models.Model, details: dict[str, Any]) -> None:
    if watched.label:
        details["label"] = str(attrgetter(watched.label)(instance))
    for name, path in watched.about:
        details[name] = _json(attrgetter(path)(instance) if isinstance(path, str) else path(instance))
    organisation = attrgetter(watched.organisation)(instance) if watched.organisation else None
    record(f"{watched.word}.{act}", organisation=organisation, subject=instance, details=details)


def watched_models() -> set[type[models.Model]]:
    return set(_watched)


def _column(model: type[models.Model], name: str) -> str:
    return str(model._meta.get_field(name).attname)  # type: ignore[union-attr]


def _value(instance: models.Model, name: str) -> Any:
    return getattr(instance, _column(type(instance), name))


def _json(value: Any) -> Any:
    """A value as the trail keeps it: JSON's own, or its text."""
    if value is None or isinstance(value, bool | int | str | list | dict):
        return value
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def text_fingerprint(text: Any) -> str | None:
    return f"sha256:{fingerprint(str(text))}" if text else None
