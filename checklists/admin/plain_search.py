"""Searching the administration's lists by words without regard to accents, ligatures or the kind of apostrophe."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest

from checklists.services.plain_search import with_words


class PlainSearch:
    """Before ``ModelAdmin`` among its bases; searches the model's own fields in ``search_fields``."""

    search_fields: ClassVar[Any] = ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return with_words(queryset, self.search_fields, search_term), False
