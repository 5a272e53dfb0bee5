"""One sentence says the range, the minimum and whether it is reached: never two different "at best"."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils.translation import override

from checklists.core.editions.edition import Edition
from checklists.core.editions.vocabulary import Verdict
from checklists.core.judging.answer import Answer
from checklists.core.judging.judge import judge
from checklists.core.judging.judgement import VerdictBand
from checklists.words.judging.sentence import Missing, Sentence, say, sentence_of

BAD, LEAVING, CONDITIONAL, ACCEPTABLE, SOVEREIGN = Verdict
BANDS = [VerdictBand(worst, best) for worst in Verdict for best in Verdict if worst <= best]
KNOWN = VerdictBand(ACCEPTABLE, ACCEPTABLE)


def said(worst: Verdict, best: Verdict, required: VerdictBand = KNOWN, n: int = 0, **more: object) -> Sentence:
    options = {"established": best, "missing": Missing(decide=n, far=n, describe=n)} | more
    return say(VerdictBand(worst, best), required, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sentence", "french", "english"),
    [
        (
            lambda: said(ACCEPTABLE, ACCEPTABLE),
            "Acceptable. Le minimum exigé, Acceptable, est atteint.",
            "Acceptable. The minimum, Acceptable, is met.",
        ),
        (
            lambda: said(LEAVING, LEAVING),
            "Transitoire. Le minimum exigé, Acceptable, n’est pas atteint.",
            "Transition only. The minimum, Acceptable, is not met.",
        ),
        (
            lambda: said(ACCEPTABLE, SOVEREIGN, n=3),
            "Au moins Acceptable, peut-être Souverain\u00a0: le minimum est atteint\u202f; 3 réponses diront jusqu’où.",
            "At least Acceptable, perhaps Sovereign: the minimum is met; 3 answers will tell how far.",
        ),
        (
            lambda: said(BAD, LEAVING, n=4),
            "Transitoire au mieux\u00a0: le minimum, Acceptable, n’est pas atteint, quelles que soient les réponses "
            "qui manquent.",
            "Transition only at best: the minimum, Acceptable, is missed whatever the missing answers.",
        ),
        (
            lambda: said(LEAVING, ACCEPTABLE, n=4),
            "Entre Transitoire et Acceptable\u00a0: on ne sait pas encore si le minimum, Acceptable, est "
            "atteint\u202f; 4 réponses en décident.",
            "Between Transition only and Acceptable: not known yet whether the minimum, Acceptable, is met; "
            "4 answers decide it.",
        ),
        (
            lambda: said(LEAVING, ACCEPTABLE, n=1),
            "Entre Transitoire et Acceptable\u00a0: on ne sait pas encore si le minimum, Acceptable, est "
            "atteint\u202f; 1 réponse en décide.",
            "Between Transition only and Acceptable: not known yet whether the minimum, Acceptable, is met; "
            "1 answer decides it.",
        ),
        (
            lambda: said(LEAVING, ACCEPTABLE, VerdictBand(CONDITIONAL, SOVEREIGN), n=2),
            "Entre Transitoire et Acceptable. Le minimum exigé n’est pas encore connu\u00a0: décrivez le traitement "
            "(2 questions).",
            "Between Transition only and Acceptable. The minimum required is not known yet: describe the processing "
            "(2 questions).",
        ),
        (
            lambda: said(BAD, SOVEREIGN, established=None, n=30),
            "Trop peu de réponses pour un avis.",
            "Too few answers for a verdict.",
        ),
    ],
)
def test_each_case_has_its_sentence_in_both_languages(sentence, french, english) -> None:  # type: ignore[no-untyped-def]
    with override("fr"):
        assert sentence().text == french
    with override("en"):
        assert sentence().text == english


@pytest.mark.parametrize(
    "required", [VerdictBand(least, most) for least in Verdict for most in Verdict if least <= most]
)
@pytest.mark.parametrize(
    "verdict", [VerdictBand(worst, best) for worst in Verdict for best in Verdict if worst <= best]
)
def test_the_minimum_is_met_when_both_ends_meet_it_and_only_then(verdict: VerdictBand, required: VerdictBand) -> None:
    told = say(verdict, required, established=verdict.best, missing=Missing(2, 2, 2))
    assert (told.is_met is True) == (verdict.worst >= required.best)
    assert (told.is_met is False) == (verdict.best < required.worst)


@pytest.mark.parametrize("worst", Verdict)
@pytest.mark.parametrize("best", Verdict)
def test_the_mark_is_the_sure_side_of_a_wide_band(worst: Verdict, best: Verdict) -> None:
    if best < worst:
        return
    badge = said(worst, best).badge
    assert badge is (worst if best - worst > 1 else best)


def test_no_mark_while_hardly_anything_is_known() -> None:
    assert said(LEAVING, SOVEREIGN, established=None).badge is None


def test_a_presumption_and_the_score_are_named_when_they_set_an_end() -> None:
    with override("en"):
        assert "Until the offer shows otherwise" in said(LEAVING, ACCEPTABLE, rests="presumption").text
        assert "The score alone" in said(CONDITIONAL, CONDITIONAL, rests="score").text


@pytest.mark.parametrize(
    ("facts", "presumed"),
    [
        ({"data_category": "personal", "ultimate_parent_country": "US", "us_law_reach": "through_parent"}, True),
        ({"data_category": "special_category", "transfers": "content"}, True),
        ({"data_category": "personal", "processor_contract": "none"}, False),
    ],
)
def test_what_a_presumption_decides_is_said_not_to_be_shown(
    flagship: Edition, facts: dict[str, str], *, presumed: bool
) -> None:
    judgement = judge(flagship, {key: Answer.of(value) for key, value in facts.items()}, date(2026, 11, 30))
    with override("en"):
        assert ("Not shown. Until the offer shows otherwise" in sentence_of(flagship, judgement).text) is presumed
    with override("fr"):
        assert ("Non établi. Tant que l’offre" in sentence_of(flagship, judgement).text) is presumed
