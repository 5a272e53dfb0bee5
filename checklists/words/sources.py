"""What a reader must know before relying on a source: its legal status, what was read, what is still to check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklists.core.editions.edition import Source
from checklists.core.editions.vocabulary import LegalStatus
from checklists.services.day_format import date_format
from checklists.words.vocabulary import pick

STATUSES = {
    LegalStatus.PROPOSED: gettext_lazy("Proposal: not law."),
    LegalStatus.ADOPTED: gettext_lazy("Adopted, not yet applicable."),
    LegalStatus.REPEALED: gettext_lazy("No longer in force."),
}
READINGS = {
    "text": gettext_lazy("Read in full, in a reproduction, on %(day)s."),
    "extract": gettext_lazy("Read in an extract made by a third party, on %(day)s."),
    "secondary": gettext_lazy("Known from pages that quote or summarise it, read on %(day)s."),
}


def caveats(source: Source) -> str:
    """In sentences, what to know of ``source``, but that it is still to be checked; '' when there is nothing."""
    return " ".join(_caveats(source))


def _caveats(source: Source) -> Iterator[str]:
    if source.status in STATUSES:
        yield str(STATUSES[source.status])
    if source.reading and source.tried:
        yield str(READINGS[source.reading]) % {"day": date_format(source.tried, "DATE_FORMAT")}
    if note := pick(source.note):
        yield note


def to_check(verify: bool, tried: date | None) -> str:
    """That a text is still to be checked, and when it was last looked for; '' when it is not to be checked."""
    if verify and tried:
        day = date_format(tried, "DATE_FORMAT")
        return _("To be checked against the official text (last tried on %(day)s).") % {"day": day}
    return _("To be checked against the official text.") if verify else ""


def rests_on_unread(sources: Iterable[Source]) -> str:
    """What is said of a rule none of whose ``sources`` could be checked against the official text; '' of another."""
    cited = list(sources)
    if not cited or not all(source.verify for source in cited):
        return ""
    days = [source.tried for source in cited if source.tried]
    if not days:
        return _("None of the texts this rule cites was checked against the official one.")
    day = date_format(max(days), "DATE_FORMAT")
    return _("None of the texts this rule cites was checked against the official one (last tried on %(day)s).") % {
        "day": day
    }
