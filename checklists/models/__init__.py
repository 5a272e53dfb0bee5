"""Rows: tables, constraints and querysets. No rules here."""

from checklists.models.actions import OfferAction
from checklists.models.answers import Answer, AnswerChange
from checklists.models.api import ApiToken, IdempotentRequest
from checklists.models.assessments import Assessment, Guest, Offer
from checklists.models.branding import Branding
from checklists.models.capacity import Need, Provision
from checklists.models.drafts import Draft, DraftChange, DraftPart
from checklists.models.editions import CaseOfChecklist, ChecklistChoice, ChecklistOwner, Edition, Withdrawal
from checklists.models.evidence import Evidence
from checklists.models.frameworks import Framework, FrameworkChoice
from checklists.models.impact import ImpactRow, ImpactRun
from checklists.models.moves import AnswerConfirmation, EditionMove
from checklists.models.notices import MailChoice, Notice
from checklists.models.people.invitations import Invitation
from checklists.models.people.organisations import Membership, Organisation
from checklists.models.people.users import User
from checklists.models.portfolio import PortfolioLine, Standing, VerdictChange
from checklists.models.profiles import ProfileChange, ProfileFact, ProviderProfile
from checklists.models.provider_answers import (
    ProviderAnswer,
    ProviderDecision,
    ProviderDocument,
    ProviderRequest,
    ProviderVersion,
)
from checklists.models.reports.draft_files import DraftFile
from checklists.models.reports.reports import PrintedReport, PrintJob, Report
from checklists.models.review import ReviewAct, ReviewDecision
from checklists.models.team import Assignment, Comment, Discussion
from checklists.models.trail import TrailChain, TrailEntry
from checklists.models.transition import PlanStep, Reminder, TransitionPlan
from checklists.models.webhooks import Webhook, WebhookMessage

__all__ = [
    "Answer",
    "AnswerChange",
    "AnswerConfirmation",
    "ApiToken",
    "Assessment",
    "Assignment",
    "Branding",
    "CaseOfChecklist",
    "ChecklistChoice",
    "ChecklistOwner",
    "Comment",
    "Discussion",
    "Draft",
    "DraftChange",
    "DraftFile",
    "DraftPart",
    "Edition",
    "EditionMove",
    "Evidence",
    "Framework",
    "FrameworkChoice",
    "Guest",
    "IdempotentRequest",
    "ImpactRow",
    "ImpactRun",
    "Invitation",
    "MailChoice",
    "Membership",
    "Need",
    "Notice",
    "Offer",
    "OfferAction",
    "Organisation",
    "PlanStep",
    "PortfolioLine",
    "PrintJob",
    "PrintedReport",
    "ProfileChange",
    "ProfileFact",
    "ProviderAnswer",
    "ProviderDecision",
    "ProviderDocument",
    "ProviderProfile",
    "ProviderRequest",
    "ProviderVersion",
    "Provision",
    "Reminder",
    "Report",
    "ReviewAct",
    "ReviewDecision",
    "Standing",
    "TrailChain",
    "TrailEntry",
    "TransitionPlan",
    "User",
    "VerdictChange",
    "Webhook",
    "WebhookMessage",
    "Withdrawal",
]
