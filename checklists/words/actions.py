"""What can be done about an offer, in sentences: each action with its premise, its effect, who does it and by when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from checklists.core.actions import RULE, ActionKind, Fewest, ToDo, first_actions
from checklists.core.editions.edition import Edition
from checklists.core.editions.vocabulary import Verdict
from checklists.core.judging.answer import AnswerStatus
from checklists.core.judging.judgement import Judgement, VerdictBand
from checklists.models import OfferAction
from checklists.services.actions.read_actions import Proposed, is_late
from checklists.words.clauses import ClauseLine, clause_for
from checklists.words.contents import Given, TakenOn
from checklists.words.judging.decision import fact_text, facts_in_a_row
from checklists.words.judging.presentation import Step, step
from checklists.words.vocabulary import VERDICTS, listed, pick

KINDS = {
    ActionKind.FIND_OUT: gettext_lazy("To find out"),
    ActionKind.CHANGE: gettext_lazy("To change here"),
    ActionKind.OBTAIN: gettext_lazy("To obtain from the provider"),
    ActionKind.IMPOSSIBLE: gettext_lazy("Not possible with this offer"),
}
STATES = dict(OfferAction.State.choices)
ON_DECIDE = 3
"""Actions that the first page names."""
MOST_FACTS = 3
"""Facts that the premise of a line names."""
SHORT = 4
"""Lines of a kind that are shown at once; the others are folded."""


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One action. ``what`` is a sentence that stands alone; ``premise`` the fact or the silence it rests on;
    ``effect`` what it does to the verdict; ``where`` the place to look, '' when ``what`` says it all.

    ``owner`` and ``due`` are '' and ``None`` while nobody took it in hand; ``revision`` is 0 then.
    """

    key: str
    kind: str
    what: str
    premise: str
    effect: str
    where: str
    question: str
    owner: str
    due: date | None
    state: str
    state_words: str
    note: str
    revision: int
    is_late: bool
    brief: str = ""
    """``effect`` in a few words, for where a heading says what they are: the rule it bears on."""
    is_light: bool = False
    """Whether it is a question on which no rule hangs, that nobody took in hand."""
    clause: ClauseLine | None = None
    """What to have written in the contract, where it is to be obtained from the provider."""

    @property
    def is_taken(self) -> bool:
        return self.revision > 0

    @property
    def is_closed(self) -> bool:
        return self.state in OfferAction.CLOSED


@dataclass(frozen=True, slots=True)
class ActionGroup:
    """One kind: ``first`` lines at once, ``rest`` folded."""

    kind: str
    title: str
    first: tuple[ActionLine, ...]
    rest: tuple[ActionLine, ...]

    @property
    def lines(self) -> tuple[ActionLine, ...]:
        return self.first + self.rest

    @property
    def count(self) -> int:
        return len(self.lines)

    @property
    def weighty(self) -> tuple[ActionLine, ...]:
        """The lines that a report tells one by one: all of them but the ``light`` ones."""
        return tuple(line for line in self.lines if line not in self.light)

    @property
    def light(self) -> tuple[ActionLine, ...]:
        """The questions on which no rule hangs, and that nobody took in hand."""
        return tuple(line for line in self.lines if line.is_light)


@dataclass(frozen=True, slots=True)
class FewestLine:
    """The smallest set that reaches ``target``: how much of each kind, and what it costs in words."""

    target: Step
    is_required: bool
    counts: str
    efforts: str
    untaken: int


@dataclass(frozen=True, slots=True)
class ActionPlan:
    """Everything to do. ``first`` are the three to begin with. ``past`` are rows that the answers ask for no more."""

    groups: tuple[ActionGroup, ...]
    first: tuple[ActionLine, ...]
    fewest: tuple[FewestLine, ...]
    past: tuple[ActionLine, ...]
    summary: str

    @property
    def is_taken(self) -> bool:
        """Whether anybody took anything in hand."""
        return bool(self.taken)

    @property
    def taken(self) -> tuple[ActionLine, ...]:
        """What somebody took in hand, of what the answers ask for."""
        return tuple(line for group in self.groups for line in group.lines if line.is_taken)

    def line(self, key: str) -> ActionLine | None:
        """The action ``key``, asked for today or before; ``None`` for no such action."""
        lines = [*(line for group in self.groups for line in group.lines), *self.past]
        return next((line for line in lines if line.key == key), None)


def present_actions(
    edition: Edition,
    judgement: Judgement,
    given: Mapping[str, Given],
    proposed: Proposed,
    rows: Mapping[str, TakenOn],
) -> ActionPlan:
    """The actions in the active language; ``rows`` are those that people took in hand, by key."""

    def line(item: ToDo) -> ActionLine:
        return _line(edition, judgement, given, item, rows.get(item.key))

    lines = {item.key: line(item) for item in proposed.actions}
    groups = []
    for kind, title in KINDS.items():
        mine = [lines[item.key] for item in proposed.actions if item.kind is kind and lines[item.key].what]
        groups.append(ActionGroup(kind.value, str(title), tuple(mine[:SHORT]), tuple(mine[SHORT:])))
    ordered = [lines[item.key] for item in first_actions(edition, proposed.actions, judgement.required.best)]
    first = [each for each in ordered if each.what and not each.is_closed][:ON_DECIDE]
    past = [_past(edition, key, row) for key, row in rows.items() if key not in lines]
    return ActionPlan(
        groups=tuple(groups),
        first=tuple(first),
        fewest=tuple(_fewest(each, rows, judgement.required.best) for each in proposed.fewest),
        past=tuple(past),
        summary=listed(
            _("%(title)s: %(n)d") % {"title": group.title, "n": group.count} for group in groups if group.count
        ),
    )


def _line(
    edition: Edition,
    judgement: Judgement,
    given: Mapping[str, Given],
    item: ToDo,
    row: TakenOn | None,
) -> ActionLine:
    what, where = _what(edition, judgement, item)
    return ActionLine(
        key=item.key,
        kind=item.kind.value,
        what=what,
        premise=_premise(edition, judgement, given, item),
        effect=_effect(edition, item),
        where=where,
        question=item.question,
        brief=_brief(edition, item),
        clause=clause_for(edition, item.question) if item.kind is ActionKind.OBTAIN else None,
        is_light=item.kind is ActionKind.FIND_OUT and row is None and not (item.gates or item.bears or item.lifts),
        **_undertaken(row),  # type: ignore[arg-type]
    )


def taken_line(row: OfferAction, today: date) -> TakenOn:
    """What somebody took in hand, as it stands on ``today``."""
    owner = str(row.owner) if row.owner else ""
    return TakenOn(owner, row.due, row.state, row.note, row.revision, is_late(row, today))


def _undertaken(row: TakenOn | None) -> dict[str, object]:
    state = row.state if row else OfferAction.State.TO_DO
    return {
        "owner": row.owner if row else "",
        "due": row.due if row else None,
        "state": str(state),
        "state_words": str(STATES[state]),
        "note": row.note if row else "",
        "revision": row.revision if row else 0,
        "is_late": row is not None and row.is_late,
    }


def _past(edition: Edition, key: str, row: TakenOn) -> ActionLine:
    """An action that the answers ask for no more: what it was about is all that is left to say."""
    question = key.partition("-")[2]
    question = question if question in edition.questions else ""
    what = action_about(edition, key)
    return ActionLine(key, "", what, "", "", "", question, **_undertaken(row))  # type: ignore[arg-type]


def action_about(edition: Edition, key: str) -> str:
    """What the action ``key`` is about: its rule or its question, which need no judgement to be told."""
    subject = key.partition("-")[2]
    if key.startswith(RULE) and subject in edition.gates:
        return pick(edition.gates[subject].title)
    return pick(edition.questions[subject].text) if subject in edition.questions else key


def _what(edition: Edition, judgement: Judgement, item: ToDo) -> tuple[str, str]:
    """What to do, and where to look."""
    if item.kind is ActionKind.IMPOSSIBLE:
        return pick(edition.gates[item.gates[0]].title), ""
    question = edition.questions[item.question]
    if item.kind is ActionKind.FIND_OUT:
        return pick(question.text), pick(question.where)
    option = judgement.states[item.question].option
    return pick(option.advice if option else None), ""


def _premise(edition: Edition, judgement: Judgement, given: Mapping[str, Given], item: ToDo) -> str:
    if item.kind is ActionKind.IMPOSSIBLE:
        return facts_in_a_row(edition, judgement, given, _told_facts(edition, item))
    if item.kind is not ActionKind.FIND_OUT:
        return fact_text(edition, judgement, given, item.question)
    if item.is_claim:
        return _("Said, and shown by nothing: %(fact)s") % {"fact": fact_text(edition, judgement, given, item.question)}
    if judgement.states[item.question].status is AnswerStatus.UNKNOWN:
        return _("Answered “I don’t know”.")
    return _("No answer yet.")


def _told_facts(edition: Edition, item: ToDo) -> tuple[str, ...]:
    """The facts that one reads in a line: whole tables are left out where plain answers say the same."""
    plain = [key for key in item.facts if edition.questions[key].kind in ("choice", "country", "date")]
    return tuple((plain or item.facts)[:MOST_FACTS])


def _effect(edition: Edition, item: ToDo) -> str:
    """What the action does to the verdict, in a sentence; to the score, when it does nothing to the verdict."""
    if item.kind is ActionKind.IMPOSSIBLE:
        gate = edition.gates[item.gates[0]]
        values = {"verdict": VERDICTS[gate.ceiling], "rule": pick(gate.title)}
        return (
            _(
                "As long as this rule applies, the verdict is “%(verdict)s” at best, whatever else is changed in the "
                "offer: %(rule)s."
            )
            % values
        )
    if item.lifts and item.after:
        return _("Alone, it lifts the verdict: from “%(before)s” to “%(after)s”.") % {
            "before": _band(item.before),
            "after": _band(item.after),
        }
    if item.gates:
        return _on_rules(edition, item)
    if item.bears:
        gate = edition.gates[item.bears[0]]
        values = {"rule": pick(gate.title), "verdict": VERDICTS[gate.ceiling]}
        return (
            _("Alone it does not lift this rule, which rests on other facts too: %(rule)s (“%(verdict)s” at best).")
            % values
        )
    if item.points > 0:
        return ngettext(
            "It is worth up to %(n)d point of the score, out of 100.",
            "It is worth up to %(n)d points of the score, out of 100.",
            item.points,
        ) % {"n": item.points}
    if item.reaches:
        return _("One of the steps that lead to “%(verdict)s”.") % {"verdict": VERDICTS[item.reaches[0]]}
    return _("It weighs little by itself: less than one point of the score.")


def _brief(edition: Edition, item: ToDo) -> str:
    """The rule that the action bears on, and how many others; the whole effect, where it bears on none."""
    rules = item.gates or item.bears
    if not rules or (item.lifts and item.after and item.kind is not ActionKind.IMPOSSIBLE):
        return _effect(edition, item)
    gate = edition.gates[rules[0]]
    if item.kind is ActionKind.IMPOSSIBLE:
        return _("“%(verdict)s” at best.") % {"verdict": VERDICTS[gate.ceiling]}
    text = _("%(rule)s (“%(verdict)s” at best).") % {"rule": pick(gate.title), "verdict": VERDICTS[gate.ceiling]}
    more = len(item.gates) - 1
    return (
        f"{text} {ngettext('And %(n)d other rule.', 'And %(n)d other rules.', more) % {'n': more}}"
        if more > 0
        else text
    )


def _on_rules(edition: Edition, item: ToDo) -> str:
    gate = edition.gates[item.gates[0]]
    values = {"rule": pick(gate.title), "verdict": VERDICTS[gate.ceiling], "n": len(item.gates) - 1}
    if item.kind is ActionKind.FIND_OUT:
        text = _("It decides whether this rule applies: %(rule)s (“%(verdict)s” at best).") % values
        more = ngettext("And %(n)d other rule.", "And %(n)d other rules.", len(item.gates) - 1)
    else:
        text = _("It lifts this rule: %(rule)s (“%(verdict)s” at best).") % values
        more = ngettext("And %(n)d other rule.", "And %(n)d other rules.", len(item.gates) - 1)
    return f"{text} {more % values}" if len(item.gates) > 1 else text


def _band(band: VerdictBand) -> str:
    if band.is_settled:
        return str(VERDICTS[band.worst])
    return _("%(worst)s to %(best)s") % {"worst": VERDICTS[band.worst], "best": VERDICTS[band.best]}


def _fewest(each: Fewest, rows: Mapping[str, TakenOn], required: Verdict) -> FewestLine:
    return FewestLine(
        target=step(each.target),
        is_required=each.target is required,
        counts=_counts(each),
        efforts=efforts_in_words(each.efforts, each.find_out),
        untaken=sum(key not in rows for key in each.keys),
    )


def _counts(each: Fewest) -> str:
    parts = [
        (each.find_out, ngettext("%(n)d to find out", "%(n)d to find out", each.find_out)),
        (each.change, ngettext("%(n)d to change here", "%(n)d to change here", each.change)),
        (each.obtain, ngettext("%(n)d to obtain", "%(n)d to obtain", each.obtain)),
    ]
    return ", ".join(text % {"n": number} for number, text in parts if number)


def efforts_in_words(efforts: Sequence[int], find_out: int) -> str:
    """What changes cost, by their nature and not by a sum: an effort of 1 or 2 is a formality, 3 or 4 a contract or a
    procedure, 5 to 8 a project, 9 or 10 a change of host (the scale of the checklist's efforts).
    """
    light, contracts = sum(e <= 2 for e in efforts), sum(3 <= e <= 4 for e in efforts)
    projects, hosts = sum(5 <= e <= 8 for e in efforts), sum(e >= 9 for e in efforts)
    parts = [
        (light, ngettext("%(n)d formality", "%(n)d formalities", light)),
        (contracts, ngettext("%(n)d contract or procedure", "%(n)d contracts or procedures", contracts)),
        (projects, ngettext("%(n)d project", "%(n)d projects", projects)),
        (hosts, ngettext("%(n)d change as heavy as changing host", "%(n)d changes as heavy as changing host", hosts)),
        (find_out, ngettext("%(n)d thing to find out", "%(n)d things to find out", find_out)),
    ]
    return ", ".join(text % {"n": number} for number, text in parts if number)
