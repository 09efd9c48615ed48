"""Play a case out under a posture: from the types, through the timeline, to the ends of the game.

The walk is breadth-wise over the timeline: all histories that are still open at a position are
handled together as rows of arrays, and only distinct situations are looked at one by one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.case import Decision, Reveal, variables
from detente.compiler.choice import Choice, Chooser
from detente.compiler.frontier import Frontier, reached_history
from detente.compiler.grouping import NOT_REACHED, SKIPPED, Rows, group_rows
from detente.compiler.growth import CHANCE, DECISION, TYPES, TYPES_CHOICE, TYPES_POSITION, Growth, Settled
from detente.compiler.observation import START, Observations
from detente.compiler.past import beginning
from detente.compiler.plan import Plan, Step, conditions
from detente.compiler.priors import Priors, make_priors
from detente.compiler.problems import hidden_condition, hidden_rule, too_large
from detente.compiler.sight import sees_of
from detente.errors import SizeError

SAMPLE = 500
"""Histories that stand for all others when the size of a tree is estimated."""


@dataclass(frozen=True, eq=False)
class Lowered:
    """A case played out.

    Attributes:
        plan: What was played out.
        priors: The type profiles, in the order of the root's branches.
        growth: The nodes, in the order they were made.
        chooser: The choices met, and which conditions held.
        observations: What players have seen.
    """

    plan: Plan
    priors: Priors
    growth: Growth
    chooser: Chooser
    observations: Observations


@dataclass(frozen=True, eq=False)
class _Branching:
    """Where each history goes: `rows` repeats a history once per branch, `option` is the label it gets there."""

    rows: Rows
    option: NDArray[np.int16]
    width: Rows


def lower(plan: Plan) -> Lowered:
    """Play a case out.

    Raises:
        CaseError: A mover's options depend on what it has not seen, or a move cannot be made.
        SizeError: The tree would pass the limit.
    """
    observations = Observations()
    chooser = Chooser(plan, observations)
    growth = Growth(len(plan.variables))
    priors, frontier = _start(plan, observations, growth)
    lowered = Lowered(plan, priors, growth, chooser, observations)
    for step in plan.steps:
        if len(frontier) == 0:
            break
        frontier = _advance(lowered, step, frontier)
    growth.end(frontier.node, frontier.values)
    return lowered


def _start(plan: Plan, observations: Observations, growth: Growth) -> tuple[Priors, Frontier]:
    priors = _profiles_of(plan)
    if priors.num_profiles >= plan.settings.limit:
        raise too_large(plan, priors.num_profiles, "the types alone")
    profiles = priors.profiles
    count = len(profiles)
    values = np.full((count, len(plan.variables)), NOT_REACHED, dtype=np.int16)
    values[:, : profiles.shape[1]] = profiles
    seen = np.zeros((count, plan.num_eyes), dtype=np.int32)
    for variable, watchers in enumerate(plan.type_watchers):
        for player in watchers:
            seen[:, player] = observations.extend(seen[:, player], START, variable, values[:, variable])
    node = np.full(1, growth.root(), dtype=np.int32)
    if count > 1:
        nothing = np.zeros(1, dtype=np.int32)
        before = np.full((1, len(plan.variables)), NOT_REACHED, dtype=np.int16)
        prior = np.full(1, TYPES_CHOICE, dtype=np.int64)
        growth.settle(Settled(node, CHANCE, TYPES_POSITION, prior, nothing, before))
        node = growth.branch(np.repeat(node, count), np.arange(count), TYPES)
    return priors, Frontier(node, values, seen)


def _advance(lowered: Lowered, step: Step, frontier: Frontier) -> Frontier:
    """One step of the timeline for all open histories, recording nodes."""
    if isinstance(step.entry, Reveal):
        return _reveal(lowered, step, frontier)
    numbers = _met(lowered, step, frontier) if step.past else lowered.chooser.at(step, frontier)
    if isinstance(step.entry, Decision) and not step.past:
        _check_sight(lowered, step, step.entry, frontier, numbers)
    branching = _branching(lowered.chooser.choices, numbers)
    real = branching.width > 1
    added = int(branching.width[real].sum())
    if lowered.growth.size + added > lowered.plan.settings.limit:
        raise _size_error(lowered, step, frontier)
    node = _grow(lowered, step, frontier, numbers, branching)
    following = _follow(step, frontier, branching, node)
    ended = _ended(step, following)
    if ended.any():
        finished = following.take(ended)
        lowered.growth.end(finished.node, finished.values)
        following = following.take(~ended)
    return _observe(lowered.observations, step, following)


def _profiles_of(plan: Plan) -> Priors:
    """The type profiles; only those that fit what has happened, if something has."""
    priors = make_priors(plan.case, plan.posture)
    past = plan.settings.past
    if past is None or not len(plan.case.types):
        return priors
    known = {row.tobytes() for row in np.unique(past.ways[:, : priors.profiles.shape[1]], axis=0)}
    return priors.only(np.array([row.tobytes() in known for row in priors.profiles], dtype=np.bool_))


def _met(lowered: Lowered, step: Step, frontier: Frontier) -> NDArray[np.int64]:
    """[rows] number of the choice that chance has where something happened and was not seen; else what is known."""
    past = lowered.plan.settings.past
    assert past is not None
    following = past.beginnings[step.variable]
    keys = [beginning(row, step.variable) for row in frontier.values]
    count = len(lowered.plan.labels[step.variable])
    return np.array([lowered.chooser.drawn(step, following[key], count) for key in keys], dtype=np.int64)


def _grow(
    lowered: Lowered, step: Step, frontier: Frontier, numbers: NDArray[np.int64], branching: _Branching
) -> NDArray[np.int32]:
    """Make nodes where there is a real choice; the nodes the histories then stand at."""
    by_chance = np.array([choice.weights is not None for choice in lowered.chooser.choices])[numbers]
    real = branching.width > 1
    seen = frontier.seen[:, step.eye] if step.mover >= 0 else np.zeros(len(frontier), dtype=np.int32)
    for kind, rows in ((CHANCE, real & by_chance), (DECISION, real & ~by_chance)):
        lowered.growth.settle(
            Settled(frontier.node[rows], kind, step.position, numbers[rows], seen[rows], frontier.values[rows])
        )
    node = frontier.node[branching.rows]
    grown = real[branching.rows]
    node[grown] = lowered.growth.branch(node[grown], branching.option[grown], step.variable)
    return node


def _branching(choices: list[Choice], numbers: NDArray[np.int64]) -> _Branching:
    widths = np.array([max(1, len(choice.options)) for choice in choices], dtype=np.int64)
    table = np.full((len(choices), int(widths.max())), SKIPPED, dtype=np.int16)
    for number, choice in enumerate(choices):
        table[number, : len(choice.options)] = choice.options
    width = widths[numbers]
    rows = np.repeat(np.arange(len(numbers), dtype=np.int64), width)
    place = np.arange(len(rows)) - np.repeat(np.cumsum(width) - width, width)
    return _Branching(rows, table[numbers[rows], place], width)


def _follow(step: Step, frontier: Frontier, branching: _Branching, node: NDArray[np.int32]) -> Frontier:
    values = frontier.values[branching.rows]
    values[:, step.variable] = branching.option
    return Frontier(node, values, frontier.seen[branching.rows])


def _ended(step: Step, frontier: Frontier) -> NDArray[np.bool_]:
    ended = np.zeros(len(frontier), dtype=np.bool_)
    for variable, options in step.ends:
        ended |= np.isin(frontier.values[:, variable], sorted(options))
    return ended


def _observe(observations: Observations, step: Step, frontier: Frontier) -> Frontier:
    if len(frontier):
        for variable, players in step.shows:
            for player in players:
                frontier.seen[:, player] = observations.extend(
                    frontier.seen[:, player], step.position, variable, frontier.values[:, variable]
                )
    return frontier


def _reveal(lowered: Lowered, step: Step, frontier: Frontier) -> Frontier:
    happens = lowered.chooser.revealed(step, frontier)
    shown = _observe(lowered.observations, step, frontier.take(happens))
    frontier.seen[happens] = shown.seen
    return frontier


# --------------------------------------------------------------------------- rule 3


def _check_sight(lowered: Lowered, step: Step, entry: Decision, frontier: Frontier, numbers: NDArray[np.int64]) -> None:
    groups = group_rows(frontier.seen[:, [step.mover]])
    wrong = np.flatnonzero(numbers != numbers[groups.first][groups.of])
    if not len(wrong):
        return
    second = int(wrong[0])
    first = int(groups.first[groups.of[second]])
    plan, choices = lowered.plan, lowered.chooser.choices
    histories = (reached_history(plan, frontier.values[first]), reached_history(plan, frontier.values[second]))
    unseen = _unseen_difference(lowered, step, int(frontier.seen[first, step.mover]), histories)
    pair = (choices[int(numbers[first])], choices[int(numbers[second])])
    if step.commitment is not None and pair[0].options and pair[1].options:
        raise hidden_rule(plan, entry, step.commitment.span, histories, unseen)
    offers = (_offer(entry, pair[0]), _offer(entry, pair[1]))
    raise hidden_condition(plan, entry, histories, offers, unseen)


def _unseen_difference(
    lowered: Lowered, step: Step, seen: int, histories: tuple[dict[str, str | None], dict[str, str | None]]
) -> list[str]:
    """Variables the step depends on that differ between the histories without the mover seeing it."""
    used: set[str] = set(step.commitment.by) if step.commitment is not None else set()
    for condition in conditions(step.entry):
        used |= variables(condition)
    visible = {name for name, _ in sees_of(lowered.plan, lowered.observations, step.mover, seen)}
    first, second = histories
    return [name for name in first if name in used and name not in visible and first[name] != second.get(name)]


def _offer(entry: Decision, choice: Choice) -> str:
    if not choice.options:
        return "no move"
    return f"[{', '.join(entry.options[option] for option in choice.options)}]"


# --------------------------------------------------------------------------- size


def _size_error(lowered: Lowered, step: Step, frontier: Frontier) -> SizeError:
    """Estimate the whole tree by following a sample of histories to the end (Knuth 1975)."""
    random = np.random.default_rng(0)
    total, factor = float(lowered.growth.size), 1.0
    for following in lowered.plan.steps[step.position :]:
        if len(frontier) > SAMPLE:
            factor *= len(frontier) / SAMPLE
            frontier = frontier.take(np.sort(random.choice(len(frontier), SAMPLE, replace=False)))
        if isinstance(following.entry, Reveal):
            frontier = _reveal(lowered, following, frontier)
            continue
        numbers = _met(lowered, following, frontier) if following.past else lowered.chooser.at(following, frontier)
        branching = _branching(lowered.chooser.choices, numbers)
        total += factor * float(branching.width[branching.width > 1].sum())
        frontier = _follow(following, frontier, branching, frontier.node[branching.rows])
        frontier = frontier.take(~_ended(following, frontier))
        frontier = _observe(lowered.observations, following, frontier)
        if len(frontier) == 0:
            break
    return too_large(lowered.plan, int(total), f"'{lowered.plan.variables[step.variable]}'")
