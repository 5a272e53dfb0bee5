"""Where published migrations find ``UserManager``: they are never rewritten."""

from checklists.models.people.users import UserManager

__all__ = ["UserManager"]
