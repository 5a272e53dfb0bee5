"""The shipped frameworks on the flagship, and what tests say of an offer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import strategies as st

from checklists.core.editions.edition import Edition
from checklists.core.frameworks.framework import Framework, with_supplements
from checklists.core.frameworks.lens import LensResult, look
from checklists.core.judging.answer import Answer
from checklists.core.judging.facts import establish
from checklists.packs.files.safe_yaml import read_yaml
from checklists.packs.files.shipped import SHIPPED, SHIPPED_FRAMEWORKS, shipped_framework
from checklists.packs.frameworks.reader import read_framework
from tests.flagship import pack

FLAGSHIP = Edition.from_document(pack().to_document())
PACKS = {key: read_framework(shipped_framework(key), FLAGSHIP) for key in SHIPPED_FRAMEWORKS}
FRAMEWORKS = {key: Framework.from_document(each.to_document()) for key, each in PACKS.items()}
ASKED = with_supplements(FLAGSHIP, FRAMEWORKS.values())
TODAY = date(2026, 11, 24)

_EXAMPLE: dict[str, Any] = read_yaml((SHIPPED / "examples" / "hdh-2020.yaml").read_bytes())[0]
HEALTH_DATA_HUB = {key: Answer.of(value) for key, value in _EXAMPLE["answers"].items()}
SOVEREIGN_HOST = {
    key: Answer.of(value)
    for key, value in {
        "data_category": "health",
        "health_hosting_scope": "within_l1111_8",
        "encryption_at_rest": "client_side",
        "key_holder": "customer_only",
        "provider_needs_cleartext": "no",
        "contracting_entity_country": "FR",
        "ultimate_parent_country": "FR",
        "us_law_reach": "none",
        "other_third_country_reach": "none",
        "remote_access_from_third_country": "none",
        "storage_location": "eu",
        "transfers": "none",
        "autonomous_operation": "autonomous",
        "change_of_control_notice": "notice_and_exit",
        "provider_places_in_union": "both_in_union",
        "eu_values_commitment": "yes",
        "change_notice_deadline": "one_month",
        "transfer_map": "yes",
    }.items()
}


def read(key: str, answers: Mapping[str, Answer], day: date = TODAY, **minimums: int) -> LensResult:
    """The framework ``key`` on ``answers``; minimums as ``sov_2=3``."""
    levels = {objective.replace("_", "-"): level for objective, level in minimums.items()}
    return look(FRAMEWORKS[key], establish(ASKED, answers, day), levels)


def outcomes(result: LensResult) -> dict[str, str]:
    return {rule.rule.ref: rule.outcome.value for rule in result.rules}


@st.composite
def answered(draw: st.DrawFn) -> dict[str, Answer]:
    """Any answers at all: options, countries, doubts, waivers, silence."""
    answers = {}
    for key, question in ASKED.questions.items():
        values = list(question.options) or (["FR", "US", "CH"] if question.kind == "country" else ["2026-12-31"])
        possible = [*(Answer.of(value) for value in values), Answer.unknown(), Answer.not_applicable("none here"), None]
        answer = draw(st.sampled_from(possible))
        if answer is not None:
            answers[key] = answer
    return answers
