"""Merging postures with the postures they extend."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from detente.case.expression import Expression
from detente.case.findings import Findings
from detente.case.model import Commitment, Disclosure
from detente.case.names import advice
from detente.case.span import Span
from detente.case.syntax import Word


@dataclass
class Edits:
    """What one posture changes, and where that is said."""

    commit: dict[str, Commitment] = field(default_factory=dict[str, Commitment])
    disclose: dict[str, Disclosure] = field(default_factory=dict[str, Disclosure])
    set: dict[str, Expression] = field(default_factory=dict[str, Expression])
    allow: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    spans: dict[tuple[str, str], Span] = field(default_factory=dict[tuple[str, str], Span])

    def parts(self) -> tuple[tuple[str, dict[str, Any]], ...]:
        """The four kinds of change by their key in the case file."""
        return (("commit", self.commit), ("disclose", self.disclose), ("set", self.set), ("allow", self.allow))


@dataclass(frozen=True)
class Extending:
    """What can extend one another.

    Attributes:
        one: What one of them is called, such as "posture".
        unknown: Code of the error that there is no such one.
        circle: Code of the error that they extend one another in a circle.
    """

    one: str
    unknown: str
    circle: str


POSTURES = Extending("posture", "C018", "C408")


def in_order(
    extends: Mapping[str, tuple[Word, ...]],
    forgives: Callable[[str], bool],
    findings: Findings,
    kind: Extending = POSTURES,
) -> list[str]:
    """Postures, each behind all it extends. Unknown ones and cycles are errors, and left out.

    Args:
        extends: Posture -> the postures it extends, as written.
        forgives: Whether a name is unknown only because its entry could not be read.
        findings: Where errors go.
        kind: What they are, if not postures.
    """
    done: list[str] = []
    waiting = {
        name: [str(word) for word in words if _known(word, name, extends, forgives, findings, kind)]
        for name, words in extends.items()
    }
    while waiting:
        ready = [name for name, needs in waiting.items() if all(item not in waiting for item in needs)]
        if not ready:
            _report_cycle(waiting, extends, findings, kind)
            break
        for name in ready:
            done.append(name)
            del waiting[name]
    return done


def _known(
    word: Word,
    name: str,
    extends: Mapping[str, Any],
    forgives: Callable[[str], bool],
    findings: Findings,
    kind: Extending,
) -> bool:
    if word in extends:
        return True
    if forgives(word):
        return False
    legal = [item for item in extends if item != name]
    findings.error(kind.unknown, f"no {kind.one} is named '{word}'", word.span, advice(word, legal, f"{kind.one}s"))
    return False


def _report_cycle(
    waiting: Mapping[str, list[str]], extends: Mapping[str, tuple[Word, ...]], findings: Findings, kind: Extending
) -> None:
    """Name one cycle: follow what each waits for until a name comes back."""
    path = [next(iter(waiting))]
    while True:
        following = next(item for item in waiting[path[-1]] if item in waiting)
        if following in path:
            cycle = [*path[path.index(following) :], following]
            break
        path.append(following)
    word = next(item for item in extends[cycle[0]] if item == cycle[1])
    hint = "Take one of them out of `extends`."
    message = f"these {kind.one}s extend one another: {' -> '.join(cycle)}"
    findings.error(kind.circle, message, word.span, hint)


def merge(own: Edits, name: str, parents: Mapping[Word, Edits], findings: Findings) -> Edits:
    """What a posture changes together with all it extends; edits that contradict one another are errors."""
    merged = Edits(spans=dict(own.spans))
    origin: dict[tuple[str, str], str] = {}
    for part, target in merged.parts():
        sources: list[tuple[str, Edits, Span | None]] = [(str(word), item, word.span) for word, item in parents.items()]
        for source, edits, span in [*sources, (name, own, None)]:
            for key, value in dict(edits.parts())[part].items():
                if key in target and target[key] != value:
                    place = span or own.spans.get((part, key), Span())
                    message = (
                        f"'{name}' gets two different edits `{part}: {key}`: of {origin[part, key]} and of {source}"
                    )
                    hint = "Leave one of them out; postures that are combined may not contradict one another."
                    findings.error("C407", message, place, hint)
                else:
                    target[key] = value
                    origin[part, key] = source
    return merged
