"""Who stands behind an offer, as a page to fill in: all that is typed is kept, what is wrong is told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from checklists.core.control_chain import Chain, derive, read_chain
from checklists.core.people.permissions import Action
from checklists.files.control_chain import MAX_BYTES, OwnershipRefused, ownership_file, read_ownership
from checklists.web.answers.structured_answer import StructuredAnswer
from checklists.web.answers.views import Desk
from checklists.web.control_chain.forms import SHAPES, chain_form, chain_in
from checklists.web.site.access import SignedRequest, kept_form, member_required, offer_or_404
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
    notes: list[str] | None = None
    """What a file of ownership says and the chain does not hold; ``None`` when no file was read."""
    refused = ""

    def response(self) -> HttpResponse:
        if self.request.method == "POST" and self.go == "import" and not kept_form(self.request):
            return self._import()
        return super().response()

    def _import(self) -> HttpResponse:
        """The owners that a file of statements gives, not saved yet."""
        file = self.request.FILES.get("ownership")
        try:
            if file is None:
                raise OwnershipRefused(_("Choose a file of ownership statements (BODS 0.4, JSON)."))
            found = read_ownership(file.read(MAX_BYTES + 1), self.desk.assessment.reference_date)
        except OwnershipRefused as refusal:
            self.refused = str(refusal)
            return self._show(self.stored(self.row.value if self.row else ""), status=422)
        self.is_shape, self.notes = True, found.notes
        return self._show(found.chain)

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
            "notes": self.notes,
            "refused": self.refused,
            "is_described": bool(self.row and self.row.value),
            "shapes": [(name, label) for name, (label, _chain) in SHAPES.items()],
            "chain": None if is_empty else present_chain(edition, derived),
            "chain_picture": "" if is_empty else chain_picture(chain, day),
        }


@require_safe
@member_required
def statements(request: SignedRequest, offer_id: UUID) -> HttpResponse:
    """The owners of the chain as ownership statements, BODS 0.4."""
    offer = offer_or_404(request, offer_id, may=Action.READ)
    desk = Desk(offer.assessment, offer)
    row = desk.rows.get(desk.edition.of_kind("control_chain") or "")
    if row is None or not row.value:
        raise Http404("no chain is described")
    day, publisher = desk.assessment.reference_date, offer.assessment.organisation.name
    response = HttpResponse(ownership_file(read_chain(row.value), day, publisher), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{slugify(offer.name)[:60] or "chain"}-bods.json"'
    return response
