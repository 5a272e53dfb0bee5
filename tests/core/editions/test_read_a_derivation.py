"""Reading a checklist keeps every field of its derived answers."""

from __future__ import annotations

from checklists.core.editions.edition import Edition
from tests.flagship import pack


def test_each_derived_answer_is_read_whole() -> None:
    document = pack().to_document()
    read = Edition.from_document(document).derivations
    assert len(read) == len(document["derivations"])
    for rule, item in zip(read, document["derivations"], strict=True):
        assert (rule.key, rule.question, rule.value) == (item["key"], item["question"], item.get("value"))
        assert rule.also == frozenset(item.get("also", ()))
        assert rule.takes == item.get("takes")
    assert any(rule.also for rule in read)
