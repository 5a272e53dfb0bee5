"""What a provider's answers to the CAIQ, version 4, say of the checklist's questions: claims, on the few it can answer.

The CAIQ is the Cloud Security Alliance's questionnaire of Yes and No on its Cloud Controls Matrix; none of its text is
here, only the numbers of its questions. A "Yes" gives the least answer that makes it true; what a "No" leaves open
gives none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

YES, NO, NOT_APPLICABLE = "yes", "no", "na"


@dataclass(frozen=True, slots=True)
class Rule:
    """An answer to the CAIQ's ``number`` and the answer to ``question`` that it claims."""

    number: str
    said: str
    question: str
    value: str


RULES = (
    # CCM CEK-08: customers can manage their own data encryption keys, at least in the provider's service.
    Rule("CEK-08.1", YES, "key_holder", "customer_in_provider_kms"),
    Rule("CEK-08.1", NO, "key_holder", "provider"),
    # CCM DSP-18: a procedure for requests of authorities, described to customers, and their notification.
    Rule("DSP-18.2", NO, "disclosure_commitment", "none"),
    Rule("DSP-18.1", NO, "disclosure_commitment", "none"),
    Rule("DSP-18.2", YES, "disclosure_commitment", "notify_only"),
    Rule("DSP-18.1", YES, "disclosure_commitment", "notify_only"),
    # CCM CEK-03: data protected at rest and in transit.
    Rule("CEK-03.1", YES, "encryption_at_rest", "provider_side"),
    Rule("CEK-03.1", YES, "encryption_in_transit", "tls_at_edge"),
)
"""Where two speak of one question, the one that comes first counts."""
NUMBERS = frozenset(rule.number for rule in RULES)


def claims(answers: Mapping[str, str]) -> list[Rule]:
    """What ``answers``, by the CAIQ's numbers, claim: one a question, in the order of the rules."""
    found: dict[str, Rule] = {}
    for rule in RULES:
        if answers.get(rule.number) == rule.said:
            found.setdefault(rule.question, rule)
    return list(found.values())
