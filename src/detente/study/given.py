"""What has been observed by a day, as a game sees it: moves are where play goes on from, other items shift the types.

An item that is a move enters through the history alone, any other item through its likelihood alone, so that nothing
counts twice (rule 24). Both are functions of the parameters: every world has its own play of the past.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.axes import Bools, Floats
from detente.case import Case, EvidenceItem, EvidenceSection, Reveal, parameters
from detente.compiler import Past
from detente.errors import RequestError
from detente.evidence import Evidence, Likelihood, drawn_scores, known_scores
from detente.study.assess import known_by
from detente.study.assess_judgments import Row, items_of, judgments
from detente.study.assess_record import move_of
from detente.study.assess_staged import staged_item
from detente.study.games import Game, SolveOptions, entering, parameters_behind
from detente.study.strategic import PRECISION, Move, in_game_order, play_sums
from detente.study.type_prior import type_prior
from detente.study.worlds import Worlds

LEAST = 1e-300  # a likelihood that underflows
MOST_KEPT = 50_000  # worlds whose past is remembered
SKIPPED = -1


@dataclass(frozen=True)
class Given:
    """What is taken as known.

    Attributes:
        as_of: Last day whose reports count; None takes all.
        precision: Logit precision at which the past was played, 1 / payoff range.
    """

    as_of: date | None = None
    precision: float = PRECISION

    def known(self, case: Case) -> EvidenceSection:
        """The evidence as far as it had been reported.

        Raises:
            RequestError: The case has none.
        """
        if case.evidence is None:
            raise RequestError(
                "this case has no evidence to go by (--given-evidence); add a section `evidence:` with `about:` and "
                "dated `items:`, or ask without it"
            )
        return known_by(case.evidence, self.as_of)

    def observed(self, whole: Worlds) -> Observed:
        """What that means for the postures of a case.

        Args:
            whole: The postures, from the beginning of the game.
        """
        return Observed(self, whole)


class _Stopping:
    """Stops when the options of a run say so."""

    def __init__(self, options: SolveOptions):
        self._options = options

    @property
    def stopped(self) -> bool:
        """Whether to stop."""
        return self._options.stop is not None and self._options.stop()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Tell nobody."""


class Observed:
    """The past of a case, and how likely it was in every world.

    Args:
        given: What is taken as known.
        whole: The postures, from the beginning of the game.

    Raises:
        RequestError: The case has no evidence.
    """

    def __init__(self, given: Given, whole: Worlds):
        self.given, self.whole = given, whole
        self.case = whole.case
        self.section = given.known(self.case)
        self.about = self.case.type(self.section.about)
        self.moves: tuple[Move, ...] = in_game_order(self.case, {move_of(item) for item in self.section.moves})
        self.others = tuple(item for item in self.section.items if not item.is_move)
        self._kept: dict[bytes, Floats] = {}

    # ------------------------------------------------------------------ the past

    @cached_property
    def past(self) -> Past:
        """What has happened.

        Raises:
            RequestError: The moves cannot have happened together under the status quo, it leaves something to be
                found, or nothing is left to decide after them.
        """
        quo = self.case.status_quo
        if self.moves and quo.needs_search:
            raise RequestError(
                f"the status quo '{quo.name}' leaves something to be found (optimal), so it does not say how the "
                "observed moves came about; give the case another status quo"
            )
        return Past(
            posture=quo,
            moves=dict(self.moves),
            position=self._position,
            ways=self._ways[0],
            chances=self.chances,
            about=self.about.name if self.others else "",
            likelihood=self.likelihood,
            uses=self._uses,
        )

    @cached_property
    def _game(self) -> Game:
        return self.whole.game(self.case.status_quo)

    @cached_property
    def _position(self) -> int:
        names = {decision for decision, _ in self.moves}
        places = [k for k, entry in enumerate(self.case.timeline) if getattr(entry, "name", "") in names]
        return max(places, default=-1)

    @cached_property
    def _ways(self) -> tuple[NDArray[np.int16], Floats]:
        """[ways, past variables] labels, and [terminals, ways] where each way ends."""
        compiled = self._game.compiled
        settled = [entry for entry in self.case.timeline[: self._position + 1] if not isinstance(entry, Reveal)]
        values = compiled.histories.values
        held = np.ones(len(values), dtype=np.bool_)
        for decision, option in self.moves:
            column = compiled.plan.variables.index(decision)
            held &= values[:, column] == compiled.plan.labels[column].index(option)
        told = ", ".join(f"{decision} = {option}" for decision, option in self.moves)
        if not held.any():
            raise RequestError(
                f"these moves cannot have happened together under the status quo '{self.case.status_quo.name}': {told}"
            )
        width = len(self.case.types) + len(settled)
        if self.moves and (values[held, width:] == SKIPPED).all():
            raise RequestError(f"after {told} the game is over and no posture can change it; take an earlier --as-of")
        rows = np.ascontiguousarray(values[:, :width])
        if width == 0:
            return rows[:1], held[:, None].astype(np.float64)
        ways, number = np.unique(rows[held], axis=0, return_inverse=True)
        where = np.zeros((len(values), len(ways)))
        where[np.flatnonzero(held), number.reshape(-1)] = 1.0
        return ways, where

    @cached_property
    def _uses(self) -> tuple[int, ...]:
        names: set[str] = set()
        if self.moves:
            for posture in self.case.postures:
                names |= parameters_behind(posture, entering(self.case, self.whole.game(posture).compiled))
        for item in self.others:
            if item.staging is not None:
                for amount in (*item.staging.gain.values(), *item.staging.cost.values()):
                    names |= parameters(amount)
                names |= parameters_behind(self.case.status_quo, _prior_parameters(self.case))
        return tuple(k for k, name in enumerate(self.case.parameter_names) if name in names)

    def chances(self, theta: Floats) -> Floats:
        """[draws, ways] probability of each way of the past given its types; NaN where it could not be solved."""
        keys = [row.tobytes() for row in np.ascontiguousarray(theta[:, self._uses])]
        missing = {key: row for row, key in enumerate(keys) if key not in self._kept}
        if missing:
            if len(self._kept) + len(missing) > MOST_KEPT:
                self._kept.clear()
                missing = {key: row for row, key in enumerate(keys)}
            rows = np.array(list(missing.values()), dtype=np.int64)
            self._kept.update(zip(missing, self._solved(theta[rows]), strict=True))
        return np.array([self._kept[key] for key in keys])

    def _solved(self, theta: Floats) -> Floats:
        where, size, watch = self._ways[1], self.whole.batch(), _Stopping(self.whole.options)
        found = [np.empty((0, where.shape[1]))]
        for low in range(0, len(theta), size):
            rows, precision = theta[low : low + size], self.given.precision
            sums, good = play_sums(self.whole, self._game, rows, precision, where, watch, given_types=True)
            sums[~good] = np.nan
            found.append(sums)
        return np.concatenate(found)

    # ------------------------------------------------------------------ other evidence

    @cached_property
    def _evidence(self) -> tuple[Evidence, dict[str, Row]]:
        """All items but moves at the points of their ranges; of those that can be staged, what comes by itself."""
        known = {item.id for item in self.others}
        analysts = {
            name: {item: row for item, row in rows.items() if item in known}
            for name, rows in self.section.analysts.items()
        }
        section = replace(self.section, items=self.others, analysts=analysts)
        labels = self.about.labels
        judged = judgments(section, labels, None).rows
        rows = {
            name: tuple(Likelihood(cell.point, cell.point, cell.point) for cell in row) for name, row in judged.items()
        }
        return items_of(section, rows, labels), rows

    def likelihood(self, theta: Floats) -> Floats:
        """[draws, labels] likelihood of all items but moves, on one scale for all draws."""
        evidence, rows = self._evidence
        plain = known_scores(evidence, (date.max,))[0, 0]
        staged = [item for item in self.others if item.staging is not None]
        score = np.broadcast_to(plain, (len(theta), len(plain)))
        if staged:
            given = {item.id: self._staged(item, rows[item.id], theta) for item in staged}
            score = next(drawn_scores(evidence, (date.max,), 0, 0, len(theta), given))
        return np.maximum(np.exp(np.minimum(score - plain.max(), 300.0)), LEAST)

    def _staged(self, item: EvidenceItem, natural: Row, theta: Floats) -> Floats:
        prior = type_prior(self.case, self.about.name, theta)
        return staged_item(item, self.about.labels, natural, prior, self.case, theta, 0).draws

    # ------------------------------------------------------------------ what follows

    def known(self, theta: Floats) -> Bools:
        """[draws] whether the past could be solved."""
        if not self.moves:
            return np.ones(len(theta), dtype=np.bool_)
        return np.asarray(~np.isnan(self.chances(theta)).any(axis=1))

    def mass(self, theta: Floats) -> Floats:
        """[draws, ways] probability of each way of the past times the likelihood of other evidence; NaN if unsolved."""
        compiled = self._game.compiled
        types = compiled.priors.profiles
        number = {row.tobytes(): k for k, row in enumerate(np.ascontiguousarray(types))}
        ways = np.ascontiguousarray(self._ways[0][:, : types.shape[1]])
        profile = np.array([number[row.tobytes()] for row in ways], dtype=np.int64)
        prior = compiled.priors.probabilities(compiled.theta(theta), {})
        found = np.broadcast_to(prior, (len(theta), prior.shape[1]))[:, profile]
        if self.others:
            place = [item.name for item in self.case.types].index(self.about.name)
            found = found * self.likelihood(theta)[:, ways[:, place]]
        return found * self.chances(theta) if self.moves else found

    def prior(self, theta: Floats) -> dict[str, Floats]:
        """Type -> [draws, labels] what was thought before anything was observed."""
        compiled = self._game.compiled
        shares = compiled.priors.probabilities(compiled.theta(theta), {})
        shares = np.broadcast_to(shares, (len(theta), shares.shape[1]))
        return {
            item.name: _by_label(shares, compiled.priors.profiles[:, column], len(item.labels))
            for column, item in enumerate(self.case.types)
        }

    def posterior(self, mass: Floats) -> dict[str, dict[str, float]]:
        """Types, moves that were not seen and events of the past -> label -> probability.

        Args:
            mass: [draws, ways] weights, from `mass`; worlds and ways are weighed together.
        """
        total = mass.sum(axis=0)
        total = total / total.sum()
        plan, ways = self._game.compiled.plan, self._ways[0]
        moved = {decision for decision, _ in self.moves}
        found: dict[str, dict[str, float]] = {}
        for column in range(ways.shape[1]):
            name, labels = plan.variables[column], plan.labels[column]
            if name in moved:
                continue
            shares = {label: float(total[ways[:, column] == k].sum()) for k, label in enumerate(labels)}
            if column >= len(self.case.types):
                skipped = float(total[ways[:, column] == SKIPPED].sum())
                shares = {label: share for label, share in shares.items() if share > 0}
                if skipped > 0:
                    shares["none"] = skipped
                if len(shares) < 2:
                    continue
            found[name] = shares
        return found


def _prior_parameters(case: Case) -> frozenset[str]:
    weights = [weight for item in case.types for weight in item.weights]
    weights += [weight for joint in case.joints for _, weight in joint.rows]
    return frozenset[str]().union(*(parameters(weight) for weight in weights if weight is not None))


def _by_label(shares: Floats, labels: NDArray[np.int16], count: int) -> Floats:
    return shares @ (labels[:, None] == np.arange(count)).astype(np.float64)
