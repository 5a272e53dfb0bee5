"""Whether what a pack says of the law makes sense: what an option rests on, what replaces what, what is supposed."""

from __future__ import annotations

from collections.abc import Iterator

from checklists.core.kinds import kind_of
from checklists.packs.editions.schema import Option, Pack, Question
from checklists.packs.files.problems import Problem, gettext_noop


def regime(pack: Pack, question: Question, option: Option, laws: set[str]) -> Iterator[Problem]:
    """The law that ``option`` rests on, and what it counts as without it."""
    place = f"questions/{question.key}/options/{option.key}"
    if option.regime and option.adequacy_of:
        message = gettext_noop("'regime' and 'adequacy_of' exclude each other")
        yield Problem(place, message, gettext_noop("Keep one of the two."))
    elif (option.regime is None and option.adequacy_of is None) != (option.lapsed_to is None):
        message = gettext_noop("'lapsed_to' goes with 'regime' or with 'adequacy_of'")
        yield Problem(place, message, gettext_noop("Give both or neither."))
    if option.regime and option.regime not in laws:
        message = gettext_noop("the law '%(key)s' does not exist", key=option.regime)
        yield Problem(f"{place}/regime", message, gettext_noop("Add it to 'laws'."))
    if option.adequacy_of and option.adequacy_of not in {q.key for q in pack.questions if q.kind == "country"}:
        message = gettext_noop("'%(key)s' is not a country question", key=option.adequacy_of)
        yield Problem(f"{place}/adequacy_of", message, gettext_noop("Name one that is."))
    others = {other.key for other in question.options if other.lapsed_to is None}
    if option.lapsed_to and option.lapsed_to not in others:
        message = gettext_noop("'%(key)s' is not another option that holds on every date", key=option.lapsed_to)
        yield Problem(f"{place}/lapsed_to", message, gettext_noop("Name an option without a regime."))


def successions(pack: Pack) -> Iterator[Problem]:
    """A law may replace another one; going back from law to law must come to an end."""
    replaced = {law.key: law.replaces for law in pack.laws}
    for law in pack.laws:
        place = f"laws/{law.key}/replaces"
        seen, key = {law.key}, law.replaces
        while key:
            if key not in replaced:
                message = gettext_noop("the law '%(key)s' does not exist", key=key)
                yield Problem(place, message, gettext_noop("Add it to 'laws' or correct the key."))
                break
            if key in seen:
                message = gettext_noop("it comes round to '%(key)s' again", key=key)
                yield Problem(place, message, gettext_noop("Break the circle."))
                break
            seen.add(key)
            key = replaced[key]


def suppositions(pack: Pack) -> Iterator[Problem]:
    """What a hypothesis changes must exist."""
    laws = {law.key for law in pack.laws}
    questions = {question.key: question for question in pack.questions}
    for hypothesis in pack.hypotheses:
        place = f"hypotheses/{hypothesis.key}"
        if not hypothesis.sets and not hypothesis.ends:
            remedy = gettext_noop("Give answers in 'sets' or laws in 'ends'.")
            yield Problem(place, gettext_noop("it supposes nothing"), remedy)
        for key in hypothesis.ends:
            if key not in laws:
                message = gettext_noop("the law '%(key)s' does not exist", key=key)
                yield Problem(f"{place}/ends", message, gettext_noop("Correct the key."))
        for change in hypothesis.sets:
            question = questions.get(change.question)
            if question is None:
                message = gettext_noop("'%(key)s' is not a question", key=change.question)
                yield Problem(f"{place}/sets", message, gettext_noop("Correct the key."))
                continue
            options = {option.key for option in question.options}
            named = [*change.given, *([change.value] if change.value else [])]
            for value in named if kind_of(question.kind).has_options else ():
                if value not in options:
                    message = gettext_noop("'%(key)s' has no option '%(value)s'", key=question.key, value=value)
                    remedy = gettext_noop("Use one of: %(known)s.", known=", ".join(sorted(options)))
                    yield Problem(f"{place}/sets", message, remedy)
