"""A next edition of the flagship, as a test needs it to differ."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from checklists.models import Edition
from checklists.packs.editions.schema import Pack
from checklists.services.editions.publish_edition import publish_edition

Document = dict[str, Any]


def part(document: Document, family: str, key: str) -> Document:
    return next(item for item in document[family] if item["key"] == key)


def next_edition(edition: Edition, **changes: Any) -> Edition:
    """``edition`` published again under the next number. ``changes``: 'reworded' and 'removed' name questions,
    'of_the_workload' those asked once, 'former' maps removed ones to those that cover them,
    'option_gone' gives (question, option) pairs, 'ceiling' a verdict for every gate, 'added' a question to ask."""
    document = deepcopy(edition.document)
    document["number"] += 1
    document["changelog"] = {"fr": "Une autre édition.", "en": "Another edition."}
    for key in changes.get("reworded", ()):
        part(document, "questions", key)["text"] = {"fr": "Autrement dit ?", "en": "In other words?"}
    for key in changes.get("of_the_workload", ()):
        part(document, "questions", key)["scope"] = "workload"
    document["former"] = [
        {"key": key, "into": into, "text": {"fr": "Couverte.", "en": "Covered."}}
        for key, into in changes.get("former", {}).items()
    ]
    for key, option in changes.get("option_gone", ()):
        question = part(document, "questions", key)
        question["options"] = [item for item in question["options"] if item["key"] != option]
    document["questions"] = [item for item in document["questions"] if item["key"] not in changes.get("removed", ())]
    if "added" in changes:
        like = deepcopy(part(document, "questions", "key_holder"))
        like |= {"key": changes["added"], "text": {"fr": "Et sinon ?", "en": "What else?"}, "weight": 1}
        like.pop("applies", None)
        document["questions"].append(like)
    for gate in document["gates"] if "ceiling" in changes else ():
        gate["ceiling"] = changes["ceiling"]
    return publish_edition(Pack.model_validate(document))[0]
