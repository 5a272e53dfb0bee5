"""The frameworks that ship, published for a test that needs them."""

from __future__ import annotations

from checklists.packs.files.shipped import SHIPPED_FRAMEWORKS, shipped_framework
from checklists.services.frameworks.publish_framework import checked_framework, publish_framework


def publish_shipped_frameworks() -> None:
    for key in SHIPPED_FRAMEWORKS:
        publish_framework(checked_framework(shipped_framework(key)))
