"""Answers that are tables: who stands behind an offer, and who can read its data in clear, with what follows."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field, create_model

from checklists.api.answers import CHANGES, IfMatch, put_answer, with_etag
from checklists.api.assessments import REFUSALS
from checklists.api.callers import caller_of, not_found
from checklists.api.schemas import AnswerIn
from checklists.core import clear_text as clear
from checklists.core.control_chain import Chain, Entity, Link, derive, read_chain
from checklists.core.control_chain.shape import MAX_ENTITIES, MAX_LINKS, MAX_NAME, MAX_SHARE_TEXT, Access, Role
from checklists.core.people.permissions import Action
from checklists.models import Answer, Offer
from checklists.services.judging.judge_offer import edition_of

router = Router(tags=["Control chain and clear text"])
Letter = Annotated[str, Field(pattern=r"^[A-Z]{1,2}$", description="The letter of a company.")]
Country = Annotated[str, Field(pattern=r"^([A-Z]{2})?$", description="ISO 3166-1 alpha-2; empty when not known.")]
Share = Annotated[str, Field(max_length=MAX_SHARE_TEXT, description="A percentage as typed, such as `33.33`.")]
Truth = Annotated[bool | None, Field(description="`null`: not known.")]


class CompanyIO(Schema):
    id: Letter
    name: str = Field("", max_length=MAX_NAME)
    country: Country = ""
    role: Literal[("", *(role.value for role in Role))] = ""  # type: ignore[valid-type]
    also: Country = ""
    closed: bool = Field(False, description="Whether what is not listed of it is held in its own country.")
    access: Literal[("", *(access.value for access in Access))] = ""  # type: ignore[valid-type]


class HoldingIO(Schema):
    holder: str = Field("", pattern=r"^([A-Z]{1,2})?$")
    held: str = Field("", pattern=r"^([A-Z]{1,2})?$")
    capital: Share = ""
    votes: Share = ""
    veto: bool = False
    appoints: bool = False


class ChainIn(Schema):
    """The companies behind the offer and what they hold in one another; empty tables take the answer away."""

    entities: list[CompanyIO] = Field(max_length=MAX_ENTITIES)
    links: list[HoldingIO] = Field(max_length=MAX_LINKS)
    comment: str | None = Field(None, description="What is left out stays as it is.")


class ChainProblemOut(Schema):
    fault: str
    row: str | int | None = Field(description="A company's letter, or a holding's number from 0.")
    field: str


class ChainOut(Schema):
    """The chain, and what follows from it on the reference date."""

    question: str
    status: str
    revision: int
    entities: list[CompanyIO]
    links: list[HoldingIO]
    problems: list[ChainProblemOut]
    contracting_country: str | None
    parent_country: str | None
    power: Truth
    possible_us: list[str] = Field(description="The kinds of reach of the law of the United States not excluded.")
    possible_other: list[str] = Field(description="The same, for other third countries.")


ClearRow = create_model(
    "ClearRow",
    __base__=Schema,
    **{column: (Literal[("", *words)], "") for column, words in clear.STATES.items()},  # type: ignore[call-overload]
)


class ClearTextIn(Schema):
    """By class of data; a class left out is not told. An empty table takes the answer away."""

    rows: dict[clear.Datum, ClearRow]
    comment: str | None = Field(None, description="What is left out stays as it is.")


class ReadableOut(Schema):
    data: str
    moment: str
    can: Truth
    why: str


class ClearTextOut(Schema):
    """The table, and what a provider under compulsion could produce in clear."""

    question: str
    status: str
    revision: int
    rows: dict[str, dict[str, str]]
    cells: list[ReadableOut]
    content: Truth
    technical: Truth
    in_use: Truth


@router.get(
    "/offers/{uuid:offer_id}/control-chain", response={200: ChainOut} | REFUSALS, summary="Who stands behind an offer"
)
def chain(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """404 where the edition does not ask it. The revision is also the `ETag`."""
    offer = caller_of(request).offer(offer_id, Action.READ)
    return with_etag(_chain_out(offer))


@router.put(
    "/offers/{uuid:offer_id}/control-chain",
    response={200: ChainOut} | CHANGES,
    summary="Say who stands behind an offer",
)
def put_chain(request: HttpRequest, offer_id: UUID, sent: ChainIn, revision: str = IfMatch) -> HttpResponse:
    """A chain that does not add up is kept as it is: `problems` says what is wrong with it."""
    offer = caller_of(request).offer(offer_id, Action.ANSWER)
    told = Chain(
        tuple(Entity(**row.model_dump()) for row in sent.entities),
        tuple(Link(**row.model_dump()) for row in sent.links),
    )
    is_empty = not (told.entities or told.links)
    _put(request, offer, "control_chain", "" if is_empty else told.to_text(), sent.comment, revision)
    return with_etag(_chain_out(offer))


@router.get(
    "/offers/{uuid:offer_id}/clear-text", response={200: ClearTextOut} | REFUSALS, summary="Who can read the clear text"
)
def clear_text(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """404 where the edition does not ask it. The revision is also the `ETag`."""
    offer = caller_of(request).offer(offer_id, Action.READ)
    return with_etag(_clear_out(offer))


@router.put(
    "/offers/{uuid:offer_id}/clear-text",
    response={200: ClearTextOut} | CHANGES,
    summary="Say who can read the clear text",
)
def put_clear_text(request: HttpRequest, offer_id: UUID, sent: ClearTextIn, revision: str = IfMatch) -> HttpResponse:
    offer = caller_of(request).offer(offer_id, Action.ANSWER)
    table = {data: clear.Row(**row.model_dump()) for data, row in sent.rows.items()}
    is_empty = all(row.is_empty for row in table.values())
    _put(request, offer, "clear_text", "" if is_empty else clear.table_text(table), sent.comment, revision)
    return with_etag(_clear_out(offer))


def _row(offer: Offer, kind: str) -> Answer:
    """The answer to the offer's only question of ``kind``, or one not given yet. Raises a 404 problem without any."""
    key = edition_of(offer.assessment).of_kind(kind)
    if key is None:
        raise not_found()
    given = Answer.objects.filter(assessment=offer.assessment, offer=offer, question=key).first()
    return given or Answer(assessment=offer.assessment, offer=offer, question=key, revision=0)


def _put(request: HttpRequest, offer: Offer, kind: str, value: str, comment: str | None, revision: str) -> None:
    row = _row(offer, kind)
    status = Answer.Status.ANSWERED if value else Answer.Status.UNANSWERED
    sent = AnswerIn(
        status=status,
        value=value,
        justification=row.justification,
        comment=row.comment if comment is None else comment,
    )
    put_answer(request, offer.assessment, offer, row.question, sent, revision)


def _chain_out(offer: Offer) -> ChainOut:
    row, edition, day = _row(offer, "control_chain"), edition_of(offer.assessment), offer.assessment.reference_date
    told = read_chain(row.value) if row.value else Chain()
    found = derive(told, day, edition.access_laws(day))
    problems = found.problems if row.value else ()
    return ChainOut(
        question=row.question,
        status=row.status,
        revision=row.revision,
        entities=[CompanyIO(**_fields(entity, CompanyIO)) for entity in told.entities],
        links=[HoldingIO(**_fields(link, HoldingIO)) for link in told.links],
        problems=[ChainProblemOut(fault=one.fault.value, row=one.row, field=one.field) for one in problems],
        contracting_country=found.contracting_country,
        parent_country=found.parent_country,
        power=found.power,
        possible_us=[kind.key for kind in found.possible_us],
        possible_other=[kind.key for kind in found.possible_other],
    )


def _clear_out(offer: Offer) -> ClearTextOut:
    row = _row(offer, "clear_text")
    found = clear.derive_readable(clear.read_table(row.value) if row.value else {})
    return ClearTextOut(
        question=row.question,
        status=row.status,
        revision=row.revision,
        rows={data.value: _fields(line, ClearRow) for data, line in found.table.items()},
        cells=[
            ReadableOut(data=data.value, moment=moment.value, can=cell.can, why=cell.why.value)
            for (data, moment), cell in found.cells.items()
        ],
        content=found.content,
        technical=found.technical,
        in_use=found.in_use,
    )


def _fields(row: object, kind: type[Schema]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in kind.model_fields}
