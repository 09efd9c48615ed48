"""The game of a posture as the disclosure search sees it: any draw, at any belief about one of the owner's types."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.game import (
    Assessment,
    GameNumbers,
    Witness,
    action_values,
    certify,
    node_values,
    terminal_probability,
)
from detente.solvers import SHARP_TREMBLES, Disclosed, Solves, Status, continue_support
from detente.study.games import Game, Solved, SolveOptions, Tally, beliefs_of
from detente.study.played import Played

NOTHING, DOUBT = -1, -2
LOOSE = 1e-9
"""Gains below this share of the payoff range do not count when the reach of a profile is worked out."""


@dataclass(frozen=True, eq=False)
class Prospect:
    """The owner's chances by type, in every distinct draw, whatever the others believe.

    Attributes:
        given: [draws, chance_edges] chance, the root's branches conditional on the label they carry, as the
            owner judges it.
        neutral: [draws, chance_edges] the same as everybody believes.
        prior: [draws, labels] what the others believe.
        weight: [draws, labels] the owner's own weight over that prior.
        judged: [draws, chance_edges] chance as the owner judges it; None if as everybody does.
        payoff: [draws, terminals, players] payoffs.
    """

    given: Floats
    neutral: Floats
    prior: Floats
    weight: Floats
    judged: Floats | None
    payoff: Floats


def prospect(game: Game, type_name: str, theta: Floats) -> Prospect:
    """Split the root's branches by a type's labels."""
    labels = game.root_labels(type_name)
    count = len(game.case.labels_of(type_name))
    numbers = game.compiled.numbers(theta)
    even = {type_name: np.full((len(theta), count), 1.0 / count)}
    neutral = game.compiled.numbers(theta, even).chance
    judged = numbers.judged_chance
    edges = game.root_edges
    prior = by_label(numbers.chance[:, edges], labels, count)
    own = prior if judged is None else by_label(judged[:, edges], labels, count)
    neutral[:, edges] /= by_label(neutral[:, edges], labels, count)[:, labels]
    given = neutral
    if judged is not None:
        given = judged.copy()
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = given[:, edges] / own[:, labels]
        given[:, edges] = np.where(own[:, labels] > 0, shares, neutral[:, edges])
    with np.errstate(invalid="ignore", divide="ignore"):
        weight = np.where(prior > 0, own / prior, 1.0)
    return Prospect(given, neutral, prior, weight, judged, numbers.payoff)


def by_label(edges: Floats, labels: Ints, count: int) -> Floats:
    """[draws, labels] probability of each label, from that of the root's branches."""
    sums = np.zeros((len(edges), count))
    for edge, label in enumerate(labels):
        sums[:, label] += edges[:, edge]
    return sums


@dataclass(frozen=True, eq=False)
class Profile:
    """A profile that was found once and can be played at other beliefs.

    Attributes:
        strategy: [actions] the strategies.
        logs: [levels, actions] its trembles.
        system: [nodes] its belief system there.
        belief: [labels] the belief about the type at which it was found.
        support: Number of its set of actions in use.
    """

    strategy: Floats
    logs: Floats
    system: Floats
    belief: Floats
    support: int

    @property
    def pure(self) -> bool:
        """Whether nobody mixes."""
        return bool(((self.strategy == 0) | (self.strategy > 1 - 1e-12)).all())


@dataclass(eq=False)
class Signals:
    """Solves a game at beliefs and keeps every profile found under a handle.

    Attributes:
        game: The game, with nothing disclosed about the type.
        type_name: The type.
        theta: [draws, params] the worlds.
        scale: [draws, players] payoff ranges.
        options: Threads and stop.
        tally: Where certificates are counted.
        base: The owner's chances by type.
        pivot: [draws] values the answer is compared with.
        batch: Games solved at once.
        lent: Per draw, what was found in two neighboring worlds: their supports are tried first.
        known: Per draw, the profile at the prior, where it has been solved for already.
    """

    game: Game
    type_name: str
    theta: Floats
    scale: Floats
    options: SolveOptions
    tally: Tally
    base: Prospect
    pivot: Floats | None = None
    batch: int = 256
    profiles: list[Profile] = field(default_factory=list[Profile])
    lent: dict[int, tuple[Disclosed, Disclosed]] = field(default_factory=dict[int, tuple[Disclosed, Disclosed]])
    known: dict[int, int] = field(default_factory=dict[int, int])
    supports: dict[bytes, int] = field(default_factory=dict[bytes, int])

    def __post_init__(self) -> None:
        self.edge_label = self.game.root_labels(self.type_name)
        self.node_label = _labels_below(self.game, self.edge_label)
        self.precision = np.zeros(0)

    def solve(self, rows: Ints, beliefs: Floats, near: Ints) -> Solves:
        """Solve draws at beliefs, in batches; see `_hinted` for the use made of neighbors."""
        handle = self._remembered(rows, beliefs)
        lent = np.array([self._lent(int(row), belief) for row, belief in zip(rows, beliefs, strict=True)])
        for hints in (*np.moveaxis(near, 1, 0), lent):
            tried = np.flatnonzero((hints >= 0).all(axis=1) & (handle == NOTHING)).astype(np.int32)
            for part in self._batches(tried):
                handle[part] = self._hinted(rows[part], beliefs[part], hints[part])
        usable = handle >= 0
        for part in self._batches(np.flatnonzero(~usable).astype(np.int32)):
            handle[part], usable[part] = self._traced(rows[part], beliefs[part])
        values = np.empty((len(rows), beliefs.shape[1]))
        for part in self._batches(np.arange(len(rows), dtype=np.int32)):
            strategy = np.array([self.profiles[int(k)].strategy for k in handle[part]])
            values[part] = self.type_values(rows[part], strategy)
        support = np.array([self.profiles[int(k)].support for k in handle], dtype=np.int32)
        pure = np.array([self.profiles[int(k)].pure for k in handle], dtype=np.bool_)
        return Solves(values, handle, support, pure, usable)

    def remember(self, silent: Played, draws: Ints) -> None:
        """Take over the profiles of a posture that is the same but for the signals: those at the prior.

        Args:
            silent: The posture.
            draws: [rows] the draw of it that each row here is.
        """
        row_of = {int(draw): row for row, draw in enumerate(draws)}
        for part in silent.parts:
            for entry, draw in enumerate(part.rows):
                row, kind = row_of.get(int(draw), -1), int(part.solved.inverse[entry])
                if row >= 0 and part.solved.certificate.certified[kind]:
                    one = part.solved.assessment.take(np.array([kind], dtype=np.int32))
                    self.known[row] = int(self._store(one, self.base.prior[row : row + 1])[0])

    def _remembered(self, rows: Ints, beliefs: Floats) -> Ints:
        """[solves] handles of what is known at the prior, `NOTHING` elsewhere."""
        handle = np.full(len(rows), NOTHING, dtype=np.int32)
        if self.known:
            for entry in np.flatnonzero(beliefs[:, 0] == self.base.prior[rows, 0]):
                handle[entry] = self.known.get(int(rows[entry]), NOTHING)
        return handle

    def _batches(self, entries: Ints) -> list[Ints]:
        return [entries[low : low + self.batch] for low in range(0, len(entries), self.batch)]

    def _lent(self, row: int, belief: Floats) -> tuple[int, int]:
        """The profiles of the two neighboring worlds nearest to a belief, if any are lent."""
        if row not in self.lent:
            return NOTHING, NOTHING
        return _nearest(self.lent[row][0], belief), _nearest(self.lent[row][1], belief)

    def _hinted(self, rows: Ints, beliefs: Floats, hints: Ints) -> Ints:
        """Handles of profiles on the support of a hint, `NOTHING` where both fail, `DOUBT` where both hold.

        If both have one support, an equilibrium on it is taken; if they differ, one is taken only where
        the other has none, so that nothing is decided that tracing the branch would have to decide.
        """
        numbers = self.numbers(rows, beliefs)
        support = np.array([[self.profiles[int(k)].support for k in pair] for pair in hints])
        first = self._carry(rows, beliefs, numbers, hints[:, 0])
        second = np.full(len(rows), -1, dtype=np.int32)
        apart = np.flatnonzero(support[:, 0] != support[:, 1])
        if len(apart):
            second[apart] = self._carry(
                rows[apart], beliefs[apart], numbers.take(apart.astype(np.int32)), hints[apart, 1]
            )
        both = (first >= 0) & (second >= 0)
        return np.where(both, DOUBT, np.maximum(first, second)).astype(np.int32)

    def _carry(self, rows: Ints, beliefs: Floats, numbers: GameNumbers, handles: Ints) -> Ints:
        """Handles of equilibria on the supports of known profiles; -1 where there is none."""
        shape = self.game.compiled.shape
        start = self._assessment(handles)
        found = continue_support(shape, numbers, self.scale[rows], start, threads=self.options.threads)
        good = found.status == Status.converged
        self.tally.continued += int(good.sum())
        kept = np.full(len(rows), -1, dtype=np.int32)
        kept[good] = self._store(found.assessment.take(np.flatnonzero(good).astype(np.int32)), beliefs[good])
        return kept

    def _traced(self, rows: Ints, beliefs: Floats) -> tuple[Ints, Bools]:
        priors = {self.type_name: beliefs}
        solved = self.game.solve(self.theta[rows], self.scale[rows], self.options, self.tally, priors)
        first = np.zeros(len(solved.assessment.strategy), dtype=np.int32)
        first[solved.inverse[::-1]] = np.arange(len(rows), dtype=np.int32)[::-1]
        return self._store(solved.assessment, beliefs[first])[solved.inverse], solved.certified

    def _store(self, found: Assessment, beliefs: Floats) -> Ints:
        """Keep profiles; their handles."""
        witness = found.witness
        assert witness is not None
        self.precision = witness.precision
        start = len(self.profiles)
        for k, strategy in enumerate(found.strategy):
            support = self.supports.setdefault((strategy > 0).tobytes(), len(self.supports))
            profile = Profile(strategy, witness.log_strategy[:, k], found.belief[k], beliefs[k], support)
            self.profiles.append(profile)
        return np.arange(start, len(self.profiles), dtype=np.int32)

    def _assessment(self, handles: Ints) -> Assessment:
        chosen = [self.profiles[int(k)] for k in handles]
        logs = np.stack([item.logs for item in chosen], axis=1)
        return Assessment(
            np.array([item.strategy for item in chosen]),
            np.array([item.system for item in chosen]),
            Witness(self.precision, logs),
        )

    def type_values(self, rows: Ints, strategy: Floats) -> Floats:
        """[solves, labels] the owner's value by its type when profiles are played."""
        compiled, base = self.game.compiled, self.base
        reach = terminal_probability(compiled.shape, base.given[rows], strategy)
        weighed = reach * base.payoff[rows, :, self.game.owner]
        at = compiled.type_at[self.type_name]
        return np.column_stack([weighed[:, at == label].sum(axis=1) for label in range(base.prior.shape[1])])

    def numbers(self, rows: Ints, beliefs: Floats) -> GameNumbers:
        """The game at some posteriors; the judged chance carries the owner's own weights."""
        edges = self.game.root_edges
        chance = self.base.neutral[rows]
        chance[:, edges] *= beliefs[:, self.edge_label]
        if self.base.judged is None:
            return GameNumbers(self.base.payoff[rows], chance, None)
        judged = self.base.judged[rows]
        with np.errstate(invalid="ignore", divide="ignore"):
            shift = np.where(self.base.prior[rows] > 0, beliefs / self.base.prior[rows], 0.0)
        judged[:, edges] *= shift[:, self.edge_label]
        return GameNumbers(self.base.payoff[rows], chance, judged)

    def replay(self, rows: Ints, beliefs: Floats, handles: Ints, *, sharp: bool = False) -> Solved:
        """Known profiles at some posteriors, certified there: the tie-break at a jump is judged too.

        Args:
            rows: [entries] draws.
            beliefs: [entries, labels] posteriors.
            handles: [entries] profiles.
            sharp: Make a sharper witness where each profile was found. Close to the end of a support an
                action out of use loses almost nothing, and the usual trembles are too coarse there.
        """
        shape = self.game.compiled.shape
        numbers = self.numbers(rows, beliefs)
        known = self._assessment(handles)
        if sharp:
            known = self._sharpened(rows, handles, known)
        witness = known.witness
        assert witness is not None
        belief = beliefs_of(shape, numbers.chance, known.strategy, witness.log_strategy)
        assessment = Assessment(known.strategy, belief, witness)
        certificate = certify(shape, numbers, assessment, self.scale[rows])
        everyone = np.arange(len(rows), dtype=np.int32)
        return Solved(self.game, numbers, assessment, certificate, everyone, np.zeros(0, dtype=np.int8))

    def move(self, row: int, handle: int, place: float) -> int:
        """The equilibrium on the support of a profile at a near belief; the profile itself if there is none."""
        rows = np.array([row], dtype=np.int32)
        beliefs = np.array([[place, 1.0 - place]])
        found = self._carry(rows, beliefs, self.numbers(rows, beliefs), np.array([handle], dtype=np.int32))
        return int(found[0]) if found[0] >= 0 else handle

    def _sharpened(self, rows: Ints, handles: Ints, known: Assessment) -> Assessment:
        """Profiles solved again on their supports, where they were found, with sharper trembles."""
        assert known.witness is not None
        found_at = np.array([self.profiles[int(k)].belief for k in handles])
        logs = np.repeat(known.witness.log_strategy[-1:], len(SHARP_TREMBLES), axis=0)
        return continue_support(
            self.game.compiled.shape,
            self.numbers(rows, found_at),
            self.scale[rows],
            Assessment(known.strategy, known.belief, Witness(SHARP_TREMBLES, logs)),
            trembles=SHARP_TREMBLES,
            threads=self.options.threads,
        ).assessment

    def leaves(self, rows: Ints, handles: Ints, behind: Ints, start: Floats, end: Floats) -> tuple[Floats, Bools]:
        """Where a profile stops being an equilibrium between two beliefs in the first label.

        With a pure profile held fixed, the advantage of each action is linear in the belief up to a positive
        factor, so its sign change is found without solving. For a profile that mixes, the place where a
        probability or a loss reaches zero is extrapolated from two profiles on its support.
        """
        place, exact = np.full(len(rows), np.nan), np.zeros(len(rows), dtype=np.bool_)
        for part in self._batches(np.arange(len(rows), dtype=np.int32)):
            place[part], exact[part] = self._leaves_pure(rows[part], handles[part], start[part], end[part])
        mixed = np.flatnonzero(~exact & (behind >= 0)).astype(np.int32)
        for part in self._batches(mixed):
            place[part] = self._leaves_mixed(rows[part], handles[part], behind[part], end[part])
        return place, exact

    def _leaves_pure(self, rows: Ints, handles: Ints, start: Floats, end: Floats) -> tuple[Floats, Bools]:
        gains, loose = self._gains(rows, handles)
        at_start = start[:, None] * gains[0] + (1 - start)[:, None] * gains[1]
        at_end = end[:, None] * gains[0] + (1 - end)[:, None] * gains[1]
        # what is a tie at the far end counts as left behind there
        turns = (at_end > -LOOSE) & (at_end > at_start + LOOSE)
        share = np.where(turns, -at_start / np.where(turns, at_end - at_start, 1.0), np.inf)
        first = np.clip(share.min(axis=1), 0.0, None)
        first = np.where(first < 1.0 + 1e-6, np.minimum(first, 1.0), np.inf)
        place = start + np.where(np.isfinite(first), first, 0.0) * (end - start)
        exact = np.isfinite(first) & (first <= 1.0) & ~loose
        return np.where(exact, place, np.nan), exact

    def _leaves_mixed(self, rows: Ints, handles: Ints, behind: Ints, end: Floats) -> Floats:
        here = np.array([self.profiles[int(k)].belief[0] for k in handles])
        back = np.array([self.profiles[int(k)].belief[0] for k in behind])
        slack, before = self._slack(rows, handles), self._slack(rows, behind)
        fall = (before - slack) / np.where(here == back, 1.0, here - back)[:, None]  # per unit of belief
        with np.errstate(invalid="ignore", divide="ignore"):
            reach = slack / (fall * np.sign(end - here)[:, None])
        reach = np.where(np.isfinite(reach) & (reach > 0) & (np.abs(before - slack) > LOOSE), reach, np.inf).min(axis=1)
        place = here + np.sign(end - here) * np.where(np.isfinite(reach), reach, 0.0)
        inside = np.isfinite(reach) & (np.abs(place - here) < np.abs(end - here))
        return np.where(inside & (here != back), place, np.nan)

    def _slack(self, rows: Ints, handles: Ints) -> Floats:
        """[solves, actions] probability of actions in use, loss of the others: zero where a support ends."""
        shape = self.game.compiled.shape
        beliefs = np.array([self.profiles[int(k)].belief for k in handles])
        numbers = self.numbers(rows, beliefs)
        assessment = self._assessment(handles)
        values = action_values(shape, numbers, assessment)
        mover = shape.infoset_player[shape.action_infoset]
        played, _ = _played(shape.action_start, assessment.strategy)
        loss = (np.take_along_axis(values, played, axis=1) - values) / self.scale[rows][:, mover]
        return np.where(assessment.strategy > 0, assessment.strategy, loss)

    def _gains(self, rows: Ints, handles: Ints) -> tuple[tuple[Floats, Floats], Bools]:
        """[solves, actions] advantage of each action over the one played, per label; and whether a profile mixes.

        At belief q the advantage is q times the first plus (1 - q) times the second, up to a positive factor.
        """
        shape = self.game.compiled.shape
        strategy = np.array([self.profiles[int(k)].strategy for k in handles])
        logs = np.stack([self.profiles[int(k)].logs for k in handles], axis=1)
        numbers = self.numbers(rows, np.full((len(rows), 2), 0.5))
        belief = beliefs_of(shape, numbers.chance, strategy, logs)
        after = shape.action_nodes
        mover = shape.infoset_player[shape.action_infoset[shape.edge[after]]]
        worth = node_values(shape, numbers, strategy)[:, after, mover] / self.scale[rows][:, mover]
        worth *= belief[:, shape.parent[after]]
        label = self.node_label[shape.parent[after]]
        amounts = [_by_action(shape.edge[after], np.where(label == k, worth, 0.0), shape.num_actions) for k in (0, 1)]
        played, mixed = _played(shape.action_start, strategy)
        first, second = (amount - np.take_along_axis(amount, played, axis=1) for amount in amounts)
        loose = mixed & ((np.abs(first) > LOOSE) | (np.abs(second) > LOOSE))
        return (first, second), np.asarray(loose.any(axis=1))


def _nearest(found: Disclosed, belief: Floats) -> int:
    """The profile of another world that was found nearest to a belief, -1 if there is none."""
    if not found.handles:
        return -1
    return found.handles[int(np.argmin(np.abs(found.points[:, 0] - belief[0])))]


def _by_action(edge: Ints, amounts: Floats, actions: int) -> Floats:
    sums = np.zeros((len(amounts), actions))
    np.add.at(sums.T, edge, amounts.T)
    return sums


def _played(action_start: Ints, strategy: Floats) -> tuple[np.ndarray, Bools]:
    """[draws, actions] the action played at each action's set, and which other actions are mixed in."""
    played = np.zeros(strategy.shape, dtype=np.int64)
    for low, high in pairwise(action_start.tolist()):
        played[:, low:high] = (low + np.argmax(strategy[:, low:high], axis=1))[:, None]
    own = np.arange(strategy.shape[1])[None, :] == played
    return played, (strategy > 1e-9) & ~own


def _labels_below(game: Game, edge_label: Ints) -> Ints:
    """[nodes] the label of the type on the way to each node, -1 at the root."""
    shape = game.compiled.shape
    label = np.full(shape.num_nodes, -1, dtype=np.int32)
    first = int(shape.first_child[0])
    label[first : first + len(edge_label)] = edge_label
    for level in shape.levels[2:]:
        label[level] = label[shape.parent[level]]
    return label
