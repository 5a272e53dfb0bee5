"""A provider answers by a link: the door, the code, the questions; and every way in that must stay shut."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from checklists.models import Answer, Offer, ProviderRequest, User
from checklists.services.judging.judge_offer import edition_of
from checklists.services.provider_answers.ask_provider import revoke, token_of
from checklists.services.provider_answers.prove_address import MOST_TRIES
from checklists.words.vocabulary import pick
from tests.figures import count
from tests.providers import PROVIDER, ask, ask_and_answer, open_link

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ request.session }}{% csrf_token %}",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(A1)",
    "-2+3",
    "javascript:alert(1)",
    "\u202egnp.exe",
    "'; DROP TABLE checklists_answer; --",
    "%(actor)s %s %n",
    "a\x00b",
)


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


def door_of(asked: ProviderRequest) -> str:
    return reverse("provider-door", args=[token_of(asked)])


def code_mailed() -> str:
    found = re.search(r"^(\d{8})$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    return found[1]


def questions_of(asked: ProviderRequest) -> str:
    return reverse("provider-questions", args=[asked.pk])


def test_an_owner_asks_and_the_provider_answers_without_an_account(desk: Client, example: Offer) -> None:
    sent = {
        "email": PROVIDER,
        "service": "Nuage\r\nBcc: x@y.example",
        "asked_by": "The hospital",
        "language": "en",
        "days": "10",
        "message": "By Friday",
        "which": "choice",
        "chosen": ["key_holder"],
    }
    assert desk.post(reverse("provider-requests", args=[example.pk]), sent).status_code == 302
    asked = ProviderRequest.objects.get()
    invitation = mail.outbox[-1]
    assert invitation.to == [PROVIDER] and "\n" not in invitation.subject
    assert f"{settings.SITE_URL}{door_of(asked)}" in str(invitation.body)
    for hidden in (example.assessment.name, example.name, "dpo@hopital.example"):
        assert hidden not in str(invitation.body)
    provider = Client()
    assert "key" not in provider.get(door_of(asked)).content.decode().split("<main")[1]
    open_link(provider, asked)
    page = provider.get(questions_of(asked)).content.decode()
    question = edition_of(example.assessment).questions["key_holder"]
    assert pick(question.text, "en") in page and "By Friday" in page
    others = [q for q in edition_of(example.assessment).questions.values() if q.key != "key_holder"]
    assert not any(f'id="q-{other.key}"' in page for other in others)
    for hidden in (example.assessment.name, example.assessment.organisation.name, "dpo@hopital.example"):
        assert hidden not in page
    value = next(iter(question.options))
    form = {"q-key_holder-revision": "0", "q-key_holder-answer": f"option:{value}", "q-key_holder-comment": "Clause 4"}
    provider.post(questions_of(asked), form | {"documents": "key_holder"})
    papers = reverse("provider-documents", args=[asked.pk, "key_holder"])
    provider.post(papers, {"title": "Contract", "file": SimpleUploadedFile("c.txt", b"Clause 4")})
    assert "Contract" in provider.get(papers).content.decode()
    provider.post(questions_of(asked), form | {"go": "submit"})
    asked.refresh_from_db()
    assert asked.version == 1
    address = reverse("provider-request", args=[example.pk, asked.pk])
    page = desk.get(address).content.decode()
    assert "Clause 4" in page and "Contract" in page
    document = asked.documents.get()
    file = desk.get(reverse("provider-document", args=[example.pk, asked.pk, document.pk]))
    assert (file.content, file["Content-Disposition"][:10]) == (b"Clause 4", "attachment")
    row = Answer.objects.filter(offer=example, question="key_holder").first()
    decision = {"question": "key_holder", "version": "1", "outcome": "accepted"}
    stale = desk.post(address, decision | {"revision": str((row.revision if row else 0) + 7)})
    same = bool(row and row.value == value)
    assert stale.status_code == (302 if same else 409)
    desk.post(address, decision | {"revision": str(row.revision if row else 0)})
    accepted = Answer.objects.get(offer=example, question="key_holder")
    assert accepted.value == value and (same or accepted.is_presumed)


def test_forged_expired_revoked_and_replayed_links_open_nothing(
    example: Offer, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checklists.web.provider_answers.provider.MOST_DOORS", 10_000)
    monkeypatch.setattr("checklists.web.provider_answers.provider.MOST_CODES", 10_000)
    asked, ended, revoked = (ask(example, officer, ["key_holder"]) for _each in range(3))
    ProviderRequest.objects.filter(pk=ended.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    revoke(revoked)
    good = token_of(asked)
    forged = [secrets.token_hex(32) for _each in range(40)]
    forged += [good[:-1] + ("0" if good[-1] != "0" else "1"), good.upper(), good[:63], good + "0", asked.token_sha256]
    forged += [asked.nonce, asked.pk.hex * 2, str(asked.pk), "0" * 64, token_of(ended), token_of(revoked)]
    tried = accepted = 0
    for token in forged:
        for method in ("get", "post"):
            client, before = Client(), len(mail.outbox)
            response = getattr(client, method)(reverse("provider-door", args=[token]), {"code": "00000000"})
            tried += 1
            accepted += response.status_code != 404 or len(mail.outbox) != before
    # Codes: wrong ones, one used twice, one of another link, an old one, one too old.
    client = Client()
    client.post(door_of(asked))
    code = code_mailed()
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    for typed in (wrong, "", "0" * 40, code[:-1], "x" * 8):
        tried += 1
        accepted += Client().post(door_of(asked), {"code": typed}).status_code != 422
    assert MOST_TRIES == 5
    tried += 1
    accepted += Client().post(door_of(asked), {"code": code}).status_code != 422
    client.post(door_of(asked))
    old, _sent = code_mailed(), client.post(door_of(asked))
    tried += 1
    accepted += Client().post(door_of(asked), {"code": old}).status_code != 422 and old != code_mailed()
    good_code = code_mailed()
    assert client.post(door_of(asked), {"code": good_code}).status_code == 302
    tried += 1
    accepted += Client().post(door_of(asked), {"code": good_code}).status_code != 422
    client.post(door_of(asked))
    Client().post(door_of(asked))
    ProviderRequest.objects.filter(pk=asked.pk).update(code_expires_at=timezone.now() - timedelta(seconds=1))
    tried += 1
    accepted += Client().post(door_of(asked), {"code": code_mailed()}).status_code != 422
    # Sessions: another link's, one of a link revoked since, one made up, a member's own.
    other = ask(example, officer, ["key_holder"])
    member, made_up = Client(), Client()
    member.force_login(officer)
    session = made_up.session
    session["provider_proofs"] = {str(asked.pk): "0" * 64, str(other.pk): good}
    session.save()
    for stranger in (Client(), member, made_up):
        tried += 1
        accepted += stranger.get(questions_of(asked)).status_code != 403
    tried += 1
    accepted += client.get(questions_of(other)).status_code != 403
    assert client.get(questions_of(asked)).status_code == 200
    revoke(ProviderRequest.objects.get(pk=asked.pk))
    for name in ("provider-questions", "provider-documents"):
        address = reverse(name, args=[asked.pk] + ([] if name == "provider-questions" else ["key_holder"]))
        for method in ("get", "post"):
            tried += 1
            accepted += getattr(client, method)(address).status_code != 403
    count("links of providers forged, ended, revoked or replayed", "accepted", tried=tried, faults=accepted)
    assert (tried > 100, accepted) == (True, 0)


def test_a_provider_sees_nothing_of_the_team(example: Offer, officer: User, desk: Client) -> None:
    asked = ask_and_answer(example, officer)
    provider = Client()
    open_link(provider, asked)
    for name in ("provider-requests", "result", "concern"):
        args = [example.pk, "keys"] if name == "concern" else [example.pk]
        response = provider.get(reverse(name, args=args))
        assert response.status_code == 302 and "/account/login/" in response["Location"]
    assert provider.get(reverse("provider-documents", args=[asked.pk, "storage_country"])).status_code == 404


def test_hostile_words_of_a_provider_run_nowhere(example: Offer, officer: User, desk: Client) -> None:
    asked = ask(example, officer, ["key_holder"])
    provider = Client()
    open_link(provider, asked)
    question = edition_of(example.assessment).questions["key_holder"]
    run = tried = 0
    address = reverse("provider-request", args=[example.pk, asked.pk])
    papers = reverse("provider-documents", args=[asked.pk, "key_holder"])
    ours = Answer.objects.filter(offer=example, question="key_holder")
    for words in HOSTILE:
        ours.update(comment="")
        value = next(option for option in question.options if option != ours.get().value)
        form = {
            "q-key_holder-revision": "0",
            "q-key_holder-answer": f"option:{value}",
            "q-key_holder-comment": words,
            "q-key_holder-justification": words,
            "go": "submit",
        }
        provider.post(papers, {"title": words, "file": SimpleUploadedFile("c.txt", f"Clause {words[:1]}".encode())})
        sent = provider.post(questions_of(asked), form)
        if sent.status_code == 422:  # What nobody can read is refused, and shown again to who typed it.
            tried += 1
            continue
        row = Answer.objects.get(offer=example, question="key_holder")
        pages = [provider.get(questions_of(asked)), provider.get(papers), desk.get(address)]
        decision = {
            "question": "key_holder",
            "version": str(ProviderRequest.objects.get(pk=asked.pk).version),
            "revision": str(row.revision),
            "outcome": "accepted",
        }
        assert desk.post(address, decision).status_code == 302
        assert (ours.get().value, ours.get().is_presumed) == (value, True)
        assert ours.get().comment == words.strip().replace("\x00", "")
        pages += [
            desk.get(reverse("concern", args=[example.pk, question.concern])),
            desk.get(reverse("result", args=[example.pk])),
            desk.get(reverse("evidence", args=[example.assessment_id])),
            desk.get(reverse("trail", args=[example.assessment.organisation_id])),
        ]
        for page in pages:
            tried += 1
            assert page.status_code == 200
            text = page.content.decode()
            run += "<script>alert" in text or "<img src=x" in text or "\x00" in text
        table = desk.get(reverse("comparison-csv", args=[example.assessment_id])).content.decode()
        tried += 1
        run += bool(re.search(r'(^|[,;\t"])[=+@]', table, re.MULTILINE))
    for odd in ("option:nonsense", "given", "answered", "x" * 300):
        form = {"q-key_holder-revision": "0", "q-key_holder-answer": odd, "q-key_holder-value": "\x00"}
        assert provider.post(questions_of(asked), form).status_code in (302, 422)
    count("hostile words in answers of a provider", "run", tried=tried, faults=run)
    assert run == 0


def test_what_is_too_much_is_refused_in_words(example: Offer, officer: User) -> None:
    asked = ask(example, officer, ["key_holder"])
    provider = Client()
    open_link(provider, asked)
    long = {"q-key_holder-revision": "0", "q-key_holder-comment": "x" * 6000}
    page = provider.post(questions_of(asked), long)
    assert page.status_code == 422 and "too long" in page.content.decode()
    papers = reverse("provider-documents", args=[asked.pk, "key_holder"])
    for name, contents in (("a.exe", b"MZ"), ("a.pdf", b"MZ"), ("a.txt", b""), ("a.svg", b"<svg onload=alert(1)>")):
        page = provider.post(papers, {"title": "T", "file": SimpleUploadedFile(name, contents)})
        assert page.status_code == 422
    assert asked.documents.count() == 0


def test_sending_without_a_token_of_the_form_is_refused(example: Offer, officer: User) -> None:
    asked = ask(example, officer, ["key_holder"])
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(door_of(asked)).status_code == 403
    assert len(mail.outbox) == 1


def test_codes_and_doors_are_limited(example: Offer, officer: User) -> None:
    asked = ask(example, officer, ["key_holder"])
    statuses = [Client().post(door_of(asked)).status_code for _each in range(8)]
    assert statuses == [302] * 6 + [422] * 2
    assert len(mail.outbox) == 7
    doors = [Client().get(door_of(asked)).status_code for _each in range(60)]
    assert doors[-1] == 429


def test_a_closed_assessment_says_so_and_keeps_nothing(example: Offer, officer: User) -> None:
    asked = ask(example, officer, ["key_holder"])
    provider = Client()
    open_link(provider, asked)
    type(example.assessment).objects.filter(pk=example.assessment_id).update(review_state="submitted")
    page = provider.post(questions_of(asked), {"q-key_holder-revision": "0", "q-key_holder-comment": "Kept?"})
    assert page.status_code == 423 and "Kept?" in page.content.decode()
    assert asked.answers.count() == 0


def test_the_sender_chooses_the_language_and_the_reader_may_switch(example: Offer, officer: User) -> None:
    asked = ask(example, officer, ["key_holder"])
    ProviderRequest.objects.filter(pk=asked.pk).update(language="fr")
    reader = Client()
    assert '<html lang="fr"' in reader.get(door_of(asked), headers={"accept-language": "en"}).content.decode()
    reader.post(reverse("set_language"), {"language": "en", "next": door_of(asked)})
    assert '<html lang="en"' in reader.get(door_of(asked)).content.decode()


def test_the_link_sent_again_is_the_same(example: Offer, officer: User, desk: Client) -> None:
    asked = ask(example, officer, ["key_holder"])
    desk.post(reverse("remind-provider", args=[example.pk, asked.pk]))
    assert door_of(asked) in str(mail.outbox[-1].body)
    desk.post(reverse("revoke-provider-request", args=[example.pk, asked.pk]))
    assert Client().get(door_of(asked)).status_code == 404
    sent = len(mail.outbox)
    desk.post(reverse("remind-provider", args=[example.pk, asked.pk]))
    assert len(mail.outbox) == sent


def test_no_address_of_the_team_is_proposed_as_the_name_of_who_asks(desk: Client, example: Offer) -> None:
    organisation = example.assessment.organisation
    organisation.name = "Organisation of dpo@hopital.example"
    organisation.save()
    page = desk.get(reverse("provider-requests", args=[example.pk])).content.decode()
    assert 'value="Organisation of' not in page
    organisation.name = "The hospital"
    organisation.save()
    assert 'value="The hospital"' in desk.get(reverse("provider-requests", args=[example.pk])).content.decode()
