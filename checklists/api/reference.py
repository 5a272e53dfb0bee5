"""The description of the interface as a page of this site, drawn from its own OpenAPI document."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from checklists.api.v1 import api


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """The description of the interface as a page: every address, what it takes and gives. Public."""
    document = api.get_openapi_schema()
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            group = (operation.get("tags") or [""])[0]
            groups.setdefault(group, []).append(_operation(path, method, operation))
    context = {"groups": groups, "version": document["info"]["version"], "about": document["info"]["description"]}
    return render(request, "web/api/reference.html", context)


def _operation(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return {
        "path": path,
        "method": method.upper(),
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "parameters": [
            {
                "name": one["name"],
                "in": one["in"],
                "words": one.get("description") or one["schema"].get("description", ""),
            }
            for one in operation.get("parameters", [])
        ],
        "body": str(body.get("$ref", "")).rpartition("/")[2],
        "answers": [(status, answer.get("description", "")) for status, answer in operation["responses"].items()],
        "is_public": "security" not in operation,
    }


def _words_of(parameter: dict[str, Any]) -> str:
    return str(parameter.get("description") or parameter["schema"].get("description", ""))
