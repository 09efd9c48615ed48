"""What the quantities of a claim come to in a batch of worlds (rule 22). Every solve is shared by all claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.case import Claim, Expression, ExpressionError, array_function, holds
from detente.case.quantity import (
    ActionValue,
    Misjudged,
    Probability,
    Quantity,
    Settles,
    Value,
    Where,
    evaluate,
    leaves,
)
from detente.compiler import CompiledPosture
from detente.errors import UnsupportedError
from detente.game import action_values, reach_probability
from detente.study.misjudged import misjudged
from detente.study.played import Part, Played
from detente.study.settles import settles
from detente.study.worlds import TIE, Worlds


@dataclass(frozen=True, eq=False)
class Setting:
    """Worlds with some parameters replaced, and their payoff ranges."""

    theta: Floats
    scale: Floats


@dataclass(frozen=True, eq=False)
class Judged:
    """One claim in a batch of worlds.

    Attributes:
        holds: [draws] 1 where it holds, 0 where it fails, NaN where it is undefined.
        certified: [draws] whether every equilibrium behind it is certified.
    """

    holds: Floats
    certified: Bools


@dataclass(eq=False)
class Book:
    """Everything solved for one batch of worlds.

    Attributes:
        worlds: The postures.
        theta: [draws, params] the worlds.
        instead: Postures whose play is given, to try another equilibrium.
        lines: [draws] the line each world lies on, if they do; see `Worlds.play`.
    """

    worlds: Worlds
    theta: Floats
    instead: Mapping[str, Played] = field(default_factory=dict[str, Played])
    lines: Ints | None = None

    def __post_init__(self) -> None:
        self.settings: dict[str, Setting] = {}
        self.played: dict[tuple[str, str], Played] = {}
        self.known: dict[Expression, tuple[Floats, Bools]] = {}

    def setting(self, where: Where) -> Setting:
        """The worlds with the replacements of a `with`, made at once from the values before it."""
        key = _key(where)
        if key not in self.settings:
            theta = self.theta.copy()
            for name, value in where:
                column = self.worlds.case.parameter_index(name)
                theta[:, column] = array_function(value, self.worlds.case.parameter_names)(self.theta)
            self.settings[key] = Setting(theta, self.worlds.scale(theta))
        return self.settings[key]

    def play(self, posture: str, where: Where) -> Played:
        """A posture in the worlds of a `with`, solved once."""
        if not where and posture in self.instead:
            return self.instead[posture]
        key = (posture, _key(where))
        if key not in self.played:
            setting = self.setting(where)
            self.played[key] = self.worlds.play(
                self.worlds.case.posture(posture), setting.theta, setting.scale, lines=self.lines
            )
        return self.played[key]

    def look_up(self, leaf: Expression) -> tuple[Floats, Bools]:
        """[draws] value of a quantity or parameter, and whether it rests on certified equilibria."""
        if leaf not in self.known:
            self.known[leaf] = self._compute(leaf)
        return self.known[leaf]

    def _compute(self, leaf: Expression) -> tuple[Floats, Bools]:
        match leaf:
            case Value():
                played = self.play(leaf.posture, leaf.where)
                player = self.worlds.players.index(leaf.actor)
                given = leaf.given
                value = played.value(player, None if given is None else lambda compiled: compiled.outcome_of(given))
                return value, played.certified
            case Probability():
                played = self.play(leaf.posture, leaf.where)
                return _probability(played, leaf), played.certified
            case ActionValue():
                played = self.play(leaf.posture or self.worlds.case.status_quo.name, leaf.where)
                return _action_value(played, leaf), played.certified
            case Misjudged():
                played, setting = self.play(leaf.posture, ()), self.setting(())
                posture = self.worlds.case.posture(leaf.posture)
                actor = self.worlds.players.index(leaf.actor)
                value, certified = misjudged(self.worlds, posture, played, actor, setting.theta, setting.scale)
                return value, certified & played.certified
            case Settles():
                held = settles(self.worlds.case, leaf.design, self.theta, self.worlds.options.threads)
                return held.astype(np.float64), np.ones(len(self.theta), dtype=np.bool_)
            case Quantity():
                raise UnsupportedError(f"'{leaf.text}' is not available in this version")
            case _:
                names = self.worlds.case.parameter_names
                return array_function(leaf, names)(self.theta), np.ones(len(self.theta), dtype=np.bool_)

    def judge(self, claim: Claim) -> Judged:
        """A claim in every world; quantities closer than the tie tolerance count as equal (rule 14)."""
        assert claim.holds_when is not None
        found = {leaf: self.look_up(leaf) for leaf in leaves(claim.holds_when)}
        certified = np.ones(len(self.theta), dtype=np.bool_)
        for _, good in found.values():
            certified = certified & good
        values = self._tied({leaf: value for leaf, (value, _) in found.items()})
        true, margin = evaluate(claim.holds_when, lambda leaf: values[leaf])
        truth = np.where(np.isnan(margin), np.nan, true.astype(np.float64))
        return Judged(np.broadcast_to(truth, certified.shape).copy(), certified)

    def _tied(self, values: dict[Expression, Floats]) -> dict[Expression, Floats]:
        """Quantities of one kind that are tied are made equal, so that noise never decides."""
        tied: dict[Expression, Floats] = {}
        for leaf, value in values.items():
            value = np.array(np.broadcast_to(value, (len(self.theta),)), dtype=np.float64)
            tolerance = self._tolerance(leaf)
            for other, first in tied.items():
                if isinstance(leaf, Quantity) and _kind(other) == _kind(leaf):
                    with np.errstate(invalid="ignore"):
                        value = np.where(np.abs(value - first) <= tolerance, first, value)
            tied[leaf] = value
        return tied

    def _tolerance(self, leaf: Expression) -> Floats:
        if isinstance(leaf, Value | ActionValue):
            return TIE * self.setting(leaf.where).scale[:, self.worlds.players.index(leaf.actor)]
        return np.full(len(self.theta), TIE)


def _kind(leaf: Expression) -> tuple[str, str]:
    if isinstance(leaf, Value | ActionValue):
        return "payoff", leaf.actor
    return ("probability", "") if isinstance(leaf, Quantity) else ("parameter", "")


def _key(where: Where) -> str:
    return ", ".join(f"{name} = {value.text}" for name, value in where)


def _probability(played: Played, leaf: Probability) -> Floats:
    event, given = leaf.event, leaf.given
    if given is None:
        return played.probability(lambda compiled: compiled.outcome_of(event))
    weight = played.probability(lambda compiled: compiled.outcome_of(given))
    both = played.probability(lambda compiled: compiled.outcome_of(event) & compiled.outcome_of(given))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(weight > 1e-14, both / weight, np.nan)


def _action_value(played: Played, leaf: ActionValue) -> Floats:
    """Value of an option at the decision's information sets that fit the condition, weighted by reach.

    Where none of them is reached it is the plain average over them; NaN where the option is never offered.
    """
    sums, weights = np.zeros(played.draws), np.zeros(played.draws)
    plain, counts = np.zeros(played.draws), np.zeros(played.draws)
    for part in played.parts:
        places = _places(part, leaf)
        if not places:
            continue
        solved = part.solved
        values = action_values(solved.game.compiled.shape, solved.numbers, solved.assessment)[solved.inverse]
        reach = reach_probability(solved.game.compiled.shape, solved.numbers.chance, solved.assessment.strategy)[
            solved.inverse
        ]
        for action, nodes in places:
            share = part.weight * reach[:, nodes].sum(axis=1)
            np.add.at(sums, part.rows, np.where(share > 0, share * values[:, action], 0.0))
            np.add.at(weights, part.rows, share)
            np.add.at(plain, part.rows, part.weight * values[:, action])
            np.add.at(counts, part.rows, part.weight)
    with np.errstate(invalid="ignore", divide="ignore"):
        reached = np.where(weights > 1e-14, sums / weights, plain / counts)
    return np.where(counts > 0, reached, np.nan)


def _places(part: Part, leaf: ActionValue) -> list[tuple[int, Ints]]:
    """The action of the option, and the nodes that fit the condition, per information set of the decision."""
    compiled = part.solved.game.compiled
    found: list[tuple[int, Ints]] = []
    for index, label in enumerate(compiled.infoset_labels):
        if label.decision != leaf.decision or label.player != leaf.actor or leaf.option not in label.options:
            continue
        nodes = _fitting(compiled, compiled.shape.members[index], leaf.given)
        if len(nodes):
            found.append((int(compiled.shape.action_start[index]) + label.options.index(leaf.option), nodes))
    return found


def _fitting(compiled: CompiledPosture, nodes: Ints, given: Expression | None) -> Ints:
    if given is None:
        return nodes
    return np.array([node for node in nodes if _fits(given, compiled.node_history(int(node)))], dtype=np.int32)


def _fits(given: Expression, history: Mapping[str, str | None]) -> bool:
    """Whether a condition holds at a node; one that rests on what happens later excludes nothing."""
    try:
        return holds(given, history)
    except ExpressionError:
        return True
