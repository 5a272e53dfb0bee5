"""What an offer's answers ask to be done and what people undertook, read for a page in the active language."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from checklists.models import OfferAction
from checklists.services.actions.read_actions import Proposed, is_late, propose, taken_on
from checklists.services.judging.judge_offer import core_answers
from checklists.web.answers.views import Desk
from checklists.words.actions import ActionPlan, present_actions
from checklists.words.contents import TakenOn
from checklists.words.gather import given_answers


def proposed_at(desk: Desk) -> Proposed:
    """What the answers on ``desk`` ask for."""
    return propose(desk.edition, desk.judgement, core_answers(desk.rows.values()))


def plan_at(desk: Desk) -> ActionPlan:
    """The same in words, with who does what by when."""
    if desk.offer is None:
        raise ValueError("actions are those of an offer")
    today = timezone.localdate()
    rows = {key: _undertaken(row, today) for key, row in taken_on(desk.offer).items()}
    return present_actions(desk.edition, desk.judgement, given_answers(desk.rows), proposed_at(desk), rows)


def _undertaken(row: OfferAction, today: date) -> TakenOn:
    owner = str(row.owner) if row.owner else ""
    return TakenOn(owner, row.due, row.state, row.note, row.revision, is_late(row, today))
