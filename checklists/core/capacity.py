"""What a workload needs of a host in capacity and quality of service, and what an offer leaves unmet.

The CNIL asked for alternatives to be assessed in storage capacity and quality of service (observations of 8 October
2020). Kept apart from the sovereignty verdict: a need unmet lowers no score and closes no gate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Measure(StrEnum):
    """Quantities: an offer meets a need when it provides at least as much."""

    STORAGE_NOW = "storage_now"
    """Terabytes at the start."""
    STORAGE_LATER = "storage_later"
    """Terabytes in three years."""
    CPU = "cpu"
    """Processor cores."""
    GPU = "gpu"
    """Graphics processors."""
    AVAILABILITY = "availability"
    """Per cent of the time, as the contract commits to."""


SUPPORT = ("office_hours", "extended_hours", "always")
"""Support hours, least to most: working days, days and evenings, round the clock."""
SERVICES = (
    "virtual_machines",
    "object_storage",
    "relational_database",
    "data_warehouse",
    "containers",
    "notebooks",
    "machine_learning",
    "identity",
    "key_management",
    "backup",
    "monitoring",
    "messaging",
)
"""Managed services a workload may use."""
CERTIFICATIONS = ("iso_27001", "iso_27701", "hds", "secnumcloud", "c5", "ens", "pci_dss")
"""Certifications a buyer may ask for."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """What is needed, or what is provided. A quantity or a support absent is not stated; so are sets when ``None``."""

    quantities: Mapping[Measure, Decimal] = field(default_factory=dict)
    support: str | None = None
    services: frozenset[str] | None = None
    certifications: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A need an offer does not meet. ``provided`` is ``None`` when the offer says nothing of it: a doubt, not a lack.

    ``need`` is a measure's key, 'support', 'services' or 'certifications'; ``asked`` and ``provided`` are a quantity,
    a level of support, or the missing members of a set (then ``provided`` is an empty set).
    """

    need: str
    asked: Decimal | str | frozenset[str]
    provided: Decimal | str | frozenset[str] | None

    @property
    def is_stated(self) -> bool:
        return self.provided is not None


def gaps(needed: Capacity, provided: Capacity) -> tuple[Gap, ...]:
    """Each need that ``provided`` does not show to be met, in the order of the vocabulary."""
    found: list[Gap] = []
    for measure in Measure:
        asked = needed.quantities.get(measure)
        if not asked:
            continue
        given = provided.quantities.get(measure)
        if given is None or given < asked:
            found.append(Gap(measure.value, asked, given))
    if needed.support and (provided.support is None or SUPPORT.index(provided.support) < SUPPORT.index(needed.support)):
        found.append(Gap("support", needed.support, provided.support))
    for name in ("services", "certifications"):
        wanted: frozenset[str] = getattr(needed, name) or frozenset()
        offered: frozenset[str] | None = getattr(provided, name)
        missing = wanted - (offered or frozenset())
        if missing:
            found.append(Gap(name, missing, None if offered is None else frozenset()))
    return tuple(found)
