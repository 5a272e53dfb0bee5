"""Offers side by side, against one result page."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from checklists.models import Offer
from checklists.services.answers.copy_answers import copy_answers
from checklists.services.assessments.keep_assessment import add_offer

OFFERS = 8


def comparing(offer: Offer, browser: Client, seconds: Callable[[Callable[[], object], int], float]) -> None:
    """The comparison page of eight offers, every row shown, against the result page of one of them."""
    assessment = offer.assessment
    for number in range(assessment.offers.count(), OFFERS):
        copy_answers(offer, add_offer(assessment, name=f"Offer {number}", provider="Provider"), None)
    result = reverse("result", args=[offer.pk])
    page = reverse("comparison", args=[assessment.pk]) + "?rows=all"
    assert browser.get(page).content.count(b"/result/") >= OFFERS
    alone = seconds(lambda: browser.get(result), 20)
    together = seconds(lambda: browser.get(page), 20)
    brief = seconds(lambda: browser.get(reverse("comparison", args=[assessment.pk])), 20)
    print(
        f"comparison of {OFFERS} offers: {together / alone:.2f} x one result page (at most 2), "
        f"{brief / alone:.2f} x with the differences only"
    )
