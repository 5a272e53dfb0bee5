"""A text without what is not prose: code, addresses, places to fill in."""

from __future__ import annotations

import re

_CODE = re.compile(
    r"```.*?```|`[^`]*`|\{%.*?%\}|</?[a-zA-Z][^>]*>|&\w+;|https?://\S+|\b[\w.-]+@[\w.-]+"
    r"|\"\d+\"|\b[A-Z]\w+: Bearer \S+|(?<!\w)'[^'\n]{1,40}'(?!\w)|(?<=«\u00a0)(?:[a-z_]+:[^»]*|[^\w»]+)(?=\u00a0»)",
    re.S,
)
_VALUE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\{.*?\}\}|\{\w*\}")
_LINK = re.compile(r"\]\([^)]*\)")
CODE, VALUE = "\ue000", "\ue001"
"""Stand for a piece of code and for a value filled in later. Each counts as a word."""


def plain(text: str) -> str:
    """``text`` with code replaced by ``CODE``, values by ``VALUE``, and the addresses of Markdown links left out.

    What stands between straight single quotes is code, as in ``'schema'``: messages quote keys of files so. In French,
    so is what ends with a colon, or has no letter, between ``« »``.
    """
    without_links = _LINK.sub("]", text)
    return _CODE.sub(lambda found: _stand_in(found[0]), _VALUE.sub(VALUE, without_links))


def _stand_in(found: str) -> str:
    return "" if found.startswith("<") else CODE
