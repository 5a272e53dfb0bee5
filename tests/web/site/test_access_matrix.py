"""Every address and method, for every role, in one's own organisation, in another, and for nobody in particular."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import product

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.http import urlencode

from checklists.core.people.permissions import Role, allows
from checklists.models import (
    DraftFile,
    Framework,
    Guest,
    Invitation,
    Membership,
    Offer,
    Organisation,
    PrintedReport,
    ProviderProfile,
    User,
    Webhook,
    WebhookMessage,
)
from checklists.services.api.tokens import create_token
from checklists.services.assessments.keep_assessment import create_assessment
from checklists.services.drafts.open_draft import open_draft
from checklists.services.evidence.keep_evidence import Details, add_evidence
from checklists.services.evidence.receive_file import receive_file
from checklists.services.frameworks.choose_frameworks import choose_frameworks
from checklists.services.notices.choose_mail import refusal_token
from checklists.services.people.invite import _SIGNER
from checklists.services.provider_answers.ask_provider import token_of
from checklists.services.reports.issue_report import issue_report
from checklists.services.team.discuss import add_comment
from checklists.services.transition import begin_plan
from checklists.web.urls import urlpatterns
from tests.expectations import CRITERIA, MATRIX, PROVIDER, PUBLIC, SIGNED_IN, Row
from tests.figures import count
from tests.frameworks import publish_shipped_frameworks
from tests.providers import ask_and_answer

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PATTERNS: dict[str, URLPattern] = {str(pattern.name): pattern for room in urlpatterns for pattern in room.url_patterns}
NEVER = 9_999_999


@pytest.fixture
def ours(example: Offer, officer: User) -> dict[str, object]:
    """One of each thing that an address can name, in the officer's organisation."""
    organisation = example.assessment.organisation
    colleague = User.objects.create_user("collegue@hopital.example", "a long pass phrase")
    membership = Membership.objects.create(user=colleague, organisation=organisation, role="contributor")
    visitor = User.objects.create_user("auditeur@cabinet.example", "a long pass phrase")
    until = timezone.localdate()
    guest = Guest.objects.create(user=visitor, assessment=example.assessment, until=until)
    later = timezone.now() + timedelta(days=1)
    invitation = Invitation.objects.create(
        organisation=organisation, email="futur@hopital.example", role="reader", language="fr", expires_at=later
    )
    begin_plan(example, until, officer)
    publish_shipped_frameworks()
    choose_frameworks(example.assessment, ["eu-csf-2025-10"], officer)
    report, _is_new = issue_report(example, language="fr", form="full", by=officer)
    PrintedReport.objects.create(report=report, pdf=b"%PDF", pdf_sha256="a" * 64, plain_sha256="b" * 64)
    evidence = add_evidence(
        assessment=example.assessment,
        offer=example,
        question="key_holder",
        details=Details("contract", "document", "Contract"),
        received=receive_file("contract.txt", b"Clause 12"),
        by=officer,
    )
    comment = add_comment(example.assessment, example, "key_holder", "Who asked?", officer)
    provider = ask_and_answer(example, officer)
    binned = create_assessment(
        organisation=organisation, edition=example.assessment.edition, name="Binned", reference_date=until, by=officer
    )
    binned.binned_at = timezone.now()
    binned.save()
    hook = Webhook.objects.create(organisation=organisation, url="https://example.org/", secret="whsec_AAAA")
    message = WebhookMessage.objects.create(webhook=hook, event="report.issued", payload={}, next_try_at=later)
    return {
        "assessment_id": example.assessment_id,
        "offer_id": example.pk,
        "organisation_id": organisation.pk,
        "membership_id": membership.pk,
        "guest_id": guest.pk,
        "invitation_id": invitation.pk,
        "token_id": create_token(
            name="A program", by=officer, scopes=["read"], expires_at=later, organisation=organisation
        )[0].pk,
        "token": _SIGNER.sign(str(invitation.pk)),
        "request_id": provider.pk,
        "document_id": provider.documents.get().pk,
        "provider_token": token_of(provider),
        "discussion_id": comment.discussion_id,
        "comment_id": comment.pk,
        "signed": refusal_token(officer, ["assigned"]),
        "binned": binned.pk,
        "report_id": report.pk,
        "other_id": report.pk,
        "code": report.code,
        "file_id": DraftFile.objects.create(
            offer=example,
            extension="html",
            language="fr",
            form="full",
            contents=b"{}",
            contents_sha256="c" * 64,
            file=b"<p>",
            state="done",
        ).pk,
        "draft_id": open_draft("cnil-hosting", example.assessment.edition, by=officer).pk,
        "chapter": "keys",
        "older": example.assessment.edition.number,
        "newer": example.assessment.edition.number,
        "family": "questions",
        "key": "key_holder",
        "section": "rules",
        "action_key": "do-key_holder",
        "profile_id": ProviderProfile.objects.create(provider="Hôte", service="Nuage").pk,
        "evidence_id": evidence.pk,
        "webhook_id": hook.pk,
        "message_id": message.pk,
    }


def parameters(name: str, row: Row, ours: dict[str, object], example: Offer) -> dict[str, object]:
    workload = name in ("save-workload-answer", "workload-discussion", "workload-evidence")
    known = ours | {
        "question_key": "data_category" if workload else "key_holder",
        "concern_key": "keys",
        "checklist": "cnil-hosting",
        "number": example.assessment.edition.number,
        "form_of": "json",
        "name": "checklist-1",
        "kind": "csv",
    }
    if name == "help-page":
        known |= {"key": "roles"}
    if name in ("framework", "lens", "require-levels"):
        number = Framework.objects.filter(key="eu-csf-2025-10").latest("number").number
        known |= {"key": "eu-csf-2025-10", "number": number}
    if name == "provider-door":
        known["token"] = ours["provider_token"]
    if row.scope == "binned":
        known["assessment_id"] = ours["binned"]
    converters = PATTERNS[name].pattern
    names = set(converters.converters) | set(converters.regex.groupindex)
    return {parameter: known[parameter] for parameter in names}


@pytest.fixture
def people(ours: dict[str, object], example: Offer, stranger: User) -> dict[str, User | None]:
    """One person a role, those of another organisation, and nobody."""
    organisation = Organisation.objects.get(pk=ours["organisation_id"])
    found: dict[str, User | None] = {}
    for role in Role:
        user = User.objects.create_user(f"{role}@hopital.example", "a long pass phrase")
        if role == Role.GUEST:
            Guest.objects.create(user=user, assessment=example.assessment, until=timezone.localdate())
        else:
            Membership.objects.create(user=user, organisation=organisation, role=role)
        found[role] = user
    yesterday = User.objects.create_user("hier@cabinet.example", "a long pass phrase")
    Guest.objects.create(user=yesterday, assessment=example.assessment, until=timezone.localdate() - timedelta(days=1))
    return found | {"past guest": yesterday, "owner elsewhere": stranger, "anonymous": None}


def expected(row: Row, who: str, method: str) -> str:
    """'in', 'hidden' or 'sign in' for a method that the address takes."""
    may = row.posts if method == "POST" and row.posts else row.may
    if row.may == PUBLIC:
        return "in"
    if row.may == PROVIDER:
        return "hidden"
    if who == "anonymous":
        return "sign in"
    if row.may == SIGNED_IN:
        return "in"
    if row.may == CRITERIA:
        return "hidden"
    if row.scope == "current":
        # It is about the organisation one works in, whichever: who belongs to none got their own when signing in.
        role = "owner" if who in ("owner elsewhere", "past guest") else who
        return "in" if role in Membership.Role.values and allows(role, may) else "hidden"
    if who not in set(Role) or (row.scope == "organisation" and who == Role.GUEST):
        return "hidden"
    return "in" if allows(who, may) else "hidden"


def outcome(response: HttpResponse) -> str:
    if response.status_code in (404, 403):
        return "hidden"
    if response.status_code == 302 and "/account/login/" in response["Location"]:
        return "sign in"
    if response.status_code == 401:
        return "sign in"
    return "in" if response.status_code < 500 else f"error {response.status_code}"


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert set(PATTERNS) == set(MATRIX), "give each new address its row in tests/expectations.py"


def attempts(people: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    return product(MATRIX, METHODS, people)


def test_nobody_gets_in_where_they_do_not_belong(
    people: dict[str, User | None], ours: dict[str, object], example: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is tried is the door, not the room behind it.
    monkeypatch.setattr("checklists.documents.draft_press.plain_pdf", lambda frozen: b"%PDF")
    monkeypatch.setattr("checklists.web.reports.verification.MOST_A_MINUTE", 10_000)
    monkeypatch.setattr("checklists.web.reports.records.MOST_AN_HOUR", 10_000)
    wrong: list[str] = []
    tried = 0
    clients: dict[str, Client] = {}
    for who, user in people.items():
        clients[who] = Client()
        if user:
            clients[who].force_login(user)
    for name, method, who in attempts(people):
        row = MATRIX[name]
        address = reverse(name, kwargs=parameters(name, row, ours, example))
        sent = {"organisation": str(ours["organisation_id"])} if name == "choose-organisation" else {}
        with transaction.atomic():
            response = clients[who].generic(method, address, urlencode(sent), "application/x-www-form-urlencoded")
            transaction.set_rollback(True)
        tried += 1
        got, due = outcome(response), expected(row, who, method)
        if method not in row.methods:
            # Refused as a method, or treated as a look; never let in where one may not even look.
            if got == "in" and due != "in" and response.status_code != 405:
                wrong.append(f"{method} {name} as {who}: {response.status_code} where {row.methods} are for others")
        elif got != due:
            wrong.append(f"{method} {name} as {who}: {response.status_code}, {got} instead of {due}")
    count("access matrix", "wrong", tried=tried, faults=len(wrong))
    assert wrong == []


def test_what_does_not_exist_looks_like_what_is_not_ours(
    people: dict[str, User | None], ours: dict[str, object], example: Offer, client: Client
) -> None:
    client.force_login(people["owner elsewhere"])  # type: ignore[arg-type]
    for name, row in MATRIX.items():
        kwargs = parameters(name, row, ours, example)
        if row.may in (PUBLIC, PROVIDER, SIGNED_IN) or not {"assessment_id", "offer_id", "organisation_id"} & set(
            kwargs
        ):
            continue
        method = row.methods[0]
        unknown = {key: uuid.uuid4() if isinstance(value, uuid.UUID) else value for key, value in kwargs.items()}
        unknown |= {key: NEVER for key, value in kwargs.items() if isinstance(value, int)}
        addresses = [reverse(name, kwargs=given) for given in (kwargs, unknown)]
        pages = [client.generic(method, address) for address in addresses]
        assert [page.status_code for page in pages] == [404, 404], name
        assert strip(pages[0], addresses[0]) == strip(pages[1], addresses[1]), name


def strip(response: HttpResponse, address: str) -> str:
    """The page without what differs each time: the address asked for and the tokens of its forms."""
    lines = response.content.decode().replace(address, "").splitlines()
    return "\n".join(line for line in lines if "csrfmiddlewaretoken" not in line)
