"""``make benchmark``: each figure measured side by side in one run, on the worked example, in a scratch database."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter

os.environ["VAR_DIR"] = tempfile.mkdtemp()
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django
from django.conf import settings

settings.ROOT_URLCONF = "benchmarks.bare"
settings.TEMPLATES[0]["DIRS"].append(Path(__file__).parent / "templates")
django.setup()

from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from weasyprint import HTML

from benchmarks import bare
from checklists.core.answer import Answer
from checklists.core.control_chain import Chain, Entity, Link, derive_text, read_chain
from checklists.core.edition import canonical_bytes
from checklists.core.judge import judge
from checklists.core.transition import Plan, Step, schedule
from checklists.models import Edition, Offer, User
from checklists.reports.document import SCHEME, ClosedFetcher
from checklists.reports.frozen import Frozen, frozen_html, plain_pdf
from checklists.services.found_organisation import found_organisation
from checklists.services.freeze_report import freeze_report
from checklists.services.judge_offer import core_answers, edition_of, judge_rows, rows_of
from checklists.services.load_example import load_example
from checklists.web.control_chain_form import LETTERS
from checklists.web.questionnaire import Desk
from checklists.web.questionnaire_form import OPTION_PREFIX, QuestionnaireForm, names


def seconds(act: Callable[[], object], times: int) -> float:
    """The median time of ``act`` over ``times`` runs, after one to warm up."""
    act()
    taken = []
    for _ in range(times):
        start = perf_counter()
        act()
        taken.append(perf_counter() - start)
    return median(taken)


def judging(offer: Offer) -> None:
    edition, rows = edition_of(offer.assessment), rows_of(offer.assessment, offer)
    answers, day = core_answers(rows.values()), offer.assessment.reference_date
    print(f"judge: {1 / seconds(lambda: judge(edition, answers, day), 300):.0f} judgements a second (at least 500)")


def judging_a_chain(offer: Offer) -> None:
    """A chain of 50 companies, three tiers and a cross-holding, derived anew each time."""
    edition, rows = edition_of(offer.assessment), rows_of(offer.assessment, offer)
    answers, day = dict(core_answers(rows.values())), offer.assessment.reference_date
    chain = edition.chain_question
    assert chain
    without = {key: answer for key, answer in answers.items() if key != chain}
    letters = LETTERS[:50]
    roles = dict.fromkeys(letters, "shareholder") | {letters[0]: "contracting"}
    entities = tuple(
        Entity(letter, letter, ("FR", "US", "DE", "CN", "NO")[n % 5], roles[letter], closed=True)
        for n, letter in enumerate(letters)
    )
    links = [Link(letters[n], letters[(n - 1) // 4], "24", "24") for n in range(1, 50)]
    links += [Link(letters[0], letters[5], "4", "4"), Link(letters[1], letters[7], "4", "4")]
    text = Chain(entities, tuple(links)).to_text()
    whole = {**without, chain: Answer.of(text)}

    def anew() -> None:
        derive_text.cache_clear()
        read_chain.cache_clear()
        judge(edition, whole, day)

    ours, plain = seconds(anew, 100), seconds(lambda: judge(edition, without, day), 100)
    again = seconds(lambda: judge(edition, whole, day), 100)
    print(f"judge with a chain of 50 companies: {ours / plain:.2f} x without (at most 3); {again / plain:.2f} x again")


def reporting(offer: Offer) -> None:
    document = canonical_bytes(Edition.objects.values_list("document", flat=True).get(pk=offer.assessment.edition_id))
    now = timezone.now()

    def freeze() -> Frozen:
        rows = rows_of(offer.assessment, offer)
        judgement = judge_rows(offer.assessment, rows.values())
        record = freeze_report(offer, rows, judgement, language="fr", form="full")
        return Frozen(record, edition_of(offer.assessment), document, None, now)

    html = frozen_html(freeze())
    fetcher = ClosedFetcher()
    alone = seconds(lambda: HTML(string=html, base_url=SCHEME, url_fetcher=fetcher).write_pdf(), 3)
    whole = seconds(lambda: plain_pdf(freeze()), 3)
    size = len(plain_pdf(freeze())) / 1000
    print(f"report: {whole / alone:.2f} x WeasyPrint alone on the same HTML (at most 1.15); {size:.0f} kB (under 500)")


def showing_a_page(offer: Offer, browser: Client) -> None:
    desk = Desk(offer.assessment, offer)
    judgement = desk.judgement
    page = next(page for page in desk.pages(judgement) if page.key == "jurisdiction")
    save_urls = {question.key: desk.save_url(question) for question in page.questions}
    bare.form = QuestionnaireForm(desk.edition, page.questions, judgement.states, desk.rows, save_urls)
    ours, plain = seconds(lambda: browser.get(page.url), 60), seconds(lambda: browser.get("/bare/"), 60)
    print(f"questionnaire page: {ours / plain:.2f} x a bare view of the same crispy form (at most 2)")


def saving_an_answer(offer: Offer, browser: Client) -> None:
    key = "key_holder"
    row = offer.answers.get(question=key)
    field = names(key)
    revision, turn = row.revision, 0

    def save() -> None:
        nonlocal revision, turn
        turn += 1
        data = {field["answer"]: OPTION_PREFIX + row.value, field["comment"]: str(turn), field["revision"]: revision}
        url = reverse("save-offer-answer", args=[offer.pk, key])
        assert browser.post(url, data, headers={"HX-Request": "true"}).status_code == 200
        revision += 1

    def save_plainly() -> None:
        nonlocal turn
        turn += 1  # the same text again would write nothing to the disk
        assert browser.post(f"/bare/{row.pk}/", {"comment": str(turn)}).status_code == 200

    ours, plain = seconds(save, 200), seconds(save_plainly, 200)
    print(f"saving one answer: {ours / plain:.2f} x a bare view that updates one row (at most 3)")


def placing_steps() -> None:
    day = date(2026, 1, 5)
    steps = tuple(Step(n, 1, 2, 3, frozenset(range(max(1, n - 3), n))) for n in range(1, 201))
    taken = seconds(lambda: schedule(Plan(day, steps), day), 50)
    print(f"critical path of 200 steps: {taken * 1000:.1f} ms (at most 50)")


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("loadpack", verbosity=0)
    user = User.objects.create_user("bench@example.org", "a long pass phrase")
    offer = load_example(found_organisation(user), user)
    browser = Client()
    browser.force_login(user)
    judging(offer)
    judging_a_chain(offer)
    placing_steps()
    showing_a_page(offer, browser)
    saving_an_answer(offer, browser)
    reporting(offer)


if __name__ == "__main__":
    main()
