"""The method page: what is fixed, with the figures and the rules of the edition it is asked for."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from checklists.models import Edition
from checklists.services.editions.publish_edition import load_edition
from tests.grid import KEY, publish_grid


def test_it_counts_the_rules_of_the_edition_in_force(client: Client, edition: Edition) -> None:
    response = client.get(reverse("method"))
    method = response.context["method"]
    core = load_edition(edition.sha256)
    assert method.workload + method.offer == len(core.questions)
    assert sum(len(ceiling.titles) for ceiling in method.ceilings) == method.gates
    assert [below for below, _step in method.thresholds] == sorted(each.below for each in core.thresholds)
    assert method.example is not None
    assert method.example.worst.key == "unacceptable"


def test_each_checklist_has_its_own(client: Client, edition: Edition) -> None:
    publish_grid()
    address = reverse("edition-method", args=[KEY, 1])
    client.cookies["django_language"] = "fr"
    page = client.get(address).content.decode()
    assert "Verrou price" in page
    assert "2 règles plafonnent l’avis" in page
    assert "prudence de cette grille" in page
    assert "Le marché le veut." in page
    assert client.get(reverse("edition-method", args=[KEY, 9])).status_code == 404
    assert reverse("edition-method", args=[KEY, 1]) in client.get(reverse("edition", args=[KEY, 1])).content.decode()
