"""How many examples a property is tried on, and which: ``--hypothesis-profile`` quick, steady (the default) or explore.

quick and steady try the same examples at every run: what passed here passes elsewhere.
"""

from __future__ import annotations

import hypothesis

PROFILES = {
    "quick": {"derandomize": True, "max_examples": 10},
    "steady": {"derandomize": True},
    "explore": {"print_blob": True},
}
for name, values in PROFILES.items():
    hypothesis.settings.register_profile(name, **values)
hypothesis.settings.load_profile("steady")


def examples(number: int) -> int:
    """How many examples a property that asks for ``number`` is tried on under the profile in force."""
    is_quick = hypothesis.settings().max_examples == PROFILES["quick"]["max_examples"]
    return max(PROFILES["quick"]["max_examples"], number // 4) if is_quick else number
