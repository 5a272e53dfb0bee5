"""Search, duplicate, undo, and a long condition read as words."""

from __future__ import annotations

from django.test import Client

from checklists.models import Draft, DraftPart, User
from checklists.services.drafts.check_draft import check_draft
from checklists.services.drafts.compile_draft import draft_document, next_imprint
from checklists.services.drafts.edit_draft import add_part, change_part, remove_part
from checklists.services.drafts.import_pack import carry_out, propose, standing_draft
from checklists.services.drafts.undo import undo_last
from tests.admin.conftest import part
from tests.admin.drafts.test_write_a_checklist import at
from tests.admin.forms import sent_back


def said(draft: Draft) -> dict[str, object]:
    return draft_document(draft, next_imprint(draft))


def test_search_finds_by_words_without_accents_and_keeps_the_concern(bench: Client, draft: Draft) -> None:
    page = bench.get(at(draft, "change"), {"q": "KEY_holder"})
    (first, *_rest) = page.context["boughs"]
    assert first.family == "concerns"
    assert "key_holder" in [question.key for branch in first.branches for question in branch.questions]
    assert len(first.branches) < draft.parts.filter(family="concerns").count()
    assert "Nothing in the draft speaks of it." in bench.get(at(draft, "change"), {"q": "xyzzy"}).content.decode()


def test_a_question_is_duplicated_with_its_answers_right_after_it(bench: Client, draft: Draft) -> None:
    question = part(draft, "questions", "key_holder")
    response = bench.post(at(draft, "duplicate_part", question.pk))
    copy = part(draft, "questions", "key_holder_2")
    assert response["Location"] == at(draft, "part", copy.pk)
    labels = [list(row.parts.values_list("key", "body")) for row in (question, copy)]
    assert labels[0] == labels[1]
    in_order = list(DraftPart.objects.filter(draft=draft, family="questions").values_list("key", flat=True))
    assert in_order.index("key_holder_2") == in_order.index("key_holder") + 1
    bench.post(at(draft, "duplicate_part", copy.pk))
    assert part(draft, "questions", "key_holder_3")
    assert [problem for problem in check_draft(draft) if not problem.is_warning] == []


def test_undo_takes_back_each_kind_of_change(bench: Client, draft: Draft, editor: User) -> None:
    before = said(draft)
    question = part(draft, "questions", "key_holder")
    for act in (
        lambda: change_part(question, question.body | {"weight": 9}, editor),
        lambda: add_part(draft, "glossary", "new-word", {"term": {"fr": "x"}}, editor),
        lambda: remove_part(part(draft, "questions", "key_holder"), editor),
    ):
        draft.changes.all().delete()
        act()
        assert said(draft) != before
        assert bench.post(at(draft, "undo")).status_code == 302
        draft.refresh_from_db()
        after = said(draft)
        assert {k: v for k, v in after.items() if k != "questions"} == {
            k: v for k, v in before.items() if k != "questions"
        }
        by_key = {item["key"]: item for item in after["questions"]}  # type: ignore[union-attr]
        assert by_key == {item["key"]: item for item in before["questions"]}  # type: ignore[union-attr]


def test_undo_takes_back_a_whole_import(draft: Draft, editor: User) -> None:
    standing = standing_draft(draft)
    document = dict(standing.document or {})
    document["gates"] = document["gates"][3:]
    document["thresholds"] = [{"below": 33, "ceiling": "conditional"}]
    document["title"] = {"fr": "Autre", "en": "Other"}
    before = said(draft)
    carry_out(propose(standing, document), editor)
    draft.refresh_from_db()
    undo_last(draft, editor)
    draft.refresh_from_db()
    after = said(draft)
    assert after["title"] == before["title"]
    for family in ("gates", "thresholds", "questions"):
        listed = [sorted(map(str, document[family])) for document in (before, after)]  # type: ignore[arg-type]
        assert listed[0] == listed[1], family


def test_nothing_to_undo_is_said(bench: Client, draft: Draft) -> None:
    page = bench.post(at(draft, "undo"), follow=True).content.decode()
    assert "Nothing was changed in this draft yet." in page


def test_a_long_condition_is_words_until_one_edits_a_node(bench: Client, draft: Draft) -> None:
    gate = max(draft.parts.filter(family="gates"), key=lambda row: len(str(row.body["when"])))
    address = at(draft, "part", gate.pk)
    page = bench.get(address).content.decode()
    assert 'class="condition-words"' in page
    assert 'name="when:0:open" value="1" checked' not in " ".join(page.split())
    sent = sent_back(page)
    again = bench.post(address, {**sent, "when:0:open": "1", "when--do": "refresh"}).content.decode()
    assert 'name="when:0:open" value="1" checked' in " ".join(again.split())
    assert bench.post(address, sent).status_code == 302
    assert not draft.changes.exists()


def test_an_approver_neither_duplicates_nor_undoes(bench: Client, draft: Draft, approver: User) -> None:
    bench.force_login(approver)
    question = part(draft, "questions", "key_holder")
    for address in (at(draft, "duplicate_part", question.pk), at(draft, "undo")):
        assert bench.post(address).status_code == 403
        assert bench.get(address).status_code in (403, 405)
