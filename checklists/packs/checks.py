"""Whether a well-formed pack makes sense: references, languages, levels, weights, conditions, cycles.

Each check yields :class:`~checklists.packs.problems.Problem` with the place and the remedy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from pydantic import BaseModel

from checklists.core.conditions import Among, AtLeast, Condition, ConditionError, keys, leaves, parse
from checklists.core.control_chain import NUMBERS, WORDS
from checklists.core.edition import EditionError, asking_order
from checklists.core.facts import ADEQUACY_PREFIX, IN_FORCE, LAW_PREFIX, NOT_IN_FORCE
from checklists.packs.problems import Problem
from checklists.packs.schema import Option, Pack, Question


def check(pack: Pack) -> list[Problem]:
    """Every problem of ``pack``; an empty list means it can be published."""
    problems = [*_duplicates(pack), *_languages(pack), *_dates(pack)]
    problems += [*_references(pack), *_successions(pack), *_suppositions(pack)]
    problems += [*_levels(pack), *_weights(pack), *_conditions(pack), *_chains(pack)]
    return problems


def _duplicates(pack: Pack) -> Iterator[Problem]:
    named = ("sources", "laws", "concerns", "questions", "gates", "requirements", "durations", "hypotheses", "glossary")
    families: dict[str, list[Any]] = {name: getattr(pack, name) for name in named}
    families |= {f"questions/{question.key}/options": list(question.options) for question in pack.questions}
    for name, parts in families.items():
        for key, count in Counter(part.key for part in parts).items():
            if count > 1:
                yield Problem(f"{name}/{key}", f"the key '{key}' is used {count} times", "Give each its own key.")
    for key in {d.key for d in pack.durations} & {q.key for q in pack.questions}:
        yield Problem(f"durations/{key}", "a derived number has the key of a question", "Rename one of the two.")


def _languages(pack: Pack) -> Iterator[Problem]:
    for place, text in texts(pack, ""):
        for language in pack.languages:
            if language not in text:
                yield Problem(place, f"the text has no '{language}'", f"Write it in {', '.join(pack.languages)}.")
        for language in text.keys() - set(pack.languages):
            remedy = "Add it to 'languages' and translate every text, or remove it."
            yield Problem(place, f"the language '{language}' is not one of the pack's", remedy)


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
    for name in ("laws", "gates", "requirements"):
        for part in getattr(pack, name):
            place = f"{name}/{part.key}"
            days += [(f"{place}/{end}", day) for end, day in (("from", part.from_), ("until", part.until)) if day]
            if part.from_ and part.until and part.from_ >= part.until:
                yield Problem(place, "it ends before it begins", "Put 'until' after 'from'.")
    for place, day in days:
        try:
            date.fromisoformat(day)
        except ValueError:
            yield Problem(place, f"{day} is not a date of the calendar", "Write it as YYYY-MM-DD.")


def _references(pack: Pack) -> Iterator[Problem]:
    sources = {source.key for source in pack.sources}
    for name in ("laws", "questions", "gates", "requirements", "hypotheses"):
        for part in getattr(pack, name):
            for key in part.sources:
                if key not in sources:
                    remedy = "Add it to 'sources' or correct the key."
                    yield Problem(f"{name}/{part.key}/sources", f"the source '{key}' does not exist", remedy)
    concerns = {concern.key for concern in pack.concerns}
    laws = {law.key for law in pack.laws}
    for question in pack.questions:
        place = f"questions/{question.key}"
        if question.concern not in concerns:
            remedy = f"Use one of: {', '.join(sorted(concerns))}."
            yield Problem(f"{place}/concern", f"the concern '{question.concern}' does not exist", remedy)
        for option in question.options:
            yield from _regime(pack, question, option, laws)
    dated = {question.key for question in pack.questions if question.kind == "date"}
    for duration in pack.durations:
        if duration.to not in dated:
            yield Problem(f"durations/{duration.key}", f"'{duration.to}' is not a date question", "Name one that is.")


def _regime(pack: Pack, question: Question, option: Option, laws: set[str]) -> Iterator[Problem]:
    place = f"questions/{question.key}/options/{option.key}"
    if option.regime and option.adequacy_of:
        yield Problem(place, "'regime' and 'adequacy_of' exclude each other", "Keep one of the two.")
    elif (option.regime is None and option.adequacy_of is None) != (option.lapsed_to is None):
        yield Problem(place, "'lapsed_to' goes with 'regime' or with 'adequacy_of'", "Give both or neither.")
    if option.regime and option.regime not in laws:
        yield Problem(f"{place}/regime", f"the law '{option.regime}' does not exist", "Add it to 'laws'.")
    if option.adequacy_of and option.adequacy_of not in {q.key for q in pack.questions if q.kind == "country"}:
        message = f"'{option.adequacy_of}' is not a country question"
        yield Problem(f"{place}/adequacy_of", message, "Name one that is.")
    others = {other.key for other in question.options if other.lapsed_to is None}
    if option.lapsed_to and option.lapsed_to not in others:
        message = f"'{option.lapsed_to}' is not another option that holds on every date"
        yield Problem(f"{place}/lapsed_to", message, "Name an option without a regime.")


def _chains(pack: Pack) -> Iterator[Problem]:
    chains = [question for question in pack.questions if question.kind == "control_chain"]
    for question in chains:
        if question.scope != "offer":
            yield Problem(f"questions/{question.key}/scope", "a control chain belongs to an offer", "Write 'offer'.")
    for question in chains[1:]:
        message = "a second question is answered by a control chain"
        yield Problem(f"questions/{question.key}/kind", message, "Keep one of them.")
    named = {f"questions/{q.key}": q.key for q in pack.questions} | {
        f"durations/{d.key}": d.key for d in pack.durations
    }
    for place, key in named.items():
        if chains and key in (*NUMBERS, *WORDS):
            message = f"'{key}' is the name of a fact derived from the control chain"
            yield Problem(place, message, "Choose another key.")


def _successions(pack: Pack) -> Iterator[Problem]:
    """A law may replace another one; going back from law to law must come to an end."""
    replaced = {law.key: law.replaces for law in pack.laws}
    for law in pack.laws:
        place = f"laws/{law.key}/replaces"
        seen, key = {law.key}, law.replaces
        while key:
            if key not in replaced:
                yield Problem(place, f"the law '{key}' does not exist", "Add it to 'laws' or correct the key.")
                break
            if key in seen:
                yield Problem(place, f"it comes round to '{key}' again", "Break the circle.")
                break
            seen.add(key)
            key = replaced[key]


def _suppositions(pack: Pack) -> Iterator[Problem]:
    laws = {law.key for law in pack.laws}
    questions = {question.key: question for question in pack.questions}
    for hypothesis in pack.hypotheses:
        place = f"hypotheses/{hypothesis.key}"
        if not hypothesis.sets and not hypothesis.ends:
            yield Problem(place, "it supposes nothing", "Give answers in 'sets' or laws in 'ends'.")
        for key in hypothesis.ends:
            if key not in laws:
                yield Problem(f"{place}/ends", f"the law '{key}' does not exist", "Correct the key.")
        for change in hypothesis.sets:
            question = questions.get(change.question)
            if question is None:
                yield Problem(f"{place}/sets", f"'{change.question}' is not a question", "Correct the key.")
                continue
            options = {option.key for option in question.options}
            named = [*change.given, *([change.value] if change.value else [])]
            for value in named if question.kind == "choice" else ():
                if value not in options:
                    message = f"'{question.key}' has no option '{value}'"
                    yield Problem(f"{place}/sets", message, f"Use one of: {', '.join(sorted(options))}.")


def _levels(pack: Pack) -> Iterator[Problem]:
    for question in pack.questions:
        place = f"questions/{question.key}"
        if question.kind != "choice":
            if question.options:
                yield Problem(place, f"a {question.kind} question takes no options", "Remove them.")
            continue
        if len(question.options) < 2:
            yield Problem(place, "a choice needs two options or more", "Add options.")
        scored = [option for option in question.options if option.level is not None]
        if scored and len(scored) < len(question.options):
            yield Problem(place, "some options carry a level and some do not", "Give a level to all or to none.")
        for option in scored:
            where = f"{place}/options/{option.key}"
            if option.finding is None:
                yield Problem(where, "an option with a level needs a finding", "Write 'finding'.")
            if option.level is not None and option.level < 4 and option.advice is None:
                yield Problem(where, "an option that loses points needs an advice", "Write 'advice'.")


def _weights(pack: Pack) -> Iterator[Problem]:
    for question in pack.questions:
        scored = any(option.level is not None for option in question.options)
        if scored and question.weight == 0:
            message, remedy = "it carries levels but weighs nothing", "Give it a weight of 1 or more."
            yield Problem(f"questions/{question.key}/weight", message, remedy)
        if not scored and question.weight:
            yield Problem(f"questions/{question.key}/weight", "it has a weight but no levels", "Remove the weight.")
    for concern in pack.concerns:
        if concern.weight and not sum(q.weight for q in pack.questions if q.concern == concern.key):
            message = "the weights of its questions sum to zero"
            yield Problem(f"concerns/{concern.key}", message, "Give it a scored question, or the weight 0.")
    if not sum(concern.weight for concern in pack.concerns):
        yield Problem("concerns", "the weights of the concerns sum to zero", "Give one of them a weight.")
    if not any(threshold.ceiling == "unacceptable" for threshold in pack.thresholds):
        message = "no threshold caps an empty assessment at 'unacceptable'"
        yield Problem("thresholds", message, "Add one, such as {below: 10, ceiling: unacceptable}.")


def _conditions(pack: Pack) -> Iterator[Problem]:
    questions = {question.key: question for question in pack.questions}
    applicability: dict[str, Condition | None] = {}
    for question in pack.questions:
        place = f"questions/{question.key}/applies"
        condition, problems = _condition(pack, place, question.applies)
        yield from problems
        applicability[question.key] = condition
        for key in sorted(keys(condition)) if condition else []:
            # A scored condition would let a better answer bring new doubts in, and so lower the score.
            if key in questions and questions[key].weight:
                message = f"it depends on '{key}', whose options carry levels"
                yield Problem(place, message, "Depend only on questions that are not scored.")
            elif key not in questions:
                yield Problem(place, f"it depends on '{key}', which is not a question", "Depend on questions only.")
    try:
        asking_order(applicability)
    except EditionError as error:
        yield Problem("questions", str(error), "Break the cycle: remove one of these conditions.")
    for name in ("gates", "requirements"):
        for part in getattr(pack, name):
            yield from _condition(pack, f"{name}/{part.key}/when", part.when)[1]
    for gate in pack.gates:
        place = f"gates/{gate.key}/presumed_if"
        yield from _condition(pack, place, gate.presumed_if)[1]
        if gate.presumed_if and not gate.presumed:
            yield Problem(place, "it refines a presumption the gate does not make", "Add 'presumed: true'.")


def _condition(pack: Pack, place: str, document: Any) -> tuple[Condition | None, list[Problem]]:
    if document is None:
        return None, []
    try:
        condition = parse(document)
    except ConditionError as error:
        return None, [Problem(place, str(error), "Correct the condition.")]
    return condition, [problem for leaf in leaves(condition) for problem in _leaf(pack, place, leaf)]


def _is_known_law_fact(pack: Pack, key: str) -> bool:
    if key.startswith(LAW_PREFIX):
        return key.removeprefix(LAW_PREFIX) in {law.key for law in pack.laws}
    named = {option.adequacy_of for question in pack.questions for option in question.options}
    return key.removeprefix(ADEQUACY_PREFIX) in named


def _leaf(pack: Pack, place: str, leaf: Among | AtLeast) -> Iterator[Problem]:
    question = next((question for question in pack.questions if question.key == leaf.key), None)
    is_law = leaf.key.startswith((LAW_PREFIX, ADEQUACY_PREFIX))
    has_chain = any(question.kind == "control_chain" for question in pack.questions)
    is_number = (has_chain and leaf.key in NUMBERS) or any(duration.key == leaf.key for duration in pack.durations)
    words = WORDS.get(leaf.key) if has_chain else None
    if not question and not is_number and not words and not (is_law and _is_known_law_fact(pack, leaf.key)):
        yield Problem(place, f"'{leaf.key}' is not a question or a derived fact", "Correct the key.")
    elif isinstance(leaf, AtLeast):
        if not is_number and not (question and question.weight):
            yield Problem(place, f"'{leaf.key}' carries no level to compare", "Use 'is' or 'in'.")
    elif is_number or (question and question.kind in ("date", "control_chain")):
        yield Problem(place, f"'{leaf.key}' is not compared to options", "Use 'at_least' on a derived number.")
    elif question is None or question.kind == "choice":
        known = {option.key for option in question.options} if question else words or {IN_FORCE, NOT_IN_FORCE}
        for value in sorted(leaf.options - known):
            yield Problem(place, f"'{leaf.key}' has no option '{value}'", f"Use one of: {', '.join(sorted(known))}.")
