"""What a part of a checklist refers to: a change of one of those is told together with a change of the part."""

from __future__ import annotations

from checklists.core.editions.conditions import keys
from checklists.core.editions.edition import Edition
from checklists.core.impact.blend import _references


def test_a_question_refers_to_what_decides_whether_it_applies(flagship: Edition) -> None:
    bound = [question for question in flagship.questions.values() if question.applies is not None]
    assert bound
    for question in bound:
        read = keys(question.applies) & flagship.questions.keys()
        assert read <= _references(question, "")
        assert "concern:" + question.concern in _references(question, "")


def test_an_option_refers_to_its_law_and_not_to_what_the_question_reads(flagship: Edition) -> None:
    for question in flagship.questions.values():
        for option in question.options.values():
            named = {name for name in (option.adequacy_of,) if name}
            assert named <= _references(question, option.key)
            assert "concern:" + question.concern not in _references(question, option.key)


def test_a_gate_refers_to_what_its_conditions_read(flagship: Edition) -> None:
    for gate in flagship.gates.values():
        assert keys(gate.when) & flagship.questions.keys() <= _references(gate, "")
