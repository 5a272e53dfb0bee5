"""How often one address may ask for something that costs."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest


def is_too_often(request: HttpRequest, act: str, most: int, seconds: int) -> bool:
    """Whether this address did ``act`` more than ``most`` times in the last ``seconds`` or so.

    Counted in each process's own memory: a brake on guessing and flooding, not an exact quota.
    """
    key = f"limit:{act}:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) > most
    except ValueError:  # The window ended between the two calls.
        return False
