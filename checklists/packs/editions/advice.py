"""What else an editor should know of a pack: rules that can never hold, and aids to good texts.

Errors (a question nobody can reach, a gate that can never hold) block publication from a draft; warnings do not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlsplit

from checklists.core.editions.conditions import (
    Among,
    AtLeast,
    Condition,
    ConditionError,
    EvidenceAtLeast,
    Fact,
    keys,
    leaves,
    parse,
)
from checklists.core.editions.edition import EditionError, asking_order
from checklists.core.editions.satisfiability import Asked, Patience, can_be
from checklists.core.evidence import Strength
from checklists.core.judging.facts import IN_FORCE, LAW_PREFIX, NOT_IN_FORCE
from checklists.core.texts.check import Kind, Text, Told, check_text
from checklists.packs.editions.checks import texts
from checklists.packs.editions.derivation_checks import derived_from
from checklists.packs.editions.parts import FAMILIES
from checklists.packs.editions.schema import Pack, Question
from checklists.packs.files.glossary import words_to_avoid
from checklists.packs.files.problems import Problem, gettext_noop

LONGEST = {"label": 200, "text": 300, "title": 200, "definition": 600, "finding": 900, "advice": 900, "why": 1500}
"""Characters after which a text is too long to be read where it stands, by field."""
PROSE = ("why", "finding", "advice", "definition", "summary")
"""Fields made of sentences, where a missing verb is worth a look."""
SHOWN_ALONE = ("label", "finding", "advice")
"""Fields of an answer or a rule that a report prints without the question."""
RIGHT = (
    gettext_noop("a curly apostrophe, ’"),
    gettext_noop("an ellipsis, …"),
    gettext_noop("one space"),
    gettext_noop("a narrow no-break space (U+202F) before a semicolon, a question mark or an exclamation mark"),
    gettext_noop("a no-break space (U+00A0) before a colon"),
    gettext_noop("a no-break space (U+00A0) inside French quotation marks"),
    gettext_noop("French quotation marks, with no-break spaces inside"),
    gettext_noop("1er"),
    gettext_noop("2e"),
    gettext_noop("the accent on the capital"),
    gettext_noop("À"),
    gettext_noop("œ"),
    gettext_noop("n° and a no-break space (U+00A0)"),
    gettext_noop("no space before a colon, a semicolon, a question mark or an exclamation mark"),
    gettext_noop("“ ”"),
    gettext_noop("curly quotation marks, “ ”"),
    gettext_noop("British spelling: -ise, -isation"),
    gettext_noop("British spelling"),
)
"""What typography asks for: the words of ``core.texts.typography``, marked for translation."""
OTHER = "?"
"""Stands for every value that no condition names."""


def advise(pack: Pack) -> list[Problem]:
    """What ``checks.check`` does not refuse and an editor should see. Expects a pack of which the conditions parse;
    those that do not are left out, ``check`` tells of them."""
    found = [*_lengths(pack), *_untranslated(pack), *_sources(pack), *_wording(pack)]
    warnings = [replace(problem, is_warning=True) for problem in found]
    return [*_reach(pack), *warnings]


def _reach(pack: Pack) -> Iterator[Problem]:
    conditions = {question.key: _read(question.applies) for question in pack.questions}
    try:
        order = asking_order(conditions, derived_from(pack))
    except EditionError:
        return  # told by ``check``: nothing can be said of what is asked in a circle
    gates = {gate.key: condition for gate in pack.gates if (condition := _read(gate.when))}
    rules = {r.key: condition for r in pack.requirements if (condition := _read(r.when))}
    read = [*(c for c in conditions.values() if c), *gates.values(), *rules.values()]
    asked = _asked(pack, conditions, read)
    order = (*order, *(key for key in asked if key not in conditions))
    shown, patience = _shown_at(pack), Patience()
    for key, condition in conditions.items():
        if condition is None:
            continue
        place = f"questions/{key}/applies"
        for above in sorted(keys(condition) & shown.keys(), key=lambda other: shown[other]):
            if shown[above] > shown[key]:
                message = gettext_noop("it depends on '%(key)s', which is asked after it", key=above)
                remedy = gettext_noop("Move one of the two, or respondents will see it appear behind them.")
                yield Problem(place, message, remedy, is_warning=True)
        if can_be(condition, True, asked, order, patience) is False:
            message = gettext_noop("no set of answers leads to this question")
            yield Problem(place, message, gettext_noop("Correct its condition, or take the question out."))
    for family, found in (("gates", gates), ("requirements", rules)):
        for key, condition in found.items():
            place = f"{family}/{key}/when"
            if can_be(condition, True, asked, order, patience) is False:
                message = gettext_noop("no set of answers makes this rule hold")
                yield Problem(place, message, gettext_noop("Correct its condition, or take the rule out."))
            elif can_be(condition, False, asked, order, patience) is False:
                message = gettext_noop("every set of answers makes this rule hold")
                remedy = gettext_noop("Make sure that it is meant for every assessment.")
                yield Problem(place, message, remedy, is_warning=True)


def _read(document: object) -> Condition | None:
    try:
        return parse(document) if document else None
    except ConditionError:
        return None


def _asked(pack: Pack, conditions: Mapping[str, Condition | None], read: list[Condition]) -> dict[str, Asked]:
    """What every question and derived fact can come to, as far as ``read`` can tell one value from another."""
    reading: dict[str, list[Condition]] = {}
    for condition in read:
        for key in keys(condition):
            reading.setdefault(key, []).append(condition)
    asked = {q.key: Asked(_values(q, reading.get(q.key, [])), conditions[q.key]) for q in pack.questions}
    for law in pack.laws:
        asked[LAW_PREFIX + law.key] = Asked((Fact(IN_FORCE), Fact(NOT_IN_FORCE)))
    for leaf in (leaf for condition in read for leaf in leaves(condition)):
        if leaf.key not in conditions and not leaf.key.startswith(LAW_PREFIX):
            # A derived fact: the values named and another one, the numbers compared to and those just below.
            named = asked[leaf.key].values if leaf.key in asked else (Fact(OTHER),)
            fresh: tuple[Fact, ...] = ()
            if isinstance(leaf, AtLeast):
                fresh = tuple(Fact(str(number), number) for number in (leaf.threshold - 1, leaf.threshold))
            elif isinstance(leaf, Among):
                fresh = tuple(Fact(value) for value in sorted(leaf.options))
            asked[leaf.key] = Asked((*named, *fresh))
    for duration in pack.durations:
        if duration.key in asked:
            asked[duration.key] = Asked(asked[duration.key].values[1:], conditions.get(duration.to))
    return asked


def _values(question: Question, read: list[Condition]) -> tuple[Fact, ...]:
    """Each answer there may be; with each strength of evidence, where a condition reads it."""
    mine = [leaf for condition in read for leaf in leaves(condition) if leaf.key == question.key]
    if question.options:
        values = tuple(Fact(option.key, option.level) for option in question.options)
    else:
        named = {value for leaf in mine if isinstance(leaf, Among) for value in leaf.options}
        values = (Fact(OTHER), *(Fact(value) for value in sorted(named)))
    if not any(isinstance(leaf, EvidenceAtLeast) for leaf in mine):
        return values
    return tuple(replace(value, strength=strength) for value in values for strength in (None, *Strength))


def _shown_at(pack: Pack) -> dict[str, tuple[int, int, int]]:
    """Where each question comes in the questionnaire: the workload's first, then concern by concern."""
    concerns = {concern.key: index for index, concern in enumerate(pack.concerns)}
    return {
        question.key: (0, 0, index) if question.scope == "workload" else (1, concerns.get(question.concern, 0), index)
        for index, question in enumerate(pack.questions)
    }


def _lengths(pack: Pack) -> Iterator[Problem]:
    for place, text in texts(pack, ""):
        most = LONGEST.get(place.rsplit("/", 1)[-1])
        for language, sentence in text.items():
            if most and len(sentence) > most:
                size = len(sentence)
                message = gettext_noop(
                    "the text in '%(language)s' has %(size)s characters", language=language, size=size
                )
                remedy = gettext_noop("Shorten it to %(most)s or less: it is read beside others.", most=most)
                yield Problem(place, message, remedy)


def _untranslated(pack: Pack) -> Iterator[Problem]:
    """Whole sentences that are the same in two languages; a name or a figure may well be."""
    for place, text in texts(pack, ""):
        written = [sentence for sentence in text.values() if len(sentence.split()) > 4]
        if len(written) > len(set(written)):
            message = gettext_noop("the text is the same in two languages")
            yield Problem(place, message, gettext_noop("Translate it."))


def _wording(pack: Pack) -> Iterator[Problem]:
    """What ``manage.py checktexts`` says of texts that ship, said of these: advice, not a fault."""
    for place, text in texts(pack, ""):
        for language, said in text.items():
            for told in _told(place.rsplit("/", 1)[-1], language, said):
                yield _problem(place, told)


@lru_cache(maxsize=16_384)
def _told(field: str, language: str, said: str) -> tuple[Told, ...]:
    text = Text("", {language: said}, field in PROSE, field in SHOWN_ALONE)
    return tuple(check_text(text, [language], words_to_avoid())) if said.strip() else ()


def _problem(place: str, told: Told) -> Problem:
    if told.kind is Kind.AVOID:
        message = gettext_noop("“%(found)s” is a word to avoid", found=told.found)
        return Problem(place, message, gettext_noop("Say “%(use)s”.", use=told.use))
    if told.kind is Kind.TYPOGRAPHY:
        message = gettext_noop(
            "typography, language '%(language)s': “%(found)s”", language=told.language, found=told.found
        )
        return Problem(place, message, gettext_noop(told.use))
    if told.kind is Kind.NO_VERB:
        message = gettext_noop("a sentence seems to have no verb: “%(found)s”", found=told.found)
        return Problem(place, message, gettext_noop("Say who does what."))
    if told.kind is Kind.ALONE:
        message = gettext_noop("“%(found)s” seems unclear without its question", found=told.found)
        return Problem(place, message, gettext_noop("Name the subject: reports print this text alone."))
    message = gettext_noop("a sentence is long (%(size)s): “%(found)s”", size=told.use, found=told.found)
    return Problem(place, message, gettext_noop("Cut it: up to 25 words read easily, over 35 hardly."))


def _sources(pack: Pack) -> Iterator[Problem]:
    listed = [part for name in FAMILIES for part in getattr(pack, name)]
    cited = {key for part in listed for key in getattr(part, "sources", ())}
    for source in pack.sources:
        if source.key not in cited:
            message = gettext_noop("nothing cites this source")
            yield Problem(f"sources/{source.key}", message, gettext_noop("Cite it or take it out."))
        if source.verify and source.note is None:
            message = gettext_noop("it is marked to be verified, and does not say what is not sure")
            yield Problem(f"sources/{source.key}", message, gettext_noop("Say it in its note."))
        if urlsplit(source.url).path in ("", "/"):
            message = gettext_noop("its link leads to a home page")
            yield Problem(f"sources/{source.key}/url", message, gettext_noop("Link to the text itself."))
    for name in ("sources", "laws"):
        for part in getattr(pack, name):
            if part.verify and part.tried is None:
                message = gettext_noop("it is marked to be verified, and does not say when this was last tried")
                yield Problem(f"{name}/{part.key}/tried", message, gettext_noop("Write the day."))
    for gate in pack.gates:
        unsure = {source.key for source in pack.sources if source.verify}
        if gate.sources and set(gate.sources) <= unsure:
            message = gettext_noop("every source of this blocking rule is still to be verified")
            yield Problem(f"gates/{gate.key}/sources", message, gettext_noop("Check one against the official text."))
