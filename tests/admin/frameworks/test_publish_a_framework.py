"""A framework as a file: taken out, checked, published by an approver under its next number."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from checklists.models import Edition, Framework, User
from checklists.packs.files.shipped import shipped_framework
from checklists.services.frameworks.publish_framework import checked_framework, publish_framework

ADDRESS = "/admin/checklists/framework/"


def send(bench: Client, raw: bytes, act: str = "check") -> object:
    return bench.post(ADDRESS, {"act": act, "file": SimpleUploadedFile("framework.yaml", raw)})


def test_take_out_raise_the_number_check_and_publish(bench: Client, edition: Edition, approver: User) -> None:
    first, _ = publish_framework(checked_framework(shipped_framework("hds-2")))
    out = bench.get(reverse("admin:checklists_framework_file", args=[first.pk])).content
    assert checked_framework(out).to_document() == first.document
    raised = out.replace(f"number: {first.number}\n".encode(), f"number: {first.number + 1}\n".encode(), 1)
    checked = send(bench, raised)
    assert checked.status_code == 200  # type: ignore[attr-defined]
    assert "Nothing is wrong with" in checked.content.decode()  # type: ignore[attr-defined]
    assert send(bench, raised, "publish").status_code == 403  # type: ignore[attr-defined]
    assert Framework.objects.count() == 1
    bench.force_login(approver)
    assert send(bench, raised, "publish").status_code == 302  # type: ignore[attr-defined]
    assert Framework.objects.latest("number").number == first.number + 1


def test_what_is_wrong_is_told_and_nothing_is_published(bench: Client, edition: Edition, approver: User) -> None:
    bench.force_login(approver)
    raw = shipped_framework("hds-2")
    for wrong in (
        b"nonsense: [",
        b"",
        raw.replace(b"checklist: cnil-hosting", b"checklist: none-such"),
        raw.replace(b"key_holder", b"no_such_question"),
        b"\xff\xfe\x00",
    ):
        if wrong != raw:
            assert send(bench, wrong, "publish").status_code == 422  # type: ignore[attr-defined]
    assert bench.post(ADDRESS, {"act": "publish"}).status_code == 422
    assert not Framework.objects.exists()


def test_who_writes_no_criteria_sees_none_of_it(desk: Client) -> None:
    assert desk.get(ADDRESS).status_code in (302, 403)
