"""Keep an organisation's letterhead."""

from __future__ import annotations

from checklists.models import Branding, Organisation


def branding_of(organisation: Organisation) -> Branding:
    """Its letterhead as kept, or an empty one that is not kept yet."""
    return Branding.objects.filter(organisation=organisation).first() or Branding(organisation=organisation)


def keep_branding(organisation: Organisation, *, address: str, logo: bytes | None) -> None:
    """Keep the address, and the logo unless ``None``, which leaves it as it is; ``b''`` takes it away.

    ``logo`` comes from ``receive_logo``. The name is that of the organisation, kept with the rest of it.
    """
    values: dict[str, object] = {"address": address}
    if logo is not None:
        values["logo"] = logo
    Branding.objects.update_or_create(organisation=organisation, defaults=values)
