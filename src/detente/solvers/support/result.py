"""What the search for all equilibria hands back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.axes import Floats, Ints
from detente.game import Assessment, TreeShape
from detente.solvers.solution import Status
from detente.solvers.support.sequence_form import SequenceForm
from detente.solvers.support.subsets import NashSubset

MEMBER_TOL = 1e-7


@dataclass(frozen=True, eq=False)
class Component:
    """Equilibria that are connected with one another.

    Attributes:
        base: Row of `EquilibriumSet.assessment` that stands for it.
        dimension: Its dimension, counted in realization plans; 0 for an isolated equilibrium, None where it
            is not known.
        payoffs: [players, 2] least and largest expected payoff.
        actions: [actions, 2] least and largest probability of each action where its set can be reached by its
            own player; [0, 1] where nothing is settled because the player never comes there.
        corners: [corners, actions] some of its extreme points, as behavior strategy profiles.
        subsets: The convex pieces it consists of; empty where it is not known as a set.
    """

    base: int
    dimension: int | None
    payoffs: Floats
    actions: Floats
    corners: Floats
    subsets: tuple[NashSubset, ...] = ()


@dataclass(frozen=True, eq=False)
class EquilibriumSet:
    """Every equilibrium of one draw that was found, each certified, duplicates merged.

    Attributes:
        assessment: One row per equilibrium; equilibria that differ only off the path share a row.
        kinds: Kind of certificate per row: ``sequential``, ``backward_induction`` or ``nash``.
        payoffs: [found, players] expected payoffs.
        component_of: [found] component of each row.
        components: Sets of connected equilibria. Every row belongs to one, every one has at least one row.
        complete: Whether every Nash equilibrium belongs to one of the components.
        why: One sentence: why the list is complete, or why it is a lower bound.
        status: `converged` if the search came to its own end, else what ended it.
        form: The sequence form, where there are at most two players who choose.
    """

    assessment: Assessment
    kinds: tuple[str, ...]
    payoffs: Floats
    component_of: Ints
    components: tuple[Component, ...]
    complete: bool
    why: str
    status: Status
    form: SequenceForm | None = None

    @property
    def found(self) -> int:
        """Number of equilibria listed."""
        return len(self.kinds)

    def component_with(self, shape: TreeShape, chance: Floats, strategy: Floats) -> int | None:
        """The component that contains a Nash equilibrium.

        Args:
            shape: The game.
            chance: [1, chance_edges] chance probabilities.
            strategy: [actions] a behavior strategy profile.

        Returns:
            Its number; None if it is in none of them.
        """
        from detente.game import terminal_probability

        if self.form is not None:
            plans = self.form.plans(strategy)
            for number, component in enumerate(self.components):
                if any(subset.contains(self.form, plans, MEMBER_TOL) for subset in component.subsets):
                    return number
        if not self.found:
            return None
        rows = np.repeat(chance[:1], self.found, axis=0)
        ends = terminal_probability(shape, rows, self.assessment.strategy)
        own = terminal_probability(shape, chance[:1], strategy[None, :])
        gaps = np.abs(ends - own).max(axis=1, initial=0.0)
        best = int(np.argmin(gaps))
        return int(self.component_of[best]) if gaps[best] <= MEMBER_TOL else None
