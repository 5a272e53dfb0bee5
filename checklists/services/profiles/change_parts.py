"""Change the variants and the control chain of a profile: checked as a whole file is, kept with the change before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from checklists.models import ProviderProfile, User
from checklists.packs.files.problems import Problem
from checklists.packs.profiles.checks import check_profile
from checklists.packs.profiles.schema import Profile
from checklists.services.profiles.keep_profile import save_profile
from checklists.services.profiles.load_profile import profile_document


class PartsRefused(ValueError):
    """The parts make no whole profile: ``problems`` says where and what to do."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in problems))


def parts_of(row: ProviderProfile) -> dict[str, Any]:
    """The variants, the chain and every source of a profile, as its file writes them. One query."""
    document = profile_document(row)
    return {"variants": document["variants"], "chain": document.get("chain"), "sources": document["sources"]}


def change_parts(
    row: ProviderProfile,
    *,
    variants: list[dict[str, Any]],
    chain: dict[str, Any] | None,
    new_sources: list[dict[str, Any]],
    by: User,
) -> None:
    """Keep other ``variants`` and ``chain``; ``new_sources`` are added to those that the profile cites already.

    Raises ``PartsRefused``; the facts stay as they are.
    """
    document = {**profile_document(row), "variants": variants}
    document["sources"] = [*document["sources"], *new_sources]
    document.pop("chain", None)
    if chain:
        document["chain"] = chain
    try:
        profile = Profile.model_validate(document)
    except ValidationError as error:
        raise PartsRefused(
            [Problem("/".join(map(str, each["loc"])), each["msg"], "") for each in error.errors()]
        ) from error
    if problems := check_profile(profile):
        raise PartsRefused(problems)
    whole = profile.to_document()
    row.variants, row.chain = whole["variants"], whole.get("chain")
    cited = {
        key
        for item in (*whole["contracting"], *_rows_of(whole, "companies"), *_rows_of(whole, "holdings"))
        for key in item["sources"]
    }
    row.sources = [source for source in whole["sources"] if source["key"] in cited]
    save_profile(row, by)


def _rows_of(document: dict[str, Any], part: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (document.get("chain") or {}).get(part, [])
    return rows
