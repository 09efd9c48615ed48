"""Games in which everybody sees every move, solved in the exact numbers of their file."""

from __future__ import annotations

from dataclasses import dataclass

from detente.exchange import GameFile
from detente.game import Assessment
from detente.solvers import ExactSolution, solve_backward_exact

LARGEST = 5_000
"""Nodes of a game that is solved in fractions; larger ones are solved in floats."""


@dataclass(frozen=True, eq=False)
class ExactPlay:
    """The subgame-perfect equilibrium that is shown.

    Attributes:
        assessment: Its profile: the first of the best actions wherever several are best.
        unique: Whether there is no other one in pure strategies.
        notes: How many there are and where they part, as sentences; none if there is one.
    """

    assessment: Assessment
    unique: bool
    notes: tuple[str, ...]


def play_exactly(file: GameFile) -> ExactPlay | None:
    """Backward induction in fractions; None if the game is too large.

    Args:
        file: A game of perfect information.
    """
    shape = file.game.shape
    if shape.num_nodes > LARGEST:
        return None
    found = solve_backward_exact(shape, file.exact.payoff, file.exact.chance, limit=1)
    return ExactPlay(found.assessment, found.count == 1, _notes(file, found))


def _notes(file: GameFile, found: ExactSolution) -> tuple[str, ...]:
    if found.count == 1:
        return ()
    many = "Several" if found.count is None else f"{found.count:,}"
    names = [file.game.labels[index].decision for index in found.tied[:3]]
    more = f" and {len(found.tied) - 3} more" if len(found.tied) > 3 else ""
    where = f" More than one action is best at {', '.join(names)}{more}; the first of them is taken." if names else ""
    same = " All give everybody the same payoffs." if len(found.values) == 1 else ""
    return (f"{many} subgame-perfect equilibria in pure strategies exist, counted exactly.{where}{same}",)
