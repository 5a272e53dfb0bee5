"""Whether bytes are a sound image of one format, read without decoding more than a bound."""

from __future__ import annotations

import io

from PIL import Image, UnidentifiedImageError


class ImageDamaged(ValueError):
    """The bytes are no image of that format."""


class ImageTooLarge(ValueError):
    """A side has more pixels than allowed."""


def check_image(contents: bytes, kind: str, most: int) -> None:
    """Refuse what Pillow does not read as ``kind`` ('PNG' or 'JPEG') of at most ``most`` pixels a side.

    Raises ``ImageDamaged`` or ``ImageTooLarge``.
    """
    try:
        with Image.open(io.BytesIO(contents), formats=[kind]) as image:
            if max(image.size) > most:
                raise ImageTooLarge
            image.verify()
    except ImageTooLarge:
        raise
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ImageDamaged from error
