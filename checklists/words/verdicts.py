"""How each verdict is called and drawn, in one place: words, colour, shape, and its part of a chart.

The stylesheets and the key of packs are held to this list by a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from checklists.core.editions.vocabulary import Verdict


@dataclass(frozen=True, slots=True)
class Face:
    """``colour`` is that of its badge on white, ``on_dark`` on a dark page. ``shape`` is the declaration that cuts
    the mark beside its name.

    ``fill`` and ``texture`` are its part of a chart: told apart without colour, the lighter the better, each with a
    path over it or none.
    """

    name: str | Promise
    meaning: str | Promise
    colour: str
    on_dark: str
    shape: str
    fill: str
    texture: str = ""


FACES: Mapping[Verdict, Face] = {
    Verdict.UNACCEPTABLE: Face(
        name=pgettext_lazy("verdict", "Unacceptable"),
        meaning=_("As answered, a rule of law is not met, or nothing shows that it is."),
        colour="#9b1c1c",
        on_dark="#ff9a92",
        shape="clip-path: polygon(30% 0, 70% 0, 100% 30%, 100% 70%, 70% 100%, 30% 100%, 0 70%, 0 30%)",
        fill="#7a1616",
    ),
    Verdict.TRANSITION_ONLY: Face(
        name=pgettext_lazy("verdict", "Transition only"),
        meaning=_("Only for a bounded transition, with guarantees and active steps to leave."),
        colour="#9a4508",
        on_dark="#f5a86a",
        shape="clip-path: polygon(50% 0, 100% 100%, 0 100%)",
        fill="#c46a2b",
        texture="M0 6L6 0",
    ),
    Verdict.CONDITIONAL: Face(
        name=pgettext_lazy("verdict", "Conditional"),
        meaning=_("This hosting is possible only with specific safeguards, which must stay in place."),
        colour="#6f5600",
        on_dark="#e0c25a",
        shape="clip-path: polygon(50% 0, 100% 50%, 50% 100%, 0 50%)",
        fill="#e2c45c",
        texture="M3 0V6",
    ),
    Verdict.ACCEPTABLE: Face(
        name=pgettext_lazy("verdict", "Acceptable"),
        meaning=_(
            "No third-country law applies to the offer to a significant extent. Some points may still need work."
        ),
        colour="#2f6b3a",
        on_dark="#8fd19e",
        shape="border-radius: 50%",
        fill="#cfe3d2",
        texture="M0 3H6",
    ),
    Verdict.SOVEREIGN: Face(
        name=pgettext_lazy("verdict", "Sovereign"),
        meaning=_(
            "Only EU law applies to the offer. The provider cannot use the keys, or the service holds "
            "SecNumCloud or an equivalent qualification."
        ),
        colour="#14505c",
        on_dark="#8fcbd6",
        shape="clip-path: polygon(0 0, 100% 0, 100% 60%, 50% 100%, 0 60%)",
        fill="#eef6f8",
    ),
}
