"""What an offer's answers ask to be done and what people undertook, read for a page in the active language."""

from __future__ import annotations

from django.utils import timezone

from checklists.services.actions.read_actions import Proposed, propose, taken_on
from checklists.services.judging.judge_offer import core_answers
from checklists.web.answers.views import Desk
from checklists.words.actions import ActionPlan, present_actions, taken_line
from checklists.words.gather import given_answers


def proposed_at(desk: Desk) -> Proposed:
    """What the answers on ``desk`` ask for."""
    return propose(desk.edition, desk.judgement, core_answers(desk.rows.values()))


def plan_at(desk: Desk) -> ActionPlan:
    """The same in words, with who does what by when."""
    if desk.offer is None:
        raise ValueError("actions are those of an offer")
    today = timezone.localdate()
    rows = {key: taken_line(row, today) for key, row in taken_on(desk.offer).items()}
    return present_actions(desk.edition, desk.judgement, given_answers(desk.rows), proposed_at(desk), rows)
