"""Who can read the clear text, in the words of the active language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from checklists.core.clear_text import (
    RESULTS,
    STATES,
    Cell,
    Datum,
    Moment,
    Readable,
    Row,
    Why,
    derive_readable,
    read_table,
)
from checklists.core.judging.judgement import Judgement
from checklists.core.kleene import Truth

Words = str | Promise

DATA: Mapping[Datum, Words] = {
    Datum.CONTENT: gettext_lazy("Content"),
    Datum.METADATA: gettext_lazy("Metadata"),
    Datum.LOGS: gettext_lazy("Logs"),
    Datum.BACKUPS: gettext_lazy("Backups"),
    Datum.TELEMETRY: gettext_lazy("Telemetry"),
    Datum.TICKETS: gettext_lazy("Support tickets"),
}
COLUMNS: Mapping[str, Words] = {
    "rest": gettext_lazy("At rest"),
    "transit": gettext_lazy("In transit"),
    "use": gettext_lazy("In use"),
    "keys": gettext_lazy("Who holds the keys"),
    "code": gettext_lazy("Who can change the code"),
    "login": gettext_lazy("Who can log in"),
}
_MOMENT: Mapping[str, Words] = {
    "clear": gettext_lazy("unencrypted"),
    "encrypted": gettext_lazy("encrypted"),
    "enclave": gettext_lazy("in an attested enclave"),
    "absent": gettext_lazy("no such data"),
}
_WHO: Mapping[str, Words] = {
    "provider": gettext_lazy("the provider"),
    "provider_service": gettext_lazy("the customer, in the provider’s key service"),
    "third_party": gettext_lazy("a trusted third party in the Union"),
    "approved": gettext_lazy("the provider, approved each time by the customer"),
    "customer": gettext_lazy("the customer alone"),
}
WORDS: Mapping[str, Mapping[str, Words]] = {
    **dict.fromkeys(("rest", "transit", "use"), _MOMENT),
    **dict.fromkeys(("keys", "code", "login"), _WHO),
}
WHYS: Mapping[Why, Words] = {
    Why.ABSENT: gettext_lazy("no such data at that moment"),
    Why.IN_CLEAR: gettext_lazy("the data are unencrypted"),
    Why.IN_USE: gettext_lazy("processed unencrypted in the provider’s machines, no matter who holds the keys"),
    Why.PROVIDER_KEYS: gettext_lazy("the provider holds the keys"),
    Why.KEYS_IN_ITS_SERVICE: gettext_lazy("the keys are used in a service the provider runs"),
    Why.CHANGES_CODE: gettext_lazy("the provider can change the code that handles the data or the keys"),
    Why.ENCLAVE_LOGIN: gettext_lazy("the provider can log in to the enclave"),
    Why.OUT_OF_REACH: gettext_lazy("neither the keys nor the code are in the provider’s hands"),
    Why.NOT_TOLD: gettext_lazy("not told"),
}
CAN: Mapping[Truth, Words] = {
    True: pgettext_lazy("can produce clear data", "Yes"),
    False: pgettext_lazy("can produce clear data", "No"),
    None: pgettext_lazy("can produce clear data", "Not established"),
}


@dataclass(frozen=True)
class CellLine:
    can: Words
    why: Words


@dataclass(frozen=True)
class DatumLine:
    name: Words
    cells: tuple[CellLine, ...]
    told: tuple[tuple[Words, Words], ...]


@dataclass(frozen=True)
class Result:
    """One of the two results: what could happen, and why."""

    title: str
    can: Words
    words: str


@dataclass(frozen=True)
class ReadablePage:
    moments: tuple[Words, ...]
    lines: tuple[DatumLine, ...]
    results: tuple[Result, ...]
    is_in_use_despite_keys: bool
    summary: str


def present_readable(readable: Readable, disclosure: Truth, interruption: Truth) -> ReadablePage:
    """The matrix, and the two results side by side."""
    content = readable.table.get(Datum.CONTENT, Row())
    return ReadablePage(
        moments=tuple(COLUMNS[moment.value] for moment in Moment),
        lines=tuple(
            DatumLine(
                DATA[data],
                tuple(_cell(readable.cells[data, moment]) for moment in Moment),
                tuple(
                    (COLUMNS[column], WORDS[column][getattr(row, column)]) for column in STATES if getattr(row, column)
                ),
            )
            for data, row in ((data, readable.table.get(data, Row())) for data in Datum)
        ),
        results=(
            Result(_("Disclosure of the content"), CAN[disclosure], _disclosure_words(disclosure)),
            Result(
                _("Interruption of the service"),
                CAN[interruption],
                _interruption_words(interruption),
            ),
        ),
        is_in_use_despite_keys=content.use == "clear" and content.keys in ("customer", "third_party"),
        summary=readable_summary(readable),
    )


def readable_of(value: str, judgement: Judgement) -> ReadablePage | None:
    """The page of the table that ``value`` writes; ``None`` when there is none."""
    if not value:
        return None
    readable = derive_readable(read_table(value))
    disclosed, stopped = (judgement.compelled.get(key) for key in RESULTS)
    return present_readable(readable, disclosed, stopped)


def readable_summary(readable: Readable) -> str:
    """One line: which classes the provider could produce in clear."""
    can = [str(DATA[data]).lower() for data in Datum if readable.of(data) is True]
    open_ = [str(DATA[data]).lower() for data in Datum if readable.of(data) is None]
    parts = []
    if can:
        parts.append(_("readable by the provider: %(classes)s") % {"classes": ", ".join(can)})
    if open_:
        parts.append(_("not established: %(classes)s") % {"classes": ", ".join(open_)})
    return " · ".join(parts) or _("nothing readable by the provider")


def _cell(cell: Cell) -> CellLine:
    return CellLine(CAN[cell.can], WHYS[cell.why])


def _disclosure_words(truth: Truth) -> str:
    if truth:
        return _("A third country’s law applies to the offer, and the provider can produce the content unencrypted.")
    if truth is False:
        return _(
            "No third country’s law applies to the offer, or the provider can never produce the content unencrypted."
        )
    return _("What is missing does not exclude that an order obtains the unencrypted content.")


def _interruption_words(truth: Truth) -> str:
    if truth:
        return _("A third country’s law applies to the offer: it can be told to stop. No encryption changes that.")
    if truth is False:
        return _("No third country’s law applies to the offer. Encryption plays no part in this.")
    return _("Which laws reach the offer is not settled. Encryption plays no part in this.")
