"""What a reader is told of the sources of a rule."""

from __future__ import annotations

from django.utils.translation import override

from checklists.core.editions.edition import Edition
from checklists.words.sources import rests_on_unread


def test_a_rule_whose_texts_were_all_left_unread_says_so(flagship: Edition) -> None:
    unread, read = flagship.gates["host_to_be_left"], flagship.gates["no_processor_contract"]
    assert all(source.verify and source.tried for source in flagship.sources_of(unread.sources))
    with override("en"):
        told = rests_on_unread(flagship.sources_of(unread.sources))
        assert told.startswith("None of the texts this rule cites was checked against the official one (last tried on")
        assert rests_on_unread(flagship.sources_of(read.sources)) == ""
        assert rests_on_unread(()) == ""
    with override("fr"):
        assert "dernière tentative le 30 novembre 2026" in rests_on_unread(flagship.sources_of(unread.sources))


def test_every_source_still_to_be_checked_says_when_it_was_last_tried(flagship: Edition) -> None:
    assert [source.key for source in flagship.sources.values() if source.verify and not source.tried] == []
    assert [law.key for law in flagship.laws.values() if law.verify and not law.tried] == []
