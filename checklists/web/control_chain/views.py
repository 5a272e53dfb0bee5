"""Who stands behind an offer, as a page to fill in: all that is typed is kept, what is wrong is told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict

from checklists.core.control_chain import Chain, derive, read_chain
from checklists.web.answers.structured_answer import StructuredAnswer
from checklists.web.control_chain.forms import SHAPES, chain_form, chain_in
from checklists.web.site.access import SignedRequest, member_required
from checklists.words.control_chain.chain import present_chain
from checklists.words.control_chain.picture import chain_picture


@member_required
def edit(request: SignedRequest, offer_id: UUID) -> HttpResponse:
    """The tables, what follows from them, and saving with the revision seen."""
    return ControlChain(request, offer_id).response()


class ControlChain(StructuredAnswer[Chain]):
    """The tables of companies and holdings; ``?shape=`` opens them filled in with a usual chain, not saved."""

    kind, template = "control_chain", "web/control_chain/page.html"
    is_shape = False

    def stored(self, value: str) -> Chain:
        if shape := SHAPES.get(self.request.GET.get("shape", "")):
            self.is_shape = True
            return shape[1]
        return read_chain(value) if value else Chain()

    def sent(self, data: QueryDict) -> tuple[Chain, list[str]]:
        return chain_in(data, without=self.go.removeprefix("remove-"))

    def text(self, chain: Chain) -> str:
        return chain.to_text() if chain.entities or chain.links else ""

    def anchor(self) -> str:
        return f"?more={self.go}#{self.go}" if self.go in ("companies", "holdings") else ""

    def around(self, chain: Chain) -> dict[str, Any]:
        edition, day = self.desk.edition, self.desk.assessment.reference_date
        derived = derive(chain, day, edition.access_laws(day))
        is_empty = not self.text(chain)
        problems = () if is_empty or self.is_shape else derived.problems
        return {
            "form": chain_form(chain, problems, self.request.GET.get("more", "")),
            "is_shape": self.is_shape,
            "shapes": [(name, label) for name, (label, _chain) in SHAPES.items()],
            "chain": None if is_empty else present_chain(edition, derived),
            "chain_picture": "" if is_empty else chain_picture(chain, day),
        }
