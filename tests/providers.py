"""A provider that was asked, for tests: the link, the code, the answers sent."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.core import mail
from django.test import Client
from django.urls import reverse

from checklists.models import Offer, ProviderRequest, User
from checklists.services.answers.save_answer import Said
from checklists.services.evidence.receive_file import receive_file
from checklists.services.judging.judge_offer import edition_of
from checklists.services.provider_answers.answer_questions import attach, keep_answer, submit
from checklists.services.provider_answers.ask_provider import ask_provider, token_of

PROVIDER = "security@nuage.example"


def ask(
    offer: Offer, by: User, questions: Sequence[str] = ("key_holder", "operator_access"), *, days: int = 30
) -> ProviderRequest:
    """Send ``questions`` of ``offer`` to the provider, in English."""
    return ask_provider(
        offer,
        email=PROVIDER,
        service="Nuage",
        asked_by="The hospital",
        message="",
        questions=questions,
        language="en",
        days=days,
        by=by,
    )


def ask_and_answer(offer: Offer, by: User, question: str = "key_holder", value: str = "") -> ProviderRequest:
    """The same, one question answered with a document and sent."""
    asked = ask(offer, by, [question])
    asked_question = edition_of(offer.assessment).questions[question]
    keep_answer(asked, asked_question, Said("answered", value or next(iter(asked_question.options))))
    attach(asked, question, "Contract", None, receive_file("contract.txt", b"Clause 12"))
    submit(asked)
    asked.refresh_from_db()
    return asked


def open_link(client: Client, asked: ProviderRequest) -> None:
    """Prove the address as the provider does: the link, the code of the e-mail."""
    door = reverse("provider-door", args=[token_of(asked)])
    client.post(door)
    found = re.search(r"^(\d{8})$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    assert client.post(door, {"code": found[1]}).status_code == 302
