"""The page where a respondent says, class by class, who can read the clear text and when."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict

from checklists.core.clear_text import STATES, Datum, Row, Table, read_table, table_text
from checklists.web.answers.structured_answer import StructuredAnswer
from checklists.web.site.access import SignedRequest, member_required
from checklists.words.clear_text import COLUMNS, DATA, WORDS, readable_of


@member_required
def edit(request: SignedRequest, offer_id: UUID) -> HttpResponse:
    """The table, what follows from it, and saving with the revision seen."""
    return ClearText(request, offer_id).response()


class ClearText(StructuredAnswer[Table]):
    """The table of a class of data a line; a word that no list offers is left out."""

    kind, template = "clear_text", "web/clear_text/page.html"

    def stored(self, value: str) -> Table:
        return read_table(value) if value else {}

    def sent(self, data: QueryDict) -> tuple[Table, list[str]]:
        table = {}
        for datum in Datum:
            typed = {column: data.get(f"{datum.value}-{column}", "") for column in STATES}
            table[datum] = Row(**{column: word for column, word in typed.items() if word in STATES[column]})
        return table, []

    def text(self, table: Table) -> str:
        return "" if all(line.is_empty for line in table.values()) else table_text(table)

    def around(self, table: Table) -> dict[str, Any]:
        # What follows is shown for what is saved: an unsaved table is not judged.
        standing = self.desk.rows.get(self.key)
        is_saved = standing is not None and standing.value == table_text(table)
        return {
            "lines": [
                (datum.value, DATA[datum], [_choice(datum, column, table.get(datum, Row())) for column in STATES])
                for datum in Datum
            ],
            "readable": readable_of(standing.value, self.desk.judgement) if standing and is_saved else None,
        }


def _choice(datum: Datum, column: str, row: Row) -> dict[str, object]:
    """One list of the table, with what is chosen."""
    return {
        "name": f"{datum.value}-{column}",
        "label": COLUMNS[column],
        "chosen": getattr(row, column),
        "options": [(word, WORDS[column][word]) for word in STATES[column]],
    }
