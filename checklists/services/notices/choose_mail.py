"""What a person wants by e-mail: which kinds, at once or once a day, in which language; and the links that refuse."""

from __future__ import annotations

from collections.abc import Iterable

from django.core import signing
from django.db import transaction

from checklists.models import MailChoice, Notice, User
from checklists.services.languages import language_here

_SALT = "checklists.mail-refusal"


def choice_of(user: User) -> MailChoice:
    """The choice that stands for ``user``, kept or not."""
    return MailChoice.objects.filter(user=user).first() or MailChoice(user=user)


@transaction.atomic
def choose_mail(user: User, *, kinds: Iterable[str], daily: bool, language: str) -> None:
    """From now on only ``kinds`` are mailed to ``user``, in ``language``; ``daily``: gathered in one e-mail a day."""
    wanted = set(kinds)
    refused = [kind for kind in Notice.Kind.values if kind not in wanted]
    values = {"refused": refused, "daily": daily, "language": language}
    MailChoice.objects.update_or_create(user=user, defaults=values)
    _drop_waiting(user, refused)


@transaction.atomic
def refuse_mail(user: User, kinds: Iterable[str]) -> None:
    """From now on ``kinds`` are mailed to ``user`` no more; saying it twice changes nothing."""
    choice, _is_new = MailChoice.objects.select_for_update().get_or_create(user=user)
    refused = [*choice.refused, *(kind for kind in kinds if kind not in choice.refused)]
    if refused != choice.refused:
        choice.refused = refused
        choice.save(update_fields=["refused"])
    _drop_waiting(user, refused)


def _drop_waiting(user: User, kinds: list[str]) -> None:
    waiting = Notice.objects.filter(user=user, kind__in=kinds, mail=Notice.Mail.WAITING)
    waiting.update(mail=Notice.Mail.NONE)


def note_language(user: User, language: str) -> None:
    """Write to ``user`` in ``language`` as long as they have chosen none."""
    choice, is_new = MailChoice.objects.get_or_create(user=user, defaults={"language": language})
    if not is_new and not choice.language:
        MailChoice.objects.filter(pk=choice.pk).update(language=language)


def language_for(choice: MailChoice | None) -> str:
    """A language this site has: the one chosen, else the site's first."""
    return language_here(choice.language if choice else None)


def refusal_token(user: User, kinds: Iterable[str]) -> str:
    """What the link in an e-mail carries. It names an account by its number and opens nothing but this refusal."""
    return signing.dumps([user.pk, sorted(kinds)], salt=_SALT)


def read_refusal(token: str) -> tuple[User, list[str]] | None:
    """Whose link it is and for which kinds; ``None`` for a forged one, or when the account is gone. It never expires:
    an e-mail found years later must still say no."""
    try:
        number, kinds = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=number).first()
    known = [kind for kind in kinds if kind in Notice.Kind.values]
    return (user, known) if user and known else None
