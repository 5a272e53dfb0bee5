"""The shape of a profile of a service as a file, and of a library of them.

These models say what a field is; whether the whole makes sense is said by :mod:`checklists.packs.profiles.checks`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, field_validator

from checklists.packs.editions.schema import _URL, Code, CountryCode, Day, Key, Part, Sentence, Text

PROFILE_SCHEMA = "porte-cles/profile/1"
LIBRARY_SCHEMA = "porte-cles/library/1"
DEFAULT = "default"
"""The key of the variant that a profile describes unless a fact says otherwise."""

SourceKind = Literal["contract", "register", "judgment", "annual_report", "vendor_page", "press", "compilation"]
RoleKey = Literal[
    "contracting",
    "parent",
    "shareholder",
    "dispersed",
    "operator",
    "subcontractor",
    "remote_administrator",
    "licensor",
]
AccessKey = Literal["none", "technical_data_only", "hosts_or_reads_content"]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Share = Annotated[str, StringConstraints(pattern=r"^\d{1,3}(\.\d{1,2})?$")]
CompanyId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,2}$")]
Value = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
References = Annotated[list[Key], Field(min_length=1, max_length=20)]


class FactSource(Part):
    """A text that facts, companies and shares are read in."""

    key: Key
    """The name it is cited by in this profile."""
    kind: SourceKind
    """What it is: a contract text of the vendor; a public register or a certificate; a judgment or a regulator's
    decision; an annual report; the vendor's own page; the press, a law firm or a blog; a third party's compilation,
    rating or statement."""
    title: Name
    """Who wrote it, and what it is called."""
    url: Annotated[str, StringConstraints(max_length=500)] | None = None
    """Its address, beginning with https:// or http://; left out when it is not known."""
    date: Day | None = None
    """The date that the page carries; left out when it carries none."""
    note: Text | None = None
    """How it was read, when not on the page itself."""

    @field_validator("url")
    @classmethod
    def _is_a_public_link(cls, url: str | None) -> str | None:
        if url is not None and _URL.validate_python(url).scheme not in ("https", "http"):
            raise ValueError("must start with https://")
        return url


class Variant(Part):
    """A way to use the service, by who holds the keys."""

    key: Key
    """Its name in this profile; 'default' is what the service is when nothing is chosen."""
    label: Text
    """What it is called, a few words."""
    leaves_out: list[Key] = []
    """The questions whose fact for 'default' says nothing of this variant."""


class Fact(Part):
    """What is known of the service on one question, or beside it."""

    question: Key | None = None
    """The question it answers, or is shown beside; left out when it is about none."""
    value: Value | None = None
    """The answer: an option, a country in two capitals, a date; left out for a fact without an answer."""
    framework: Key | None = None
    """The framework whose own question it answers; left out for the checklist's."""
    topic: Text | None = None
    """What it is about, a few words; required without an answer."""
    variant: Key | None = None
    """The variant it is true of; left out for 'default', and for the others unless they say otherwise."""
    text: Text
    """What is known, in one or two sentences."""
    sources: References
    """The keys of the sources that say it."""
    see_also: list[Key] = []
    """The keys of the sources that bear on it without saying it."""
    read_on: Day | None = None
    """The day it was read; that of the profile, when left out."""
    valid_from: Day | None = None
    """The first day it is true, where the source gives one."""
    valid_until: Day | None = None
    """The last day it is true, that day included; a certificate ends."""
    review_by: Day | None = None
    """The day by which it should be read again."""
    contested: Text | None = None
    """What somebody says against it; always shown with it, and then it answers nothing by itself."""
    inferred: Text | None = None
    """What it was inferred from, when the source does not say it in as many words."""


class Contracting(Part):
    """The company that contracts, where it depends on the customer's country."""

    customers: list[CountryCode] = []
    """The countries of the customers it contracts with; none for everybody else."""
    name: Name
    """Its name."""
    country: CountryCode
    """Where it is established."""
    sources: References
    """The keys of the sources that say so."""


class Company(Part):
    """A company of the control chain, or a group of holders."""

    id: CompanyId
    """Its letter in the chain."""
    name: Name
    """Its name."""
    country: CountryCode | None = None
    """Where it is established; left out when it is not known."""
    role: RoleKey
    """What it is to the service."""
    also: CountryCode | None = None
    """Another country whose law it is under, by an establishment or a business there."""
    closed: bool = False
    """True when whatever share of it is not listed is held by persons or public bodies of its own country."""
    access: AccessKey | None = None
    """For a supplier, what it can obtain; left out when no source says it."""
    sources: References
    """The keys of the sources that say so."""


class Holding(Part):
    """What one company of the chain has in another."""

    holder: CompanyId
    """The letter of the company that holds."""
    held: CompanyId
    """The letter of the company that is held."""
    capital: Share | None = None
    """The share of the capital, in percent; left out when no source gives it."""
    votes: Share | None = None
    """The share of the votes, in percent; left out when no source gives it."""
    veto: bool = False
    """True when it may veto strategic decisions."""
    appoints: bool = False
    """True when it may appoint the majority of the governing bodies."""
    sources: References
    """The keys of the sources that say so."""


class FileChain(Part):
    """Who stands behind the service."""

    companies: Annotated[list[Company], Field(min_length=1, max_length=100)]
    """The companies."""
    holdings: Annotated[list[Holding], Field(max_length=300)] = []
    """Their shares in one another."""
    note: Text | None = None
    """What is left out of the chain, and why."""


class Reply(Part):
    """What the vendor answered to this profile, unedited."""

    date: Day
    """The day of the reply."""
    text: Sentence
    """The vendor's words, in its own language."""


class Profile(Part):
    """What is known of one service of one provider, with the source of each fact."""

    schema_: Literal["porte-cles/profile/1"] = Field(alias="schema")
    """The form of this file; always the first line."""
    key: Key
    """The name of the profile. Offers filled in from it name it: it is for ever."""
    provider: Name
    """The provider."""
    service: Name
    """The service."""
    checklist: Key
    """The key of the checklist whose questions the facts answer."""
    read_on: Day
    """The day the sources were last read."""
    languages: Annotated[list[str], Field(min_length=1)]
    """The languages every text is written in, by their codes: fr, en."""
    scope: Text
    """What the profile covers, and what it does not."""
    variants: Annotated[list[Variant], Field(min_length=1, max_length=20)]
    """The ways to use the service; the first is 'default'."""
    sources: Annotated[list[FactSource], Field(min_length=1, max_length=200)]
    """The texts that the other parts cite."""
    facts: Annotated[list[Fact], Field(max_length=300)]
    """What is known, question by question."""
    contracting: Annotated[list[Contracting], Field(max_length=60)] = []
    """The company that contracts, by the customer's country; left out when it is the same for all."""
    chain: FileChain | None = None
    """Who stands behind the service."""
    not_known: Text | None = None
    """What was looked for and is not established."""
    reply: Reply | None = None
    """The vendor's reply, dated and unedited."""

    def to_document(self) -> dict[str, Any]:
        """The canonical document: JSON types only, absent fields left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=False)


class Library(Part):
    """Profiles together, dated and signed: a file that is loaded on its own."""

    schema_: Literal["porte-cles/library/1"] = Field(alias="schema")
    """The form of this file."""
    dated: Day
    """The day of the library."""
    publisher: Name
    """Who publishes it."""
    profiles: Annotated[list[Profile], Field(min_length=1, max_length=500)]
    """The profiles."""

    def to_document(self) -> dict[str, Any]:
        """The canonical document: what is signed."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


__all__ = ["DEFAULT", "LIBRARY_SCHEMA", "PROFILE_SCHEMA", "Code", "Fact", "FactSource", "Library", "Profile", "Variant"]
