"""The closed vocabularies every other module shares: verdicts and harms."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum

Text = Mapping[str, str]
"""A text in several languages: language code -> sentence."""


class Verdict(IntEnum):
    """The five verdicts, worst to best; comparison follows that order."""

    UNACCEPTABLE = 0
    TRANSITION_ONLY = 1
    CONDITIONAL = 2
    ACCEPTABLE = 3
    SOVEREIGN = 4

    @property
    def key(self) -> str:
        return self.name.lower()

    @classmethod
    def from_key(cls, key: str) -> Verdict:
        """The verdict named ``key`` ('transition_only', ...). Raises ``KeyError`` for another word."""
        return cls[key.upper()]


class Harm(StrEnum):
    """What a finding warns of. Being read and being cut off are never blended.

    ``DUTY`` marks a legal duty not met that exposes to neither by itself (no impact assessment, say).
    """

    READ = "read"
    CUT_OFF = "cut_off"
    DUTY = "duty"


class LegalStatus(StrEnum):
    """Where a text stands. Only a text in force is ever applied by a gate."""

    IN_FORCE = "in_force"
    ADOPTED = "adopted"
    PROPOSED = "proposed"
    REPEALED = "repealed"
