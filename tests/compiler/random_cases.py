"""Random small cases with everything the timeline can hold: types, events, ballots, reveals, postures."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

from detente.case import (
    Actor,
    Case,
    Commitment,
    Decision,
    Distribution,
    Event,
    Joint,
    Outcome,
    Parameter,
    Posture,
    PrivateType,
    Reveal,
    Table,
    Term,
    TimelineEntry,
)
from detente.case.expression import (
    Arithmetic,
    BoolOp,
    Conditional,
    Expression,
    Happened,
    Match,
    Not,
    Number,
    ParameterRef,
    TableEntry,
)

ACTORS = ("AAA", "BBB", "CCC")
PARAMETERS = tuple(f"p{i}" for i in range(6))
VALUES = (0.3, 0.125, 0.55, 0.9, 0.0625, 0.7)
LABELS = ("x", "y", "z")


@dataclass
class Drawn:
    """What has been drawn so far."""

    draw: st.DrawFn
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    seen_by: dict[str, frozenset[str]] = field(default_factory=dict)

    def some(self, items, **sizes):
        return self.draw(st.lists(st.sampled_from(items), unique=True, **sizes)) if items else []

    def one(self, items):
        return self.draw(st.sampled_from(items))

    def maybe(self, percent: int) -> bool:
        return self.draw(st.integers(0, 99)) < percent


def parameters() -> tuple[Parameter, ...]:
    scalars = [
        Parameter(name, value, Distribution("uniform", 0.0, 1.0, value))
        for name, value in zip(PARAMETERS, VALUES, strict=True)
    ]
    entries = [
        Parameter(f"level[{label}]", value, Distribution("uniform", 0.0, 9.0, value), table="level", label=label)
        for label, value in (("x", 2.0), ("y", 3.5), ("z", -1.0), ("none", 0.25))
    ]
    return tuple(scalars + entries)


def weights(drawn: Drawn, count: int) -> tuple[Expression | None, ...]:
    """Weights that are a distribution at base values, some of them zero by construction."""
    if count == 1:
        return (None,)
    kind = drawn.one(["rest", "weights", "sure", "zero"])
    if kind == "sure":
        certain = drawn.draw(st.integers(0, count - 1))
        return tuple(Number(1.0) if i == certain else Number(0.0) for i in range(count))
    if kind == "rest" or count == 2:
        # at most 0.3 + 0.125, so that the rest is positive
        return tuple([ParameterRef(name) for name in ("p0", "p1")[: count - 1]] + [None])
    refs: list[Expression] = [ParameterRef(drawn.one(PARAMETERS)) for _ in range(count)]
    if kind == "zero":
        refs[drawn.draw(st.integers(0, count - 1))] = Number(0.0)
    return tuple(refs)


def condition(drawn: Drawn, names: list[str]) -> Expression:
    def leaf() -> Expression:
        name = drawn.one(names)
        if drawn.maybe(15):
            return Happened(name)
        labels = tuple(drawn.some(drawn.labels[name], min_size=1, max_size=2))
        return Match(name, labels, drawn.maybe(30))

    first = leaf()
    if drawn.maybe(40):
        return BoolOp(drawn.one(["and", "or"]), (first, leaf()))
    return Not(first) if drawn.maybe(10) else first


def visible(drawn: Drawn, actor: str) -> list[str]:
    return [name for name, seen in drawn.seen_by.items() if actor in seen]


def when(drawn: Drawn, actor: str | None) -> Expression | None:
    """A condition; for a mover mostly on what it sees, sometimes (rule 3!) on anything."""
    if drawn.maybe(50):
        return None
    names = list(drawn.labels) if actor is None or drawn.maybe(10) else visible(drawn, actor)
    return condition(drawn, names) if names else None


def private_types(drawn: Drawn) -> tuple[PrivateType, ...]:
    found = []
    for i in range(drawn.draw(st.integers(0, 2))):
        actor = drawn.one(ACTORS)
        name = f"{actor}.t{i}"
        labels = LABELS[: drawn.draw(st.integers(2, 3))]
        drawn.labels[name] = labels
        drawn.seen_by[name] = frozenset({actor})
        judged = weights(drawn, len(labels)) if drawn.maybe(25) else None
        found.append(PrivateType(name, actor, labels, weights(drawn, len(labels)), judged))
    return tuple(found)


def joints(drawn: Drawn, types: tuple[PrivateType, ...]) -> tuple[Joint, ...]:
    if len(types) < 2 or drawn.maybe(60) or any(item.judged for item in types):
        return ()
    profiles = [(a, b) for a in types[0].labels for b in types[1].labels]
    rows = drawn.some(profiles, min_size=2)
    return (
        Joint(tuple(item.name for item in types), tuple((row, ParameterRef(drawn.one(PARAMETERS))) for row in rows)),
    )


def audience(drawn: Drawn) -> frozenset[str]:
    return frozenset(ACTORS) if drawn.maybe(40) else frozenset(drawn.some(ACTORS))


def decision(drawn: Drawn, name: str) -> list[TimelineEntry]:
    options = LABELS[: drawn.draw(st.integers(1, 3))]
    votes = drawn.some(ACTORS, min_size=2, max_size=2) if drawn.maybe(20) else [drawn.one(ACTORS)]
    common = audience(drawn)
    entries: list[TimelineEntry] = []
    condition_for = when(drawn, votes[0]) if len(votes) == 1 else None
    for actor in votes:
        offered = {}
        names = visible(drawn, actor)
        if names and len(options) > 1 and drawn.maybe(25):
            offered = {options[-1]: condition(drawn, names)}
        full = f"{name}.{actor}" if len(votes) > 1 else name
        ends = frozenset(drawn.some(options)) if len(votes) == 1 and drawn.maybe(30) else frozenset()
        ballot = name if len(votes) > 1 else None
        entries.append(Decision(full, actor, options, offered, condition_for, common | {actor}, ends, ballot=ballot))
    for entry in entries:
        drawn.labels[entry.name] = options
        drawn.seen_by[entry.name] = entry.seen_by
    return entries


def event(drawn: Drawn, name: str) -> Event:
    options = LABELS[: drawn.draw(st.integers(1, 3))]
    given = tuple(drawn.some(list(drawn.labels), max_size=1))
    rows: dict[tuple[str, ...], tuple[Expression | None, ...]] = {(): weights(drawn, len(options))}
    if given:
        rows = {(label,): weights(drawn, len(options)) for label in (*drawn.labels[given[0]], "none")}
    ends = frozenset(drawn.some(options)) if drawn.maybe(20) else frozenset()
    found = Event(name, options, given, rows, when(drawn, None), audience(drawn), ends)
    drawn.labels[name] = options
    drawn.seen_by[name] = found.seen_by
    return found


def timeline(drawn: Drawn) -> tuple[TimelineEntry, ...]:
    entries: list[TimelineEntry] = []
    for i in range(drawn.draw(st.integers(1, 5))):
        kind = drawn.one(["decision", "decision", "event", "reveal"])
        if kind == "decision" or not drawn.labels:
            entries += decision(drawn, f"d{i}")
        elif kind == "event":
            entries.append(event(drawn, f"e{i}"))
        else:
            shown = drawn.one(list(drawn.labels))
            entries.append(Reveal(shown, frozenset(drawn.some(ACTORS, min_size=1)), when(drawn, None)))
    return tuple(entries)


def value(drawn: Drawn, types: tuple[PrivateType, ...]) -> Expression:
    first: Expression = ParameterRef(drawn.one(PARAMETERS))
    if types and drawn.maybe(40):
        first = TableEntry("level", drawn.one([item.name for item in types]), (*LABELS, "none"))
    if drawn.maybe(40):
        first = Arithmetic(drawn.one(["+", "-", "*"]), first, ParameterRef(drawn.one(PARAMETERS)))
    if drawn.maybe(30):
        test = condition(drawn, list(drawn.labels))
        first = Conditional(test, first, Number(float(drawn.draw(st.integers(-1, 1)))))
    return first


def rule(drawn: Drawn, entry: Decision) -> Commitment:
    names = visible(drawn, entry.actor)
    order = list(drawn.labels)
    earlier = [name for name in names if order.index(name) < order.index(entry.name)]
    if earlier and drawn.maybe(50):
        by = (drawn.one(earlier),)
        keys = [(label,) for label in (*drawn.labels[by[0]], "none")]
    else:
        by, keys = (), [()]
    return Commitment(entry.name, False, by, {key: weights(drawn, len(entry.options)) for key in keys})


def posture(drawn: Drawn, name: str, entries: tuple[TimelineEntry, ...]) -> Posture:
    owner = drawn.one([item.actor for item in entries if isinstance(item, Decision)] or ACTORS)
    own = [item for item in entries if isinstance(item, Decision) and item.actor == owner]
    free = [item for item in own if not item.offered]
    bound = drawn.some([item.name for item in free if len(item.options) > 1], max_size=2)
    commit = {item.name: rule(drawn, item) for item in free if item.name in bound}
    allow = {}
    for item in own:
        if not item.offered and item.name not in commit and len(item.options) > 1 and drawn.maybe(25):
            allow[item.name] = tuple(item.options[:-1])
    disclosable = [item for item in drawn.labels if item.startswith(f"{owner}.") or item in {one.name for one in own}]
    disclose = {item: audience(drawn) | {owner} for item in drawn.some(disclosable, max_size=2)}
    changed = {"p5": Arithmetic("*", ParameterRef("p0"), ParameterRef("p5"))} if drawn.maybe(30) else {}
    return Posture(name, owner, name == "status_quo", "", commit, disclose, changed, allow)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A random case with a status quo and one more posture."""
    drawn = Drawn(draw)
    types = private_types(drawn)
    joint = joints(drawn, types)
    entries = timeline(drawn)
    every = list(drawn.labels)
    terms = tuple(
        Term(drawn.one(ACTORS), f"term{i}", condition(drawn, every) if drawn.maybe(70) else None, value(drawn, types))
        for i in range(draw(st.integers(1, 5)))
    )
    return Case(
        name="random",
        title="Random",
        as_of="",
        summary="",
        question="",
        sources={},
        actors=tuple(Actor(name, name) for name in ACTORS),
        owner="AAA",
        parameters=parameters(),
        tables={"level": Table("level", "", (*LABELS, "none"))},
        types=types,
        joints=joint,
        timeline=entries,
        terms=terms,
        outcomes=(Outcome("event_a", condition(drawn, every)), Outcome("event_b", condition(drawn, every))),
        not_modelled=(),
        postures=(
            Posture("status_quo", "AAA", True, "", {}, {}, {}, {}),
            posture(drawn, "other", entries),
        ),
        claims=(),
        text="",
        sha256="",
        file="<random>",
    )
