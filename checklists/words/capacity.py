"""Needs and gaps in words."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklists.core.capacity import Gap
from checklists.models.capacity import Capacity

SERVICE_WORDS = {
    "virtual_machines": gettext_lazy("Virtual machines"),
    "object_storage": gettext_lazy("Object storage"),
    "relational_database": gettext_lazy("Relational database"),
    "data_warehouse": gettext_lazy("Data warehouse"),
    "containers": gettext_lazy("Containers (Kubernetes)"),
    "notebooks": gettext_lazy("Analysis notebooks"),
    "machine_learning": gettext_lazy("Machine learning"),
    "identity": gettext_lazy("Identity and access"),
    "key_management": gettext_lazy("Key management"),
    "backup": gettext_lazy("Backup"),
    "monitoring": gettext_lazy("Monitoring and logs"),
    "messaging": gettext_lazy("Message queues"),
}
CERTIFICATION_WORDS = {
    "iso_27001": "ISO/IEC 27001",
    "iso_27701": "ISO/IEC 27701",
    "hds": gettext_lazy("HDS (health data hosting, France)"),
    "secnumcloud": gettext_lazy("SecNumCloud (ANSSI)"),
    "c5": gettext_lazy("C5 (BSI, Germany)"),
    "ens": gettext_lazy("ENS (Spain)"),
    "pci_dss": "PCI DSS",
}


def gap_sentence(gap: Gap) -> str:
    """What is asked and what is provided, in one sentence of the active language."""
    if gap.need in ("services", "certifications"):
        words = SERVICE_WORDS if gap.need == "services" else CERTIFICATION_WORDS
        missing = _listed(words[key] for key in words if key in gap.asked)  # type: ignore[operator]
        label = _("Managed services") if gap.need == "services" else _("Certifications")
        asked, provided = missing, _("not stated") if gap.provided is None else _("missing")
    else:
        label = str(Capacity._meta.get_field(gap.need).verbose_name)  # type: ignore[union-attr]
        label = label[:1].upper() + label[1:]
        asked = _value(gap.asked)
        provided = _("not stated") if gap.provided is None else _value(gap.provided)
    return _("%(label)s: %(asked)s needed, %(provided)s") % {"label": label, "asked": asked, "provided": provided}


def _value(value: object) -> str:
    if isinstance(value, Decimal | int):
        figure = Decimal(value)
        whole = figure == figure.to_integral_value()
        return number_format(int(figure) if whole else figure.normalize(), use_l10n=True, force_grouping=True)
    return str(Capacity.Support(str(value)).label)


def _listed(words: Iterable[object]) -> str:
    return ", ".join(str(word) for word in words)
