"""The smallest change and what the result hangs on, as a reader meets them."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.translation import override

from checklists.core.changing.what_if import WhatIf
from checklists.core.editions.edition import Edition
from checklists.core.judging.answer import Answer as CoreAnswer
from checklists.core.judging.judge import judge
from checklists.models import Offer
from checklists.services.answers.save_answer import Said, save_answer
from checklists.services.changing import find_changes
from checklists.services.judging.judge_offer import edition_of
from checklists.words.changing.sensitivity import present_sensitivity
from checklists.words.changing.smallest import present_changes
from tests.core.made_editions import chosen, concern, edition, gate, ladder, switch

DAY = date(2020, 1, 1)


def page_of(desk: Client, example: Offer, name: str) -> str:
    return re.sub(r"\s+", " ", desk.get(f"/offers/{example.pk}/{name}/").content.decode())


def test_the_result_shows_a_plan_for_the_verdict_required_and_for_each_other(desk: Client, example: Offer) -> None:
    page = page_of(desk, example, "result/understand/smallest-change")
    section = page[page.index('id="smallest-change"') :]
    assert section.index("Acceptable") < section.index("minimum required") < section.index("Conditional")
    assert "Another way:" in section
    assert "Through which link, if any, is the offer exposed to United States law?" in section
    assert re.search(r"\d+ changes, total effort \d+", section)


def test_the_question_that_would_settle_most_is_proposed_with_a_link_to_it(desk: Client, example: Offer) -> None:
    for name, heading in (("result", "What would settle the rest"), ("review", "The question that would settle most")):
        page = page_of(desk, example, name)
        section = page[page.index(heading) :]
        link = re.search(r'<a href="([^"#]+)#q-(\w+)">', section)
        assert link
        assert f'id="q-{link[2]}"' in desk.get(link[1]).content.decode()


def test_a_plan_found_for_other_answers_is_never_shown(desk: Client, example: Offer) -> None:
    before = page_of(desk, example, "result/understand/smallest-change")
    assert "Which data-processing contract (GDPR, Article 28) binds the provider? I don" in before
    question = edition_of(example.assessment).questions["processor_contract"]
    revision = getattr(example.answers.filter(question=question.key).first(), "revision", 0)
    save_answer(
        assessment=example.assessment,
        offer=example,
        question=question,
        said=Said("answered", "complete"),
        revision=revision,
        by=None,
    )
    after = page_of(desk, example, "result/understand/smallest-change")
    assert "Which data-processing contract (GDPR, Article 28) binds the provider? I don" not in after


def told(small: Edition, answers: dict[str, CoreAnswer]) -> str:
    """All that is said of the smallest changes, in English."""
    cache.clear()
    with override("en"):
        values = {key: answer.value or "" for key, answer in answers.items()}
        found = find_changes(small, answers, DAY)
        return " ".join(
            text
            for line in present_changes(small, judge(small, answers, DAY), values, found)
            for text in line.obstacles
        )


def test_what_is_out_of_reach_is_said_with_its_reason() -> None:
    small = edition(switch("state"), ladder("keys"), gates=[gate("reach", {"is": {"state": "yes"}})])
    assert told(small, chosen(state="yes", keys="l4")).startswith(
        "The blocking rule “title of reach” cannot be lifted: no effort changes what it rests on. state? (yes)"
    )
    low = edition(ladder("keys"), thresholds=[{"below": 70, "ceiling": "unacceptable"}])
    assert "No change takes the score above 50 / 100; 70 are needed." in told(low, chosen(keys="l2"))


@pytest.mark.parametrize(
    ("gates", "sentence"),
    [
        ([], "The weights count"),
        ([gate("held", {"is": {"keys": "l4"}})], "blocking rules set the best verdict possible (“title of held”)"),
    ],
)
def test_the_reader_is_told_whether_the_weights_could_change_the_verdict(gates: list[object], sentence: str) -> None:
    small = edition(
        ladder("keys", concern="keys"),
        ladder("law", concern="law"),
        concerns=[concern("keys", 3), concern("law", 1)],
        thresholds=[{"below": 60, "ceiling": "conditional"}],
        gates=gates,
    )
    answers = chosen(keys="l4", law="l0")
    with override("en"):
        sensitivity = present_sensitivity(small, judge(small, answers, DAY), {}, WhatIf(small, answers, DAY))
    assert sentence in sensitivity.weights
    assert [room.least for room in sensitivity.rooms] == ([] if gates else ["60.0%", "0.0%"])
    assert sensitivity.most[0].question == "keys?"
