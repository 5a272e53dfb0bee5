"""Answers of a provider are claims beside ours: what accepting does, and what nothing of them can do."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from checklists.core.editions.edition import Question
from checklists.core.kinds import kind_of
from checklists.models import Answer, AnswerChange, Evidence, Notice, Offer, ProviderRequest, User
from checklists.services.answers.save_answer import AnswerIsStale, AnswerRefused, Said, save_answer
from checklists.services.evidence.keep_evidence import check_files
from checklists.services.evidence.receive_file import receive_file
from checklists.services.judging.judge_offer import edition_of, judge_rows, rows_of
from checklists.services.provider_answers.accept_answer import accept_answer, set_aside
from checklists.services.provider_answers.answer_questions import LinkClosed, attach, detach, keep_answer, submit
from checklists.services.provider_answers.ask_provider import remind_of_provider_answers, revoke
from checklists.services.provider_answers.read_answers import sent_answers
from checklists.services.review.content_lock import ContentIsLocked
from tests.figures import count
from tests.providers import PROVIDER, ask, ask_and_answer


def answerable(offer: Offer) -> list[Question]:
    edition = edition_of(offer.assessment)
    return [q for q in edition.questions.values() if q.scope == "offer" and kind_of(q.kind).has_options]


def standing(offer: Offer, key: str) -> Answer | None:
    return Answer.objects.filter(offer=offer, question=key).first()


def low_of(offer: Offer) -> tuple[int, float]:
    judgement = judge_rows(offer.assessment, rows_of(offer.assessment, offer).values())
    return int(judgement.verdict.worst), float(judgement.score.low)


def test_what_is_sent_changes_no_answer_and_tells_who_asked(example: Offer, officer: User) -> None:
    before = list(Answer.objects.order_by("pk").values())
    changes = AnswerChange.objects.count()
    asked = ask_and_answer(example, officer)
    assert (asked.version, asked.email) == (1, PROVIDER)
    assert list(Answer.objects.order_by("pk").values()) == before
    assert (AnswerChange.objects.count(), Evidence.objects.count()) == (changes, 0)
    assert Notice.objects.filter(user=officer, kind=Notice.Kind.PROVIDER_ANSWERED).count() == 1


def test_nothing_a_provider_says_raises_the_low_end(example: Offer, officer: User) -> None:
    """Every option of every question, sent then accepted: the lower end stands before, and never rises after."""
    chosen, tried = random.Random(16), 0
    questions = answerable(example)
    for question in chosen.sample(questions, min(14, len(questions))):
        row = standing(example, question.key)
        for value in chosen.sample(sorted(question.options), min(2, len(question.options))):
            if row and row.value == value:
                continue
            low = low_of(example)
            asked = ask_and_answer(example, officer, question.key, value)
            assert low_of(example) == low
            version = asked.versions.get()
            now = standing(example, question.key)
            try:
                accept_answer(version, question, standing=now, revision=now.revision if now else 0, by=officer)
            except AnswerRefused:
                continue
            after = low_of(example)
            assert after <= low, (question.key, value)
            assert after[1] <= low[1], (question.key, value)
            ProviderRequest.objects.filter(pk=asked.pk).update(revoked_at=timezone.now())
            tried += 1
    count("claims of a provider", "raise the lower end", tried=tried, faults=0)
    assert tried >= 10


def test_accepting_is_presumed_names_its_origin_and_keeps_the_document(example: Offer, officer: User) -> None:
    question = next(q for q in answerable(example) if standing(example, q.key))
    now = standing(example, question.key)
    assert now
    other = next(value for value in question.options if value != now.value)
    version = ask_and_answer(example, officer, question.key, other).versions.get()
    row = accept_answer(version, question, standing=now, revision=now.revision, by=officer)
    assert (row.value, row.is_presumed, row.updated_by) == (other, True, officer)
    assert row.from_profile and row.from_profile["by_provider"] and row.from_profile["name"] == "Nuage"
    evidence = Evidence.objects.get(answer=row)
    assert (evidence.strength, evidence.title, evidence.issuer) == ("claim", "Contract", "Nuage")
    assert row.changes.get(revision=row.revision).after["from_profile"]["by_provider"] is True
    assert not {evidence.stored_as, version.request.documents.get().stored_as} & set(check_files().orphans)


def test_a_stale_acceptance_is_refused(example: Offer, officer: User) -> None:
    question = next(q for q in answerable(example) if standing(example, q.key))
    now = standing(example, question.key)
    assert now
    other = next(value for value in question.options if value != now.value)
    version = ask_and_answer(example, officer, question.key, other).versions.get()
    with pytest.raises(AnswerIsStale):
        accept_answer(version, question, standing=now, revision=now.revision - 1, by=officer)
    assert Evidence.objects.count() == 0


def test_the_same_answer_is_left_as_it_stands(example: Offer, officer: User) -> None:
    question = next(q for q in answerable(example) if (row := standing(example, q.key)) and row.value in q.options)
    now = standing(example, question.key)
    assert now
    version = ask_and_answer(example, officer, question.key, now.value).versions.get()
    accept_answer(version, question, standing=now, revision=now.revision, by=officer)
    after = standing(example, question.key)
    assert after and (after.is_presumed, after.revision) == (now.is_presumed, now.revision)


def test_only_an_answer_in_the_questions_own_terms_is_accepted(example: Offer, officer: User) -> None:
    question = answerable(example)[0]
    asked = ask(example, officer, [question.key])
    keep_answer(asked, question, Said("not_applicable", "", "We host nothing"))
    version = submit(asked)
    assert version
    with pytest.raises(ValueError, match="nothing to accept"):
        accept_answer(version, question, standing=None, revision=0, by=officer)


def test_a_later_version_shows_its_difference_and_is_decided_anew(example: Offer, officer: User) -> None:
    first, second = answerable(example)[:2]
    asked = ask(example, officer, [first.key, second.key])
    one, other = list(first.options)[:2]
    keep_answer(asked, first, Said("answered", one))
    version = submit(asked)
    assert version
    set_aside(version, first.key, by=officer)
    assert submit(asked) is None, "nothing changed"
    keep_answer(asked, first, Said("answered", other))
    keep_answer(asked, second, Said("unknown"))
    assert submit(asked)
    last, sent = sent_answers(asked)
    assert last and last.number == 2
    assert (sent[0].before or {})["value"] == one and sent[0].said["value"] == other and sent[0].decision is None
    assert sent[1].is_new and sent[1].before is None
    assert asked.versions.get(number=1).answers[first.key]["value"] == one


def test_a_closed_assessment_takes_nothing(example: Offer, officer: User) -> None:
    question = answerable(example)[0]
    asked = ask_and_answer(example, officer, question.key)
    version, document = asked.versions.get(), asked.documents.get()
    type(example.assessment).objects.filter(pk=example.assessment_id).update(review_state="submitted")
    example.assessment.refresh_from_db()
    version.request.offer = example
    received = receive_file("more.txt", b"More")
    acts = (
        lambda: keep_answer(asked, question, Said("unknown")),
        lambda: attach(asked, question.key, "More", None, received),
        lambda: detach(asked, document),
        lambda: submit(asked),
        lambda: accept_answer(version, question, standing=None, revision=0, by=officer),
        lambda: set_aside(version, question.key, by=officer),
        lambda: ask(example, officer),
    )
    files = check_files().orphans
    for act in acts:
        with pytest.raises(ContentIsLocked):
            act()
    assert check_files().orphans == files


def test_a_revoked_link_writes_nothing_even_mid_way(example: Offer, officer: User) -> None:
    question = answerable(example)[0]
    asked = ask(example, officer, [question.key])
    revoke(ProviderRequest.objects.get(pk=asked.pk))
    with pytest.raises(LinkClosed):
        keep_answer(asked, question, Said("unknown"))
    with pytest.raises(LinkClosed):
        submit(asked)
    with pytest.raises(LinkClosed):
        keep_answer(ask(example, officer, [question.key]), answerable(example)[1], Said("unknown"))


def test_provider_and_members_are_reminded_once(example: Offer, officer: User) -> None:
    asked = ask(example, officer, days=5)
    first_link = str(mail.outbox[-1].body)
    mail.outbox.clear()
    assert remind_of_provider_answers(timezone.now() - timedelta(days=4)) == 0
    assert remind_of_provider_answers(timezone.now()) == 2
    to = {address for message in mail.outbox for address in message.to}
    assert to == {PROVIDER, officer.email}
    reminder = next(str(message.body) for message in mail.outbox if message.to == [PROVIDER])
    link = next(line for line in first_link.splitlines() if line.startswith("http"))
    assert link in reminder
    assert remind_of_provider_answers(timezone.now()) == 0
    asked.refresh_from_db()
    assert link.rstrip("/").rsplit("/", 1)[1] not in (asked.nonce, asked.token_sha256)


def test_what_was_asked_goes_with_its_assessment(example: Offer, officer: User) -> None:
    ask_and_answer(example, officer)
    example.assessment.delete()
    assert ProviderRequest.objects.count() == 0


def test_an_answer_of_ours_takes_the_place_of_a_claim(example: Offer, officer: User) -> None:
    question = next(q for q in answerable(example) if standing(example, q.key) is None or True)
    now = standing(example, question.key)
    other = next(value for value in question.options if now is None or value != now.value)
    version = ask_and_answer(example, officer, question.key, other).versions.get()
    row = accept_answer(version, question, standing=now, revision=now.revision if now else 0, by=officer)
    mine = next(value for value in question.options if value != other)
    again = save_answer(
        assessment=example.assessment,
        offer=example,
        question=question,
        said=Said("answered", mine, "Read in the contract"),
        revision=row.revision,
        by=officer,
    )
    assert (again.is_presumed, again.from_profile) == (False, None)
