"""What can be done about an offer, and who does it by when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from checklists.api.answers import CHANGES, IfMatch, read_revision, with_etag
from checklists.api.assessments import REFUSALS
from checklists.api.callers import caller_of, not_found
from checklists.api.problems import Problem
from checklists.core.people.permissions import Action
from checklists.models import Offer, OfferAction
from checklists.models.actions import MAX_NOTE
from checklists.services.actions.keep_action import ActionIsStale, ActionRefused, Undertaking, keep_action
from checklists.services.actions.read_actions import propose, taken_on
from checklists.services.judging.judge_offer import core_answers, edition_of, judge_rows, rows_of
from checklists.words.actions import ActionLine, ActionPlan, present_actions, taken_line
from checklists.words.gather import given_answers

router = Router(tags=["What to do"])
if TYPE_CHECKING:
    State = str
else:
    State = Literal[tuple(OfferAction.State.values)]


class UndertakingIn(Schema):
    """Who does it, by when, how far it is."""

    owner: Annotated[int | None, Field(ge=0, lt=2**31)] = Field(None, description="The number of a person, or nobody.")
    due: date | None = None
    state: State = "to_do"
    note: str = Field("", max_length=MAX_NOTE, pattern=r"^[^\x00]*$")


class UndertakingOut(UndertakingIn):
    key: str
    revision: int = Field(description="0: nobody took it in hand. It is also the ETag.")


class ActionOut(UndertakingOut):
    """One action in words, and what was undertaken."""

    kind: str = Field(description="`find_out`, `change`, `obtain` or `impossible`.")
    question: str = Field(description="What it is about; empty for a rule.")
    what: str
    premise: str = Field(description="The fact, or the silence, that it rests on.")
    effect: str = Field(description="What it does to the verdict.")
    is_asked: bool = Field(description="Whether the answers still ask for it.")
    is_late: bool


class FewestOut(Schema):
    """The smallest set of actions that reaches a verdict for certain."""

    target: str
    actions: list[str]


class ActionsOut(Schema):
    summary: str
    actions: list[ActionOut]
    fewest: list[FewestOut]


@router.get(
    "/offers/{uuid:offer_id}/actions", response={200: ActionsOut} | REFUSALS, summary="What can be done about an offer"
)
def actions(request: HttpRequest, offer_id: UUID) -> ActionsOut:
    """To find out, to change, to obtain from the provider, not possible: by kind, the gravest first."""
    offer = caller_of(request).offer(offer_id, Action.READ)
    plan, fewest, taken = _plan(offer)
    asked = [line for group in plan.groups for line in (*group.first, *group.rest)]
    told = [_action_out(line, taken, is_asked=True) for line in asked]
    told += [_action_out(line, taken, is_asked=False) for line in plan.past]
    return ActionsOut(summary=plan.summary, actions=told, fewest=fewest)


@router.put(
    "/offers/{uuid:offer_id}/actions/{slug:action}",
    response={200: UndertakingOut} | CHANGES,
    summary="Take an action in hand",
)
def put_action(
    request: HttpRequest, offer_id: UUID, action: str, sent: UndertakingIn, revision: str = IfMatch
) -> HttpResponse:
    """404 for an action that the answers do not ask for and nobody took in hand."""
    caller = caller_of(request)
    offer = caller.offer(offer_id, Action.ANSWER)
    seen = read_revision(revision)
    standing = taken_on(offer).get(action)
    if standing is None and _plan(offer)[0].line(action) is None:
        raise not_found()
    try:
        row = keep_action(offer, action, Undertaking(**sent.model_dump()), revision=seen, by=caller.user)
    except ActionRefused as refused:
        errors = [(f"/{field}", str(message)) for field, message in refused.errors.items()]
        raise Problem(422, "action-refused", errors[0][1], errors=errors) from refused
    except ActionIsStale as stale:
        current = _undertaking_out(action, stale.current)
        raise Problem(
            412,
            "action-changed",
            _("Somebody changed this action since you read it. Both are given."),
            extra={"current": current.model_dump(mode="json"), "sent": sent.model_dump(mode="json")},
            headers={"ETag": f'"{current.revision}"'},
        ) from stale
    return with_etag(_undertaking_out(action, row))


def _plan(offer: Offer) -> tuple[ActionPlan, list[FewestOut], dict[str, OfferAction]]:
    rows, edition = rows_of(offer.assessment, offer), edition_of(offer.assessment)
    judgement = judge_rows(offer.assessment, rows.values())
    proposed = propose(edition, judgement, core_answers(rows.values()))
    taken, today = taken_on(offer), timezone.localdate()
    told = {key: taken_line(row, today) for key, row in taken.items()}
    plan = present_actions(edition, judgement, given_answers(rows), proposed, told)
    return plan, [FewestOut(target=each.target.key, actions=list(each.keys)) for each in proposed.fewest], taken


def _undertaking_out(key: str, row: OfferAction | None) -> UndertakingOut:
    said = Undertaking.of(row)
    return UndertakingOut(
        key=key,
        revision=row.revision if row else 0,
        owner=said.owner,
        due=said.due,
        state=str(said.state),
        note=said.note,
    )


def _action_out(line: ActionLine, taken: dict[str, OfferAction], *, is_asked: bool) -> ActionOut:
    kept = _undertaking_out(line.key, taken.get(line.key)).model_dump()
    told = {name: getattr(line, name) for name in ("kind", "question", "what", "premise", "effect", "is_late")}
    return ActionOut(**kept, **told, is_asked=is_asked)
