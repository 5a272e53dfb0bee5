"""Whether a well-formed framework makes sense on the checklist it reads: questions, options, languages, weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from pydantic import BaseModel

from checklists.core.editions.conditions import AtLeast, ConditionError, EvidenceAtLeast, Leaf, leaves, parse
from checklists.core.editions.edition import Edition
from checklists.core.frameworks.lens import TOP_SEAL, LensOutcome
from checklists.core.judging.facts import IN_FORCE, LAW_PREFIX, NOT_IN_FORCE
from checklists.packs.files.problems import Problem
from checklists.packs.frameworks.schema import Criterion, FrameworkPack

_CONDITIONS = {"concerned", "met"}
_BY_OUTCOME = {"outcomes", "conclusions"}


def check_framework(pack: FrameworkPack, checklist: Edition) -> list[Problem]:
    """Every problem of ``pack`` read on ``checklist``; an empty list means it can be published.

    On an edition older than the one the pack was written on, what it reads and that edition lacks is no problem.
    """
    problems = [*_duplicates(pack), *_languages(pack), *_dates(pack), *_references(pack)]
    problems += [*_family(pack), *_questions(pack, checklist), *_worths(pack), *_unreadable(pack)]
    if not _is_older(checklist, pack):
        problems += [*_criteria(pack, checklist), *_conditions(pack, checklist)]
    return problems


def _is_older(checklist: Edition, pack: FrameworkPack) -> bool:
    """Whether ``checklist`` is an edition before the one that ``pack`` was written on."""
    return pack.edition is not None and checklist.number < pack.edition


def _duplicates(pack: FrameworkPack) -> Iterator[Problem]:
    families: dict[str, list[Any]] = {
        name: getattr(pack, name) for name in ("sources", "chapters", "questions", "derived", "objectives", "rules")
    }
    families |= {f"questions/{question.key}/options": list(question.options) for question in pack.questions}
    families |= {f"objectives/{objective.key}/criteria": list(objective.criteria) for objective in pack.objectives}
    for name, parts in families.items():
        for key, count in Counter(part.key for part in parts).items():
            if count > 1:
                yield Problem(f"{name}/{key}", f"the key '{key}' is used {count} times", "Give each its own key.")


def _languages(pack: FrameworkPack) -> Iterator[Problem]:
    for place, text in _texts(pack, ""):
        for language in pack.languages:
            if language not in text:
                yield Problem(place, f"the text has no '{language}'", f"Write it in {', '.join(pack.languages)}.")
        for language in text.keys() - set(pack.languages):
            remedy = "Add it to 'languages' and translate every text, or remove it."
            yield Problem(place, f"the language '{language}' is not one of the pack's", remedy)


def _texts(part: BaseModel, place: str) -> Iterator[tuple[str, dict[str, str]]]:
    for name in type(part).model_fields:
        value = getattr(part, name)
        here = f"{place}/{name}".lstrip("/")
        if name in _BY_OUTCOME:
            yield from ((f"{here}/{outcome}", text) for outcome, text in value.items())
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, BaseModel):
                    yield from _texts(item, f"{here}/{getattr(item, 'key', index)}")
        elif isinstance(value, dict) and name not in _CONDITIONS:
            yield here, value


def _dates(pack: FrameworkPack) -> Iterator[Problem]:
    days = [("published", pack.published), ("since", pack.since)]
    days += [(f"sources/{source.key}/date", source.date) for source in pack.sources]
    days += [(f"sources/{source.key}/tried", source.tried) for source in pack.sources if source.tried]
    for place, day in days:
        try:
            date.fromisoformat(day)
        except ValueError:
            yield Problem(place, f"{day} is not a date of the calendar", "Write it as YYYY-MM-DD.")


def _references(pack: FrameworkPack) -> Iterator[Problem]:
    sources = {source.key for source in pack.sources}
    used = [(f"questions/{item.key}/sources", item.sources) for item in pack.questions]
    used += [(f"objectives/{item.key}/weight_sources", item.weight_sources) for item in pack.objectives]
    used += [(f"rules/{item.key}/sources", item.sources) for item in pack.rules]
    for place, keys in used:
        for key in keys:
            if key not in sources:
                yield Problem(place, f"the source '{key}' does not exist", "Add it to 'sources' or correct the key.")


def _family(pack: FrameworkPack) -> Iterator[Problem]:
    """Each family has its own parts, and words for each of its outcomes."""
    has_objectives = pack.family == "objectives"
    if has_objectives and (pack.rules or not pack.objectives):
        yield Problem("objectives", "this family is made of objectives, without rules", "Write 'objectives' only.")
    if not has_objectives and (pack.objectives or not pack.rules):
        yield Problem("rules", "this family is made of rules, without objectives", "Write 'rules' only.")
    if has_objectives and len(pack.seals) != TOP_SEAL + 1:
        yield Problem("seals", f"{len(pack.seals)} levels are named", f"Name the levels 0 to {TOP_SEAL}.")
    for name in sorted(_BY_OUTCOME):
        for outcome in LensOutcome:
            if outcome not in getattr(pack, name):
                yield Problem(f"{name}/{outcome}", "this outcome has no words", "Write them.")
    for rule in pack.rules:
        place = f"rules/{rule.key}"
        if rule.outside and (rule.met or rule.concerned):
            yield Problem(place, "a rule outside what is judged takes no condition", "Remove 'met' and 'concerned'.")
        elif not rule.outside and rule.met is None and (pack.family == "requirements" or rule.concerned is None):
            yield Problem(place, "it can never be satisfied and bears on everything", "Write 'met' or 'concerned'.")


def _questions(pack: FrameworkPack, checklist: Edition) -> Iterator[Problem]:
    chapters = {chapter.key for chapter in pack.chapters}
    for chapter in sorted(chapters & checklist.concerns.keys()):
        yield Problem(f"chapters/{chapter}", "the checklist has a concern of that key", "Choose another key.")
    for question in pack.questions:
        place = f"questions/{question.key}"
        if question.key in checklist.questions:
            yield Problem(place, "the checklist asks this already", "Read its answer: remove the question.")
        if question.concern not in chapters:
            yield Problem(
                f"{place}/chapter", f"the chapter '{question.concern}' does not exist", "Add it to 'chapters'."
            )
    read = {criterion.question for objective in pack.objectives for criterion in objective.criteria}
    for rule in pack.rules:
        for document in (rule.met, rule.concerned):
            read |= _keys_in(document)
    for question in pack.questions:
        if question.key not in read:
            yield Problem(f"questions/{question.key}", "no requirement reads its answer", "Remove it, or read it.")


def _keys_in(document: Any) -> set[str]:
    try:
        return {leaf.key for leaf in leaves(parse(document))} if document else set()
    except ConditionError:
        return set()


def _criteria_of(pack: FrameworkPack) -> Iterator[tuple[str, Criterion]]:
    for objective in pack.objectives:
        for criterion in objective.criteria:
            yield f"objectives/{objective.key}/criteria/{criterion.key}", criterion


def _named(criterion: Criterion) -> Counter[str]:
    return Counter(option for worth in criterion.worth for option in worth.options or [])


def _worths(pack: FrameworkPack) -> Iterator[Problem]:
    for place, criterion in _criteria_of(pack):
        for option, count in _named(criterion).items():
            if count > 1:
                yield Problem(f"{place}/worth", f"'{option}' is given a worth {count} times", "Keep one.")
        if not max(worth.points for worth in criterion.worth):
            yield Problem(f"{place}/worth", "no answer earns a point", "Give the best answer points.")
        if any(worth.options is None for worth in criterion.worth[:-1]):
            yield Problem(f"{place}/worth", "the worth of every other value is not the last", "Put it last.")


def _criteria(pack: FrameworkPack, checklist: Edition) -> Iterator[Problem]:
    for place, criterion in _criteria_of(pack):
        yield from _criterion(pack, checklist, place, criterion)


def _criterion(pack: FrameworkPack, checklist: Edition, place: str, criterion: Criterion) -> Iterator[Problem]:
    named, has_rest = _named(criterion), criterion.worth[-1].options is None
    options = _options(pack, checklist, criterion.question)
    if options is None:
        yield Problem(f"{place}/question", f"'{criterion.question}' is not a question", "Correct the key.")
        return
    if not options:
        if not has_rest:
            yield Problem(f"{place}/worth", "other values have no worth", "End with a worth without 'options'.")
        return
    for option in sorted(named.keys() - options):
        remedy = f"Use one of: {', '.join(sorted(options))}."
        yield Problem(f"{place}/worth", f"'{criterion.question}' has no option '{option}'", remedy)
    for option in sorted(options - named.keys()):
        if not has_rest:
            yield Problem(f"{place}/worth", f"the option '{option}' has no worth", "Give it points and a level.")


def _options(pack: FrameworkPack, checklist: Edition, key: str) -> set[str] | None:
    """The options of a question, none for a date or a country, ``None`` when there is no such question."""
    if key in checklist.questions:
        return set(checklist.questions[key].options)
    question = next((question for question in pack.questions if question.key == key), None)
    return {option.key for option in question.options} if question else None


def _written(pack: FrameworkPack) -> Iterator[tuple[str, Any]]:
    """Every condition of ``pack`` as it is written, with its place."""
    places: list[tuple[str, Any]] = [("concerned", pack.concerned)]
    for rule in pack.rules:
        places += [(f"rules/{rule.key}/{name}", getattr(rule, name)) for name in ("concerned", "met")]
    yield from ((place, document) for place, document in places if document is not None)


def _unreadable(pack: FrameworkPack) -> Iterator[Problem]:
    for place, document in _written(pack):
        try:
            parse(document)
        except ConditionError as error:
            yield Problem(place, str(error), "Correct the condition.")


def _conditions(pack: FrameworkPack, checklist: Edition) -> Iterator[Problem]:
    for place, document in _written(pack):
        try:
            condition = parse(document)
        except ConditionError:
            continue  # told by ``_unreadable``
        for leaf in leaves(condition):
            yield from _leaf(pack, checklist, place, leaf)


def _leaf(pack: FrameworkPack, checklist: Edition, place: str, leaf: Leaf) -> Iterator[Problem]:
    if isinstance(leaf, EvidenceAtLeast):
        if _options(pack, checklist, leaf.key) is None:
            yield Problem(place, f"'{leaf.key}' is not a question: no evidence is kept of it", "Name a question.")
        return
    if leaf.key in {derived.key for derived in pack.derived}:
        return
    if leaf.key.startswith(LAW_PREFIX) and leaf.key.removeprefix(LAW_PREFIX) in checklist.laws:
        options: set[str] | None = {IN_FORCE, NOT_IN_FORCE}
    else:
        options = _options(pack, checklist, leaf.key)
    if options is None:
        remedy = "Correct the key, or name it in 'derived'."
        yield Problem(place, f"'{leaf.key}' is not a question or a derived fact", remedy)
    elif isinstance(leaf, AtLeast):
        question = checklist.questions.get(leaf.key)
        if question is None or not question.is_scored:
            yield Problem(place, f"'{leaf.key}' carries no level to compare", "Use 'is' or 'in'.")
    elif options:
        for value in sorted(leaf.options - options):
            remedy = f"Use one of: {', '.join(sorted(options))}."
            yield Problem(place, f"'{leaf.key}' has no option '{value}'", remedy)
