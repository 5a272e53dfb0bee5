"""``make soak MINUTES=10``: a default installation under everything at once, and what was lost, broken or grown.

Several people save answers, read pages, ask for drafts and send evidence, while files made to stop their reader and
requests that make no sense come in. ``--postgresql`` does the same on PostgreSQL with two nodes that share the
database, the cache and the folder of files. Ends with 1 when an acknowledged save or file is missing, when a page
answered 500 or more, or when memory grew by more than 15 %.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import requests
from urllib3.util import Retry

from tests.postgres import free_port, postgres
from tests.services.foreign_files import hostile_files as hostile

ROOT = Path(__file__).resolve().parent.parent
MOST_GROWN = 0.15
PEOPLE = 5
ANSWERED_LATE = 60
"""Seconds after which a page that has not answered counts as broken."""
READER = "foreign_files.child"
"""What the command line of the process that waits for strangers' files says."""

ROLES = {"reader": READER, "worker": "db_worker"}

SETUP = """
import json
from allauth.account.models import EmailAddress
from checklists.models import Answer, Membership, Offer, User
from checklists.services.judging.judge_offer import edition_of
offer = Offer.objects.get()
people = []
for number in range({people}):
    user = User.objects.create_user(f"soak{{number}}@example.org", "a long pass phrase")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    Membership.objects.create(user=user, organisation=offer.assessment.organisation, role="owner")
    people.append(user.email)
questions = edition_of(offer.assessment).questions
rows = Answer.objects.filter(offer=offer, status="answered")
answers = [(row.question, row.value, row.justification, row.revision) for row in rows
           if row.value in questions[row.question].options]
print(json.dumps({{"offer": str(offer.pk), "assessment": str(offer.assessment_id),
      "organisation": offer.assessment.organisation_id, "people": people, "answers": answers}}))
"""
READ_BACK = """
import json
from checklists.models import Answer, Evidence
from checklists.services.evidence import files
from checklists.services.trail.verify_trail import verify_trail
kept = Evidence.objects.exclude(stored_as="")
gone = [piece.title for piece in kept if not files.read(piece.stored_as)]
rows = Answer.objects.exclude(offer=None).values_list("question", "revision", "comment")
print(json.dumps({"answers": list(rows), "evidence": list(kept.values_list("title", flat=True)), "gone": gone,
                  "trail": len(verify_trail())}))
"""


@dataclass
class Tally:
    """What the actors saw. ``saved``: the last acknowledged revision and comment of each question."""

    answered: Counter[tuple[str, int]] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    saved: dict[str, tuple[int, str]] = field(default_factory=dict)
    saves: int = 0
    sent: list[str] = field(default_factory=list)
    slowest: float = 0.0
    pages: list[float] = field(default_factory=list)


class Browser:
    """One person's: sends to the nodes in turn, and tells the tally of every answer."""

    def __init__(self, nodes: Sequence[str], tally: Tally, email: str = "") -> None:
        self.nodes, self.tally, self.turn = nodes, tally, 0
        self.session = requests.Session()
        # A connection kept open may be closed by the server at the moment it is used again.
        self.session.headers["Connection"] = "close"
        if email:
            page = self.ask("sign in", "GET", "/account/login/").text
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
            assert token, page[:500]
            sent = {"login": email, "password": "a long pass phrase", "csrfmiddlewaretoken": token.group(1)}
            self.ask("sign in", "POST", "/account/login/", data=sent)
            assert "sessionid" in self.session.cookies, email
            self.session.headers["X-CSRFToken"] = str(self.session.cookies["csrftoken"])

    def ask(self, what: str, method: str, path: str, **sent: Any) -> requests.Response:
        node, self.turn = self.nodes[self.turn % len(self.nodes)], self.turn + 1
        began = time.monotonic()
        response = self.session.request(method, node + path, timeout=ANSWERED_LATE, allow_redirects=False, **sent)
        taken = time.monotonic() - began
        self.tally.answered[what, response.status_code] += 1
        if what == "page":
            self.tally.pages.append(taken)
        if response.status_code >= 500:
            self.tally.broken.append(f"{response.status_code} {what} {method} {path}")
        return response


@contextmanager
def served(environment: dict[str, str], port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The server that ``make run`` starts, with its worker; ended afterwards, whatever it started included."""
    command = [sys.executable, "-m", "gunicorn", "-c", "compliance/with_worker.py", "compliance.wsgi"]
    command += ["--bind", f"127.0.0.1:{port}", "--access-logfile", "/dev/null", "--log-level", "warning"]
    with log.open("ab") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out, start_new_session=True)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"manage.py {arguments[0]} failed:\n{done.stderr[-3000:]}")
    return done.stdout


def told(environment: dict[str, str], code: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(manage(environment, "shell", "--no-imports", "-c", code).splitlines()[-1])
    return found


def actors(nodes: Sequence[str], tally: Tally, setup: dict[str, Any]) -> list[tuple[str, float, Callable[[], None]]]:
    """Who acts: a name, the pause between two acts in seconds, and the act."""
    offer, assessment = setup["offer"], setup["assessment"]
    answers = {key: [value, reason, revision] for key, value, reason, revision in setup["answers"]}
    people = [Browser(nodes, tally, email) for email in setup["people"]]
    stranger = Browser(nodes, tally)
    chance = random.Random(1)

    def saver(browser: Browser, keys: list[str]) -> Callable[[], None]:
        turn = iter(range(10**9))

        def save() -> None:
            number = next(turn)
            key = keys[number % len(keys)]
            value, reason, revision = answers[key]
            text = f"{key} {number}"
            said = {"answer": f"option:{value}", "justification": reason or "As written.", "comment": text}
            sent = {f"q-{key}-{name}": each for name, each in (said | {"revision": str(revision)}).items()}
            response = browser.ask(
                "save", "POST", f"/offers/{offer}/answers/{key}/", data=sent, headers={"HX-Request": "true"}
            )
            if response.status_code == 200:
                answers[key][2] = revision + 1
                tally.saved[key] = (revision + 1, text)
                tally.saves += 1
            else:
                tally.broken.append(f"a save refused: {response.status_code}")

        return save

    places = [
        "/assessments/", "/assessments/portfolio.csv", "/assessments/portfolio.xlsx",
        "/my-work/", "/help/", "/decided-cases/", "/frameworks/", "/accessibility/",
        f"/assessments/{assessment}/", f"/assessments/{assessment}/comparison/", f"/assessments/{assessment}/evidence/",
        f"/offers/{offer}/result/", f"/offers/{offer}/review/", f"/offers/{offer}/reports/",
        f"/assessments/{assessment}/review/", f"/organisations/{setup['organisation']}/", "/health",
    ]  # fmt: skip

    def read() -> None:
        people[2].ask("page", "GET", chance.choice(places))

    def draft() -> None:
        kind = chance.choice(["pdf", "docx", "html"])
        people[3].ask("draft", "GET", f"/offers/{offer}/report/?format={kind}&language={chance.choice(['fr', 'en'])}")

    def upload() -> None:
        name = f"Clause {len(tally.sent)}"
        sent = {"title": name, "kind": "contract", "strength": "document"}
        file = {"file": ("clause.txt", f"{name}: the keys stay with the customer. {random.random()}".encode())}
        key = chance.choice(list(answers))
        path = f"/offers/{offer}/evidence/{key}/"
        response = people[4].ask("evidence", "POST", path, data=sent, files=file)
        if response.status_code == 302:
            tally.sent.append(name)

    made = [
        ("clause.pdf", hostile.object_stream_of_tiny_objects()), ("clause.pdf", hostile.nested_arrays()),
        ("clause.docx", hostile.document_of_tiny_elements()), ("clause.docx", hostile.nested_elements()),
        ("clause.png", hostile.image_of_nothing()),
    ]  # fmt: skip
    logos = [hostile.many_stops(), hostile.chained_clips(), hostile.translucent_layers()]

    def attack() -> None:
        name, contents = chance.choice(made)
        sent = {"title": "Clause", "kind": "contract", "strength": "document"}
        path = f"/offers/{offer}/evidence/{chance.choice(list(answers))}/"
        people[4].ask("hostile file", "POST", path, data=sent, files={"file": (name, contents)})
        logo = {"logo": ("logo.svg", chance.choice(logos))}
        people[3].ask("hostile logo", "POST", f"/organisations/{setup['organisation']}/letterhead/", files=logo)

    nonsense: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", f"/offers/{'9' * 5000}/result/", {}), ("GET", "/organisations/99999999999999999999/", {}),
        ("POST", "/account/login/", {"data": {"login": "\0", "password": "x" * 100_000}}),
        ("POST", "/verify/", {"data": {"code": "\ud800".encode("utf-8", "surrogatepass")}}),
        ("POST", "/nowhere/", {"data": b"x" * 3_000_000}), ("GET", "/assessments/?page=" + "9" * 4000, {}),
        ("POST", "/account/second-factor/webauthn/login/", {"data": {"credential": '{"response": []}'}}),
    ]  # fmt: skip

    def babble() -> None:
        method, path, sent = chance.choice(nonsense)
        try:
            stranger.ask("nonsense", method, path, **sent)
        except requests.ConnectionError:  # Refused before it was read, and the connection closed on the rest.
            tally.answered["nonsense, cut off", 0] += 1

    keys = sorted(answers)
    return [
        ("saver", 0.05, saver(people[0], keys[::2])), ("saver", 0.05, saver(people[1], keys[1::2])),
        ("reader", 0.3, read), ("drafter", 6.0, draft), ("sender", 1.5, upload), ("attacker", 4.0, attack),
        ("babbler", 0.7, babble),
    ]  # fmt: skip


def act_until(end: float, pause: float, act: Callable[[], None], tally: Tally) -> None:
    while time.monotonic() < end:
        try:
            act()
        except requests.RequestException as error:
            tally.broken.append(f"no answer: {type(error).__name__}")
        time.sleep(pause)


def memory(masters: Sequence[int]) -> Counter[str]:
    """Bytes of the servers, of what works beside them and of the processes that wait for files, without readings under
    way: each memory shared by several is shared out between them."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError, ValueError):
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    ours: set[int] = set(masters)
    while more := {number for number, parent in parents.items() if parent in ours} - ours:
        ours |= more
    total: Counter[str] = Counter()
    for number in ours:
        with suppress(OSError):
            if _is_reading(number, parents):
                continue
            rollup = Path(f"/proc/{number}/smaps_rollup").read_text()
            total[_role(number)] += int(re.findall(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[0]) * 1024
    return total


def _role(number: int) -> str:
    line = Path(f"/proc/{number}/cmdline").read_text().replace("\0", " ")
    return next((role for role, said in ROLES.items() if said in line), "site")


def _is_reading(number: int, parents: dict[int, int]) -> bool:
    """Whether it is a copy that the waiting process made of itself, for one file."""
    above = parents.get(number, 0)
    return all(READER in Path(f"/proc/{each}/cmdline").read_text() for each in (number, above))


def soak(
    minutes: float, nodes: Sequence[str], masters: Sequence[int], tally: Tally, setup: dict[str, Any]
) -> list[Counter[str]]:
    """The memory, every few seconds, once everybody acts."""
    end = time.monotonic() + minutes * 60
    doing = [
        threading.Thread(target=act_until, args=(end, pause, act, tally), name=name)
        for name, pause, act in actors(nodes, tally, setup)
    ]
    for thread in doing:
        thread.start()
    found = []
    while time.monotonic() < end:
        time.sleep(min(3.0, max(0.0, end - time.monotonic())))
        found.append(memory(masters))
    for thread in doing:
        thread.join()
    return found


def grown(found: Sequence[Counter[str]]) -> float:
    """How much larger the last fifth is than the third one: until then what is kept on purpose is being filled."""
    sums = [each.total() for each in found]
    part = max(len(sums) // 5, 1)
    return median(sums[-part:]) / median(sums[2 * part : 3 * part] or sums) - 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="soak-")))
        ports = [free_port() for _node in range(2 if asked.postgresql else 1)]
        nodes = [f"http://127.0.0.1:{port}" for port in ports]
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        environment = kept | {"VAR_DIR": str(folder / "var"), "SITE_URL": nodes[0], "LOG_LEVEL": "WARNING"}
        environment["MALLOC_ARENA_MAX"] = "2"
        if asked.postgresql:
            environment |= {
                "DATABASE_URL": stack.enter_context(postgres()), "SEVERAL_NODES": "True",
                "SECRET_KEY": secrets.token_urlsafe(64), "CACHE_URL": f"filecache://{folder / 'cache'}",
            }  # fmt: skip
        manage(environment, "collectstatic", "--noinput", "--verbosity", "0")
        manage(environment, "firstrun")
        setup = told(environment, SETUP.format(people=PEOPLE))
        log = folder / "log"
        masters = [stack.enter_context(served(environment, port, log)).pid for port in ports]
        for node in nodes:
            _wait_for(node)
        tally = Tally()
        began = time.monotonic()
        found = soak(asked.minutes, nodes, masters, tally, setup)
        took = time.monotonic() - began
        back = told(environment, READ_BACK)
        return _report(tally, back, found, took, log)


def _wait_for(node: str) -> None:
    session = requests.Session()
    session.mount("http://", requests.adapters.HTTPAdapter(
        max_retries=Retry(total=60, connect=60, backoff_factor=0.1, backoff_max=1)))  # fmt: skip
    session.get(f"{node}/health", timeout=60).raise_for_status()


def _report(tally: Tally, back: dict[str, Any], found: Sequence[Counter[str]], took: float, log: Path) -> int:
    there = {question: (revision, comment) for question, revision, comment in back["answers"]}
    lost = [key for key, said in tally.saved.items() if there.get(key) != said]
    lost += [name for name in tally.sent if name not in back["evidence"] or name in back["gone"]]
    growth = grown(found)
    for (what, status), number in sorted(tally.answered.items()):
        print(f"{what:>18} {status}: {number}")
    for what, number in Counter(tally.broken).most_common(10):
        print(f"BROKEN {number} x {what}")
    if tally.broken:
        print(log.read_text()[-4000:])
    print(f"minutes={took / 60:.1f} saves={tally.saves} files={len(tally.sent)} lost={len(lost)}")
    print(f"unexpected 5xx, refusals and silences={len(tally.broken)} breaks of the trail={back['trail']}")
    print(f"pages: median {median(tally.pages):.2f} s, slowest {max(tally.pages):.2f} s")
    for each in found[:: max(len(found) // 10, 1)]:
        parts = ", ".join(f"{role} {size >> 20}" for role, size in sorted(each.items()))
        print(f"memory: {each.total() >> 20} MB ({parts})")
    print(f"memory from the third fifth to the last: {growth:+.1%}")
    return int(bool(lost or tally.broken or back["trail"] or growth > MOST_GROWN))


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_sent: sys.exit(1))
    sys.exit(main())
