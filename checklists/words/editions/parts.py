"""The words of a checklist's parts and fields, for those who write criteria and those who compare editions."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from checklists.core.editions.vocabulary import Harm, Verdict
from checklists.words.kinds import faces
from checklists.words.vocabulary import HARMS, VERDICTS

Words = str | Promise

FAMILIES: dict[str, tuple[Words, Words]] = {
    "concerns": (_("Topic"), _("Topics")),
    "questions": (_("Question"), _("Questions")),
    "options": (_("Possible answer"), _("Possible answers")),
    "gates": (_("Blocking rule"), _("Blocking rules")),
    "requirements": (_("Requirement"), _("Requirements")),
    "thresholds": (_("Threshold on the score"), _("Thresholds on the score")),
    "durations": (_("Derived duration"), _("Derived durations")),
    "derivations": (_("Derivation"), _("Derivations")),
    "former": (_("Question no longer asked"), _("Questions no longer asked")),
    "laws": (_("Law"), _("Laws")),
    "sources": (_("Source"), _("Sources")),
    "hypotheses": (_("Hypothesis"), _("Hypotheses")),
    "glossary": (_("Glossary entry"), _("Glossary")),
}
FIELDS: dict[str, Words] = {
    "key": _("Key"),
    "title": _("Title"),
    "summary": _("Summary"),
    "languages": _("Languages"),
    "weight": _("Weight"),
    "concern": _("Topic"),
    "scope": _("Asked about"),
    "kind": _("Kind"),
    "harms": _("Harms"),
    "applies": _("Asked when"),
    "when": _("Holds when"),
    "text": pgettext_lazy("field", "Text"),
    "why": _("Why it matters"),
    "where": _("Where to look"),
    "sources": _("Sources"),
    "level": _("Level"),
    "label": _("Answer"),
    "definition": _("Definition"),
    "finding": _("Finding"),
    "advice": _("Advice"),
    "effort": _("Effort"),
    "regime": _("Rests on the law"),
    "lapsed_to": _("Counts otherwise as"),
    "ceiling": _("Verdict at best"),
    "least": _("Minimum required"),
    "below": _("Score below"),
    "from": _("From"),
    "until": _("Until"),
    "status": _("Legal status"),
    "date": _("Date"),
    "url": _("Link"),
    "verify": _("To be verified"),
    "tried": _("Last read or looked for"),
    "reading": _("What was read"),
    "note": _("Note"),
    "country": _("Country"),
    "to": _("Date question"),
    "term": _("Term"),
    "position": _("Position"),
    "countries": _("Countries"),
    "replaces": _("Replaces the law"),
    "adequacy_of": _("Rests on an adequacy decision for the country of"),
    "presumed": _("Presumed"),
    "presumed_if": _("Presumed when"),
    "sets": _("Answers supposed"),
    "ends": _("Laws supposed to end"),
    "question": _("Question"),
    "value": _("Value"),
    "given": _("Where the answer is"),
    "into": _("Covered by"),
    "also": _("Answers that do not contradict it"),
    "takes": _("Fact of the control chain"),
    "lever": _("Brought about by"),
    "fact_of_the_world": _("Nobody can change it for an offer"),
    "wording": _("How its texts were come by"),
}
HELP: dict[str, Words] = {
    "countries": _("Codes of two capitals, with commas between them: FR, DE."),
    "key": _("Small letters, digits, - and _. It is for ever. Left empty, it is made of the text."),
    "weight": _("0 to 100. 0 for a question without levels."),
    "level": _("0, the worst, to 4, the best; empty when the answer is not scored."),
    "effort": _("1, a signature, to 10, changing host; empty when it cannot be chosen."),
    "date": _("Day of the text, year-month-day: 2020-10-08."),
    "from": _("First day, year-month-day; empty when there is none."),
    "until": _("The day it ends, not included; empty when there is none."),
    "verify": _("It could not be checked against the official text: the reader is told so."),
    "tried": _("Year-month-day: the day it was last read or, to be verified, the day it was last looked for."),
    "lapsed_to": _("The answer it counts as on a day when that law is not in force."),
    "below": _("A score below this number, out of 100, caps the verdict."),
}
CHOICES: dict[str, Words] = {
    "customer": _("the customer alone"),
    "provider": _("the provider"),
    "contract": _("a contract between the two"),
    "third_country": _("third country"),
    "adequate": _("country with an adequacy decision"),
    "workload": _("the processing to be hosted"),
    "offer": _("the offer"),
    "yes": _("yes"),
    "no": _("no"),
    "in_force": _("in force"),
    "not_in_force": _("not in force"),
    "adopted": _("adopted, not applicable yet"),
    "proposed": _("proposed"),
    "repealed": _("repealed"),
    "transfer_tool": _("transfer tool"),
    "adequacy": _("adequacy decision"),
    "free_area": _("area where no decision is needed"),
    "access_law": _("law of compelled access"),
    "duty": _("duty"),
    "text": _("the text in full, in a reproduction"),
    "extract": _("an extract made by a third party"),
    "secondary": _("pages that quote or summarise it"),
    "verbatim": _("the words of the source"),
    "restated": _("the source in other words"),
    "derived": _("concluded from the sources"),
    "editorial": _("the authors’ own"),
}
"""Values of the closed lists of the schema, other than verdicts and harms."""


def family_word(family: str, plural: bool = False) -> Words:
    """What one part of ``family`` is called, or several; the family's own name when it has no word yet."""
    return FAMILIES[family][plural] if family in FAMILIES else family


def field_word(name: str) -> Words:
    return FIELDS.get(name, name)


def choice_word(value: str) -> Words:
    """A value of one of the schema's closed lists, in words; the value itself when it has none yet."""
    if value in {verdict.key for verdict in Verdict}:
        return VERDICTS[Verdict.from_key(value)]
    if value in {harm.value for harm in Harm}:
        return HARMS[Harm(value)]
    return {**CHOICES, **{face.key: face.name for face in faces()}}.get(value, value)


def wording_word(wording: str) -> str:
    """How a text was come by, in words; '' when its checklist does not say."""
    return str(CHOICES[wording]) if wording else ""
