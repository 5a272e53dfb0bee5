"""The product's own words for the closed vocabularies, and the choice of a language in an edition's texts."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language, get_language_info, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from checklists.core.editions.edition import Edition
from checklists.core.editions.vocabulary import Harm, Text
from checklists.core.evidence import Strength
from checklists.core.judging.judgement import FindingKind
from checklists.words.verdicts import FACES

VERDICTS = {verdict: face.name for verdict, face in FACES.items()}
MEANINGS = {verdict: face.meaning for verdict, face in FACES.items()}
HARMS = {
    Harm.READ: _("Data read by others"),
    Harm.CUT_OFF: _("Service cut off"),
    Harm.DUTY: _("Duty not met"),
}
HARM_MEANINGS = {
    Harm.READ: _("A foreign authority could obtain the data."),
    Harm.CUT_OFF: _("The service could be stopped on an order from a third country."),
    Harm.DUTY: _("A legal duty of the controller is not met, or cannot be shown to be."),
}
STRENGTHS = {
    Strength.CLAIM: _("Claim by the provider"),
    Strength.DOCUMENT: _("Document"),
    Strength.DEMONSTRATED: _("Demonstrated"),
}
KINDS = {
    FindingKind.GATE: _("Blocking rule that applies"),
    FindingKind.POSSIBLE_GATE: _("Blocking rule not yet settled"),
    FindingKind.LAPSED: _("Legal basis not in force"),
    FindingKind.SHORTFALL: _("Points lost"),
    FindingKind.CLAIMED: _("Claimed, not shown"),
    FindingKind.DOUBT: _("Not established"),
    FindingKind.STRENGTH: _("Strength"),
}


def percent_sign(figure: str | int) -> str:
    """``figure``, a number in words of the active language, with the sign as that language sets it."""
    return gettext("%(n)s%%") % {"n": figure}


def listed(parts: Iterable[str]) -> str:
    """``parts`` in a row, with a semicolon between them as the active language sets it."""
    return pgettext("between the items of a list", "; ").join(parts)


def pick(text: Text | None, language: str | None = None) -> str:
    """``text`` in ``language`` (the active one by default), or in the first it is written in; '' for none."""
    if not text:
        return ""
    language = language or get_language() or ""
    return text.get(language) or text.get(language.split("-")[0]) or next(iter(text.values()))


def only_in(edition: Edition) -> str:
    """The languages ``edition`` is written in, where the active one is not among them; '' where it is."""
    active = get_language() or ""
    if active in edition.languages or active.split("-")[0] in edition.languages:
        return ""
    return listed(_language_name(code) for code in edition.languages)


def _language_name(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
