"""A condition built from menus: what is compared, how, and to which values; in groups of all, any or none.

Every button of the builder sends the whole form: nothing is saved, the form comes back with the builder changed.
A script may do the same without leaving the page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from checklists.core.editions.conditions import ConditionError, parse
from checklists.core.kinds import kind_of
from checklists.words.editions.conditions import Catalogue, FactWords, sentence
from checklists.words.kinds import face_of
from checklists.words.vocabulary import STRENGTHS

MAX_DEPTH = 12
MAX_TERMS = 40
SHORT = 4
"""A condition of so many comparisons at most is shown open; in a longer one each node is words until one edits it."""
GROUPS = ("all", "any", "none")
ACT = "--do"
"""Ends the name of a button that changes the builder without saving."""


@dataclass
class Node:
    """A group (``kind`` 'all', 'any' or 'none') or a comparison (``kind`` 'leaf')."""

    kind: str
    terms: list[Node] = field(default_factory=list)
    key: str = ""
    test: str = "in"
    values: list[str] = field(default_factory=list)
    number: str = ""
    is_open: bool = False


def to_node(document: Any) -> Node:
    """The builder's tree of a condition in the form of packs; the outermost is always a group."""
    node = _node(document) if document else Node("all")
    return node if node.kind in GROUPS else Node("all", [node])


def _node(document: Any) -> Node:
    ((operator, operand),) = document.items()
    if operator in ("all", "any"):
        return Node(operator, [_node(term) for term in operand])
    if operator == "not":
        return Node("none", [_node(term) for term in operand["any"]] if "any" in operand else [_node(operand)])
    ((key, value),) = operand.items()
    if operator == "evidence_at_least":
        return Node("leaf", key=key, test="evidence", values=[value])
    if operator == "at_least":
        return Node("leaf", key=key, test="at_least", number=str(value))
    return Node("leaf", key=key, values=[value] if operator == "is" else list(value))


def to_document(node: Node) -> Any:
    """The condition in the form of packs; ``None`` for an empty group. Raises ``ValidationError`` on a gap."""
    if node.kind == "leaf":
        return _comparison(node)
    terms = [document for term in node.terms if (document := to_document(term)) is not None]
    if not terms:
        return None
    if node.kind == "none":
        return {"not": terms[0] if len(terms) == 1 else {"any": terms}}
    return terms[0] if len(terms) == 1 else {node.kind: terms}


def _comparison(node: Node) -> Any:
    if not node.key:
        raise ValidationError(_("Choose what each comparison is about, or take it out."))
    if node.test == "at_least":
        if not node.number.isdecimal():
            raise ValidationError(_("Give a number to compare to."))
        return {"at_least": {node.key: int(node.number)}}
    if node.test == "evidence":
        if len(node.values) != 1:
            raise ValidationError(_("Tick the one strength that evidence must have at least."))
        return {"evidence_at_least": {node.key: node.values[0]}}
    if not node.values:
        raise ValidationError(_("Tick one answer or more in each comparison, or take it out."))
    return {"is": {node.key: node.values[0]}} if len(node.values) == 1 else {"in": {node.key: node.values}}


class ConditionWidget(forms.Widget):
    template_name = "admin/drafts/condition_widget.html"
    use_fieldset = True

    def __init__(self, facts: Catalogue) -> None:
        self.facts = facts
        super().__init__()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Node | None:
        if f"{name}::kind" not in data:
            return None
        root = _read(data, name, "", 0)
        self._act(root, data.get(name + ACT, ""))
        return root

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}::kind" not in data

    @staticmethod
    def _act(root: Node, order: str) -> None:
        """Carry out a button: 'leaf 0.1' and 'group 0.1' add to that group, 'remove 0.1' takes a node out."""
        act, _space, path = order.partition(" ")
        steps = [int(step) for step in path.split(".") if step.isdecimal()]
        node, above = root, None
        for step in steps:
            if step >= len(node.terms):
                return
            node, above = node.terms[step], node
        if act == "remove" and above is not None:
            above.terms[:] = [term for term in above.terms if term is not node]
        elif act == "leaf" and len(node.terms) < MAX_TERMS:
            node.terms.append(Node("leaf", is_open=True))
        elif act == "group" and len(steps) + 1 < MAX_DEPTH:
            node.terms.append(Node("any", [Node("leaf", is_open=True)], is_open=True))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        root = value if isinstance(value, Node) else to_node(value)
        self._show_all = not isinstance(value, Node) and _comparisons(root) <= SHORT
        context = super().get_context(name, "", attrs)
        context["node"] = self._shown(root, name, "", 1)
        context["act"] = name + ACT
        context["is_long"] = _comparisons(root) > SHORT
        try:
            context["sentence"] = sentence(to_document(root), self.facts) or _("No condition")
        except ValidationError:
            context["sentence"] = _("Not complete yet: a comparison waits for its question or its answers")
        return context

    def _shown(self, node: Node, name: str, path: str, number: int) -> dict[str, Any]:
        """What the template of one node needs, its terms included."""
        prefix = f"{name}:{path}"
        depth = len(path.split(".")) if path else 0
        shown: dict[str, Any] = {"prefix": prefix, "path": path, "kind": node.kind, "number_in_group": number}
        said = self._words(node)
        shown |= {"words": said, "is_open": node.is_open or self._show_all or not path or not said}
        if node.kind != "leaf":
            shown["kinds"] = [
                ("all", _("all of these"), node.kind == "all"),
                ("any", _("at least one of these"), node.kind == "any"),
                ("none", _("none of these"), node.kind == "none"),
            ]
            children = [(f"{path}.{index}" if path else str(index), term) for index, term in enumerate(node.terms)]
            shown["terms"] = [self._shown(term, name, own, i) for i, (own, term) in enumerate(children, 1)]
            shown["next"] = f"{name}:{path}.{len(children)}:key" if path else f"{name}:{len(children)}:key"
            shown["can_nest"] = depth + 1 < MAX_DEPTH
            return shown
        fact = self.facts.get(node.key)
        tests = _tests(fact, node)
        node.test = test = node.test if node.test in tests else next(iter(tests))
        return shown | {
            "groups": self._menu(node.key),
            "key": node.key,
            "tests": [(key, label, key == test) for key, label in tests.items()],
            "test": test,
            "values": [(value, label, value in node.values) for value, label in _values(fact, node).items()],
            "is_long": bool(_menu_of(fact)) and test != "evidence",
            "number": node.number,
        }

    def _words(self, node: Node) -> str:
        """The node in words; '' while it is not complete."""
        try:
            return sentence(to_document(node), self.facts)
        except ValidationError:
            return ""

    def _menu(self, chosen: str) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        groups: dict[str, list[tuple[str, str, bool]]] = {}
        for fact in self.facts.values():
            groups.setdefault(fact.group, []).append((fact.key, fact.label, fact.key == chosen))
        if chosen and chosen not in self.facts:
            groups[_("Other facts")] = [(chosen, chosen, True)]
        return list(groups.items())


def _tests(fact: FactWords | None, node: Node) -> dict[str, str]:
    """The comparisons that make sense for ``fact``, and in any case the one that stands."""
    among, at_least = {"in": _("is one of")}, {"at_least": _("is at least")}
    if not node.key:
        return among
    if fact is None:
        return among | at_least
    if fact.kind == "number":
        return at_least
    evidence = {"evidence": _("rests on evidence of at least")} if fact.is_question else {}
    among |= evidence
    if fact.is_question and not kind_of(fact.kind).is_compared:
        # No condition reads the answer: what is derived from it is compared, and its evidence.
        return evidence
    return among | {"at_least": _("is worth at least level")} if fact.is_scored else among


def _values(fact: FactWords | None, node: Node) -> dict[str, Any]:
    if node.test == "evidence":
        return {strength.key: words for strength, words in STRENGTHS.items()}
    if menu := _menu_of(fact):
        return menu
    known = dict(fact.values) if fact else {}
    return known | ({value: value for value in node.values} if fact is None else {})


def _menu_of(fact: FactWords | None) -> dict[str, Any]:
    """The values of a question that has no options to choose from."""
    return dict(face_of(fact.kind).menu()) if fact is not None and fact.is_question else {}


def _read(data: Any, name: str, path: str, depth: int) -> Node:
    prefix = f"{name}:{path}"
    kind = data.get(f"{prefix}:kind", "")
    is_open = f"{prefix}:open" in data
    if kind not in GROUPS or depth >= MAX_DEPTH:
        return Node(
            "leaf",
            key=data.get(f"{prefix}:key", "")[:80],
            test=test if (test := data.get(f"{prefix}:test")) in ("at_least", "evidence") else "in",
            values=data.getlist(f"{prefix}:values")[:300],
            number=data.get(f"{prefix}:number", "").strip()[:6],
            is_open=is_open,
        )
    count = data.get(f"{prefix}:count", "0")
    size = min(int(count) if count.isdecimal() and len(count) < 4 else 0, MAX_TERMS)
    children = [f"{path}.{index}" if path else str(index) for index in range(size)]
    return Node(kind, [_read(data, name, child, depth + 1) for child in children], is_open=is_open)


def _comparisons(node: Node) -> int:
    return 1 if node.kind == "leaf" else sum(map(_comparisons, node.terms))


class ConditionField(forms.Field):
    """Cleans to a condition in the form of packs, or ``None``. What means the same as before stays as it was."""

    def __init__(self, facts: Catalogue, **kwargs: Any) -> None:
        self.facts = facts
        super().__init__(widget=ConditionWidget(facts), **kwargs)

    def clean(self, value: Any) -> Any:
        node = value if isinstance(value, Node) else to_node(value)
        _drop_strangers(node, self.facts)
        document = to_document(node)
        if document is None and self.required:
            raise ValidationError(_("Build a condition of one comparison or more."))
        if document is not None and self.initial:
            try:
                return self.initial if parse(self.initial) == parse(document) else document
            except ConditionError:
                return document
        return document


def _drop_strangers(node: Node, facts: Catalogue) -> None:
    """Forget ticks that belong to the question chosen before, and comparisons it does not allow."""
    for term in node.terms:
        _drop_strangers(term, facts)
    fact = facts.get(node.key)
    if node.kind == "leaf" and fact is not None:
        if node.test not in _tests(fact, node):
            node.test = next(iter(_tests(fact, node)))
        allowed = _values(fact, node)
        node.values = [value for value in node.values if value in allowed]
