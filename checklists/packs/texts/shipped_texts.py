"""Every text of the files under ``packs/data``, with its place."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from importlib.resources.abc import Traversable
from typing import Any

from checklists.core.texts.check import Text
from checklists.packs.files.safe_yaml import read_yaml
from checklists.packs.files.shipped import SHIPPED

TITLES = ("title", "label", "name", "term", "says", "authority", "heading", "unit", "short")
"""Fields that hold no sentence."""
SHOWN_ALONE = ("label", "finding", "advice")
"""Fields of an answer or a rule that a report prints without the question."""
IN_THE_GLOSSARY = ("term", "definition")


def shipped_texts(languages: Collection[str]) -> Iterator[Text]:
    """Texts of every data file, in the order of the files. ``languages`` are those the product is written in."""
    for name, file in _files(SHIPPED, ""):
        document = read_yaml(file.read_bytes())[0]
        yield from (
            glossary_texts(document, languages) if name == "glossary.yaml" else texts_of(document, name, languages)
        )


def _files(folder: Traversable, above: str) -> Iterator[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _files(entry, f"{above}{entry.name}/")
        elif entry.name.endswith(".yaml"):
            yield above + entry.name, entry


def glossary_texts(document: Any, languages: Collection[str]) -> Iterator[Text]:
    """Terms and definitions; words to avoid are not texts that anybody reads."""
    for row in document:
        for field in IN_THE_GLOSSARY:
            said = {code: row.get(f"{field}_{code}", "") for code in languages}
            yield Text(f"glossary.yaml/{row['code_word']}/{field}", said, field not in TITLES)


def texts_of(node: Any, place: str, languages: Collection[str]) -> Iterator[Text]:
    """Every mapping from languages to texts below ``node``."""
    if isinstance(node, dict):
        if node and all(code in languages and isinstance(said, str) for code, said in node.items()):
            field = place.rsplit("/", 1)[-1]
            yield Text(place, node, field not in TITLES, field in SHOWN_ALONE)
            return
        for name, value in node.items():
            yield from texts_of(value, f"{place}/{name}", languages)
    elif isinstance(node, list):
        for index, item in enumerate(node):
            here = (
                next((str(item[name]) for name in ("key", "id") if name in item), str(index))
                if isinstance(item, dict)
                else str(index)
            )
            yield from texts_of(item, f"{place}/{here}", languages)
