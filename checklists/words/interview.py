"""The interview in words: how far there is to go, why a question is asked now, and what the last answer did."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from checklists.core.editions.edition import Edition
from checklists.core.editions.vocabulary import Verdict
from checklists.core.interview.choose import Choice, Interview, Reason
from checklists.core.judging.judgement import VerdictBand
from checklists.words.judging.presentation import Step, step
from checklists.words.vocabulary import VERDICTS, pick

WHOM = {
    "colleague": gettext_lazy("IT or information security"),
    "protection": gettext_lazy("Data protection officer"),
    "legal": gettext_lazy("Purchasing or legal affairs"),
    "business": gettext_lazy("The department that uses the data"),
    "provider": gettext_lazy("The provider"),
}
"""Who may know what the respondent does not."""


def range_words(band: VerdictBand) -> str:
    if band.is_settled:
        return str(VERDICTS[band.worst])
    return _("%(worst)s to %(best)s") % {"worst": VERDICTS[band.worst], "best": VERDICTS[band.best]}


def moved_words(before: VerdictBand | None, now: VerdictBand) -> str:
    """What the last answer did to the range; '' when there was none."""
    if before is None:
        return ""
    if before == now:
        return _("The last answer did not move the range.")
    return _("The last answer moved the range: it was %(before)s.") % {"before": range_words(before)}


def left_words(number: int, interview: Interview) -> str:
    """Which question this is, and about how many are left."""
    if not interview.questions_left:
        return _("Question %(number)d") % {"number": number}
    left = ngettext("about %(n)d left", "about %(n)d left", interview.questions_left) % {"n": interview.questions_left}
    return _("Question %(number)d, %(left)s (%(minutes)d min)") % {
        "number": number,
        "left": left,
        "minutes": interview.minutes_left,
    }


def why_words(edition: Edition, choice: Choice) -> str:
    """Why the question is asked now, in a sentence."""
    match choice.reason:
        case Reason.SCOPE:
            return _(
                "It describes the processing to be hosted. The minimum required and the rules that apply depend on it."
            )
        case Reason.DECIDES:
            return _("It decides between “%(worst)s” and “%(best)s”.") % {
                "worst": VERDICTS[choice.between.worst],
                "best": VERDICTS[choice.between.best],
            }
        case Reason.RULES:
            first = pick(edition.gates[choice.gates[0]].title)
            if len(choice.gates) == 1:
                return _("A blocking rule depends on it: “%(rule)s”.") % {"rule": first}
            others = len(choice.gates) - 1
            return ngettext(
                "Blocking rules depend on it: “%(rule)s” and %(n)d other.",
                "Blocking rules depend on it: “%(rule)s” and %(n)d others.",
                others,
            ) % {"rule": first, "n": others}
    return _("It counts in the score, on which the verdict still depends.")


def further_words() -> str:
    return _("It no longer changes the verdict. It counts in the score.")


def scale_of(interview: Interview) -> tuple[Step, ...]:
    """The five steps, with the range and the minimum once it is known."""
    required = interview.required
    least = required.worst if required.is_settled else None
    return tuple(step(verdict, interview.verdict, least) for verdict in Verdict)


def asked_of(whom: str) -> str:
    """The comment that says whom to ask; '' for nobody."""
    return _("To ask: %(whom)s.") % {"whom": WHOM[whom]} if whom in WHOM else ""


def whom_in(comment: str, languages: Iterable[str]) -> str:
    """Whom ``comment`` says to ask, in whichever of ``languages``; '' when it says nothing of that."""
    first = comment.split("\n", 1)[0].strip()
    for language in languages:
        with override(language):
            found = next((whom for whom in WHOM if first == asked_of(whom)), "")
        if found:
            return found
    return ""
