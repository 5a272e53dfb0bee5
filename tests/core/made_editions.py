"""Small editions by hand, and random ones for the property tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from checklists.core.editions.edition import Edition
from checklists.core.judging.answer import Answer

Document = dict[str, Any]
Answers = dict[str, Answer]

VERDICTS = ("unacceptable", "transition_only", "conditional", "acceptable", "sovereign")
IN_TIME, LAPSE = date(2020, 1, 1), date(2020, 7, 16)
"""The random editions' one law is in force in [IN_TIME, LAPSE)."""
DAYS = [IN_TIME - timedelta(1), IN_TIME, LAPSE - timedelta(1), LAPSE, date(2021, 1, 1)]


def words(text: str) -> dict[str, str]:
    return {"fr": f"{text} (fr)", "en": text}


def option(key: str, level: int | None = None, **more: Any) -> Document:
    scored = {} if level is None else {"level": level, "finding": words(f"found {key}"), "advice": words(f"mend {key}")}
    return {"key": key, "label": words(key), **scored, **more}


def question(key: str, *options: Document, **more: Any) -> Document:
    """A choice of ``options`` in the concern ``c``; of weight 1 if they carry levels."""
    return {
        "key": key,
        "concern": "c",
        "scope": "offer",
        "kind": "choice",
        "weight": int(any("level" in item for item in options)),
        "harms": ["read"],
        "text": words(f"{key}?"),
        "why": words("because"),
        "where": words("there"),
        "sources": ["text"],
        "options": list(options),
        **more,
    }


def ladder(key: str, **more: Any) -> Document:
    """A scored question with the options ``l0`` to ``l4``, each of the level it names."""
    return question(key, *(option(f"l{level}", level) for level in range(5)), **more)


def switch(key: str, **more: Any) -> Document:
    """An unscored question with the options ``yes`` and ``no``."""
    return question(key, option("yes"), option("no"), **more)


def concern(key: str, weight: int = 1) -> Document:
    return {"key": key, "title": words(key), "summary": words(key), "weight": weight}


def gate(key: str, when: Document, ceiling: str = "unacceptable", **more: Any) -> Document:
    texts = {name: words(f"{name} of {key}") for name in ("title", "finding", "advice")}
    return {
        "key": key,
        "when": when,
        "ceiling": ceiling,
        "harms": ["read"],
        "sources": ["text"],
        "status": "in_force",
        **texts,
        **more,
    }


def law(key: str, start: str | None, until: str | None, **more: Any) -> Document:
    bounds = {name: day for name, day in (("from", start), ("until", until)) if day}
    return {
        "key": key,
        "kind": "transfer_tool",
        "title": words(key),
        "sources": ["text"],
        "verify": False,
        **bounds,
        **more,
    }


def requirement(key: str, least: str, when: Document | None = None, **more: Any) -> Document:
    condition = {} if when is None else {"when": when}
    return {"key": key, "least": least, "text": words(key), "sources": [], **condition, **more}


def document(*questions: Document, **parts: Any) -> Document:
    """A canonical document around ``questions``: one concern, one source and one threshold unless given."""
    source = {
        "key": "text",
        "title": words("A text"),
        "date": "2020-01-01",
        "url": "https://example.org/text",
        "status": "in_force",
        "verify": False,
    }
    return {
        "schema": "porte-cles/checklist/1",
        "key": "small",
        "number": 1,
        "published": "2020-01-01",
        "languages": ["fr", "en"],
        "title": words("Small"),
        "summary": words("Small"),
        "changelog": words("First"),
        "sources": [source],
        "laws": [],
        "concerns": [concern("c")],
        "questions": list(questions),
        "gates": [],
        "thresholds": [{"below": 10, "ceiling": "unacceptable"}],
        "requirements": [],
        "durations": [],
        "glossary": [],
        **parts,
    }


def edition(*questions: Document, **parts: Any) -> Edition:
    return Edition.from_document(document(*questions, **parts))


def chosen(**options: str) -> Answers:
    return {key: Answer.of(value) for key, value in options.items()}


@st.composite
def conditions(
    draw: st.DrawFn, readable: Mapping[str, list[str]], scored: frozenset[str] = frozenset(), depth: int = 2
) -> Document:
    """Conditions on the keys of ``readable`` (each with its options); ``at_least`` on those that are scored."""
    operator = draw(st.sampled_from(["is", "in", "at_least", *(["not", "all", "any"] if depth else [])]))
    if operator == "not":
        return {"not": draw(conditions(readable, scored, depth - 1))}
    if operator in ("all", "any"):
        return {operator: [draw(conditions(readable, scored, depth - 1)) for _ in range(draw(st.integers(1, 2)))]}
    key = draw(st.sampled_from(sorted(readable)))
    if operator == "at_least" and key in scored:
        return {"at_least": {key: draw(st.integers(0, 4))}}
    value = draw(st.sampled_from(readable[key]))
    return {"is": {key: value}} if operator == "is" else {"in": {key: sorted({value, readable[key][0]})}}


@st.composite
def documents(draw: st.DrawFn, *, all_asked: bool = False) -> Document:
    """The document of a random valid edition: 2-3 concerns, 3-8 choices, 0-3 gates, a law, thresholds and requirements.

    Applicability hangs on unscored questions only, as in every pack that is accepted. With ``all_asked``, every
    question always applies.
    """
    names = ["c", "d", "e"][: draw(st.integers(2, 3))]
    readable: dict[str, list[str]] = {}
    questions = []
    for index in range(draw(st.integers(1, 3))):
        key = f"u{index}"
        applies = {} if all_asked or not readable or draw(st.booleans()) else {"applies": draw(conditions(readable))}
        questions.append(switch(key, concern=draw(st.sampled_from(names)), **applies))
        readable[key] = ["yes", "no"]
    unscored = dict(readable)
    for index in range(draw(st.integers(2, 5))):
        key = f"s{index}"
        options = [option(f"o{n}", draw(st.integers(0, 4))) for n in range(draw(st.integers(2, 4)))]
        if draw(st.integers(0, 3)) == 0:
            options[0] |= {"regime": "shield", "lapsed_to": "o1"}
        applies = {} if all_asked or draw(st.booleans()) else {"applies": draw(conditions(unscored))}
        place, weight = draw(st.sampled_from(names)), draw(st.integers(1, 5))
        questions.append(question(key, *options, concern=place, weight=weight, **applies))
        readable[key] = [item["key"] for item in options]
    scored = frozenset(readable) - frozenset(unscored)
    facts = readable | {"law:shield": ["in_force", "not_in_force"]}
    filled = [name for name in names if any(q["concern"] == name and q["weight"] for q in questions)]
    return document(
        *draw(st.permutations(questions)),
        laws=[law("shield", IN_TIME.isoformat(), LAPSE.isoformat())],
        concerns=[concern(name, draw(st.integers(1, 5)) if name in filled else 0) for name in names],
        gates=[
            gate(f"g{n}", draw(conditions(facts, scored)), draw(st.sampled_from(VERDICTS)), **draw(_validity()))
            for n in range(draw(st.integers(0, 3)))
        ],
        thresholds=[
            {"below": draw(st.integers(1, 100)), "ceiling": ceiling}
            for ceiling in ["unacceptable", *draw(st.lists(st.sampled_from(VERDICTS), max_size=2))]
        ],
        requirements=[
            requirement(f"r{n}", draw(st.sampled_from(VERDICTS)), draw(st.none() | conditions(facts, scored)))
            for n in range(draw(st.integers(0, 2)))
        ],
    )


def editions(*, all_asked: bool = False) -> st.SearchStrategy[Edition]:
    return documents(all_asked=all_asked).map(Edition.from_document)


def _validity() -> st.SearchStrategy[Document]:
    always: Document = {}
    bounded = {"from": IN_TIME.isoformat(), "until": LAPSE.isoformat()}
    return st.sampled_from([always, always, bounded, {"status": "proposed"}])


@st.composite
def answers_to(draw: st.DrawFn, asked: Edition, *, complete: bool = False) -> Answers:
    """Random answers: an option, "I don’t know", not applicable or none; ``complete`` leaves no doubt in."""
    doubts: list[Answer | None] = [] if complete else [Answer.unknown(), None, None]
    answers = {}
    for key, item in asked.questions.items():
        options: list[Answer | None] = [Answer.of(value) for value in item.options]
        answer = draw(st.sampled_from([*options, Answer.not_applicable("none here"), *doubts]))
        if answer is not None:
            answers[key] = answer
    return answers


def claimed(answer: Answer) -> Answer:
    return replace(answer, claimed=True)


def some_claimed(data: st.DataObject, answers: Answers) -> Answers:
    """``answers`` with a random part of them merely claimed."""
    return {key: claimed(answer) if data.draw(st.booleans()) else answer for key, answer in answers.items()}


def scored_keys(asked: Edition) -> Iterator[str]:
    return (key for key, item in asked.questions.items() if item.is_scored)


days = st.sampled_from(DAYS)


@st.composite
def editions_with_efforts(draw: st.DrawFn) -> Edition:
    """A random edition in which some options, of any question, state an effort: few enough to try every plan."""
    made = draw(documents())
    chosen_from = [(item, option) for item in made["questions"] for option in item["options"]]
    for _, picked in draw(st.lists(st.sampled_from(chosen_from), max_size=9)):
        picked["effort"] = draw(st.integers(1, 4))
    return Edition.from_document(made)
