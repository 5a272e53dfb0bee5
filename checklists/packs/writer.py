"""From a pack back to YAML; reading what was written gives the same pack."""

from __future__ import annotations

from typing import Any

import yaml

from checklists.packs.schema import Pack


class _Dumper(yaml.SafeDumper):
    """Keeps the order of fields, writes long texts as blocks, quotes what YAML 1.1 readers would misread."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def write_pack(pack: Pack) -> bytes:
    """The YAML form of ``pack``, UTF-8, fields in the order of the schema, defaults left out."""
    document = pack.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return yaml.dump(document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110).encode()
