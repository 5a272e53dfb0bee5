"""``manage.py verifyreport FILE``: everything a report says of itself, checked without a network or a database."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from checklists.core.editions.edition import Edition, EditionError
from checklists.core.frameworks.framework import Framework
from checklists.documents.frozen.attachment import edition_in, frameworks_in, record_in
from checklists.documents.pdf.signing import SignatureState, read_signature
from checklists.packs.reports.record import RecordError


class Command(BaseCommand):
    help = (
        "Check the signature and the hash of a report, and judge its answers again with the checklist attached to "
        "it. Ends with 1 when anything is wrong."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--key", default="", metavar="SHA256", help="the fingerprint of the signer's certificate")
        parser.add_argument("--trust", default="", metavar="PEM", help="certificates of the authorities you trust")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            raw = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from None
        try:
            attached = record_in(raw)
            record = attached.record
            edition = Edition.from_document(json.loads(edition_in(raw)))
            judgement = record.judge(edition)
            others = record.comparison.alternatives if record.comparison else []
            for other in others:
                record.judge_alternative(other, edition)
            documents = frameworks_in(raw, record)
            frameworks = [Framework.from_document(json.loads(document)) for document in documents or ()]
            readings = record.look(edition, frameworks)[2] if documents else ()
            signature = read_signature(raw, options["trust"])
        except (RecordError, EditionError, ValueError) as error:
            raise CommandError(f"{options['file']}: {error}") from None
        issue = attached.issue
        self.stdout.write(
            f"report     {issue.code}, issued {issue.issued_at:%Y-%m-%d %H:%M %Z}" if issue else "a draft"
        )
        self.stdout.write(f"contents   sha256 {attached.sha256}, as stated")
        self.stdout.write(f"edition    {record.edition.checklist} {record.edition.number}, sha256 {edition.sha256}")
        if not record.says_of(judgement):
            raise CommandError("the answers do not give the judgement that the report states")
        verdict = judgement.verdict
        self.stdout.write(f"judgement  judged again, the same: {verdict.worst.key} to {verdict.best.key}")
        if others:
            self.stdout.write(f"compared   with {len(others)} other offer(s), judged again, the same")
        if readings and not record.says_of_lenses(readings):
            raise CommandError("the answers, read through the attached frameworks, do not give what the report states")
        for reference, result in zip(record.frameworks, readings, strict=False):
            told = f"{reference.key} {reference.number}, read again, the same: {result.conclusion.value}"
            self.stdout.write(f"framework  {told}")
        if issue and issue.is_signed and signature is None:
            raise CommandError("the report says it is signed, and carries no signature: it was altered")
        self.stdout.write(f"signature  {_words(signature)}")
        if signature:
            self.stdout.write(f"key        certificate sha256 {signature.fingerprint}")
        if signature and not signature.is_intact:
            raise CommandError("the file was altered after it was signed")
        if signature and not signature.is_alone:
            raise CommandError("the file carries more than the one signature of a report: it was signed again")
        if options["trust"] and (signature is None or not signature.is_trusted):
            raise CommandError("no authority you named vouches for who signed this file")
        if options["key"] and (signature is None or signature.fingerprint != _plain(options["key"])):
            raise CommandError("the file is not signed with the certificate whose fingerprint you gave")
        if signature is None:
            self.stdout.write(
                "Without a signature, only the instance that issued it can tell that the pages are unaltered."
            )


def _plain(fingerprint: str) -> str:
    return fingerprint.replace(":", "").replace(" ", "").lower()


def _words(signature: SignatureState | None) -> str:
    if signature is None:
        return "none"
    whole = "intact" if signature.is_intact else "BROKEN"
    when = f", timestamped {signature.timestamp:%Y-%m-%d %H:%M %Z}" if signature.timestamp else ", no timestamp"
    if signature.is_trusted:
        return f"{whole}, by {signature.signer}, vouched for by an authority you trust{when}"
    if signature.is_self_signed:
        return f"{whole}, self-signed as “{signature.signer}”: proves integrity only, not who signed{when}"
    return f"{whole}, by {signature.signer}, whom no authority you named vouches for: proves integrity only{when}"
