"""From a pack, or a document that is still written, to YAML; reading what was written gives the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from checklists.packs.editions.schema import Pack
from checklists.packs.editions.settled import tidy

WIDTH = 110
LONG = 100
"""Characters from which a text is written as a block of its own, without quotation marks to double."""

_Base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Dumper(_Base):
    """Keeps the order of fields, writes long texts as blocks, quotes what YAML 1.1 readers would misread."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_text(dumper: Any, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else ">" if len(text) >= LONG and " " in text else None
    node: yaml.ScalarNode = dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)
    return node


_Dumper.add_representer(str, _represent_text)


def write_pack(pack: Pack, comments: Sequence[str] = ()) -> bytes:
    """The YAML form of ``pack``: see :func:`write_document`."""
    return write_document(pack.to_document(), comments)


def write_document(document: Mapping[str, Any], comments: Sequence[str] = ()) -> bytes:
    """The YAML form of ``document``, UTF-8, fields in the order of the schema, defaults left out.

    ``comments`` are lines put before it; the same document and comments give the same bytes.
    """
    head = "".join(f"# {line}\n" for line in comments)
    body: str = yaml.dump(tidy(document), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH)
    return (head + body).encode()


def write_whole(document: Mapping[str, Any]) -> bytes:
    """The YAML form of ``document``, of whatever schema, UTF-8: every field that it holds."""
    body: str = yaml.dump(dict(document), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH)
    return body.encode()


def heading(document: Mapping[str, Any], sha256: str, schema: str, state: str) -> list[str]:
    """The comments before an export: the schema's address for editors, then what the file is.

    ``state`` says what the document is an export of: 'edition' or 'draft of edition'.
    """
    title = f"checklist {document['key']}, {state} {document['number']}, {document['published']}"
    return [f"yaml-language-server: $schema={schema}", title, f"sha256 {sha256}"]
