"""The published JSON Schemas of packs, at the addresses that exported files name. Public."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from checklists.packs.json_schema import PUBLISHED, schema_text


@require_safe
@cache_control(public=True, max_age=3600)
def pack_schema(request: HttpRequest, name: str) -> HttpResponse:
    """The schema that editors complete and explain packs with; any page may read it, it is the same for everybody."""
    if name not in PUBLISHED:
        raise Http404(f"no schema {name}")
    response = HttpResponse(schema_text(name), content_type="application/schema+json")
    response["Access-Control-Allow-Origin"] = "*"
    return response
