"""Rows: tables, constraints and querysets. No rules here."""

from checklists.models.answers import Answer, AnswerChange
from checklists.models.assessments import Assessment, Guest, Offer
from checklists.models.branding import Branding
from checklists.models.catalogue import Edition
from checklists.models.drafts import Draft, DraftChange, DraftPart
from checklists.models.evidence import Evidence
from checklists.models.frameworks import Framework, FrameworkChoice
from checklists.models.invitations import Invitation
from checklists.models.needs import Need, Provision
from checklists.models.notices import MailChoice, Notice
from checklists.models.organisations import Membership, Organisation
from checklists.models.reports import PrintedReport, PrintJob, Report
from checklists.models.teamwork import Assignment, Comment, Discussion
from checklists.models.trail import TrailChain, TrailEntry
from checklists.models.transition import PlanStep, Reminder, TransitionPlan
from checklists.models.users import User

__all__ = [
    "Answer",
    "AnswerChange",
    "Assessment",
    "Assignment",
    "Branding",
    "Comment",
    "Discussion",
    "Draft",
    "DraftChange",
    "DraftPart",
    "Edition",
    "Evidence",
    "Framework",
    "FrameworkChoice",
    "Guest",
    "Invitation",
    "MailChoice",
    "Membership",
    "Need",
    "Notice",
    "Offer",
    "Organisation",
    "PlanStep",
    "PrintJob",
    "PrintedReport",
    "Provision",
    "Reminder",
    "Report",
    "TrailChain",
    "TrailEntry",
    "TransitionPlan",
    "User",
]
