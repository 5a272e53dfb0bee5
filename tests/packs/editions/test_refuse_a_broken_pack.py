"""A pack that cannot be published is refused with the place and the remedy, every fault of it at once."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from checklists.packs.editions.reader import read_pack
from checklists.packs.files.problems import PackError
from checklists.packs.files.shipped import shipped_pack

TEXT = shipped_pack("cnil-hosting").decode()
DOCUMENT: dict[str, Any] = yaml.safe_load(TEXT)


def refusal(raw: bytes) -> PackError:
    with pytest.raises(PackError) as caught:
        read_pack(raw)
    assert all(problem.place and problem.message and problem.remedy for problem in caught.value.problems)
    return caught.value


def broken(change: Callable[[dict[str, Any]], None]) -> PackError:
    document = copy.deepcopy(DOCUMENT)
    change(document)
    return refusal(yaml.safe_dump(document, allow_unicode=True).encode())


def part(document: dict[str, Any], family: str, key: str) -> dict[str, Any]:
    return next(item for item in document[family] if item["key"] == key)


def test_a_key_written_twice_in_one_mapping() -> None:
    assert "written twice" in str(refusal(TEXT.replace("\nnumber: ", "\nnumber: 9\nnumber: ", 1).encode()))


def test_two_questions_of_one_key() -> None:
    error = broken(
        lambda document: document["questions"].append(copy.deepcopy(part(document, "questions", "key_holder")))
    )
    assert "questions/key_holder" in str(error)
    assert "used 2 times" in str(error)


def test_an_unknown_concern() -> None:
    error = broken(lambda document: part(document, "questions", "key_holder").update(concern="nowhere"))
    assert "questions/key_holder/concern: the topic 'nowhere' does not exist" in str(error)


def test_a_gate_on_an_unknown_question() -> None:
    error = broken(lambda document: document["gates"][0].update(when={"is": {"nobody": "yes"}}))
    assert f"gates/{DOCUMENT['gates'][0]['key']}/when: 'nobody' is not a question or a derived fact" in str(error)


def test_a_gate_on_an_unknown_option() -> None:
    error = broken(lambda document: document["gates"][0].update(when={"is": {"key_holder": "nobody"}}))
    assert "'key_holder' has no option 'nobody'" in str(error)
    assert "customer_only" in error.problems[0].remedy


def test_conditions_that_wait_for_each_other() -> None:
    def cycle(document: dict[str, Any]) -> None:
        part(document, "questions", "host_change_required")["applies"] = {"is": {"data_category": "health"}}
        part(document, "questions", "data_category")["applies"] = {"is": {"host_change_required": "yes"}}

    error = broken(cycle)
    assert "depend on each other" in str(error)
    assert "data_category" in str(error)
    assert "host_change_required" in str(error)
    assert "Break the cycle" in str(error)


def test_a_text_missing_in_one_language() -> None:
    def drop(document: dict[str, Any]) -> None:
        del part(document, "questions", "key_holder")["text"]["en"]

    error = broken(drop)
    assert "questions/key_holder/text: the text has no 'en'" in str(error)


def test_weights_that_sum_to_zero() -> None:
    def weightless(document: dict[str, Any]) -> None:
        for concern in document["concerns"]:
            concern["weight"] = 0

    assert "concerns: the weights of the topics sum to zero" in str(broken(weightless))


def test_a_concern_that_weighs_with_questions_that_do_not() -> None:
    def weightless(document: dict[str, Any]) -> None:
        for question in document["questions"]:
            if question["concern"] == "keys":
                question["weight"] = 0

    assert "concerns/keys: the weights of its questions sum to zero" in str(broken(weightless))


def test_every_fault_is_told_at_once() -> None:
    def twice(document: dict[str, Any]) -> None:
        part(document, "questions", "key_holder")["concern"] = "nowhere"
        part(document, "questions", "exit_plan")["sources"] = ["nothing"]

    places = {problem.place for problem in broken(twice).problems}
    assert {"questions/key_holder/concern", "questions/exit_plan/sources"} <= places


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("", "empty"),
        ("key: !!python/object:os.system x", "tag"),
        (TEXT.replace("below: 50", "below: &a 50", 1), "anchors"),
        ("schema: porte-cles/checklist/1\nkey: [", "line 2"),
        ("just a sentence", "not a file of schema"),
    ],
)
def test_a_file_that_is_no_plain_pack(raw: str, words: str) -> None:
    assert words in str(refusal(raw.encode()))


def test_a_fault_is_told_with_its_line() -> None:
    error = refusal(TEXT.replace("  concern: keys\n", "  concern: nowhere\n", 1).encode())
    line = error.problems[0].line
    assert line is not None
    assert "concern: nowhere" in TEXT.replace("  concern: keys\n", "  concern: nowhere\n", 1).splitlines()[line - 1]


def test_an_effort_on_a_choice_itself() -> None:
    error = broken(lambda document: part(document, "questions", "key_holder").update(effort=3))
    assert "questions/key_holder/effort: only a date carries its effort itself" in str(error)
