"""The control chain: its page, its part of the result, its chapter."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from checklists.core.control_chain import Derived, derive_text
from checklists.core.editions.edition import Edition
from checklists.core.judging.judgement import Judgement
from checklists.words.control_chain.chain import chain_summary, present_chain
from checklists.words.control_chain.picture import chain_picture
from checklists.words.kinds.face import Face


class ControlChain(Face):
    key = "control_chain"
    name = _("a control chain")
    card = "web/control_chain/card.html"
    page = "control-chain"
    described = _("Control chain described")
    heading = _("Control chain")
    section = "web/judging/sections/control_chain.html"
    chapter = _("Control chain")
    needs = "chain"
    facts = {
        "chain_greatest_non_eu_share": _("greatest share of one holder from outside the Union, in percent"),
        "chain_total_non_eu_share": _("total share from outside the Union, in percent"),
        "chain_greatest_non_eu_command": _("greatest share of the votes under one holder from outside the Union"),
        "chain_non_eu_power": _("somebody from outside the Union decides"),
    }

    def summary(self, edition: Edition, value: str, day: date) -> str:
        return chain_summary(derive_text(value, day, edition.access_laws(day)))

    def context(self, edition: Edition, judgement: Judgement, value: str) -> dict[str, Any]:
        derived = _derived(edition, judgement, value)
        return {"chain": present_chain(edition, derived) if derived else None}

    def drawings(self, edition: Edition, judgement: Judgement, value: str) -> dict[str, str]:
        derived = _derived(edition, judgement, value)
        return {"chain_picture": chain_picture(derived.chain, judgement.reference_date) if derived else ""}


def _derived(edition: Edition, judgement: Judgement, value: str) -> Derived | None:
    day = judgement.reference_date
    return derive_text(value, day, edition.access_laws(day)) if value else None
