"""Optimal disclosure of a type with two labels: where on the belief line the value jumps, and the best split.

The owner's value as a function of the others' belief is smooth between jumps. A coarse grid of beliefs
is solved first, for every draw at once; then only those gaps between neighbors are searched that
could still lift the concave envelope at the prior. What a gap could hold is bounded by holding
the profile of either end fixed across it, which is exact if at most one switch lies inside. A
switch lies where the profile of one end stops being an equilibrium and that of the other begins to be
one; if they do not meet, another profile lies between them and is looked for there, and if both hold at
once the gap is halved. Both one-sided values are kept at a jump.

Reference: Kamenica and Gentzkow (2011); SEMANTICS rule 15.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.solvers.budget import Budget
from detente.solvers.disclosure_line import Guess, Line, Point
from detente.solvers.envelope import Envelope, concave_envelope
from detente.solvers.lent import Lent
from detente.solvers.solution import Status

WORTHWHILE = 0.1
"""Of several gaps that could lift the envelope, those are searched that it rests on so much, relative to the first."""


@dataclass(frozen=True, eq=False)
class Solves:
    """Answers of a `SignalGame` at some beliefs.

    Attributes:
        type_values: [solves, labels] owner's value by its own type, given the profile found there.
        handle: [solves] number by which the profile can be asked for again.
        support: [solves] number of the set of actions in use; between places of equal support values move smoothly.
        pure: [solves] whether nobody mixes.
        usable: [solves] whether the profile is certified.
    """

    type_values: Floats
    handle: Ints
    support: Ints
    pure: Bools
    usable: Bools


class SignalGame(Protocol):
    """A game, for each of several draws, whose prior over the owner's type can be set."""

    def solve(self, rows: Ints, beliefs: Floats, near: Ints) -> Solves:
        """Solve draws `rows` at beliefs [solves, labels].

        `near` [solves, tries, 2] are handles of two neighbors each, to be tried in order; -1 for none.
        """
        ...

    def leaves(self, rows: Ints, handles: Ints, behind: Ints, start: Floats, end: Floats) -> tuple[Floats, Bools]:
        """[solves] belief in the first label where a profile stops being an equilibrium on the way, NaN if unknown.

        `behind` are handles of profiles on the same support further back, -1 for none; the second
        answer says whether the first is exact.
        """
        ...


@dataclass(frozen=True)
class SearchSettings:
    """How hard to look.

    Attributes:
        grid: Beliefs looked at first, both ends included; the prior is added. The ends, the middle and the prior are
            solved alone, the others with their neighbors at hand.
        width: A jump is located to this.
        rim: How near to the end of a support on which somebody mixes profiles are solved: nearer ones cannot be
            certified, because a probability is then as small as a tremble.
        smooth_width: Gaps between profiles of one support are halved down to this.
        meet: The ends of two profiles this close are one switch.
        confirm: Solve on both sides of a predicted jump, `step` away, before it is believed.
        step: See `confirm`.
        lent_step: The same for a switch that neighboring draws let expect.
        tolerance: Envelope values this close, in units of the draw's payoff range, count as equal.
        coarse: The tolerance where a finer value could not change which posture is best.
        rounds: Most rounds of refinement.
        thrifty: Where the comparison with the pivot is decided, look only into gaps that could lift the envelope:
            for draws whose neighbors are searched in full.
        everywhere: Search every gap, not only those that could lift the envelope at the prior.
    """

    grid: int = 5
    width: float = 1e-7
    rim: float = 1e-6
    smooth_width: float = 1e-3
    meet: float = 1e-8
    confirm: bool = False
    step: float = 1e-4
    lent_step: float = 5e-4
    tolerance: float = 1e-8
    coarse: float = 1e-3
    rounds: int = 60
    thrifty: bool = False
    everywhere: bool = False


@dataclass(frozen=True)
class Split:
    """One posterior of the best rule.

    Attributes:
        belief: The posterior, one number per label.
        weight: How often the signal that leads to it is sent.
        handle: The profile played there.
        limit: Whether the value is that of one side of a jump.
        inward: 1 or -1 where a greater or smaller belief in the first label leads away from that jump; else 0.
    """

    belief: tuple[float, ...]
    weight: float
    handle: int
    limit: bool
    inward: int = 0


@dataclass(frozen=True, eq=False)
class Disclosed:
    """The best public rule of one draw.

    Attributes:
        value: The owner's value before it learns its type.
        splits: The posteriors and their weights.
        settled: Whether it rests on certified profiles only and the search came to its end.
        points: [points, labels] every belief looked at; values: [points] objective there.
        jumps: Beliefs in the first label at which jumps were located.
        handles: [points] the profile at each.
        supports: [points] number of its set of actions in use.
        status: `converged`, or why the search was ended early: `cancelled` or `out_of_time`.
    """

    value: float
    splits: tuple[Split, ...]
    settled: bool
    points: Floats
    values: Floats
    jumps: tuple[float, ...]
    handles: tuple[int, ...] = ()
    supports: tuple[int, ...] = ()
    status: Status = Status.converged


def optimal_disclosure(  # noqa: PLR0913 - `stop` and `time_budget` are the same two in every solver
    game: SignalGame,
    prior: Floats,
    weights: Floats,
    spread: Floats,
    settings: SearchSettings | None = None,
    pivot: Floats | None = None,
    stop: Callable[[], bool] | None = None,
    time_budget: float | None = None,
    lent: Sequence[Lent] = (),
) -> list[Disclosed]:
    """The best public disclosure rule about a type with two labels, for every draw.

    Args:
        game: Solves any of the draws at any belief.
        prior: [draws, 2] what the others believe beforehand.
        weights: [draws, 2] the owner's own weight of each type over the others' prior; ones if they agree.
        spread: [draws] the owner's payoff range, the unit of tolerances.
        settings: How hard to look.
        pivot: [draws] the value to be compared with: where the answer is surely above or below it, `coarse`
            is the tolerance. NaN or None asks for the fine one.
        stop: Polled between rounds of refinement; what is known by then is the answer, not settled where more
            was to be looked for. A `Budget` is told the draws that are done.
        time_budget: Seconds after which it stops in the same way.
        lent: [draws] what neighboring draws let expect, looked at first; none to start from a grid.

    Returns:
        One answer per draw.
    """
    settings = settings or SearchSettings()
    budget = Budget.of(time_budget, stop)
    lines = [
        Line(
            float(prior[i, 0]),
            (float(weights[i, 0]), float(weights[i, 1])),
            float(spread[i]),
            math.nan if pivot is None else float(pivot[i]),
            lent[i] if lent else None,
        )
        for i in range(len(prior))
    ]
    first = {row: _first(line, settings) for row, line in enumerate(lines)}
    _solve(lines, game, first)
    second = {row: _second(line, settings, first[row]) for row, line in enumerate(lines)}
    if any(second.values()):
        _solve(lines, game, {row: places for row, places in second.items() if places})
    waiting = [row for row, line in enumerate(lines) if line.covers_prior()]
    for _ in range(settings.rounds):
        if budget():
            break
        wanted = _wanted(lines, game, waiting, settings)
        waiting = list(wanted)
        budget.tell(len(lines) - len(waiting), len(lines))
        if not wanted:
            break
        _solve(lines, game, wanted)
    answers = [_answer(line, settings) for line in lines]
    return ended_early(answers, waiting, budget)


def _first(line: Line, settings: SearchSettings) -> list[float]:
    """Where to look first: every second place of the grid and the prior."""
    places = [0.0, 0.5, 1.0] if line.lent is None else [0.0, *line.lent.places, 1.0]
    return sorted({*places, line.prior})


def _second(line: Line, settings: SearchSettings, first: list[float]) -> list[float]:
    """The rest of the grid."""
    if line.lent is not None:
        return []
    return [place for place in np.linspace(0.0, 1.0, settings.grid).tolist() if place not in first]


def ended_early(answers: list[Disclosed], waiting: list[int], budget: Budget) -> list[Disclosed]:
    """The answers, those still waiting when the budget was spent marked as not settled."""
    if budget.reason is None:
        return answers
    late = set(waiting)
    return [
        replace(answer, settled=False, status=budget.reason) if row in late else answer
        for row, answer in enumerate(answers)
    ]


def _solve(lines: list[Line], game: SignalGame, wanted: dict[int, list[float]]) -> None:
    """Solve at the wanted places of every line, in one batch; a gap with an uncertified place is left alone."""
    rows = np.array([row for row, places in wanted.items() for _ in places], dtype=np.int32)
    places = np.array([place for many in wanted.values() for place in many])
    near = np.array([lines[int(row)].near(float(place)) for row, place in zip(rows, places, strict=True)])
    solves = game.solve(rows, np.column_stack([places, 1.0 - places]), near.astype(np.int32))
    for k, row in enumerate(rows):
        line, place = lines[int(row)], float(places[k])
        if solves.usable[k]:
            by_type = (float(solves.type_values[k, 0]), float(solves.type_values[k, 1]))
            support, pure = int(solves.support[k]), bool(solves.pure[k])
            line.add(Point(place, by_type, int(solves.handle[k]), support, pure))
        elif line.gap_at(place) >= 0:
            line.gaps[line.gap_at(place)].closed = True
    for row in wanted:
        for guess in lines[row].guesses:
            lines[row].confirm(guess)
        lines[row].guesses.clear()


def _best(line: Line, settings: SearchSettings, hopeful: bool) -> tuple[Envelope, list[int]]:
    """The envelope over what is known or, if hopeful, what open gaps could hold; with the gap of each point."""
    state = line.state()
    known = line.envelopes.get(hopeful)
    if known is None or known[0] != state:
        known = line.envelopes[hopeful] = (state, *_find_best(line, settings, hopeful))
    return known[1], known[2]


def _find_best(line: Line, settings: SearchSettings, hopeful: bool, without: int = -1) -> tuple[Envelope, list[int]]:
    """The envelope, and the gap of each of its points, -1 for what is known; nothing is hoped of the gap `without`."""
    places = [point.place for point in line.points]
    values = [line.objective(point.place, point.by_type) for point in line.points]
    gap_of = [-1] * len(places)
    for i in range(len(line.gaps) if hopeful else 0):
        if i == without or line.gaps[i].closed or line.flat(i):
            continue
        left, right = line.points[i], line.points[i + 1]
        for place, by_type in ((right.place, left.by_type), (left.place, right.by_type)):
            places.append(place)
            values.append(line.objective(place, by_type))
            gap_of.append(i)
    beliefs = np.column_stack([places, 1.0 - np.array(places)])
    prior = np.array([line.prior, 1.0 - line.prior])
    found = concave_envelope(beliefs, np.array(values), prior, tolerance=settings.tolerance * line.spread)
    return found, [gap_of[int(i)] for i in found.support]


def _wanted(
    lines: list[Line], game: SignalGame, waiting: list[int], settings: SearchSettings
) -> dict[int, list[float]]:
    """Places to solve next, per line: where a profile is missing, and in gaps that could lift the envelope."""
    for row in waiting:
        _close(lines[row], settings)
    wanted = {row: places for row in waiting if (places := _expected(lines[row], settings))}
    open_gaps = {row: _open(lines[row], settings) for row in waiting if row not in wanted}
    wanted |= _missing(lines, game, open_gaps, settings)
    for row in waiting:
        line = lines[row]
        _close(line, settings)
        if row not in wanted:
            places = [place for gap in _hopeful(line, settings) for place in _inside(line, gap, settings)]
            if places:
                wanted[row] = places
    return wanted


def _expected(line: Line, settings: SearchSettings) -> list[float]:
    """Around switches that neighbors let expect, in gaps that could lift the envelope."""
    if line.lent is None:
        return []
    ends = [(line.points[gap].place, line.points[gap + 1].place) for gap in _hopeful(line, settings)]
    return [place for low, high in ends for place in line.lent.expected(low, high, settings.lent_step)]


def _inside(line: Line, gap: int, settings: SearchSettings) -> list[float]:
    """On both sides of where a switch is expected, closer the narrower the gap is; else in the middle."""
    left, right = line.points[gap].place, line.points[gap + 1].place
    state = line.gaps[gap]
    switch, width = state.switch, right - left
    if math.isnan(switch):
        return [0.5 * (left + right)]
    step = settings.rim if state.edge else max(0.4 * settings.rim, min(0.05 * width, 2.0 * width * width))
    state.switch, state.edge = math.nan, False
    near = [place for place in (switch - step, switch + step) if left < place < right]
    return near or [0.5 * (left + right)]


def _hopeful(line: Line, settings: SearchSettings) -> list[int]:
    """Open gaps to be searched."""
    if settings.everywhere:
        return [i for i, gap in enumerate(line.gaps) if not gap.closed and not line.flat(i)]
    hope, gaps = _best(line, settings, hopeful=True)
    have, _ = _best(line, settings, hopeful=False)
    if hope.value <= have.value + _needed(line, have.value, hope.value, settings) * line.spread:
        return []
    found = sorted({gap for gap in gaps if gap >= 0})
    if len(found) < 2:
        return found
    loss = [hope.value - _find_best(line, settings, True, gap)[0].value for gap in found]
    return [gap for gap, lost in zip(found, loss, strict=True) if lost >= WORTHWHILE * max(loss)]


def _open(line: Line, settings: SearchSettings) -> list[int]:
    """Gaps in which a profile may be missing."""
    if settings.thrifty and not math.isnan(line.pivot):
        have, hope = (_best(line, settings, hopeful=flag)[0].value for flag in (False, True))
        if _needed(line, have, hope, settings) > settings.tolerance:
            return _hopeful(line, settings)
    return [i for i, gap in enumerate(line.gaps) if not gap.closed and not line.flat(i)]


def _needed(line: Line, have: float, hope: float, settings: SearchSettings) -> float:
    """The tolerance: coarse where the value is surely above or below the pivot."""
    margin = 200 * settings.tolerance * line.spread  # beyond what counts as a tie
    decided = have > line.pivot + margin or hope < line.pivot - margin
    return settings.coarse if decided else settings.tolerance


def _close(line: Line, settings: SearchSettings) -> None:
    for i, gap in enumerate(line.gaps):
        width = line.width(i)
        narrow = settings.smooth_width if line.smooth(i) else 2 * settings.rim if line.mixes(i) else settings.width
        gap.closed |= width <= narrow


def _missing(
    lines: list[Line], game: SignalGame, open_gaps: dict[int, list[int]], settings: SearchSettings
) -> dict[int, list[float]]:
    """Ask in every new gap where the profiles of its ends stop; note jumps, and where to look between them."""
    asked = [
        (row, i)
        for row, gaps in open_gaps.items()
        for i in gaps
        if not (lines[row].gaps[i].predicted or lines[row].smooth(i))
    ]
    if not asked:
        return {}
    up, sure_up = _ends(lines, game, asked, 0)
    down, sure_down = _ends(lines, game, asked, 1)
    wanted: dict[int, list[float]] = {}
    for k in reversed(range(len(asked))):  # from the right, so that gaps keep their numbers while jumps are put in
        row, gap = asked[k]
        lines[row].gaps[gap].predicted = True
        ends = (float(up[k]), float(down[k]))
        if sure_up[k] and sure_down[k]:
            places = _places(lines[row], gap, ends, settings)
            if places:
                wanted.setdefault(row, []).extend(places)
        elif sure_up[k] or sure_down[k]:
            lines[row].reach(gap, *((ends[0], 0) if sure_up[k] else (ends[1], 1)))
        else:
            known = [place for place in ends if math.isfinite(place)]
            lines[row].gaps[gap].switch = sum(known) / len(known) if known else math.nan
    return wanted


def _ends(lines: list[Line], game: SignalGame, asked: list[tuple[int, int]], side: int) -> tuple[Floats, Bools]:
    """For each gap: where the profile of its left (0) or right (1) end stops being an equilibrium inside it."""
    rows = np.array([row for row, _ in asked], dtype=np.int32)
    here = [lines[row].points[gap + side] for row, gap in asked]
    there = [lines[row].points[gap + 1 - side] for row, gap in asked]
    behind = [lines[row].behind(gap + side, -1 if side == 0 else 1) for row, gap in asked]
    return game.leaves(
        rows,
        np.array([point.handle for point in here], dtype=np.int32),
        np.array(behind, dtype=np.int32),
        np.array([point.place for point in here]),
        np.array([point.place for point in there]),
    )


def _places(line: Line, gap: int, ends: tuple[float, float], settings: SearchSettings) -> list[float]:
    """What the exact ends of two profiles say about the gap: places to solve, none if that is settled."""
    left, right = line.points[gap], line.points[gap + 1]
    up, down = ends
    inner = min(max(0.5 * (up + down), left.place), right.place)
    if abs(up - down) > settings.meet:  # another profile lies between, or both hold: only the first needs a look
        return [inner] if up < down and left.place < inner < right.place else []
    guess = Guess(inner, left.by_type, right.by_type)
    near = [place for place in (inner - settings.step, inner + settings.step) if left.place < place < right.place]
    if settings.confirm and near:
        line.guesses.append(guess)
        return near
    line.confirm(guess)
    return []


def _answer(line: Line, settings: SearchSettings) -> Disclosed:
    if not line.covers_prior():
        return Disclosed(float("nan"), (), False, np.zeros((0, 2)), np.zeros(0), ())
    found, _ = _best(line, settings, hopeful=False)
    hope, _ = _best(line, settings, hopeful=True)
    chosen = [int(i) for i in found.support]
    rim = 2 * settings.rim
    splits = tuple(
        Split((p.place, 1.0 - p.place), float(weight), p.handle, line.at_jump(i, rim), line.inward(i, rim))
        for i, p, weight in ((i, line.points[i], w) for i, w in zip(chosen, found.weights, strict=True))
    )
    places = np.array([point.place for point in line.points])
    values = np.array([line.objective(point.place, point.by_type) for point in line.points])
    needed = max(100 * settings.tolerance, _needed(line, found.value, hope.value, settings))
    settled = hope.value <= found.value + 2 * needed * line.spread
    jumps = line.jumps(2 * settings.rim)
    points = np.column_stack([places, 1.0 - places])
    handles = tuple(point.handle for point in line.points)
    supports = tuple(point.support for point in line.points)
    return Disclosed(found.value, splits, settled, points, values, jumps, handles, supports)
