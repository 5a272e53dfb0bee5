"""One e-mail a person for all that falls due: bounded, once each, in their language, none for who refuses."""

from __future__ import annotations

from collections.abc import Sequence

from django.core import mail

from checklists.models import MailChoice, Membership, Notice, User
from checklists.services.notices.remind import MOST_TOLD, Reminding, remind


def test_each_member_has_one_e_mail_of_what_was_not_told_to_them(officer: User, stranger: User) -> None:
    organisation = officer.organisations.get()
    reader, refusing = (User.objects.create_user(f"{name}@hopital.example", "a long pass phrase") for name in "ab")
    for person in (reader, refusing):
        Membership.objects.create(user=person, organisation=organisation, role="reader")
    MailChoice.objects.create(user=refusing, refused=[Notice.Kind.DUE])
    MailChoice.objects.create(user=reader, language="en")
    kept: list[tuple[User, int]] = []

    def keep(items: Sequence[int], person: User) -> None:
        kept.append((person, len(items)))

    how = Reminding[int](
        organisation=lambda item: organisation.pk,
        words=lambda item: f"thing {item}",
        subject=lambda number: f"{number} things",
        is_told=lambda item, person: person == officer and item > 0,
        keep=keep,
    )
    assert remind(range(MOST_TOLD + 10), how) == 2
    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert letters.keys() == {officer.email, reader.email}
    assert "thing 0" in letters[officer.email].body
    assert "thing 1" not in letters[officer.email].body
    assert letters[reader.email].subject == f"{MOST_TOLD + 10} things"
    assert f"thing {MOST_TOLD - 1}\nand 10 others" in letters[reader.email].body
    assert kept == [(officer, 1), (reader, MOST_TOLD + 10)]
