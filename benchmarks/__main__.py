"""``make benchmark``: each figure measured side by side in one run, on the worked example, in a scratch database."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
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

from benchmarks import bare
from checklists.core.judge import judge
from checklists.models import Offer, User
from checklists.reports.document import document_html, html_to_pdf, render_report
from checklists.reports.gather import gather
from checklists.services.found_organisation import found_organisation
from checklists.services.judge_offer import core_answers, edition_of, judge_offer, rows_of
from checklists.services.load_example import load_example
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


def reporting(offer: Offer) -> None:
    edition, rows = edition_of(offer.assessment), rows_of(offer.assessment, offer)
    report = gather(offer, rows, edition, judge_offer(offer), timezone.localtime())
    html = document_html(report, "fr")
    whole, alone = seconds(lambda: render_report(report, "fr"), 3), seconds(lambda: html_to_pdf(html), 3)
    print(f"report: {whole / alone:.2f} x WeasyPrint alone on the same HTML (at most 1.15)")


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


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("loadpack", verbosity=0)
    user = User.objects.create_user("bench@example.org", "a long pass phrase")
    offer = load_example(found_organisation(user), user)
    browser = Client()
    browser.force_login(user)
    judging(offer)
    showing_a_page(offer, browser)
    saving_an_answer(offer, browser)
    reporting(offer)


if __name__ == "__main__":
    main()
