"""The packs that ship with the product."""

from __future__ import annotations

from importlib import resources

SHIPPED = resources.files("checklists.packs") / "data"
"""The folder of the packs that ship with the product."""
SHIPPED_FRAMEWORKS = ("edpb-01-2020", "secnumcloud-19-6", "hds-2", "eu-csf-2025-10", "eu-csf-2026-06")
"""In the order the screens show them."""


def shipped_pack(key: str) -> bytes:
    """The bytes of the shipped pack named ``key``."""
    return (SHIPPED / f"{key}.yaml").read_bytes()


def shipped_framework(key: str) -> bytes:
    """The bytes of the shipped framework named ``key``."""
    return (SHIPPED / "frameworks" / f"{key}.yaml").read_bytes()


def shipped_template(key: str) -> bytes:
    """The bytes of the shipped beginning of a checklist named ``key``: unfinished, and no pack by itself."""
    return (SHIPPED / "templates" / f"{key}.yaml").read_bytes()
