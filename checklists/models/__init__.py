"""Rows: tables, constraints and querysets. No rules here."""

from checklists.models.answers import Answer, AnswerChange
from checklists.models.assessments import Assessment, Offer
from checklists.models.catalogue import Edition
from checklists.models.frameworks import Framework, FrameworkChoice
from checklists.models.organisations import Membership, Organisation
from checklists.models.users import User

__all__ = [
    "Answer",
    "AnswerChange",
    "Assessment",
    "Edition",
    "Framework",
    "FrameworkChoice",
    "Membership",
    "Offer",
    "Organisation",
    "User",
]
