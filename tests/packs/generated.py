"""Packs of any shape the schema allows, for property tests; most make no sense, none is malformed."""

from __future__ import annotations

from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from hypothesis import strategies as st
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from checklists.core.kinds import kinds
from checklists.packs.editions import schema
from checklists.packs.editions.schema import Pack

SENTENCES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Cn"]), min_size=1, max_size=40),
    st.text(st.sampled_from("a' \":#-–\u00a0\u202f>|\n\t«é»😀,[{&*!%@`=+"), min_size=1, max_size=260),
    st.sampled_from(
        ["yes", "no", "null", "~", "2020-10-08", "1.5", "0x10", "<<", "=", "'", "---", "- a", "a: b", "# a"]
    ),
).filter(lambda text: text.strip() and schema_strips_to_something(text))
KEYS = st.from_regex(r"[a-z][a-z0-9_-]{0,6}", fullmatch=True)
DAYS = st.dates().map(str)
NAMED: Mapping[Any, st.SearchStrategy[Any]] = {
    schema.Key: KEYS,
    schema.Code: st.from_regex(r"[a-z0-9][a-z0-9_-]{0,6}", fullmatch=True),
    schema.CountryCode: st.from_regex(r"[A-Z]{2}", fullmatch=True),
    schema.Day: DAYS,
    schema.KindKey: st.sampled_from([kind.key for kind in kinds()]),
    schema.Text: st.dictionaries(st.sampled_from(["fr", "en", "no", "pt-br"]), SENTENCES, min_size=1),
    schema.Condition: st.one_of(
        st.fixed_dictionaries({"is": st.dictionaries(KEYS, KEYS, min_size=1, max_size=1)}),
        st.fixed_dictionaries({"at_least": st.dictionaries(KEYS, st.integers(0, 4), min_size=1, max_size=1)}),
        st.fixed_dictionaries(
            {"not": st.fixed_dictionaries({"in": st.dictionaries(KEYS, st.lists(KEYS), min_size=1)})}
        ),
    ),
}


def schema_strips_to_something(text: str) -> bool:
    """Whether the schema, which strips more than Python does, leaves anything of ``text``."""
    return bool(text.strip("\x85\ufeff\u200b \t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\u2028\u2029\u00a0\u202f"))


def _values(annotation: Any, field: FieldInfo | None = None) -> st.SearchStrategy[Any]:
    for named, strategy in NAMED.items():
        if annotation == named:
            return strategy
    origin = get_origin(annotation)
    if origin in (Union, UnionType):
        return st.one_of(*[_values(arm, field) for arm in get_args(annotation) if arm is not type(None)])
    if origin is Annotated:
        return _values(get_args(annotation)[0], FieldInfo.from_annotation(annotation))
    if origin is Literal:
        return st.sampled_from(get_args(annotation))
    metadata = field.metadata if field else ()
    bounds = {
        name: getattr(bound, name)
        for bound in metadata
        for name in ("ge", "le", "min_length")
        if getattr(bound, name, None) is not None
    }
    if origin is list:
        return st.lists(_values(get_args(annotation)[0]), min_size=bounds.get("min_length", 0), max_size=2)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return parts(annotation)
    if annotation is int:
        return st.integers(bounds.get("ge", 0), bounds.get("le", 100))
    if annotation is bool:
        return st.booleans()
    return st.just("https://example.org/a") if field and field.metadata else st.sampled_from(["fr", "en"])


def parts(model: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
    """What a pack may write for one part of ``model``; what has a default is there or not."""
    needed, optional = {}, {}
    for name, field in model.model_fields.items():
        bare = schema.Key if field.annotation is str and name == "key" else field.annotation
        (needed if field.is_required() else optional)[field.alias or name] = _field(model, name, bare, field)
    return st.fixed_dictionaries(needed, optional=optional)


def _field(model: type[BaseModel], name: str, annotation: Any, field: FieldInfo) -> st.SearchStrategy[Any]:
    if annotation is str and field.metadata:
        # A field keeps what its annotation said beside the type.
        for named, strategy in NAMED.items():
            if get_origin(named) is Annotated and list(named.__metadata__) == list(field.metadata):
                return strategy
    return _values(annotation, field)


PACKS: st.SearchStrategy[dict[str, Any]] = parts(Pack)
"""Documents as a file would hold them."""


def without_twins(document: dict[str, Any]) -> dict[str, Any]:
    """``document`` with one part of each key in each list, as a draft has it."""
    lists = [document, *document["questions"]]
    for holder in lists:
        for name, parts_ in holder.items():
            if isinstance(parts_, list) and parts_ and isinstance(parts_[0], dict) and "key" in parts_[0]:
                holder[name] = list({part["key"]: part for part in parts_}.values())
    return document
