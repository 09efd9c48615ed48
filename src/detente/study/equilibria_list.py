"""What was found of all equilibria, in the words of a game: shared by cases and game files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.axes import Floats, Ints
from detente.game import (
    GameNumbers,
    InfosetLabel,
    TreeShape,
    expected_payoffs,
    reach_probability,
    terminal_probability,
)
from detente.solvers import EquilibriumSet
from detente.study.results_equilibria import (
    ActionRange,
    Choice,
    ComponentAnswer,
    EquilibriaAnswer,
    EquilibriumAnswer,
)

SAME_ENDINGS = 1e-6
SAME_PLAY = 1e-6


@dataclass(frozen=True, eq=False)
class NamedGame:
    """A game with what a reader needs to know of it.

    Attributes:
        shape: The tree. numbers: one draw.
        labels: [infosets] what each information set is called.
        outcomes: Outcome -> terminals at which it happens; a terminal may have several.
        judge: Player whose payoff is evaluated as it judges itself, if the numbers say so.
    """

    shape: TreeShape
    numbers: GameNumbers
    labels: Sequence[InfosetLabel]
    outcomes: Mapping[str, Ints]
    judge: int | None = None

    def values(self, strategies: Floats) -> Floats:
        """[rows, players] expected payoffs of strategy profiles [rows, actions]."""
        many = self.numbers.take(np.zeros(len(strategies), dtype=np.int32))
        return expected_payoffs(self.shape, many, strategies, judge=self.judge)

    def odds(self, strategies: Floats) -> dict[str, Floats]:
        """Per outcome its probability under each profile."""
        chance = np.repeat(self.numbers.chance[:1], len(strategies), axis=0)
        ends = terminal_probability(self.shape, chance, strategies)
        return {name: ends[:, where].sum(axis=1) for name, where in self.outcomes.items()}


def outcomes_by_label(labels: Sequence[str]) -> dict[str, Ints]:
    """Outcome -> terminals, from the label of each terminal; terminals without one are left out."""
    names = dict.fromkeys(label for label in labels if label.strip())
    every = np.array(labels, dtype=object)
    return {name: np.flatnonzero(every == name).astype(np.int32) for name in names}


def list_equilibria(found: EquilibriumSet, game: NamedGame, principal: Floats) -> EquilibriaAnswer:
    """Put the equilibria of a game into words and ranges.

    Args:
        found: What `all_equilibria` found.
        game: The game it was found in.
        principal: [actions] strategy profile of the principal answer, for comparison.

    Returns:
        The equilibria; the one with the endings of the principal answer first.
    """
    if not found.found:
        return EquilibriaAnswer((), (), found.complete, found.why, found.status.sentence)
    strategies = found.assessment.strategy
    chance = np.repeat(game.numbers.chance[:1], found.found + 1, axis=0)
    ends = terminal_probability(game.shape, chance, np.vstack([principal[None, :], strategies]))
    same = np.abs(ends[1:] - ends[0]).max(axis=1) <= SAME_ENDINGS
    order = np.argsort(~same, kind="stable")
    values, odds = game.values(strategies), game.odds(strategies)
    listed = [
        EquilibriumAnswer(
            kind=found.kinds[row],
            values=dict(zip(game.shape.players, values[row].tolist(), strict=True)),
            outcomes={name: float(share[row]) for name, share in odds.items()},
            principal=bool(same[row]),
            component=int(found.component_of[row]),
            play=_play(game, strategies[row]),
            differs=() if same[row] else _play(game, strategies[row], principal),
        )
        for row in order
    ]
    place = np.empty(found.found, dtype=np.int64)
    place[order] = np.arange(found.found)
    components = [
        _component(found, game, number, int(place[item.base])) for number, item in enumerate(found.components)
    ]
    return EquilibriaAnswer(tuple(listed), tuple(components), found.complete, found.why, found.status.sentence)


def _play(game: NamedGame, strategy: Floats, other: Floats | None = None) -> tuple[Choice, ...]:
    """What is done at every set with a choice; only where it differs from another profile, if one is given.

    Sets that neither profile reaches are left out of the differences.
    """
    shape = game.shape
    profiles = strategy[None, :] if other is None else np.stack([strategy, other])
    reach = reach_probability(shape, np.repeat(game.numbers.chance[:1], len(profiles), axis=0), profiles)
    found: list[Choice] = []
    for index, label in enumerate(game.labels):
        actions = slice(int(shape.action_start[index]), int(shape.action_start[index + 1]))
        if actions.stop - actions.start < 2:
            continue
        reached = reach[:, shape.members[index]].sum(axis=1)
        if other is not None and (reached.max() <= 0 or np.abs(strategy[actions] - other[actions]).max() <= SAME_PLAY):
            continue
        play = dict(zip(label.options, strategy[actions].tolist(), strict=True))
        found.append(Choice(label.player, label.decision, dict(label.sees), play, bool(reached[0] > 0)))
    return tuple(found)


def _component(found: EquilibriumSet, game: NamedGame, number: int, base: int) -> ComponentAnswer:
    item = found.components[number]
    rows = found.assessment.strategy[found.component_of == number]
    seen = np.vstack([rows, item.corners])
    values, odds = game.values(seen), game.odds(seen)
    low, high = values.min(axis=0), values.max(axis=0)
    if game.numbers.judged_chance is None:
        low, high = np.minimum(low, item.payoffs[:, 0]), np.maximum(high, item.payoffs[:, 1])
    return ComponentAnswer(
        base=base,
        dimension=item.dimension,
        values={name: (float(a), float(b)) for name, a, b in zip(game.shape.players, low, high, strict=True)},
        outcomes={name: (float(share.min()), float(share.max())) for name, share in odds.items()},
        actions=tuple(_varying(game, item.actions)),
    )


def _varying(game: NamedGame, ranges: Floats) -> list[ActionRange]:
    found: list[ActionRange] = []
    for index, label in enumerate(game.labels):
        start = int(game.shape.action_start[index])
        for k, option in enumerate(label.options):
            low, high = (float(value) for value in ranges[start + k])
            if high - low > SAME_PLAY:
                found.append(ActionRange(label.player, label.decision, dict(label.sees), option, low, high))
    return found
