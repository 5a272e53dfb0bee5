"""The trail in sentences. An entry holds numbers and values; names of people are looked up now, and may be gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklists.models import Edition, Invitation, TrailEntry, User
from checklists.services.day_format import date_format
from checklists.services.editions.publish_edition import load_edition
from checklists.web.notices.views import part_title
from checklists.words.vocabulary import pick

# What no row's coming, changing and going says. Each is a whole sentence: word order is the language's own.
SENTENCES: dict[str, Any] = {
    "person.signed_in": gettext_lazy("%(actor)s signed in"),
    "person.signed_out": gettext_lazy("%(actor)s signed out"),
    "person.refused": gettext_lazy("A sign-in as %(subject)s was refused"),
    "person.signed_up": gettext_lazy("%(actor)s opened an account"),
    "person.exported": gettext_lazy("%(actor)s downloaded the data kept about them"),
    "person.erased": gettext_lazy("%(actor)s deleted their account"),
    "password.set": gettext_lazy("%(actor)s set a password"),
    "password.changed": gettext_lazy("%(actor)s changed their password"),
    "password.reset": gettext_lazy("%(actor)s chose another password, by a link sent by e-mail"),
    "address.proven": gettext_lazy("%(actor)s proved that the e-mail address is theirs"),
    "email.changed": gettext_lazy("%(actor)s changed their e-mail address"),
    "second_factor.added": gettext_lazy("%(actor)s added a second factor"),
    "second_factor.removed": gettext_lazy("%(actor)s removed a second factor"),
    "second_factor.reset": gettext_lazy("%(actor)s made new recovery codes"),
    "second_factor.refused": gettext_lazy("A second factor of %(subject)s was refused"),
    "session.ended": gettext_lazy("%(actor)s ended another of their sessions"),
    "linked_account.added": gettext_lazy("%(actor)s linked an account of another service"),
    "linked_account.removed": gettext_lazy("%(actor)s unlinked an account of another service"),
    "membership.added": gettext_lazy("%(actor)s made %(person)s a member: %(role)s"),
    "membership.changed": gettext_lazy("%(actor)s changed the role of %(person)s"),
    "membership.deleted": gettext_lazy("%(actor)s ended the membership of %(person)s"),
    "guest.added": gettext_lazy("%(actor)s made %(person)s a guest of “%(label)s”"),
    "guest.changed": gettext_lazy("%(actor)s moved the last day of the guest %(person)s of “%(label)s”"),
    "guest.deleted": gettext_lazy("%(actor)s ended the access of the guest %(person)s of “%(label)s”"),
    "invitation.added": gettext_lazy("%(actor)s invited %(invited)s"),
    "invitation.changed": gettext_lazy("%(actor)s: the invitation of %(invited)s changed"),
    "invitation.deleted": gettext_lazy("%(actor)s: the invitation of %(invited)s was deleted"),
    "answer.changed": gettext_lazy("%(actor)s answered in “%(label)s”: %(question)s"),
    "evidence.added": gettext_lazy("%(actor)s added evidence, “%(label)s”: %(question)s"),
    "evidence.changed": gettext_lazy("%(actor)s changed evidence, “%(label)s”: %(question)s"),
    "evidence.deleted": gettext_lazy("Evidence was deleted for good, “%(label)s”: %(question)s"),
    "evidence.downloaded": gettext_lazy("%(actor)s downloaded evidence, “%(label)s”: %(question)s"),
    "confirmation.given": gettext_lazy("%(actor)s confirmed an answer of “%(label)s” after a move: %(question)s"),
    "assessment.moved": gettext_lazy("%(actor)s moved “%(label)s” from edition %(from)s to edition %(to)s"),
    "assessment.move_confirmed": gettext_lazy("%(actor)s confirmed the move of “%(label)s” to edition %(to)s"),
    "assessment.move_undone": gettext_lazy("%(actor)s put “%(label)s” back on edition %(from)s"),
    "reviewact.recorded": gettext_lazy("%(actor)s: review of “%(label)s”, %(act)s"),
    "reviewdecision.added": gettext_lazy("%(actor)s decided in the review of “%(label)s”"),
    "reviewdecision.changed": gettext_lazy("%(actor)s changed a decision in the review of “%(label)s”"),
    "reviewdecision.deleted": gettext_lazy("%(actor)s deleted a decision in the review of “%(label)s”"),
    "assignment.given": gettext_lazy("%(actor)s assigned a part of “%(label)s” to %(charged)s: %(part)s"),
    "assignment.changed": gettext_lazy(
        "%(actor)s assigned a part of “%(label)s” to somebody else, %(charged)s: %(part)s"
    ),
    "assignment.deleted": gettext_lazy("%(actor)s took away the assignment of a part of “%(label)s”: %(part)s"),
    "action.undertaken": gettext_lazy("%(actor)s put an action on the list of “%(label)s”"),
    "action.changed": gettext_lazy("%(actor)s changed an action of “%(label)s”"),
    "action.deleted": gettext_lazy("%(actor)s took an action off the list of “%(label)s”"),
    "discussion.opened": gettext_lazy("%(actor)s opened a discussion in “%(label)s”: %(discussed)s"),
    "discussion.changed": gettext_lazy("%(actor)s marked a discussion in “%(label)s”: %(discussed)s"),
    "comment.written": gettext_lazy("%(actor)s wrote a comment in a discussion of “%(label)s”: %(discussed)s"),
    "comment.changed": gettext_lazy("%(actor)s changed a comment in a discussion of “%(label)s”: %(discussed)s"),
    "comment.deleted": gettext_lazy("%(actor)s deleted a discussion of “%(label)s”: %(discussed)s"),
    "report.issued": gettext_lazy("%(actor)s issued the report of “%(label)s”"),
    "assessment.downloaded": gettext_lazy("%(actor)s downloaded “%(label)s” as a file"),
    "report.downloaded": gettext_lazy("%(actor)s downloaded the report of “%(label)s”"),
    "providerrequest.asked": gettext_lazy("%(actor)s sent questions to the provider of “%(label)s”"),
    "providerrequest.changed": gettext_lazy("%(actor)s: the link sent to the provider of “%(label)s” changed"),
    "providerrequest.deleted": gettext_lazy("%(actor)s: the questions to the provider of “%(label)s” were deleted"),
    "providerrequest.opened": gettext_lazy("The provider of “%(label)s” proved its address and opened the questions"),
    "providerversion.received": gettext_lazy("The provider of “%(label)s” sent its answers"),
    "providerdocument.added": gettext_lazy("A provider attached “%(label)s”: %(question)s"),
    "providerdocument.changed": gettext_lazy("A provider took “%(label)s” away: %(question)s"),
    "providerdocument.deleted": gettext_lazy("A document of a provider was deleted, “%(label)s”: %(question)s"),
    "providerdocument.downloaded": gettext_lazy(
        "%(actor)s downloaded a document of a provider, “%(label)s”: %(question)s"
    ),
    "providerdecision.recorded": gettext_lazy(
        "%(actor)s decided on an answer of the provider of “%(label)s”: %(question)s"
    ),
    "comparison.exported": gettext_lazy("%(actor)s exported the comparison of offers of “%(label)s”"),
    "portfolio.exported": gettext_lazy("%(actor)s exported the portfolio"),
    "trail.head_lost": gettext_lazy("The head of the trail was lost, and laid again at its last entry"),
    "trail.exported": gettext_lazy("%(actor)s exported the trail"),
}
ROWS: dict[str, Any] = {
    "added": gettext_lazy("%(actor)s added: %(thing)s"),
    "changed": gettext_lazy("%(actor)s changed: %(thing)s"),
    "deleted": gettext_lazy("%(actor)s deleted: %(thing)s"),
}
ACTS: dict[str, Any] = {
    "added": gettext_lazy("added"),
    "changed": gettext_lazy("changed"),
    "deleted": gettext_lazy("deleted"),
    "signed_in": gettext_lazy("signed in"),
    "signed_out": gettext_lazy("signed out"),
    "refused": gettext_lazy("refused"),
    "signed_up": gettext_lazy("account opened"),
    "removed": gettext_lazy("removed"),
    "ended": gettext_lazy("ended"),
    "exported": gettext_lazy("exported"),
    "erased": gettext_lazy("account deleted"),
    "downloaded": gettext_lazy("downloaded"),
    "issued": gettext_lazy("issued"),
    "recorded": gettext_lazy("recorded"),
    "given": gettext_lazy("given"),
    "undertaken": gettext_lazy("taken in hand"),
    "opened": gettext_lazy("opened"),
    "written": gettext_lazy("written"),
    "set": gettext_lazy("set"),
    "reset": gettext_lazy("chosen again by e-mail"),
    "asked": gettext_lazy("asked for"),
    "received": gettext_lazy("received"),
    "moved": gettext_lazy("moved to another edition"),
    "move_confirmed": gettext_lazy("move confirmed"),
    "move_undone": gettext_lazy("move undone"),
}
THINGS: dict[str, Any] = {
    "person": gettext_lazy("person"),
    "password": gettext_lazy("password"),
    "email": gettext_lazy("e-mail address"),
    "second_factor": gettext_lazy("second factor"),
    "session": gettext_lazy("session"),
    "linked_account": gettext_lazy("linked account"),
    "report": gettext_lazy("report"),
    "action": gettext_lazy("action"),
    "trail": gettext_lazy("trail"),
    "comparison": gettext_lazy("comparison"),
    "portfolio": gettext_lazy("portfolio"),
    "impact": gettext_lazy("impact of a draft"),
    "confirmation": gettext_lazy("confirmation of an answer"),
}


@dataclass(frozen=True)
class Line:
    """One entry to read: when, what in a sentence, and each change in words."""

    entry: TrailEntry
    sentence: str
    changes: tuple[str, ...]


def names_of(numbers: Iterable[int | None]) -> dict[int, str]:
    """The names of those people who still have an account. One query."""
    return {pk: str(user) for pk, user in User.objects.in_bulk({n for n in numbers if n is not None}).items()}


def kind_words(kind: str) -> str:
    """A kind of act, for a list: 'Answer: changed'."""
    thing, act = kind.partition(".")[::2]
    return f"{capfirst(_thing(thing))} · {ACTS.get(act, act)}"


def lines(entries: Iterable[TrailEntry]) -> list[Line]:
    """The entries in the reader's language. Two queries, however many entries there are."""
    entries = list(entries)
    numbers = {number for entry in entries for number in (entry.actor, _person_in(entry))}
    names = names_of(numbers)
    invitations = [entry.subject_id for entry in entries if entry.subject_type == "invitation"]
    invited = dict(Invitation.objects.filter(pk__in=invitations).values_list("pk", "email")) if invitations else {}
    addresses = {str(pk): address for pk, address in invited.items()}
    return [
        Line(entry, _through(entry, _sentence(entry, names, addresses)), tuple(_changes(entry))) for entry in entries
    ]


def _through(entry: TrailEntry, sentence: str) -> str:
    """``sentence``, with the API token that was used, if any."""
    if not (token := entry.details.get("token")):
        return sentence
    return _("%(sentence)s, through the API token “%(token)s”") % {"sentence": sentence, "token": token}


def _person_in(entry: TrailEntry) -> int | None:
    if entry.subject_type == "user" and entry.subject_id:
        return int(entry.subject_id)
    person = entry.details.get("person")
    return person if isinstance(person, int) else None


def _name(number: int | None, names: Mapping[int, str]) -> str:
    if number is None:
        return _("the system")
    return names.get(number) or _("a deleted person (no. %(number)d)") % {"number": number}


def _sentence(entry: TrailEntry, names: Mapping[int, str], addresses: Mapping[str, str]) -> str:
    details = entry.details
    label = details.get("label") or ""
    person = _person_in(entry)
    words = {
        # The one who acts opens the sentence; an address is no word to put a capital on.
        "actor": names.get(entry.actor or 0) or capfirst(_name(entry.actor, names)),
        "subject": _name(person, names) if person else _("an unknown address"),
        "person": _name(person, names),
        "role": _shown("membership", "role", details.get("values", {}).get("role")),
        "invited": addresses.get(entry.subject_id) or _("somebody"),
        "label": label,
        "act": _shown("reviewact", "kind", details.get("values", {}).get("kind")).lower(),
        "question": _question(details),
        "from": details.get("from", ""),
        "to": details.get("to", ""),
        "discussed": _question(details) or _("the assessment"),
        "charged": _name(person, names) if person else _("nobody"),
        "part": _part(details),
        "thing": _named(_thing(entry.kind.partition(".")[0]), label),
    }
    if sentence := SENTENCES.get(entry.kind):
        return str(sentence % words)
    act = entry.kind.partition(".")[2]
    if act in ROWS:
        return str(ROWS[act] % words)
    return f"{words['actor']} · {words['thing']} · {ACTS.get(act, act)}"


def _named(thing: str, label: str) -> str:
    return _("%(thing)s “%(label)s”") % {"thing": thing, "label": label} if label else thing


def _model(word: str) -> type[models.Model] | None:
    try:
        return apps.get_model("checklists", word)
    except LookupError:
        return None


def _thing(word: str) -> str:
    if word in THINGS:
        return str(THINGS[word])
    model = _model(word)
    return str(model._meta.verbose_name) if model else word


def _question(details: Mapping[str, Any]) -> str:
    key = str(details.get("question", ""))
    if not (sha256 := details.get("edition")):
        return key
    try:
        question = load_edition(sha256).questions.get(key)
    except Edition.DoesNotExist:
        return key
    return pick(question.text) if question else key


def _part(details: Mapping[str, Any]) -> str:
    """A concern by its title, with the offer if there is one."""
    title = str(details.get("concern", ""))
    if sha256 := details.get("edition"):
        with suppress(Edition.DoesNotExist):
            title = part_title(load_edition(sha256), title) or title
    return f"{title} ({details['offer']})" if details.get("offer") else title


def _changes(entry: TrailEntry) -> Iterable[str]:
    word = entry.kind.partition(".")[0]
    for name, (before, after) in entry.details.get("changes", {}).items():
        if (word, name) == ("assignment", "assignee"):
            continue  # The sentence names the person; a number would say nothing.
        field = _field_words(word, name)
        if str(before or after).startswith("sha256:"):
            yield _("%(field)s: text changed") % {"field": field}
        else:
            said = [_option(entry.details, _shown(word, name, value)) for value in (before, after)]
            yield _("%(field)s: %(before)s → %(after)s") % {"field": field, "before": said[0], "after": said[1]}


def _option(details: Mapping[str, Any], shown: str) -> str:
    """The label of an option chosen, when the entry is about an answer."""
    if not (sha256 := details.get("edition")):
        return shown
    try:
        question = load_edition(sha256).questions.get(str(details.get("question")))
    except Edition.DoesNotExist:
        return shown
    option = question.options.get(shown) if question else None
    return pick(option.label) if option else shown


def _field_words(word: str, name: str) -> str:
    model = _model(word)
    try:
        return capfirst(str(model._meta.get_field(name).verbose_name)) if model else name  # type: ignore[union-attr]
    except LookupError:
        return name


def _shown(word: str, name: str, value: Any) -> str:
    """One value in words: the choice's label, a date, yes or no."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    model = _model(word)
    field = next((field for field in model._meta.fields if field.name == name), None) if model else None
    if field is None:
        return str(value)
    if isinstance(field, models.DateTimeField) and (moment := parse_datetime(str(value))):
        return _moment(moment)
    if isinstance(field, models.DateField) and (day := _day(value)):
        return date_format(day, "SHORT_DATE_FORMAT")
    return str(dict(field.flatchoices).get(value, value))


def _day(value: Any) -> date | None:
    return parse_date(str(value))


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
