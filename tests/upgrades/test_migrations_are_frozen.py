"""Published migrations are never rewritten nor renumbered; new ones take the next number, one each, in one line."""

from __future__ import annotations

import hashlib
from itertools import count
from pathlib import Path

from django.db.migrations.loader import MigrationLoader

import checklists.migrations

MIGRATIONS = Path(checklists.migrations.__path__[0])
FROZEN = dict(reversed(line.split()) for line in Path(__file__).with_name("frozen.txt").read_text().splitlines())


def test_what_is_published_stands_to_the_byte() -> None:
    found = {name: hashlib.sha256((MIGRATIONS / name).read_bytes()).hexdigest() for name in FROZEN}
    assert found == FROZEN


def test_each_new_migration_takes_the_next_number() -> None:
    """Two 0008 and the gap before them are history; since 0021 there is neither."""
    names = sorted(path.stem for path in MIGRATIONS.glob("0*.py"))
    recent = [int(name[:4]) for name in names if name[:4] > "0021"]
    assert recent == [number for number, _name in zip(count(22), recent, strict=False)]


def test_each_migration_follows_the_one_before() -> None:
    graph = MigrationLoader(None).graph
    assert len(graph.leaf_nodes("checklists")) == 1
    for node in graph.nodes:
        if node[0] == "checklists":
            assert len([child for child in graph.node_map[node].children if child.key[0] == "checklists"]) <= 1
