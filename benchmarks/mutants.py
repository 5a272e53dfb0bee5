"""``make mutate``: of a sample of small faults put into the core, the share that the core's own tests notice.

The faults are mutmut's (a comparison turned, a number raised, an argument left out, ...), inside functions. Each one is
put into a forked copy of this process; the tests that run its line are tried on it, the fastest first, until one fails.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import signal
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import process_time
from types import CodeType, FunctionType

import coverage
import hypothesis
import libcst as cst
import pytest
import yaml
from _pytest.runner import runtestprotocol
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

ROOT = Path(__file__).parents[1]
EQUIVALENTS = Path(__file__).with_name("equivalent_mutants.yaml")
SEED, SAMPLE, AT_LEAST = 13, 150, 0.90
SLOW = 3.0
"""Seconds of processor: a test that takes longer is not tried."""
CANNOT = 101


@dataclass(frozen=True, slots=True)
class Place:
    """A fault that can be put into ``path``: ``node`` becomes ``other``. Lines count from 1."""

    path: str
    function: str
    first: int
    last: int
    function_lines: range
    node: cst.CSTNode
    other: cst.CSTNode
    module: cst.Module

    @property
    def code(self) -> str:
        return self.module.visit(_Replacing(self.node, self.other)).code

    @property
    def change(self) -> tuple[str, str]:
        """What stood there and what stands there instead, each on one line."""
        before, after = (" ".join(cst.Module([]).code_for_node(node).split()) for node in (self.node, self.other))
        return before, after

    def __str__(self) -> str:
        before, after = self.change
        return f"{self.path}:{self.first} {self.function}: {before}  ->  {after}"


class _Replacing(cst.CSTTransformer):
    def __init__(self, node: cst.CSTNode, other: cst.CSTNode) -> None:
        self._node, self._other = node, other

    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> cst.CSTNode:  # type: ignore[override]
        return self._other if original_node is self._node else updated_node


class _Finding(cst.CSTVisitor):
    """Every place of a module. Left alone: annotations, decorators, defaults, and the words of an exception."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, path: str, module: cst.Module) -> None:
        self.places: list[Place] = []
        self._path, self._module = path, module
        self._functions: list[tuple[str, range]] = []
        self._classes: list[str] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Annotation | cst.Decorator | cst.Raise | cst.Parameters):
            return False
        span = self.get_metadata(PositionProvider, node, None)
        if isinstance(node, cst.ClassDef):
            self._classes.append(node.name.value)
        if isinstance(node, cst.FunctionDef):
            self._enter(node.name.value, range(span.start.line, span.end.line + 1))
        elif self._functions and span:
            self._add(node, span.start.line, span.end.line)
        return True

    def _enter(self, name: str, lines: range) -> None:
        """A function inside another one counts as a part of it."""
        outer = self._functions[0] if self._functions else (".".join([*self._classes, name]), lines)
        self._functions.append(outer)

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, cst.ClassDef):
            self._classes.pop()
        if isinstance(original_node, cst.FunctionDef):
            self._functions.pop()

    def _add(self, node: cst.CSTNode, first: int, last: int) -> None:
        name, lines = self._functions[-1]
        for kind, operator in mutation_operators:
            if isinstance(node, kind):
                for other in operator(node):
                    self.places.append(Place(self._path, name, first, last, lines, node, other, self._module))


def places() -> list[Place]:
    """Every fault that can be put into the core, in the order of the files."""
    found = []
    for path in sorted((ROOT / "checklists" / "core").rglob("*.py")):
        wrapper = MetadataWrapper(cst.parse_module(path.read_text("utf-8")))
        finding = _Finding(str(path.relative_to(ROOT)), wrapper.module)
        wrapper.visit(finding)
        found += finding.places
    return found


def sample_of(every: list[Place], seed: int, number: int) -> list[Place]:
    """``number`` of the faults, drawn by what they are: a change elsewhere in the core leaves most of them drawn."""

    def drawn(place: Place) -> str:
        told = "\n".join((str(seed), place.path, place.function, *place.change))
        return sha256(told.encode()).hexdigest()

    return sorted(every, key=drawn)[:number]


class Tried:
    """The core's tests, collected once: each fault is put into a forked copy of this process."""

    def __init__(self, kept: Path, faults: Callable[[Tried], None]) -> None:
        self._kept, self._faults = kept, faults
        self.items: dict[str, pytest.Item] = {}
        self.seconds: dict[str, float] = {}
        self._ran: dict[str, dict[int, list[str]]] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In place of running the tests: measure them, then try the faults on them."""
        if session.testsfailed:
            raise SystemExit("the tests of the core cannot be collected")
        self.items = {item.nodeid: item for item in session.items}
        self._read(session.items)
        self._faults(self)
        return True

    def _read(self, items: list[pytest.Item]) -> None:
        """Run every test once, unless that is kept: its seconds of processor, the lines of the core that it runs."""
        if not (self._kept / "seconds.json").exists():
            _in_child(lambda: _measure(items, self._kept), seconds=3600)
        self.seconds = json.loads((self._kept / "seconds.json").read_text())
        lines = coverage.CoverageData(str(self._kept / "coverage"))
        lines.read()
        self._ran = {path: lines.contexts_by_lineno(path) for path in lines.measured_files()}

    def tests_of(self, place: Place) -> list[str]:
        """The tests that run the place's lines, or else its function's: the fastest first, the slow ones left out."""
        ran = self._ran.get(str(ROOT / place.path), {})
        for lines in (range(place.first, place.last + 1), place.function_lines[1:]):
            tests = {test for line in lines for test in ran.get(line, ()) if self.seconds.get(test, SLOW) < SLOW}
            if tests:
                return sorted(tests, key=self.seconds.__getitem__)
        return []

    def notice(self, place: Place) -> bool:
        """Whether a test fails, or ends no more, with the fault in place. Raises ``LookupError``: it cannot be put."""
        tests = self.tests_of(place)
        bound = 10 + int(5 * sum(self.seconds[test] for test in tests))
        code = _in_child(lambda: self._try(place, tests), seconds=bound) if tests else 0
        if code == CANNOT:
            raise LookupError(place)
        return code != 0

    def _try(self, place: Place, tests: list[str]) -> bool:
        _put(place)
        return not all(is_passed for _test, is_passed in _results([self.items[test] for test in tests]))


def _results(items: list[pytest.Item], begin: Callable[[str], None] = str) -> Iterator[tuple[str, bool]]:
    """Each test run, and whether it passed; ``begin`` is told which one is about to run."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        begin(item.nodeid)
        reports = runtestprotocol(item, log=False, nextitem=following)
        yield item.nodeid, all(report.passed or report.skipped for report in reports)


def _measure(items: list[pytest.Item], kept: Path) -> int:
    """Run every test once; what takes too long is stopped and left out, as is what fails by itself."""
    told = coverage.Coverage(source=[str(ROOT / "checklists" / "core")], data_file=str(kept / "coverage"))
    signal.signal(signal.SIGVTALRM, _stop)

    def begin(test: str) -> None:
        told.switch_context(test)
        signal.setitimer(signal.ITIMER_VIRTUAL, SLOW)

    told.start()
    seconds, before = {}, process_time()
    for test, is_passed in _results(items, begin):
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        if is_passed:
            seconds[test] = process_time() - before
        else:
            print(f"left out, too slow or failing: {test}", flush=True)
        before = process_time()
    told.stop()
    told.save()
    (kept / "seconds.json").write_text(json.dumps(seconds))
    return 0


def _stop(number: int, frame: object) -> None:
    raise TimeoutError


def _put(place: Place) -> None:
    """Have the functions of the place run the faulty code from now on.

    A function is found among all there are by its file and its first line, so that decorated ones are too.
    """
    path = str(ROOT / place.path)
    sound, faulty = (
        {_outline(code): code for code in _codes(compile(text, path, "exec"))}
        for text in (place.module.code, place.code)
    )
    put = 0
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename == path:
            outline = _outline(one.__code__)
            if outline in sound and outline in faulty and outline[0] == place.function:
                one.__code__ = faulty[outline]
                put += 1
    if not put:
        raise LookupError(f"no function for {place}")
    for module in list(sys.modules.values()):
        if module.__name__.startswith("checklists.core"):
            for one in vars(module).values():
                if hasattr(one, "cache_clear"):
                    one.cache_clear()


def _outline(code: CodeType) -> tuple[str, int]:
    """What tells one function of a file from another; a fault may join lines after it, never before."""
    return code.co_qualname, code.co_firstlineno


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def _in_child(act: Callable[[], int], *, seconds: int) -> int:
    """What ``act`` returns in a process of its own that may use ``seconds`` of processor; negative: it was ended."""
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        try:
            code = int(act())
        except BaseException:
            traceback.print_exc()
            code = CANNOT
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--sample", type=int, default=SAMPLE)
    parser.add_argument("--under", default="checklists/core", help="only faults in files whose path begins so")
    parser.add_argument(
        "--kept", type=Path, help="a folder: which test runs which line is kept there, or taken from it"
    )
    asked = parser.parse_args()
    listed = yaml.safe_load(EQUIVALENTS.read_text("utf-8"))
    equivalents = {(row["file"], row["function"], row["before"], row["after"]) for row in listed}
    every = [place for place in places() if place.path.startswith(asked.under)]
    sample = sample_of(every, asked.seed, asked.sample)
    print(f"{len(every)} faults can be made; {len(sample)} are tried (seed {asked.seed})", flush=True)
    counts: Counter[str] = Counter()

    def try_each(tried: Tried) -> None:
        for place in sorted(sample, key=lambda one: (one.path, one.first)):
            if (place.path, place.function, *place.change) in equivalents:
                counts["equivalent"] += 1
                continue
            try:
                outcome = "killed" if tried.notice(place) else "alive"
            except LookupError:
                outcome = "not put in place"
            counts[outcome] += 1
            if outcome != "killed":
                print(f"{outcome.upper()} ({len(tried.tests_of(place))} tests) {place}", flush=True)

    profile = {"derandomize": True, "max_examples": 10, "database": None, "deadline": None}
    phases = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
    hypothesis.settings.register_profile("mutants", phases=phases, **profile)
    options = ["-c", "tests/core/pytest.ini", "-o", "addopts=", "-p", "no:django", "-p", "no:cacheprovider"]
    options += ["-p", "no:xdist", "-q", "--hypothesis-profile", "mutants", "tests/core"]
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        pytest.main(options, [Tried(asked.kept or Path(folder), try_each)])
    share = counts["killed"] / max(1, counts["killed"] + counts["alive"])
    print(f"{share:.1%} killed: {dict(counts)}")
    if share < AT_LEAST:
        raise SystemExit(f"fewer than {AT_LEAST:.0%}")


if __name__ == "__main__":
    main()
