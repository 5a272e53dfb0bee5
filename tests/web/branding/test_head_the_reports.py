"""An owner gives the organisation a letterhead: what is refused says why, what is kept is a plain PNG."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override
from PIL import Image

from checklists.models import Branding, Offer, User
from checklists.services.branding.receive_logo import LogoRefused, receive_logo

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 90 30">'
PLAIN = f'{OPEN}<rect width="90" height="30" fill="navy"/></svg>'.encode()


def png(size: tuple[int, int] = (200, 80), colour: str = "navy") -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", size, colour).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("contents", [png(), PLAIN], ids=["png", "svg"])
def test_a_logo_becomes_a_bounded_png(contents: bytes) -> None:
    kept = receive_logo(contents)
    with Image.open(io.BytesIO(kept)) as image:
        assert (image.format, image.mode) == ("PNG", "RGB")
        assert image.width <= 1200
        assert image.height <= 480
        assert image.width > image.height


@pytest.mark.parametrize(
    ("contents", "says"),
    [
        (f"{OPEN}<script>alert(1)</script></svg>".encode(), "script"),
        (f'{OPEN}<rect width="9" height="9" onload="x()"/></svg>'.encode(), "onload"),
        (f'{OPEN}<image href="file:///etc/passwd"/></svg>'.encode(), "image"),
        (f'{OPEN}<use xlink:href="#a"/></svg>'.encode(), "use"),
        (f"{OPEN}<style>@import 'http://127.0.0.1/'</style></svg>".encode(), "style"),
        (f'{OPEN}<rect width="9" height="9" fill="url(http://127.0.0.1/)"/></svg>'.encode(), "fill"),
        (f"{OPEN}<foreignObject/></svg>".encode(), "foreignObject"),
        (b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + PLAIN, "DOCTYPE"),
        (OPEN.encode() + b"<g/>" * 3000 + b"</svg>", "too complex"),
        (OPEN.encode() + b"</svg>", "draws nothing"),
        (b"GIF89a", "neither a PNG nor an SVG"),
        (b"", "neither a PNG nor an SVG"),
        (png()[:60], "damaged"),
        (png((5000, 2)), "too large"),
        (png(colour="white"), "too pale"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 600_000, "too heavy"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_could_harm_is_refused_in_words(contents: bytes, says: str) -> None:
    with override("en"), pytest.raises(LogoRefused, match=says):
        receive_logo(contents)


def test_an_owner_keeps_an_address_and_a_logo(desk: Client, officer: User, example: Offer) -> None:
    organisation = officer.organisations.get()
    page = f"/organisations/{organisation.pk}/letterhead/"
    sent = {"address": "1 rue de la Paix", "logo": SimpleUploadedFile("logo.svg", PLAIN)}
    assert desk.post(page, sent).status_code == 302
    kept = Branding.objects.get(organisation=organisation)
    assert bytes(kept.logo).startswith(b"\x89PNG")
    assert "Logo of" in desk.get(page).content.decode()
    paper = desk.get(f"/offers/{example.pk}/report/?form=letter&format=html&language=en").content.decode()
    assert "1 rue de la Paix" in paper
    assert "data:image/png" in paper
    desk.post(page, {"address": "2 rue de la Paix"})
    kept.refresh_from_db()
    assert (kept.address, bool(kept.logo)) == ("2 rue de la Paix", True)
    desk.post(page, {"address": "2 rue de la Paix", "without_logo": "on"})
    kept.refresh_from_db()
    assert not kept.logo


def test_a_refused_logo_is_told_beside_the_field_and_the_address_stays(desk: Client, officer: User) -> None:
    page = f"/organisations/{officer.organisations.get().pk}/letterhead/"
    sent = {"address": "1 rue de la Paix", "logo": SimpleUploadedFile("logo.png", b"GIF89a")}
    response = desk.post(page, sent)
    assert response.status_code == 422
    assert "neither a PNG nor an SVG" in response.content.decode()
    assert "1 rue de la Paix" in response.content.decode()
    assert not Branding.objects.exists()
