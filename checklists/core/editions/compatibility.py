"""What the documents of editions leave unsaid, and what it means: published editions never change."""

from __future__ import annotations

TAKEN = {
    "us_law_reach": "chain_us_reach",
    "other_third_country_reach": "chain_other_reach",
    "contracting_entity_country": "chain_contracting_country",
    "ultimate_parent_country": "chain_parent_country",
}
"""The derived fact that answers a question of that key, in a checklist that does not say what answers what."""
