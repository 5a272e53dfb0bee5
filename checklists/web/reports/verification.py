"""Anyone, signed in or not, learns whether a report was issued here. What they send is hashed and dropped."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from checklists.services.reports.issue_report import read_code
from checklists.services.reports.verify_report import verify_code, verify_file
from checklists.web.site.limits import is_too_often

MAX_UPLOAD = 10_000_000
"""Bytes of a file that is verified; a report is a twentieth of that."""
MOST_A_MINUTE = 30


class HashOnly(FileUploadHandler):
    """Hashes an upload as it comes; keeps no byte of it, in memory or on disk."""

    sha256 = ""
    """That of the last file received whole."""
    is_too_large = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.hash, self.length = hashlib.sha256(), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.hash.update(raw_data)
        self.length += len(raw_data)
        if self.length > MAX_UPLOAD:
            self.is_too_large = True
            raise StopUpload(connection_reset=True)

    def file_complete(self, file_size: int) -> None:
        if self.length:
            self.sha256 = self.hash.hexdigest()


# Exempt: it changes nothing, reads no session, and the handler must be in place before anything reads the body.
@csrf_exempt
def verify(request: HttpRequest) -> HttpResponse:
    """A form for the code or the file, and the answer to the file."""
    if request.method != "POST":
        return render(request, "web/reports/verification/verify.html")
    if is_too_often(request, "verify", MOST_A_MINUTE, 60):
        return _refuse(request, _("Too many tries in a minute. Wait a little, then send it again."), 429)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_UPLOAD + 10_000:
        return _refuse(request, _("The file is larger than 10 MB: this site did not issue it."))
    received = HashOnly(request)
    request.upload_handlers = [received]
    typed = request.POST.get("code", "")
    if typed.strip():
        code = read_code(typed)
        if not code:
            return _refuse(
                request, _("A code has four groups of four letters and digits: 7KQ2-M0XD-4T9W-A1BC."), typed=typed
            )
        return redirect("verify-code", code)
    if received.is_too_large:
        return _refuse(request, _("The file is larger than 10 MB: this site did not issue it."))
    if not received.sha256:
        return _refuse(request, _("Choose a PDF file, or type the code printed on the report."))
    context = {"found": verify_file(received.sha256), "by_file": True, "sha256": received.sha256}
    return render(request, "web/reports/verification/answer.html", context)


def _refuse(request: HttpRequest, error: str, status: int = 422, typed: str = "") -> HttpResponse:
    return render(request, "web/reports/verification/verify.html", {"error": error, "typed": typed[:40]}, status=status)


@require_safe
def by_code(request: HttpRequest, code: str) -> HttpResponse:
    if is_too_often(request, "verify", MOST_A_MINUTE, 60):
        return _refuse(request, _("Too many tries in a minute. Wait a little, then send it again."), 429)
    found = verify_code(read_code(code))
    context = {"found": found, "code": code[:40]}
    return render(request, "web/reports/verification/answer.html", context, status=200 if found else 404)
