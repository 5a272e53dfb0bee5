"""The portfolio's first page: the same queries and nearly the same time with 100 assessments as with 10,000."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import cycle
from time import perf_counter

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from checklists.core.editions.vocabulary import Verdict
from checklists.core.plain_text import plain
from checklists.models import Assessment, Edition, Offer, Organisation, PortfolioLine, Standing, User
from checklists.services.people.found_organisation import found_organisation
from checklists.services.portfolio.refresh_standings import _LINE, judge_fingerprint

NAMES = ("Cancer registry", "Patient portal", "Health data warehouse", "Imaging", "Genomics", "Archives")
PROVIDERS = ("Ovélie", "Nuage souverain", "Atlas Santé", "Big Cloud Inc.")


def member_of_a_portfolio(edition: Edition, size: int) -> Client:
    """Someone signed in whose organisation has ``size`` assessments, two offers each, judged already."""
    user = User.objects.create_user(f"portfolio-{size}@example.org", "a long pass phrase")
    fill(found_organisation(user), edition, size)
    browser = Client()
    browser.force_login(user)
    return browser


def fill(organisation: Organisation, edition: Edition, size: int) -> None:
    day = date(2026, 1, 1)
    turns = [(n, NAMES[n % 6], PROVIDERS[n % 4], Verdict(n * 7 % 5)) for n in range(size)]
    assessments = [
        Assessment(
            organisation=organisation, edition=edition, name=f"{name} {n}", reference_date=day + timedelta(n % 300)
        )
        for n, name, _provider, _verdict in turns
    ]
    Assessment.objects.bulk_create(assessments, batch_size=1_000)
    pairs = [
        [Offer(assessment=each, name=f"Offer {k}", provider=turn[2], is_current=k == 0) for k in range(2)]
        for each, turn in zip(assessments, turns, strict=True)
    ]
    Offer.objects.bulk_create([offer for pair in pairs for offer in pair], batch_size=1_000)
    Standing.objects.bulk_create(
        [
            Standing(offer=o, verdict=turn[3], worst=0, best=turn[3], low=30, high=70, confidence=60)
            for pair, turn in zip(pairs, turns, strict=True)
            for o in pair
        ],
        batch_size=1_000,
    )
    lines = PortfolioLine.objects.in_bulk([each.pk for each in assessments])
    for each, pair, (n, _name, provider, verdict) in zip(assessments, pairs, turns, strict=True):
        line = lines[each.pk]
        line.is_stale, line.judged_at, line.judged_by = False, timezone.now(), judge_fingerprint()
        line.host, line.best = pair
        line.verdict = line.host_verdict = line.best_verdict = verdict
        line.required, line.distance, line.confidence = 2, 2 - verdict, n % 101
        line.asked, line.answered, line.progress = 60, n % 61, n % 61 * 100 // 60
        line.deadline = line.reassess_on = day + timedelta(days=365 + n % 400)
        line.name_key, line.search_text = plain(each.name), plain(f"{each.name} {provider}")
    PortfolioLine.objects.bulk_update(lines.values(), _LINE, batch_size=40)


def side_by_side(acts: list[Callable[[], object]], times: int) -> list[float]:
    """The fastest of ``times`` runs of each act, taken in turns: what else the machine does weighs on all alike."""
    taken: list[list[float]] = [[] for _ in acts]
    for act in acts:
        act()
    for number, act in zip(range(times * len(acts)), cycle(acts), strict=False):
        start = perf_counter()
        act()
        taken[number % len(acts)].append(perf_counter() - start)
    return [min(each) for each in taken]


def showing_a_portfolio(edition: Edition) -> None:
    few, many = member_of_a_portfolio(edition, 100), member_of_a_portfolio(edition, 10_000)
    page = reverse("assessments")
    queries = []
    for browser in (few, many):
        browser.get(page)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(page).status_code == 200
        queries.append(len(captured))
    told = []
    for query in ("", "?sort=name", "?sort=host", "?sort=-deadline", "?verdict=conditional", "?due=90&q=registry"):
        ours, plainly = side_by_side([lambda q=query: many.get(page + q), lambda q=query: few.get(page + q)], 15)
        told.append(f"{query or 'first page'} {ours / plainly:.2f} ({ours * 1000:.0f} ms)")
    print(f"portfolio, 10,000 against 100 assessments: {queries[1]} and {queries[0]} queries; time x (at most 1.5):")
    print(f"  {', '.join(told)}")
