"""The companies behind an offer: their shape as text, what is wrong with it, and what follows from it."""

from checklists.core.control_chain.control import How
from checklists.core.control_chain.derivation import (
    GIVEN,
    NUMBERS,
    REACHES,
    WORDS,
    Bounds,
    Derived,
    Holding,
    Kind,
    Reach,
    Step,
    derive,
    derive_text,
)
from checklists.core.control_chain.problems import Fault, Problem
from checklists.core.control_chain.shape import Access, Chain, ChainError, Entity, Link, Role, read_chain, share

__all__ = [
    "GIVEN",
    "NUMBERS",
    "REACHES",
    "WORDS",
    "Access",
    "Bounds",
    "Chain",
    "ChainError",
    "Derived",
    "Entity",
    "Fault",
    "Holding",
    "How",
    "Kind",
    "Link",
    "Problem",
    "Reach",
    "Role",
    "Step",
    "derive",
    "derive_text",
    "read_chain",
    "share",
]
