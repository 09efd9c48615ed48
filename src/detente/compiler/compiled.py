"""A case under a posture as a game: its shape, and the functions that fill it with numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

import numpy as np
from numpy.typing import NDArray

from detente.axes import Bools, Floats, Ints
from detente.case import Case, Expression, Posture, array_function, parameters
from detente.compiler.chance import WeightRow, exact
from detente.compiler.frontier import reached_history
from detente.compiler.past_chance import PastChance
from detente.compiler.payoffs import Incidence, TermInstance, where
from detente.compiler.plan import Plan
from detente.compiler.priors import Priors
from detente.errors import RequestError
from detente.game import GameNumbers, InfosetLabel, TreeShape


@dataclass(frozen=True)
class Size:
    """How large a game is."""

    nodes: int
    terminals: int
    infosets: int


@dataclass(frozen=True)
class CommittedNode:
    """A chance node that stands for the owner's published mixed rule.

    Attributes:
        node: The node.
        decision: The decision whose rule it is.
        sees: What its mover has seen there, as in `InfosetLabel`.
    """

    node: int
    decision: str
    sees: tuple[tuple[str, str], ...]


@dataclass(frozen=True, eq=False)
class Lottery:
    """A distribution that chance nodes share.

    Attributes:
        row: Its weights.
        kept: Branches that can occur.
    """

    row: WeightRow
    kept: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Histories(Sequence[Mapping[str, "str | None"]]):
    """Rows of labels as histories, made when asked for."""

    plan: Plan
    values: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.values)

    @overload
    def __getitem__(self, index: int) -> dict[str, str | None]: ...
    @overload
    def __getitem__(self, index: slice) -> Histories: ...
    def __getitem__(self, index: int | slice) -> dict[str, str | None] | Histories:
        if isinstance(index, slice):
            return Histories(self.plan, self.values[index])
        return reached_history(self.plan, self.values[index])


@dataclass(frozen=True, eq=False)
class Record:
    """What happened while the case was played out, for warnings.

    Attributes:
        when_held: Per timeline entry, whether its `when` held after some history.
        when_failed: Per timeline entry, whether it failed after some history.
        applied: Per payoff term of the case, whether it applies at some end.
    """

    when_held: tuple[bool, ...]
    when_failed: tuple[bool, ...]
    applied: Bools


@dataclass(frozen=True, eq=False)
class CompiledPosture:
    """A case under a posture, compiled: one shape for every draw of the parameters.

    Attributes:
        case: The case.
        posture: The posture.
        shape: The tree.
        infoset_labels: [infosets] what each information set is.
        infoset_nodes: [infosets] first node of each.
        edge_variable: [nodes] variable set by the edge into the node: "" at the root, "types" for a type profile.
        edge_label: [nodes] its label; for a type profile the labels joined by commas.
        histories: [terminals] the finished histories; variables never reached count as skipped.
        type_names: Names of the types.
        type_at: Per type, [terminals] number of its label.
        terms: The payoff terms as they count here, on parameters only.
        term_rows: Terminal of each pair (terminal, term that counts there).
        term_cols: Term of each pair.
        outcome_names: Names of the outcomes.
        outcome_at: [outcomes, terminals] where each occurs.
        not_modelled_at: [terminals] where the case no longer applies.
        committed: Chance nodes that stand for a published mixed rule.
        open_decisions: Decisions with an `optimal` commitment for which no rule was given; they are free here.
        open_disclosures: Variables disclosed `optimal`ly; nobody but their actor sees them here.
    """

    case: Case
    posture: Posture
    shape: TreeShape
    infoset_labels: tuple[InfosetLabel, ...]
    infoset_nodes: Ints
    edge_variable: tuple[str, ...]
    edge_label: tuple[str, ...]
    histories: Histories
    type_names: tuple[str, ...]
    type_at: Mapping[str, Ints]
    terms: tuple[TermInstance, ...]
    term_rows: Ints
    term_cols: Ints
    outcome_names: tuple[str, ...]
    outcome_at: Bools
    not_modelled_at: Bools
    committed: tuple[CommittedNode, ...]
    open_decisions: tuple[str, ...]
    open_disclosures: tuple[str, ...]
    plan: Plan
    record: Record
    incidence: Incidence
    priors: Priors
    lotteries: tuple[Lottery, ...]
    node_values: NDArray[np.int16]
    chance_source: Ints

    @cached_property
    def size(self) -> Size:
        """Nodes, terminals and information sets."""
        return Size(self.shape.num_nodes, self.shape.num_terminals, self.shape.num_infosets)

    def node_history(self, node: int) -> dict[str, str | None]:
        """Labels of all variables settled before a node; None where one was skipped."""
        return reached_history(self.plan, self.node_values[node])

    def outcome_of(self, condition: Expression) -> Bools:
        """[terminals] whether a condition holds at the end of the game."""
        return where(self.plan, condition, self.histories.values)

    def theta(self, theta: Floats) -> Floats:
        """[draws, params] the parameters as the posture sets them.

        If something has happened already, [draws, 2 params]: as the posture sets them, and as they are for the past.
        """
        theta = np.atleast_2d(np.asarray(theta, dtype=np.float64))
        if self._past is not None:
            return np.concatenate([self._set(theta), theta], axis=1)
        return self._set(theta)

    def _set(self, theta: Floats) -> Floats:
        if not self._setters:
            return theta
        changed = theta.copy()
        for column, function in self._setters:
            changed[:, column] = function(theta)
        return changed

    def term_values(self, theta: Floats) -> Floats:
        """[draws, terms] value of each term, for parameters before the posture's `set`."""
        return self._term_values(self.theta(theta))

    def sum_values(self, theta: Floats) -> Floats:
        """[draws, sums] value of each distinct sum of terms; `payoff_sums` says where each is paid."""
        return self._sum_values(self.theta(theta))

    @property
    def payoff_sums(self) -> Ints:
        """[terminals, players] number of the sum of terms that is paid."""
        return self.incidence.sums

    def numbers(self, theta: Floats, priors: Mapping[str, Floats] | None = None) -> GameNumbers:
        """Payoffs and chance probabilities for a batch of parameter vectors.

        Args:
            theta: [draws, params] parameters, before the posture's `set`.
            priors: Beliefs about types that replace their prior, [draws, labels] each (or one row for all
                draws); other types of a joint prior keep their distribution conditional on them.
                With a single row of `theta`, the draws are those of the priors.

        Raises:
            RequestError: Weights are negative or all zero in some draw, or a value is not finite.
        """
        given = {name: self._belief(name, belief) for name, belief in (priors or {}).items()}
        changed = self.theta(theta)
        draws = max([len(changed), *(len(belief) for belief in given.values())])
        if len(changed) == 1 < draws:
            changed = np.repeat(changed, draws, axis=0)
        payoff = np.take(self._sum_values(changed), self.incidence.sums, axis=1)
        chance = self._chance(changed, given)
        return GameNumbers(payoff, chance, self._judged_chance(changed, given, chance))

    def payoff_bounds(self, theta: Floats) -> tuple[Floats, Floats]:
        """[draws, players] least and greatest payoff over the ends of the game."""
        sums = self.sum_values(theta)
        columns = [np.unique(self.incidence.sums[:, player]) for player in range(self.shape.num_players)]
        low = np.stack([sums[:, own].min(axis=1) for own in columns], axis=1)
        high = np.stack([sums[:, own].max(axis=1) for own in columns], axis=1)
        return low, high

    # ----------------------------------------------------------------------- payoffs

    @cached_property
    def _setters(self) -> tuple[tuple[int, Callable[[Floats], Floats]], ...]:
        names = self.case.parameter_names
        return tuple(
            (self.case.parameter_index(name), array_function(expression, names))
            for name, expression in self.posture.set.items()
        )

    @cached_property
    def _term_functions(self) -> tuple[Callable[[Floats], Floats], ...]:
        return tuple(array_function(term.value, self.case.parameter_names) for term in self.terms)

    def _term_values(self, changed: Floats) -> Floats:
        values = np.empty((len(self.terms), len(changed)))
        for place, function in enumerate(self._term_functions):
            values[place] = function(changed)
        if not np.isfinite(values).all():
            place, draw = (int(i) for i in np.argwhere(~np.isfinite(values))[0])
            raise self._not_finite(self.terms[place], changed[draw])
        return values.T

    def _not_finite(self, term: TermInstance, theta: Floats) -> RequestError:
        names = sorted(parameters(term.value))
        at = ", ".join(f"{name} = {theta[self.case.parameter_index(name)]:.6g}" for name in names)
        player = self.shape.players[term.player]
        return RequestError(f"payoff term '{term.name}' of {player}, {term.value.text}, is not a finite number at {at}")

    @cached_property
    def _sum_layers(self) -> tuple[tuple[Ints, Ints], ...]:
        """(sums, terms) pairs in layers: the k-th layer holds the k-th term of every sum that has so many."""
        rows, cols = self.incidence.sum_rows, self.incidence.sum_cols
        order = np.argsort(rows, kind="stable")
        rows, cols = rows[order], cols[order]
        rank = np.arange(len(rows)) - np.searchsorted(rows, rows)
        layers = int(rank.max()) + 1 if len(rank) else 0
        return tuple((rows[rank == layer], cols[rank == layer]) for layer in range(layers))

    def _sum_values(self, changed: Floats) -> Floats:
        values = self._term_values(changed).T
        sums = np.zeros((self.incidence.num_sums, len(changed)))
        for rows, cols in self._sum_layers:
            sums[rows] += values[cols]
        return np.ascontiguousarray(sums.T)

    # ----------------------------------------------------------------------- chance

    @cached_property
    def _past(self) -> PastChance | None:
        past = self.plan.settings.past
        if past is None:
            return None
        return PastChance.of(self.plan, past, self.priors, self.shape, self.edge_variable, self.node_values)

    def _chance(self, changed: Floats, given: Mapping[str, Floats]) -> Floats:
        shares = self.priors.probabilities(changed, given if self._past is None else dict[str, Floats]())
        parts = [self._prior(shares, len(changed))]
        for item in self.lotteries:
            parts.append(exact(item.row.shares(self.case, changed)[:, list(item.kept)]))
        chance = np.take(np.concatenate(parts, axis=1), self.chance_source, axis=1)
        if self._past is not None:
            self._past.fill(chance, shares, changed[:, len(self.case.parameters) :], given)
        return chance

    def _judged_chance(self, changed: Floats, given: Mapping[str, Floats], chance: Floats) -> Floats | None:
        judged = self.priors.judged_probabilities(changed, given if self._past is None else dict[str, Floats]())
        if judged is None or self.priors.num_profiles == 1:
            return None
        own = chance.copy()
        if self._past is not None:
            self._past.fill(own, judged, changed[:, len(self.case.parameters) :], given)
            return own
        own[:, : self.priors.num_profiles] = judged  # the root's branches come first
        return own

    def _prior(self, shares: Floats, draws: int) -> Floats:
        """[draws, root branches] as many as the root has: none if only one profile can occur."""
        branches = self.priors.num_profiles if self.priors.num_profiles > 1 else 0
        return np.broadcast_to(shares[:, :branches], (draws, branches))

    def _belief(self, name: str, belief: Floats) -> Floats:
        labels = self.case.type(name).labels
        belief = np.atleast_2d(np.asarray(belief, dtype=np.float64))
        total = belief.sum(axis=1, keepdims=True)
        if belief.shape[1] != len(labels) or not (belief >= 0.0).all() or not np.allclose(total, 1.0):
            raise RequestError(
                f"a belief about {name} must give each of {', '.join(labels)} a probability, summing to one"
            )
        return belief / total


def play_ranges(compiled: Sequence[CompiledPosture], theta: Floats) -> Floats:
    """[draws, players] payoff range of each player over all ends of all postures (the unit of regrets).

    Args:
        compiled: The postures to be compared.
        theta: [draws, params] parameters, before any posture's `set`.
    """
    bounds = [item.payoff_bounds(theta) for item in compiled]
    return np.max([high for _, high in bounds], axis=0) - np.min([low for low, _ in bounds], axis=0)
