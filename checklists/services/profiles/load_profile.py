"""A profile from a file into the library, and out of it. What it would change is told before anything is written.

Loading changes no assessment: answers filled in before keep what they were filled in with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from checklists.models import ProfileChange, ProfileFact, ProviderProfile, User
from checklists.packs.profiles.schema import DEFAULT, PROFILE_SCHEMA, Fact, Profile
from checklists.services.editions.publish_edition import FLAGSHIP
from checklists.services.languages import site_languages
from checklists.services.trail.record import record

Document = Mapping[str, Any]
_WHOLE = ("scope", "variants", "contracting", "chain", "not_known", "reply")
"""The parts that the profile's row keeps as the file writes them."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that loading would add (``before`` is ``None``), take out (``after``) or change.

    ``part`` is 'facts', or the name of another part of the file; ``key`` tells a fact among those of its profile:
    its variant and its question, or its topic.
    """

    part: str
    key: str
    before: Any
    after: Any

    @property
    def kind(self) -> str:
        return "added" if self.before is None else "removed" if self.after is None else "changed"


@dataclass(frozen=True, slots=True)
class Preview:
    """What loading a file would do to the library. ``row`` is the profile that stands, if any."""

    profile: Profile
    row: ProviderProfile | None
    differences: tuple[Difference, ...]

    @property
    def is_new(self) -> bool:
        return self.row is None


def preview(profile: Profile) -> Preview:
    """What loading ``profile`` would change; nothing is written. At most three queries."""
    row = standing(profile)
    before = profile_document(row) if row else None
    return Preview(profile, row, tuple(differences(before, profile.to_document())))


def standing(profile: Profile) -> ProviderProfile | None:
    """The row that ``profile`` would change: of its key, else one without key of the same service."""
    rows = ProviderProfile.objects
    same = rows.filter(key__isnull=True, provider=profile.provider, service=profile.service)
    return rows.filter(key=profile.key).first() or same.first()


def differences(before: Document | None, after: Document) -> Iterable[Difference]:
    """What differs between two documents of a profile, fact by fact, then part by part."""
    old, new = _resolved(before or {}), _resolved(after)
    for key in [*new, *(key for key in old if key not in new)]:
        if old.get(key) != new.get(key):
            yield Difference("facts", key, old.get(key), new.get(key))
    for part in ("provider", "service", "checklist", "read_on", *_WHOLE):
        was, will = (before or {}).get(part) or None, after.get(part) or None
        if was != will and not (before is None and part in ("provider", "service", "checklist")):
            yield Difference(part, "", was, will)


def _resolved(document: Document) -> dict[str, Any]:
    """Each fact under its key, with its sources written out instead of cited."""
    sources = {source["key"]: source for source in document.get("sources", ())}
    found: dict[str, Any] = {}
    for fact in document.get("facts", ()):
        whole = {**fact, "sources": [sources.get(key, key) for key in fact["sources"]]}
        whole["see_also"] = [sources.get(key, key) for key in fact.get("see_also", ())]
        whole.setdefault("read_on", document.get("read_on"))
        key = fact_key(fact)
        while key in found:
            key += "+"
        found[key] = whole
    return found


def fact_key(fact: Document) -> str:
    """What tells a fact among those of its profile."""
    about = fact.get("question") or ""
    if not fact.get("value"):
        about = f"{about}: {next(iter(fact.get('topic', {}).values()), '')}"
    return "/".join([fact.get("variant") or DEFAULT, *filter(None, [fact.get("framework")]), about])


@transaction.atomic
def load_profile(profile: Profile, by: User | None, *, loaded_from: str = "") -> tuple[ProviderProfile, bool]:
    """Keep ``profile``, in the place of the one that stands; whether anything changed. ``loaded_from`` names the file.

    One entry of its history holds what differs. Raises nothing on a profile that ``check_profile`` accepts.
    """
    told = preview(profile)
    if told.row and not told.differences:
        return told.row, False
    document = profile.to_document()
    row = told.row or ProviderProfile()
    row.key, row.provider, row.service = profile.key, profile.provider, profile.service
    for part in _WHOLE:
        setattr(row, part, document.get(part) or _EMPTY[part])
    row.read_on, row.library = date.fromisoformat(profile.read_on), loaded_from
    row.sources = _sources_of_rest(document)
    row.save()
    row.facts.all().delete()
    ProfileFact.objects.bulk_create(_rows(row, profile, document))
    ProfileChange.objects.create(
        profile=row,
        loaded_from=loaded_from or profile.key,
        by=by,
        before=_told(told, "before") if told.row else None,
        after=_told(told, "after"),
    )
    record(
        "providerprofile.loaded",
        organisation=None,
        subject=row,
        details={"label": profile.service, "facts": len(profile.facts), "from": loaded_from},
    )
    return row, True


_EMPTY: dict[str, Any] = {
    "scope": {}, "variants": [], "contracting": [], "chain": None, "not_known": {}, "reply": None,
}  # fmt: skip


def _told(told: Preview, side: str) -> list[dict[str, Any]]:
    return [{"part": each.part, "key": each.key, "is": getattr(each, side)} for each in told.differences]


def _sources_of_rest(document: Document) -> list[Document]:
    """The sources that the chain and the contracting companies cite."""
    chain = document.get("chain") or {}
    cited = [*document.get("contracting", ()), *chain.get("companies", ()), *chain.get("holdings", ())]
    keys = {key for item in cited for key in item["sources"]}
    return [source for source in document["sources"] if source["key"] in keys]


def _rows(row: ProviderProfile, profile: Profile, document: Document) -> list[ProfileFact]:
    sources = {source["key"]: source for source in document["sources"]}
    return [_fact_row(row, profile, fact, sources, place) for place, fact in enumerate(profile.facts)]


def _fact_row(
    row: ProviderProfile, profile: Profile, fact: Fact, sources: Mapping[str, Document], place: int
) -> ProfileFact:
    first, *others = fact.sources
    source = sources[first]
    more = [{**sources[key], "says": True} for key in others]
    more += [{**sources[key], "says": False} for key in fact.see_also]
    return ProfileFact(
        profile=row,
        checklist=profile.checklist,
        framework=fact.framework or "",
        question=fact.question or "",
        value=fact.value or "",
        variant=fact.variant or DEFAULT,
        topic=fact.topic or {},
        text=fact.text,
        source_key=first,
        source_kind=source["kind"],
        source_title=source["title"],
        source_url=source.get("url", ""),
        source_date=_day(source.get("date")),
        source_note=source.get("note") or {},
        more_sources=more,
        checked_on=date.fromisoformat(fact.read_on or profile.read_on),
        valid_from=_day(fact.valid_from),
        valid_until=_day(fact.valid_until),
        review_by=_day(fact.review_by),
        contested=fact.contested or {},
        inferred=fact.inferred or {},
        place=place,
    )


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def profile_document(row: ProviderProfile) -> dict[str, Any]:
    """The file of a profile, as :meth:`Profile.to_document` writes it. One query."""
    facts = list(row.facts.order_by("place", "pk"))
    read_on = row.read_on or max((fact.checked_on for fact in facts), default=row.updated_at.date())
    table = _Table()
    for source in row.sources:
        table.add(source)
    written = [_fact_document(fact, read_on, table) for fact in facts]
    document: dict[str, Any] = {
        "schema": PROFILE_SCHEMA,
        "key": row.key or f"profile-{row.pk}",
        "provider": row.provider,
        "service": row.service,
        "checklist": facts[0].checklist if facts else FLAGSHIP,
        "read_on": read_on.isoformat(),
        "languages": _site_first(row.scope or site_languages()),
        "scope": row.scope or dict.fromkeys(site_languages(), row.note or row.service),
        "variants": row.variants or [{"key": DEFAULT, "label": dict.fromkeys(site_languages(), "–"), "leaves_out": []}],
        "sources": table.sources,
        "facts": written,
        "contracting": row.contracting,
    }
    for part in ("chain", "not_known", "reply"):
        if value := getattr(row, part):
            document[part] = value
    return document


class _Table:
    """The sources of a file, each under a key of its own."""

    def __init__(self) -> None:
        self.sources: list[dict[str, Any]] = []

    def add(self, source: Document) -> str:
        """The key under which ``source`` is in the table from now on."""
        wanted = {name: value for name, value in source.items() if name != "says" and value}
        key = wanted.get("key") or "source"
        for number in range(1, len(self.sources) + 2):
            tried = key if number == 1 else f"{key}-{number}"
            standing = next((each for each in self.sources if each["key"] == tried), None)
            if standing is None:
                self.sources.append({**wanted, "key": tried})
                return tried
            if {**standing, "key": key} == {**wanted, "key": key}:
                return tried
        raise AssertionError("as many keys as sources")  # pragma: no cover


def _fact_document(fact: ProfileFact, read_on: date, table: _Table) -> dict[str, Any]:
    own = {
        "key": fact.source_key,
        "kind": fact.source_kind,
        "title": fact.source_title,
        "url": fact.source_url,
        "date": fact.source_date.isoformat() if fact.source_date else None,
        "note": fact.source_note,
    }
    says = [table.add(own), *(table.add(each) for each in fact.more_sources if each.get("says"))]
    also = [table.add(each) for each in fact.more_sources if not each.get("says")]
    days = {name: getattr(fact, name) for name in ("valid_from", "valid_until", "review_by")}
    if fact.checked_on != read_on:
        days["read_on"] = fact.checked_on
    document = {
        "question": fact.question,
        "value": fact.value,
        "framework": fact.framework,
        "topic": fact.topic,
        "variant": "" if fact.variant == DEFAULT else fact.variant,
        "text": fact.text or dict.fromkeys(site_languages(), f"{fact.question}: {fact.value}"),
        **{name: day.isoformat() for name, day in days.items() if day},
        "contested": fact.contested,
        "inferred": fact.inferred,
    }
    return {**{name: value for name, value in document.items() if value}, "sources": says, "see_also": also}


def _site_first(languages: Iterable[str]) -> list[str]:
    """The site's own language, its others, then those it has not; otherwise in the order given."""
    here = site_languages()
    return sorted(languages, key=lambda language: (language not in here, language != here[0]))
