"""What goes in and out, as pydantic models: they are the documentation, so each field says what it is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Generic, Protocol, TypeVar
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import AfterValidator, Field

from checklists.core.editions.vocabulary import Verdict
from checklists.core.readable import TURNING, unreadable_in

Item = TypeVar("Item")


def _readable(text: str) -> str:
    """As every form of the site asks: what no file and nobody can read is refused, not stored."""
    if found := unreadable_in(text):
        told = {"characters": ", ".join(found[:5])}
        raise ValueError(_("Remove the characters that cannot be read: %(characters)s.") % told)
    return text


def _name(text: str) -> str:
    """A name in one line, in which no character turns the direction of others."""
    if TURNING.search(_readable(text)):
        raise ValueError(_("Remove the characters that change the direction of the text."))
    return " ".join(text.split())


Prose = Annotated[str, Field(max_length=5000), AfterValidator(_readable)]
ShortLine = Annotated[str, Field(max_length=200), AfterValidator(_name)]
Name = Annotated[
    str,
    AfterValidator(_name),
    Field(min_length=1, max_length=200, pattern=r"\S", description="A name people recognise."),
]
VerdictKey = Annotated[str, Field(description=f"One of {', '.join(f'`{verdict.key}`' for verdict in Verdict)}.")]


class Page(Schema, Generic[Item]):
    """One page of a list, newest first."""

    items: list[Item]
    next: str | None = Field(None, description="The cursor of the next page; absent on the last one.")


class PointerOut(Schema):
    pointer: str = Field(description="A JSON Pointer (RFC 6901) to what is wrong in the request.")
    detail: str


class ProblemOut(Schema):
    """An error (RFC 9457). Further members depend on the type."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[PointerOut] | None = None


class OrganisationOut(Schema):
    id: int
    name: str


class EditionOut(Schema):
    checklist: str = Field(description="The key of the checklist.")
    number: int
    sha256: str = Field(description="The fingerprint of the edition's document: what judges is exactly this.")
    published: date


class AssessmentIn(Schema):
    organisation: int = Field(description="The organisation that will own the assessment.")
    name: Name
    description: Prose = ""
    reference_date: date = Field(description="The day on which the law and the evidence are read.")


class AssessmentPatch(Schema):
    name: Name | None = None
    description: Prose | None = None
    reference_date: date | None = None


class AssessmentOut(Schema):
    id: UUID
    organisation: int
    name: str
    description: str
    reference_date: date
    edition: EditionOut
    review_state: str = Field(description="`draft`, `submitted`, `returned`, `accepted` or `approved`.")
    created_at: datetime
    updated_at: datetime


class OfferIn(Schema):
    name: Name
    provider: ShortLine = ""
    is_current: bool = Field(False, description="Whether the data are hosted there today.")


class OfferOut(Schema):
    id: UUID
    assessment: UUID
    name: str
    provider: str
    is_current: bool
    created_at: datetime


class AnswerIn(Schema):
    """What is said of one question."""

    status: str = Field(description="`unanswered`, `answered`, `unknown` or `not_applicable`.")
    value: str = Field(
        "",
        description="The key of the option, a date (YYYY-MM-DD), a country (ISO 3166-1 alpha-2), or the JSON text of a "
        "control chain or of a table of clear text. Only when the status is `answered`.",
    )
    justification: str = Field("", description="Required when the status is `not_applicable`.")
    comment: str = ""


class Revised(Protocol):
    """What is told with its revision."""

    revision: int

    def model_dump(self, *, mode: str) -> dict[str, Any]: ...


class AnswerOut(AnswerIn):
    question: str
    revision: int = Field(description="Grows by one with each change; 0: never answered. It is also the ETag.")
    is_presumed: bool = Field(description="Filled in from a profile and not yet confirmed by a person.")
    updated_at: datetime | None = None


class BandOut(Schema):
    worst: VerdictKey
    best: VerdictKey


class JudgementOut(Schema):
    """The outcome of judging. The range counts; the number comes second and never decides alone."""

    is_legal_advice: bool = Field(
        default=False, description="Always false: the product informs, it gives no legal advice."
    )
    sentence: str = Field(
        description="The verdict in one sentence, in the language of the request: the site says this one."
    )
    minimum_is_met: bool | None = Field(description="Whether the minimum is reached; null while that is not known.")
    account: dict[str, Any] = Field(
        description="Keys, states and figures without prose: `verdict`, `established`, `required`, `score`, "
        "`ceilings`, `findings`, `questions`. The same answers, edition and date always give the same account."
    )


class ReportIn(Schema):
    language: str = Field(settings.LANGUAGE_CODE, description="A language of the site, such as `fr` or `en`.")
    form: str = Field("full", description="`full`, `summary` or `letter`.")


class ReportOut(Schema):
    id: UUID
    offer: UUID
    code: str = Field(description="What anyone can type on the page of verification.")
    language: str
    form: str
    issued_at: datetime
    state: str = Field(description="`waiting`, `ready` or `failed`.")
    sha256: str | None = Field(None, description="The fingerprint of the PDF once it is made.")


class VerifiedOut(Schema):
    code: str
    sha256: str
    issued_at: datetime
    is_signed: bool
    checklist: str
    edition: int
    edition_sha256: str
    newer: datetime | None


class ProfileOut(Schema):
    id: int
    name: str
    provider: str
