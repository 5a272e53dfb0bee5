"""The kinds of question. To add one: a module here, a line below, and its face in :mod:`checklists.words.kinds`."""

from checklists.core.kinds.choice import Choice
from checklists.core.kinds.clear_text import ClearText
from checklists.core.kinds.control_chain import ControlChain
from checklists.core.kinds.country import Country
from checklists.core.kinds.day import Day
from checklists.core.kinds.kind import Consequence, Kind, kind_of, kinds, register, unregister
from checklists.core.kinds.sources import decisive, fact_sources

for _kind in (Choice(), Day(), Country(), ControlChain(), ClearText()):
    register(_kind)

__all__ = [
    "Consequence",
    "Kind",
    "decisive",
    "fact_sources",
    "kind_of",
    "kinds",
    "register",
    "unregister",
]
