"""``make benchmark``: each figure measured side by side in one run, on the worked example, in a scratch database."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from statistics import median
from time import perf_counter

os.environ["VAR_DIR"] = tempfile.mkdtemp()
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.core.management import call_command
from django.utils import timezone

from checklists.core.judge import judge
from checklists.models import User
from checklists.reports.document import ReportInput, document_html, html_to_pdf, render_report
from checklists.services.found_organisation import found_organisation
from checklists.services.judge_offer import core_answers, edition_of, judge_offer, rows_of
from checklists.services.load_example import load_example


def seconds(act: Callable[[], object], times: int) -> float:
    """The median time of ``act`` over ``times`` runs, after one to warm up."""
    act()
    taken = []
    for _ in range(times):
        start = perf_counter()
        act()
        taken.append(perf_counter() - start)
    return median(taken)


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("loadpack", verbosity=0)
    user = User.objects.create_user("bench@example.org", "a long pass phrase")
    offer = load_example(found_organisation(user), user)
    edition, rows = edition_of(offer.assessment), rows_of(offer.assessment, offer)
    answers, day = core_answers(rows.values()), offer.assessment.reference_date
    print(f"judge: {1 / seconds(lambda: judge(edition, answers, day), 300):.0f} judgements a second (at least 500)")
    report = ReportInput(offer, rows, edition, judge_offer(offer), timezone.localtime())
    html = document_html(report, "fr")
    whole, alone = seconds(lambda: render_report(report, "fr"), 3), seconds(lambda: html_to_pdf(html), 3)
    print(f"report: {whole / alone:.2f} x WeasyPrint alone on the same HTML (at most 1.15)")


if __name__ == "__main__":
    main()
