"""A buyer builds a grid in French without a file, two persons publish it, and it is used from answer to verification.

The journey goes through the pages, as a browser without a script sends them. What it takes is counted: forms sent.
"""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from checklists.models import Answer, Assessment, Draft, Edition, Offer, User
from checklists.services.editions.publish_edition import load_edition
from checklists.services.impact import measure_impact
from checklists.services.impact.measure_impact import measure_waiting
from checklists.services.judging.judge_cases import compared_cases
from checklists.services.judging.judge_offer import judge_offer
from tests.admin.conftest import part, person
from tests.admin.drafts.test_write_a_checklist import at
from tests.admin.forms import sent_back
from tests.documents.conftest import faults, made

CONCERNS = {"Prix et contrat": 40, "Équipes": 20, "Lieux": 20, "Sortie": 20}
CRITERIA = 5
KEY = "grille-de-lacheteur"
LINES = "Bon | 4 | Le critère est tenu.\nMoyen | 2 | À améliorer. | Demander mieux.\nMauvais | 0 | Non tenu. | Exiger."


class Browser:
    """A signed-in person who reads French; ``sent`` counts the forms that were taken."""

    def __init__(self, user: User) -> None:
        self.client, self.sent = Client(), 0
        self.client.force_login(user)
        self.client.cookies["django_language"] = "fr"

    def send(self, address: str, said: dict[str, Any]) -> str:
        response = self.client.post(address, said)
        assert response.status_code == 302, (address, response.content.decode()[-4000:])
        self.sent += 1
        return str(response["Location"])

    def page(self, address: str) -> Any:
        response = self.client.get(address)
        assert response.status_code == 200, (address, response.status_code)
        return response


@pytest.fixture
def writer(edition: Edition) -> Browser:
    return Browser(person("redaction@acheteur.example", "criteria-editors"))


@pytest.fixture
def approver(edition: Edition) -> Browser:
    return Browser(person("approbation@acheteur.example", "criteria-approvers"))


def comparison(key: str, *values: str) -> dict[str, Any]:
    """What the menus of a condition send for one comparison."""
    return {"when::kind": "all", "when::count": "1", "when:0:kind": "leaf", "when:0:key": key, "when:0:test": "in",
            "when:0:values": list(values)}  # fmt: skip


def question(text: str, concern: str, answers: str, **more: Any) -> dict[str, Any]:
    return {"text_fr": text, "concern": concern, "scope": "offer", "kind": "choice", "harms": ["duty"], "why_fr":
            "Le marché le demande.", "where_fr": "Dans l’offre.", "sources": ["reglement"], "options": "0",
            "several-answers": answers, **more}  # fmt: skip


def build(writer: Browser) -> Draft:
    """The whole grid, form by form."""
    begin = {"act": "own", "start": "nothing", "title_fr": "Grille de l’acheteur", "languages": ["fr"]}
    writer.send(reverse("admin:checklists_draft_add"), begin)
    draft = Draft.objects.get(checklist=KEY)

    def add(family: str, said: dict[str, Any]) -> None:
        writer.send(at(draft, "add_part", family), said)

    head = {"title_fr": "Grille de l’acheteur", "summary_fr": "Vingt critères d’achat.", "languages": ["fr"]}
    writer.send(at(draft, "head"), head)
    add("sources", {"title_fr": "Règlement", "date": "2026-01-01", "url": "https://example.org/reglement"})
    for title, weight in CONCERNS.items():
        add("concerns", {"title_fr": title, "summary_fr": f"{title}.", "weight": weight})
    concerns = list(draft.parts.filter(family="concerns").values_list("key", flat=True))
    add("questions", question("Grand marché ?", concerns[0], "Oui\nNon", scope="workload"))
    add("questions", question("Mise en concurrence ?", concerns[0], "Oui\nNon"))
    for concern in concerns:
        for number in range(1, CRITERIA + 1):
            said = question(f"{concern} critère {number}", concern, LINES, weight=number, wording="derived")
            add("questions", {**said, "key": f"{concern}_{number}"})
    gate = {"harms": ["duty"], "finding_fr": "Non conforme.", "advice_fr": "Corriger.", "sources": ["reglement"]}
    for index, ceiling in ((0, "unacceptable"), (3, "conditional")):
        rule = comparison(f"{concerns[index]}_1", "mauvais")
        add("gates", {**gate, **rule, "title_fr": f"Verrou {concerns[index]}", "ceiling": ceiling})
    for below, ceiling in ((50, "conditional"), (80, "acceptable")):
        add("thresholds", {"below": below, "ceiling": ceiling})
    add("requirements", {"least": "acceptable", "text_fr": "Le marché le veut.", "wording": "editorial"})
    add("derivations", {**comparison("grand_marche", "oui"), "question": "mise_en_concurrence", "value": "oui",
        "text_fr": "Un grand marché est mis en concurrence.", "sources": ["reglement"]})  # fmt: skip
    return draft


def write_cases(writer: Browser, first: str) -> None:
    case = {"authority_fr": "Tribunal", "reference_date": "30/11/2026", "note_fr": "Sur le prix."}
    for key, value, verdict in (("refus", "mauvais", "unacceptable"), ("accord", "bon", "sovereign")):
        said = {**case, "key": key, "title_fr": f"Affaire {key}", "source": f"Décision {key}", "expected": [verdict],
                f"fact-{first}": value}  # fmt: skip
        writer.send(reverse("admin:checklists_case_add", args=[KEY]), said)


def publish(draft: Draft, writer: Browser, approver: Browser) -> Edition:
    address = at(draft, "publish")
    errors = writer.page(address).context["errors"]
    assert errors == []
    writer.send(address, {"act": "submit", "changelog_fr": "Ce qui change."})
    shown = approver.page(address).context["shown"]
    approver.send(address, {"act": "publish", "published": "30/11/2026", "shown": shown})
    draft.refresh_from_db()
    assert draft.published_as is not None
    return draft.published_as


def use(officer: Browser, concerns: list[str]) -> Offer:
    """An assessment under the grid with two offers, one of them answered."""
    new = {"name": "Achat", "reference_date": "30/11/2026", "checklist": KEY}
    officer.send(reverse("new-assessment"), new)
    assessment = Assessment.objects.get(name="Achat")
    for name in ("Première", "Seconde"):
        officer.send(reverse("new-offer", args=[assessment.pk]), {"name": name})
    offer = assessment.offers.get(name="Première")

    def answer(address: str, key: str, value: str) -> None:
        said = {f"q-{key}-answer": f"option:{value}", f"q-{key}-revision": "0"}
        assert officer.client.post(address, said).status_code in (200, 302)

    answer(reverse("save-workload-answer", args=[assessment.pk, "grand_marche"]), "grand_marche", "oui")
    for concern in concerns:
        for number in range(1, CRITERIA + 1):
            key = f"{concern}_{number}"
            answer(reverse("save-offer-answer", args=[offer.pk, key]), key, "bon")
    return offer


def test_a_grid_from_nothing_to_its_second_edition(
    writer: Browser, approver: Browser, officer: User, settings: Settings
) -> None:
    settings.PUBLISHING_TAKES_TWO = True
    draft = build(writer)
    concerns = list(draft.parts.filter(family="concerns").values_list("key", flat=True))
    assert [str(line.message) + line.where for line in writer.page(at(draft, "checks")).context["errors"]] == []
    write_cases(writer, f"{concerns[0]}_1")
    assert writer.page(reverse("admin:checklists_cases_of_draft", args=[draft.pk])).context["exact"] == 2
    first = publish(draft, writer, approver)
    assert writer.sent <= 45
    edition = load_edition(first.sha256)
    assert (len(edition.questions), len(edition.gates), len(edition.thresholds)) == (22, 2, 2)
    assert sum(item.agrees for item in compared_cases(edition)) == 2

    reader = Browser(officer)
    offer = use(reader, concerns)
    assessment = offer.assessment
    judged = judge_offer(offer)
    assert judged.verdict.worst.key == judged.verdict.best.key == "sovereign"
    assert not Answer.objects.filter(question="mise_en_concurrence").exists()
    for name, pk in (("result", offer.pk), ("understand", offer.pk), ("act", offer.pk), ("comparison", assessment.pk)):
        reader.page(reverse(name, args=[pk]))
    assert "conclu des sources" in reader.page(reverse("edition", args=[KEY, 1])).content.decode()
    report, pdf = made(offer, "fr")
    assert faults(pdf) == []
    assert report.edition == first
    reader.page(reverse("verify-code", args=[report.code]))

    writer.send(reverse("admin:checklists_draft_add"), {"edition": first.pk})
    second_draft = Draft.objects.get(checklist=KEY, state="open")
    gate = part(second_draft, "gates", f"verrou_{concerns[0]}")
    address = at(second_draft, "part", gate.pk)
    sent = sent_back(writer.page(address).content.decode())
    writer.send(address, {**sent, "when:0:values": ["bon"]})
    writer.send(at(second_draft, "ask_impact"), {})
    with patch.object(measure_impact, "NAP", 0):
        measure_waiting()
    impact = writer.page(at(second_draft, "impact")).content.decode()
    assert "1 offre changerait d’avis" in impact
    second = publish(second_draft, writer, approver)

    reader.page(reverse("edition-move", args=[assessment.pk]))
    reader.send(reverse("move-edition", args=[assessment.pk]), {"to": str(second.number), "edition": second.sha256})
    assert judge_offer(Offer.objects.get(pk=offer.pk)).verdict.best.key == "unacceptable"
    reader.send(reverse("undo-move", args=[assessment.pk]), {})
    assert judge_offer(Offer.objects.get(pk=offer.pk)).verdict.best.key == "sovereign"
