"""``make benchmark``: each figure measured side by side in one run, on the worked example, in a scratch database."""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter
from unittest.mock import patch

os.environ["VAR_DIR"] = tempfile.mkdtemp()
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django
from django.conf import settings

settings.ROOT_URLCONF = "benchmarks.bare"
settings.TEMPLATES[0]["DIRS"].append(Path(__file__).parent / "templates")
django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from weasyprint import HTML

from benchmarks import bare, comparison
from benchmarks.hosts import hosting
from benchmarks.impact import measuring_the_impact
from benchmarks.interview import settling_a_verdict
from benchmarks.packs import exchanging_a_checklist
from benchmarks.portfolio import showing_a_portfolio
from checklists.core.changing.smallest import prospect, prospects
from checklists.core.control_chain import Chain, Entity, Link, derive_text, read_chain
from checklists.core.editions.edition import canonical_bytes
from checklists.core.judging.answer import Answer
from checklists.core.judging.judge import judge
from checklists.core.transition import Plan, Step, schedule
from checklists.documents.frozen.frozen import Frozen, frozen_html, plain_pdf
from checklists.documents.pages.document import SCHEME, ClosedFetcher
from checklists.documents.pdf.signing import SigningKey, sign
from checklists.documents.press import work_off
from checklists.management.commands.makesigningkey import self_signed_key
from checklists.models import Edition, Offer, User
from checklists.packs.editions.reader import read_pack
from checklists.packs.editions.schema import Pack
from checklists.packs.files.shipped import shipped_pack
from checklists.packs.reports.record import Issue
from checklists.services.assessments.load_example import load_example
from checklists.services.drafts.open_draft import open_draft
from checklists.services.drafts.publish_draft import publish_draft, submit_draft
from checklists.services.editions.publish_edition import publish_edition
from checklists.services.judging.judge_offer import core_answers, edition_of, judge_rows, rows_of
from checklists.services.people.found_organisation import found_organisation
from checklists.services.records.freeze_report import freeze_report
from checklists.services.reports.issue_report import issue_report
from checklists.web.answers.forms import OPTION_PREFIX, QuestionnaireForm, names
from checklists.web.answers.views import Desk
from checklists.web.control_chain.forms import LETTERS
from checklists.words.changing.sensitivity import OtherwiseLine, Sensitivity


def seconds(act: Callable[[], object], times: int) -> float:
    """The median time of ``act`` over ``times`` runs, after one to warm up."""
    act()
    taken = []
    for _ in range(times):
        start = perf_counter()
        act()
        taken.append(perf_counter() - start)
    return median(taken)


def times(ours: Callable[[], object], plain: Callable[[], object], turns: int) -> float:
    """How many times longer ``ours`` takes than ``plain``: medians of turns taken one after the other."""
    taken: tuple[list[float], list[float]] = ([], [])
    for turn in range(turns + 1):
        for act, kept in zip((ours, plain), taken, strict=True):
            start = perf_counter()
            act()
            if turn:
                kept.append(perf_counter() - start)
    return median(taken[0]) / median(taken[1])


def judging(offer: Offer) -> None:
    edition, rows = edition_of(offer.assessment), rows_of(offer.assessment, offer)
    answers, day = core_answers(rows.values()), offer.assessment.reference_date
    print(f"judge: {1 / seconds(lambda: judge(edition, answers, day), 300):.0f} judgements a second (at least 500)")


def judging_a_chain(offer: Offer) -> None:
    """A chain of 50 companies, three tiers and a cross-holding, derived anew each time."""
    edition, rows = edition_of(offer.assessment), rows_of(offer.assessment, offer)
    answers, day = dict(core_answers(rows.values())), offer.assessment.reference_date
    chain = edition.of_kind("control_chain")
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
    file = Path(tempfile.mkdtemp()) / "key.p12"
    file.write_bytes(self_signed_key("Benchmark", "a pass phrase"))
    key = SigningKey(pkcs12=str(file), passphrase="a pass phrase")
    issue = Issue(code="0000-0000-0000-0000", issued_at=now, address="http://127.0.0.1/verify/", is_signed=True)

    def make() -> bytes:
        return sign(plain_pdf(replace(freeze(), issue=issue)), key, "measured")

    def alone(**options: object) -> bytes:
        contents: bytes = HTML(string=html, base_url=SCHEME, url_fetcher=fetcher).write_pdf(**options)
        return contents

    size = len(make()) / 1000
    same = times(make, lambda: alone(pdf_variant="pdf/a-3a"), 5)
    print(f"report, frozen to signed: {same:.2f} x WeasyPrint alone on the same HTML, tagged and archival as well")
    print(f"  (at most 1.2), {times(make, alone, 5):.2f} x neither tagged nor archival; {size:.0f} kB (under 500)")


def memory_of_many(offer: Offer) -> None:
    """The resident memory of this process after the hundredth one-page report, against that after the tenth."""
    rows = rows_of(offer.assessment, offer)
    judgement = judge_rows(offer.assessment, rows.values())
    record = freeze_report(offer, rows, judgement, language="fr", form="summary")
    frozen = Frozen(record, edition_of(offer.assessment), b"{}", None, timezone.now())
    held = []
    for turn in range(1, 101):
        plain_pdf(frozen)
        if turn in (10, 100):
            gc.collect()
            status = Path("/proc/self/status").read_text()
            held.append(int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]))
    print(f"memory of 100 one-page reports in a row: {held[1] / held[0]:.2f} x that of 10 (at most 1.1)")


def downloading_again(offer: Offer, browser: Client) -> None:
    report, _ = issue_report(offer, language="fr", form="full", by=None)
    work_off()
    url = reverse("download-report", args=[report.pk])
    contents = browser.get(url).content
    bare.file = Path(tempfile.mkdtemp()) / "report.pdf"
    bare.file.write_bytes(contents)
    assert b"".join(browser.get("/bare/file/")) == contents
    ratio = times(lambda: browser.get(url), lambda: b"".join(browser.get("/bare/file/")), 100)
    print(f"downloading a report again: {ratio:.2f} x a bare view of the file, signed in (at most 2)")
    ratio = times(lambda: browser.get(url), lambda: b"".join(browser.get("/bare/told/")), 100)
    print(f"  {ratio:.2f} x one that adds a row saying so, as the trail must")


def showing_a_page(offer: Offer, browser: Client) -> None:
    desk = Desk(offer.assessment, offer)
    judgement = desk.judgement
    page = next(page for page in desk.pages(judgement) if page.key == "jurisdiction")
    save_urls = {question.key: desk.save_url(question) for question in page.questions}
    bare.form = QuestionnaireForm(desk.edition, page.questions, judgement.states, desk.rows, save_urls)
    ratio = times(lambda: browser.get(page.url), lambda: browser.get("/bare/"), 60)
    print(f"questionnaire page: {ratio:.2f} x a bare view of the same crispy form (at most 2)")


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

    print(f"saving one answer: {times(save, save_plainly, 200):.2f} x a bare view that updates one row (at most 3)")


def placing_steps() -> None:
    day = date(2026, 1, 5)
    steps = tuple(Step(n, 1, 2, 3, frozenset(range(max(1, n - 3), n))) for n in range(1, 201))
    taken = seconds(lambda: schedule(Plan(day, steps), day), 50)
    print(f"critical path of 200 steps: {taken * 1000:.1f} ms (at most 50)")


def changing_the_verdict(offer: Offer) -> None:
    edition, day = edition_of(offer.assessment), offer.assessment.reference_date
    answers = core_answers(rows_of(offer.assessment, offer).values())
    for name, given in (("the worked example", answers), ("an empty assessment", {})):
        targets = [found.target for found in prospects(edition, given, day)]
        slowest = max(seconds(lambda g=given, t=target: prospect(edition, g, day, t), 3) for target in targets)
        print(f"smallest change, slowest of {len(targets)} verdicts on {name}: {slowest:.2f} s (at most 1)")


def showing_what_the_result_hangs_on(offer: Offer, browser: Client) -> None:
    address = reverse("result", args=[offer.pk])
    nothing = Sensitivity(OtherwiseLine("", "", ""), (), (), None, "", ())
    whole = seconds(lambda: browser.get(address), 30)
    with patch("checklists.words.offer.present_sensitivity", return_value=nothing):
        without = seconds(lambda: browser.get(address), 30)
    print(
        f"result page: {whole / without:.2f} x the same without sensitivity, "
        f"{(whole - without) * 1000:.0f} ms more (at most 300)"
    )


def writing_a_checklist(user: User) -> None:
    """On a checklist of 200 questions, made of the flagship's over and over."""
    pack = read_pack(shipped_pack("cnil-hosting")).to_document()
    document = {**pack, "key": "large", "number": 1}
    document["questions"] = [
        {**question, "key": question["key"] if turn == 0 else f"{question['key']}_{turn}"}
        for turn in range(4)
        for question in pack["questions"]
        if turn == 0 or question["kind"] in ("choice", "date", "country")
    ][:200]
    edition, _is_new = publish_edition(Pack.model_validate(document))
    draft = open_draft("large", edition, user)
    editor = User.objects.create_superuser("criteria@example.org", "a long pass phrase")
    browser = Client()
    browser.force_login(editor)
    tree = reverse("admin:checklists_draft_change", args=[draft.pk])
    plain_list = reverse("bare:checklists_draftpart_changelist", urlconf="benchmarks.bare")
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(tree).status_code == 200
    queries = len(captured)
    ours = seconds(lambda: browser.get(tree), 15)
    parts = seconds(lambda: browser.get(plain_list), 15)
    questions = seconds(lambda: browser.get(plain_list, {"family__exact": "questions"}), 15)
    print(f"tree of 200 questions: {queries} queries (at most 12); {ours / questions:.2f} x a plain change list of the")
    print(f"  questions alone (at most 1.5), {ours / parts:.2f} x one of all the parts that the tree shows")
    submit_draft(draft, {"fr": "Essai", "en": "Trial"}, user)
    start = perf_counter()
    publish_draft(draft, date(2027, 1, 4), user)
    print(f"publishing 200 questions: {perf_counter() - start:.2f} s (at most 2)")


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
    changing_the_verdict(offer)
    settling_a_verdict(edition_of(offer.assessment))
    showing_what_the_result_hangs_on(offer, browser)
    showing_a_page(offer, browser)
    saving_an_answer(offer, browser)
    reporting(offer)
    writing_a_checklist(user)
    exchanging_a_checklist(user, times)
    downloading_again(offer, browser)
    measuring_the_impact(offer, user, browser)
    memory_of_many(offer)
    showing_a_portfolio(offer.assessment.edition)
    comparison.comparing(offer, browser, seconds)
    hosting(offer, browser, seconds)


if __name__ == "__main__":
    main()
