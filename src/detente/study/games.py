"""One posture's game: what it depends on, and solving it for a batch of draws with certificates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.case import Case, Event, Expression, Posture, parameters
from detente.compiler import CompiledPosture, RuledPosture
from detente.game import (
    Assessment,
    Certificate,
    GameNumbers,
    TreeShape,
    bayes_beliefs,
    beliefs_from_logs,
    terminal_probability,
)
from detente.solvers import BatchSolution, LogitSettings, solve_certified

ROOT = 0
RESTARTS = 2  # further tries for a draw without a certificate: smaller mistakes, and still smaller ones


@dataclass(frozen=True)
class SolveOptions:
    """What every solve of a run shares.

    Attributes:
        threads: Threads of the solver; None is all cores.
        stop: Polled while solving; True leaves what is not solved uncertified.
        ranking: Only which posture is best counts: a value that cannot change that need not be found closely.
    """

    threads: int | None = None
    stop: Callable[[], bool] | None = None
    ranking: bool = False


@dataclass
class Tally:
    """Counts and worst certificates over everything solved so far."""

    solved: int = 0
    continued: int = 0
    max_regret: float = 0.0
    max_residual: float = 0.0
    uncertified: int = 0
    statuses: dict[str, int] = field(default_factory=dict[str, int])

    def add(self, solution: BatchSolution, certificate: Certificate) -> None:
        """Count one batch."""
        good = certificate.certified
        self.solved += len(good)
        self.uncertified += int((~good).sum())
        if good.any():
            self.max_regret = max(self.max_regret, float(certificate.regret[good].max()))
            self.max_residual = max(self.max_residual, float(certificate.belief_residual[good].max()))
        for name, count in solution.statuses().items():
            self.statuses[name] = self.statuses.get(name, 0) + count

    def keep(self, certificate: Certificate) -> None:
        """Count profiles that were taken over from a neighboring world and certified there."""
        self.continued += len(certificate.regret)
        self.max_regret = max(self.max_regret, float(certificate.regret.max(initial=0.0)))
        self.max_residual = max(self.max_residual, float(certificate.belief_residual.max(initial=0.0)))

    def join(self, other: Tally) -> None:
        """Add what was counted elsewhere."""
        self.solved += other.solved
        self.continued += other.continued
        self.uncertified += other.uncertified
        self.max_regret = max(self.max_regret, other.max_regret)
        self.max_residual = max(self.max_residual, other.max_residual)
        for name, count in other.statuses.items():
            self.statuses[name] = self.statuses.get(name, 0) + count
        self.statuses = dict(sorted(self.statuses.items()))


@dataclass(frozen=True, eq=False)
class Game:
    """A compiled posture and what is needed again and again to evaluate it.

    Attributes:
        case: The case.
        compiled: The tree under the posture.
        owner: Index of the owner among the players.
        columns: Parameters that enter the game's numbers.
    """

    case: Case
    compiled: CompiledPosture
    owner: int
    columns: Ints

    @classmethod
    def of(cls, case: Case, compiled: CompiledPosture) -> Game:
        """Wrap a compiled posture."""
        names = entering(case, compiled)
        columns = np.array([i for i, name in enumerate(case.parameter_names) if name in names], dtype=np.int32)
        owner = compiled.shape.players.index(compiled.posture.owner or case.owner)
        return cls(case, compiled, owner, columns)

    @cached_property
    def own_types(self) -> tuple[str, ...]:
        """Types of the owner."""
        actor = self.compiled.shape.players[self.owner]
        return tuple(item.name for item in self.case.types if item.actor == actor)

    @cached_property
    def own_labels(self) -> tuple[tuple[str, ...], ...]:
        """Every combination of labels of the owner's types; one empty combination if it has none."""
        combos: list[tuple[str, ...]] = [()]
        for name in self.own_types:
            combos = [(*combo, label) for combo in combos for label in self.case.labels_of(name)]
        return tuple(combos)

    @cached_property
    def own_masks(self) -> Bools:
        """[own labels, terminals] which terminals belong to which combination of the owner's types."""
        masks = np.ones((len(self.own_labels), self.compiled.shape.num_terminals), dtype=np.bool_)
        for row, combo in enumerate(self.own_labels):
            for name, label in zip(self.own_types, combo, strict=True):
                masks[row] &= self.compiled.type_at[name] == self.case.labels_of(name).index(label)
        return masks

    def root_labels(self, type_name: str) -> Ints:
        """[root edges] index of a type's label on each branch of the root; empty without a chance root."""
        shape, compiled = self.compiled.shape, self.compiled
        if shape.num_children[ROOT] == 0 or compiled.edge_variable[int(shape.first_child[ROOT])] != "types":
            return np.zeros(0, dtype=np.int32)
        first = int(shape.first_child[ROOT])
        labels = self.case.labels_of(type_name)
        nodes = range(first, first + int(shape.num_children[ROOT]))
        return np.array([labels.index(str(compiled.node_history(node)[type_name])) for node in nodes], dtype=np.int32)

    @cached_property
    def root_edges(self) -> slice:
        """Where the root's chance edges are among all chance edges."""
        start = max(0, int(self.compiled.shape.chance_start[ROOT]))
        return slice(start, start + int(self.compiled.shape.num_children[ROOT]))

    def solve(
        self,
        theta: Floats,
        scale: Floats,
        options: SolveOptions,
        tally: Tally,
        priors: Mapping[str, Floats] | None = None,
    ) -> Solved:
        """Solve and certify draws; draws with the same numbers are solved once.

        Args:
            theta: [draws, params] parameter values, before the posture's own settings.
            scale: [draws, players] payoff ranges of rule 11.
            options: Threads and stop.
            tally: Where the certificates are counted.
            priors: Replacement priors of some types, [draws, labels] each.
        """
        beliefs = [item for _, item in sorted((priors or {}).items())]
        key = [self.compiled.theta(theta)[:, self.columns], scale, *beliefs]
        compiled = self.compiled
        if isinstance(compiled, RuledPosture):
            key.append(np.broadcast_to(compiled.odds, (len(theta), compiled.odds.shape[1])))
        first, inverse = distinct_rows(np.column_stack(key))
        if isinstance(compiled, RuledPosture):
            compiled = compiled.of_draws(first)
        chosen = {name: rows[first] for name, rows in priors.items()} if priors else None
        numbers = compiled.numbers(theta[first], chosen)
        shape = self.compiled.shape
        settings = LogitSettings(block=int(np.clip(len(first) // 8, 1, 16)))  # small blocks keep all threads busy
        found = solve_certified(
            shape,
            numbers,
            scale[first],
            settings=settings,
            restarts=RESTARTS,
            threads=options.threads,
            stop=options.stop,
        )
        solution, certificate = found.solution, found.certificate
        tally.add(solution, certificate)
        return Solved(self, numbers, solution.assessment, certificate, inverse, solution.status)


@dataclass(frozen=True, eq=False)
class Solved:
    """A solved batch. Arrays hold distinct games; `inverse` says which of them each draw is.

    Attributes:
        game: What was solved.
        numbers: Payoffs and chance of each distinct game.
        assessment: Its equilibrium.
        certificate: How good it is.
        inverse: [draws] the distinct game of each draw.
        status: [distinct] how the solver ended; empty if the profile was not solved for here.
    """

    game: Game
    numbers: GameNumbers
    assessment: Assessment
    certificate: Certificate
    inverse: Ints
    status: np.ndarray

    def take(self, entries: Ints) -> Solved:
        """Some of the draws; distinct games that none of them needs are dropped."""
        kinds, inverse = np.unique(self.inverse[entries], return_inverse=True)
        kinds = kinds.astype(np.int32)
        status = self.status[kinds] if len(self.status) else self.status
        return Solved(
            self.game,
            self.numbers.take(kinds),
            self.assessment.take(kinds),
            some_draws(self.certificate, kinds),
            inverse.astype(np.int32),
            status,
        )

    @property
    def certified(self) -> Bools:
        """[draws] whether the equilibrium is certified."""
        return self.certificate.certified[self.inverse]

    @cached_property
    def probability(self) -> Floats:
        """[distinct, terminals] probability of each ending, as everybody believes."""
        return terminal_probability(self.game.compiled.shape, self.numbers.chance, self.assessment.strategy)

    @cached_property
    def judged(self) -> Floats:
        """[distinct, terminals] weight of each ending as the owner judges it."""
        if self.numbers.judged_chance is None:
            return self.probability
        return terminal_probability(self.game.compiled.shape, self.numbers.judged_chance, self.assessment.strategy)

    def weights(self, player: int) -> Floats:
        """[distinct, terminals] weights under which a player's payoff is evaluated."""
        return self.judged if player == self.game.owner else self.probability

    def payoff(self, player: int, mask: Bools | None = None) -> Floats:
        """[distinct] expected payoff of a player over the terminals of a mask (not divided by their weight)."""
        product = self.weights(player) * self.numbers.payoff[:, :, player]
        return product.sum(axis=1) if mask is None else product[:, mask].sum(axis=1)

    def weight(self, player: int | None, mask: Bools) -> Floats:
        """[distinct] probability of a mask, for a player or (None) as everybody believes."""
        source = self.probability if player is None else self.weights(player)
        return source[:, mask].sum(axis=1)


def beliefs_of(shape: TreeShape, chance: Floats, strategy: Floats, logs: Floats) -> Floats:
    """[draws, nodes] beliefs: by Bayes' rule where it applies, else as the sharpest of the trembles have them."""
    exact = bayes_beliefs(shape, chance, strategy)
    return np.where(np.isnan(exact), beliefs_from_logs(shape, chance, logs[-1]), exact)


def some_draws(certificate: Certificate, rows: Ints) -> Certificate:
    """The certificate of some of the draws."""
    gain = certificate.best_response_gain
    return replace(
        certificate,
        regret=certificate.regret[rows],
        on_path_regret=certificate.on_path_regret[rows],
        worst_infoset=certificate.worst_infoset[rows],
        belief_residual=certificate.belief_residual[rows],
        witness_distance=certificate.witness_distance[rows],
        best_response_gain=None if gain is None else gain[rows],
        kinds=tuple(certificate.kinds[int(row)] for row in rows),
    )


def distinct_rows(key: Floats) -> tuple[Ints, Ints]:
    """Rows that differ in a key: the first of each kind, in order, and the kind of every row."""
    packed = np.ascontiguousarray(key + 0.0).view(np.dtype((np.void, key.shape[1] * 8))).ravel()
    numbers: dict[bytes, int] = {}
    first: list[int] = []
    inverse = np.empty(len(packed), dtype=np.int32)
    for row, item in enumerate(packed):
        code = item.tobytes()
        if code not in numbers:
            numbers[code] = len(first)
            first.append(row)
        inverse[row] = numbers[code]
    return np.array(first, dtype=np.int32), inverse


def entering(case: Case, compiled: CompiledPosture) -> frozenset[str]:
    """Parameters that enter the numbers of a compiled posture (possibly a few more)."""
    used: set[str] = set()
    for expression in _expressions(case, compiled):
        used |= parameters(expression)
    for name, table in case.tables.items():
        if name in used:
            used |= {f"{name}[{label}]" for label in table.labels}
    return frozenset(used)


def _expressions(case: Case, compiled: CompiledPosture) -> list[Expression]:
    found: list[Expression | None] = [term.value for term in compiled.terms]
    for item in case.types:
        found += [*item.weights, *(item.judged or ())]
    for joint in case.joints:
        found += [weight for _, weight in joint.rows]
    for entry in case.timeline:
        if isinstance(entry, Event):
            found += [weight for row in entry.table.values() for weight in row]
    for commitment in compiled.posture.commit.values():
        found += [weight for rule in commitment.table.values() for weight in rule]
    return [item for item in found if item is not None]


def parameters_behind(posture: Posture, names: frozenset[str]) -> frozenset[str]:
    """The case's own parameters on which some parameters depend once the posture has set its own."""
    found: set[str] = set()
    for name in names:
        found |= parameters(posture.set[name]) if name in posture.set else {name}
    return frozenset(found)
