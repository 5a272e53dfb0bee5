"""Whether a well-formed pack makes sense: references, languages, levels, weights, conditions, cycles.

Each check yields :class:`~checklists.packs.files.problems.Problem` with the place and the remedy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import permutations
from typing import Any

from pydantic import BaseModel

from checklists.core.editions.conditions import (
    AtLeast,
    Condition,
    ConditionError,
    EvidenceAtLeast,
    Fact,
    Leaf,
    evaluate,
    keys,
    leaves,
    parse,
)
from checklists.core.editions.edition import (
    ADEQUACY_PREFIX,
    AREA_PREFIX,
    TOP_LEVEL,
    EditionError,
    asked_behind,
    asking_order,
)
from checklists.core.judging.facts import IN_FORCE, LAW_PREFIX, NOT_IN_FORCE
from checklists.core.judging.law import AREAS
from checklists.core.kinds import Kind, kind_of, kinds
from checklists.packs.editions.derivation_checks import derivations, derived_from, former_questions
from checklists.packs.editions.law_checks import regime, successions, suppositions
from checklists.packs.editions.schema import Option, Pack, Question
from checklists.packs.files.problems import Problem, gettext_noop


def check(pack: Pack) -> list[Problem]:
    """Every problem of ``pack``; an empty list means it can be published."""
    problems = [*_duplicates(pack), *_languages(pack), *_dates(pack)]
    problems += [*_references(pack), *successions(pack), *suppositions(pack)]
    problems += [*_levels(pack), *_weights(pack), *_conditions(pack), *_tables(pack), *derivations(pack)]
    problems += former_questions(pack)
    return problems


def _duplicates(pack: Pack) -> Iterator[Problem]:
    named = ["sources", "laws", "concerns", "questions", "gates", "requirements", "durations", "derivations"]
    named += ["hypotheses", "glossary"]
    families: dict[str, list[Any]] = {name: getattr(pack, name) for name in named}
    families |= {f"questions/{question.key}/options": list(question.options) for question in pack.questions}
    for name, parts in families.items():
        for key, count in Counter(part.key for part in parts).items():
            if count > 1:
                yield Problem(
                    f"{name}/{key}",
                    gettext_noop("the key '%(key)s' is used %(count)s times", key=key, count=count),
                    gettext_noop("Give each its own key."),
                )
    for key in {d.key for d in pack.durations} & {q.key for q in pack.questions}:
        yield Problem(
            f"durations/{key}",
            gettext_noop("a derived number has the key of a question"),
            gettext_noop("Rename one of the two."),
        )


def _languages(pack: Pack) -> Iterator[Problem]:
    for place, text in texts(pack, ""):
        for language in pack.languages:
            if language not in text:
                yield Problem(
                    place,
                    gettext_noop("the text has no '%(language)s'", language=language),
                    gettext_noop("Write it in %(languages)s.", languages=", ".join(pack.languages)),
                )
        for language in text.keys() - set(pack.languages):
            remedy = gettext_noop("Add it to 'languages' and translate every text, or remove it.")
            yield Problem(
                place,
                gettext_noop("the language '%(language)s' is not one of the checklist’s", language=language),
                remedy,
            )


def texts(part: BaseModel, place: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Every text under ``part`` with its place; a text is a mapping of language to sentence."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        here = f"{place}/{name}".lstrip("/")
        if isinstance(value, BaseModel):
            yield from texts(value, here)
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, BaseModel):
                    yield from texts(item, f"{here}/{getattr(item, 'key', '?')}")
        elif isinstance(value, dict) and name not in {"when", "applies", "presumed_if"}:
            yield here, value


def _dates(pack: Pack) -> Iterator[Problem]:
    days = [("published", pack.published)]
    days += [(f"sources/{source.key}/date", source.date) for source in pack.sources]
    days += [(f"sources/{part.key}/tried", part.tried) for part in pack.sources if part.tried]
    days += [(f"laws/{part.key}/tried", part.tried) for part in pack.laws if part.tried]
    for name in ("laws", "gates", "requirements", "derivations"):
        for part in getattr(pack, name):
            place = f"{name}/{part.key}"
            days += [(f"{place}/{end}", day) for end, day in (("from", part.from_), ("until", part.until)) if day]
            if part.from_ and part.until and part.from_ >= part.until:
                yield Problem(
                    place, gettext_noop("it ends before it begins"), gettext_noop("Put 'until' after 'from'.")
                )
    for place, day in days:
        try:
            date.fromisoformat(day)
        except ValueError:
            yield Problem(
                place,
                gettext_noop("%(day)s is not a date of the calendar", day=day),
                gettext_noop("Write it as YYYY-MM-DD."),
            )


def _references(pack: Pack) -> Iterator[Problem]:
    sources = {source.key for source in pack.sources}
    for name in ("laws", "questions", "gates", "requirements", "derivations", "hypotheses"):
        for part in getattr(pack, name):
            for key in part.sources:
                if key not in sources:
                    remedy = gettext_noop("Add it to 'sources' or correct the key.")
                    yield Problem(
                        f"{name}/{part.key}/sources",
                        gettext_noop("the source '%(key)s' does not exist", key=key),
                        remedy,
                    )
    concerns = {concern.key for concern in pack.concerns}
    laws = {law.key for law in pack.laws}
    for question in pack.questions:
        place = f"questions/{question.key}"
        if question.concern not in concerns:
            remedy = gettext_noop("Use one of: %(known)s.", known=", ".join(sorted(concerns)))
            yield Problem(
                f"{place}/concern", gettext_noop("the topic '%(key)s' does not exist", key=question.concern), remedy
            )
        for option in question.options:
            yield from regime(pack, question, option, laws)
    dated = {question.key for question in pack.questions if question.kind == "date"}
    for duration in pack.durations:
        if duration.to not in dated:
            yield Problem(
                f"durations/{duration.key}",
                gettext_noop("'%(key)s' is not a date question", key=duration.to),
                gettext_noop("Name one that is."),
            )


def _kinds(pack: Pack) -> list[Kind]:
    """The kinds of the questions of ``pack``."""
    asked = {question.kind for question in pack.questions}
    return [kind for kind in kinds() if kind.key in asked]


def _derived_facts(pack: Pack) -> tuple[frozenset[str], Mapping[str, frozenset[str]]]:
    """The derived numbers, and the derived words with their values, that the questions of ``pack`` give."""
    asked = _kinds(pack)
    numbers = frozenset(number for kind in asked for number in kind.numbers)
    return numbers, {fact: words for kind in asked for fact, words in kind.words.items()}


def _tables(pack: Pack) -> Iterator[Problem]:
    for kind in _kinds(pack):
        asked = [question for question in pack.questions if question.kind == kind.key]
        for question in asked if kind.is_table else ():
            if question.scope != "offer":
                message, remedy = gettext_noop("this table belongs to an offer"), gettext_noop("Write 'offer'.")
                yield Problem(f"questions/{question.key}/scope", message, remedy)
        for question in asked[1:] if kind.derives else ():
            message = gettext_noop("a second question is answered by a table of this kind")
            yield Problem(f"questions/{question.key}/kind", message, gettext_noop("Keep one of them."))
    numbers, words = _derived_facts(pack)
    named = {f"questions/{q.key}": q.key for q in pack.questions} | {
        f"durations/{d.key}": d.key for d in pack.durations
    }
    for place, key in named.items():
        if key in numbers or key in words:
            message = gettext_noop("'%(key)s' is the name of a derived fact", key=key)
            yield Problem(place, message, gettext_noop("Choose another key."))


def _levels(pack: Pack) -> Iterator[Problem]:
    for question in pack.questions:
        place = f"questions/{question.key}"
        kind = kind_of(question.kind)
        if question.effort and not kind.has_effort:
            yield Problem(f"{place}/effort", "only a date carries its effort itself", "Give it to the options.")
        if not kind.has_options:
            if question.options:
                yield Problem(
                    place,
                    gettext_noop("a question of the kind '%(kind)s' takes no options", kind=question.kind),
                    gettext_noop("Remove them."),
                )
            continue
        for option in question.options:
            if option.lever and option.effort is None:
                message = gettext_noop("a lever goes with an effort")
                yield Problem(f"{place}/options/{option.key}", message, gettext_noop("Give both or neither."))
        if len(question.options) < 2:
            yield Problem(place, gettext_noop("a choice needs two options or more"), gettext_noop("Add options."))
        scored = [option for option in question.options if option.level is not None]
        if scored and len(scored) < len(question.options):
            yield Problem(
                place,
                gettext_noop("some options carry a level and some do not"),
                gettext_noop("Give a level to all or to none."),
            )
        for option in scored:
            where = f"{place}/options/{option.key}"
            if option.finding is None:
                yield Problem(
                    where, gettext_noop("an option with a level needs a finding"), gettext_noop("Write 'finding'.")
                )
            if option.level is not None and option.level < 4 and option.advice is None:
                yield Problem(
                    where, gettext_noop("an option that loses points needs an advice"), gettext_noop("Write 'advice'.")
                )


def _weights(pack: Pack) -> Iterator[Problem]:
    for question in pack.questions:
        scored = any(option.level is not None for option in question.options)
        if scored and question.weight == 0:
            message = gettext_noop("it carries levels but weighs nothing")
            remedy = gettext_noop("Give it a weight of 1 or more.")
            yield Problem(f"questions/{question.key}/weight", message, remedy)
        if not scored and question.weight:
            yield Problem(
                f"questions/{question.key}/weight",
                gettext_noop("it has a weight but no levels"),
                gettext_noop("Remove the weight."),
            )
    for concern in pack.concerns:
        if concern.weight and not sum(q.weight for q in pack.questions if q.concern == concern.key):
            message = gettext_noop("the weights of its questions sum to zero")
            yield Problem(
                f"concerns/{concern.key}", message, gettext_noop("Give it a scored question, or the weight 0.")
            )
    if not sum(concern.weight for concern in pack.concerns):
        yield Problem(
            "concerns",
            gettext_noop("the weights of the topics sum to zero"),
            gettext_noop("Give one of them a weight."),
        )
    for threshold in pack.thresholds:
        if threshold.ceiling in ("unacceptable", "transition_only"):
            message = gettext_noop("a score below %(below)s condemns the offer", below=threshold.below)
            remedy = gettext_noop(
                "Cap at 'conditional' or better: only a blocking rule, with its source, may do worse."
            )
            yield Problem("thresholds", message, remedy)


def _conditions(pack: Pack) -> Iterator[Problem]:
    questions = {question.key: question for question in pack.questions}
    applicability: dict[str, Condition | None] = {}
    for question in pack.questions:
        place = f"questions/{question.key}/applies"
        condition, problems = _condition(pack, place, question.applies)
        yield from problems
        applicability[question.key] = condition
        for key in sorted(keys(condition)) if condition else []:
            if asked_behind(key) not in questions:
                yield Problem(
                    place,
                    gettext_noop("it depends on '%(key)s', which is not a question", key=key),
                    gettext_noop("Depend on questions only."),
                )
    yield from _light_enough(questions, applicability)
    try:
        asking_order(applicability, derived_from(pack))
    except EditionError as error:
        yield Problem("questions", str(error), gettext_noop("Break the cycle: remove one of these conditions."))
    for name in ("gates", "requirements"):
        for part in getattr(pack, name):
            yield from _condition(pack, f"{name}/{part.key}/when", part.when)[1]
    for rule in pack.derivations:
        yield from _condition(pack, f"derivations/{rule.key}/when", rule.when)[1]
    for gate in pack.gates:
        place = f"gates/{gate.key}/presumed_if"
        yield from _condition(pack, place, gate.presumed_if)[1]
        if gate.presumed_if and not gate.presumed:
            message = gettext_noop("it refines a presumption the blocking rule does not make")
            yield Problem(place, message, gettext_noop("Add 'presumed: true'."))


def _light_enough(
    questions: Mapping[str, Question], applicability: Mapping[str, Condition | None]
) -> Iterator[Problem]:
    """From one answer to a better one, the questions that come or go must weigh a quarter of what the answer gains, in
    levels times its weight: else a better answer could lower the score (decision 0002)."""
    for above, question in questions.items():
        if not question.weight:
            continue
        reading = [key for key, condition in applicability.items() if condition and above in keys(condition)]
        for worse, better in _by_level(question):
            moved = [key for key in reading if _tells_apart(applicability[key], above, worse, better)]
            weight = sum(questions[key].weight for key in moved)
            gained = question.weight * (better.level - worse.level)  # type: ignore[operator]
            if weight * TOP_LEVEL > gained:
                message = gettext_noop(
                    "the questions asked because of it weigh %(weight)s together, too much beside its own weight",
                    weight=weight,
                )
                remedy = gettext_noop(
                    "Let them weigh a quarter of it at most, or depend on a question that is not scored."
                )
                yield Problem(f"questions/{above}/weight", message, remedy)
                break


def _by_level(question: Question) -> Iterator[tuple[Option, Option]]:
    """Each two options of which one earns more than the other, the lesser first."""
    scored = [option for option in question.options if option.level is not None]
    for worse, better in permutations(scored, 2):
        if worse.level < better.level:  # type: ignore[operator]
            yield worse, better


def _tells_apart(condition: Condition | None, key: str, one: Option, other: Option) -> bool:
    """Whether ``condition`` may differ between the two answers to ``key``, whatever else is said."""
    read = [leaf for leaf in leaves(condition) if leaf.key == key] if condition else []
    facts = [{key: Fact(option.key, option.level)} for option in (one, other)]
    return any(evaluate(leaf, facts[0]) is not evaluate(leaf, facts[1]) for leaf in read)


def _condition(pack: Pack, place: str, document: Any) -> tuple[Condition | None, list[Problem]]:
    if document is None:
        return None, []
    try:
        condition = parse(document)
    except ConditionError as error:
        return None, [Problem(place, str(error), gettext_noop("Correct the condition."))]
    return condition, [problem for leaf in leaves(condition) for problem in _leaf(pack, place, leaf)]


def _is_known_law_fact(pack: Pack, key: str) -> bool:
    if key.startswith(LAW_PREFIX):
        return key.removeprefix(LAW_PREFIX) in {law.key for law in pack.laws}
    return asked_behind(key) in {question.key for question in pack.questions if question.kind == "country"}


def _leaf(pack: Pack, place: str, leaf: Leaf) -> Iterator[Problem]:
    question = next((question for question in pack.questions if question.key == leaf.key), None)
    is_law = leaf.key.startswith((LAW_PREFIX, ADEQUACY_PREFIX, AREA_PREFIX))
    numbers, derived_words = _derived_facts(pack)
    is_number = leaf.key in numbers or any(duration.key == leaf.key for duration in pack.durations)
    words = derived_words.get(leaf.key)
    if not question and not is_number and not words and not (is_law and _is_known_law_fact(pack, leaf.key)):
        yield Problem(
            place,
            gettext_noop("'%(key)s' is not a question or a derived fact", key=leaf.key),
            gettext_noop("Correct the key."),
        )
    elif isinstance(leaf, EvidenceAtLeast):
        if not question:
            message = gettext_noop("'%(key)s' is derived: no evidence is kept of it", key=leaf.key)
            yield Problem(place, message, gettext_noop("Ask for evidence of the question it is derived from."))
        elif place.endswith("/applies"):
            message = gettext_noop("whether a question is asked cannot hang on evidence")
            yield Problem(place, message, gettext_noop("Ask for evidence in a blocking rule."))
    elif isinstance(leaf, AtLeast):
        if not is_number and not (question and question.weight):
            yield Problem(
                place,
                gettext_noop("'%(key)s' carries no level to compare", key=leaf.key),
                gettext_noop("Use 'is' or 'in'."),
            )
    elif is_number or (question and not kind_of(question.kind).is_compared):
        yield Problem(
            place,
            gettext_noop("'%(key)s' is not compared to options", key=leaf.key),
            gettext_noop("Use 'at_least' on a derived number."),
        )
    elif question is None or kind_of(question.kind).has_options:
        states = AREAS if leaf.key.startswith(AREA_PREFIX) else frozenset({IN_FORCE, NOT_IN_FORCE})
        known = {option.key for option in question.options} if question else words or states
        for value in sorted(leaf.options - known):
            yield Problem(
                place,
                gettext_noop("'%(key)s' has no option '%(value)s'", key=leaf.key, value=value),
                gettext_noop("Use one of: %(known)s.", known=", ".join(sorted(known))),
            )
