"""What `solve --derivatives` answers with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detente.study.results import Manifest


@dataclass(frozen=True)
class StrategyDerivative:
    """How the play at one information set moves.

    Attributes:
        actor: Who moves. decision: the decision. sees: what the mover has seen, variable -> label.
        options: Derivative of the probability of each option; None where it is not determined.
    """

    actor: str
    decision: str
    sees: dict[str, str]
    options: dict[str, float | None]


@dataclass(frozen=True)
class ParameterDerivative:
    """How the answer moves with one parameter.

    Attributes:
        name: The parameter. base: its value. low, high: the ends of its range.
        kink: Why there is no derivative; empty if there is one.
        values: Derivative of each actor's value, payoff units per unit of the parameter.
        outcomes: Derivative of each outcome's probability, per unit of the parameter.
        strategies: Where somebody's odds move.
    """

    name: str
    base: float
    low: float
    high: float
    kink: str
    values: dict[str, float | None]
    outcomes: dict[str, float | None]
    strategies: tuple[StrategyDerivative, ...]

    def slope(self, of: str) -> float | None:
        """Derivative of an outcome's probability or an actor's value."""
        return self.outcomes.get(of) if of in self.outcomes else self.values.get(of)

    def effect(self, of: str) -> float | None:
        """The slope times the width of the parameter's range: the change over the range, were it straight."""
        slope = self.slope(of)
        return None if slope is None else slope * (self.high - self.low)

    def elasticity(self, of: str, level: float) -> float | None:
        """Percent by which the answer changes when the parameter changes by one percent; None at a level of 0."""
        slope = self.slope(of)
        return None if slope is None or level == 0.0 else slope * self.base / level


@dataclass(frozen=True, eq=False)
class DerivativesAnswer:
    """Derivatives of the equilibrium of one posture at base values.

    Attributes:
        of: The outcome, or the actor whose value, by which parameters are ordered.
        lam: Precision of play; None is fully strict. It is held fixed in payoff units.
        values: Value of each actor. outcomes: probability of each outcome.
        parameters: Those that enter the game, the one with the largest effect over its range first.
    """

    case_title: str
    manifest: Manifest
    posture: str
    actors: dict[str, str]
    of: str
    lam: float | None
    values: dict[str, float]
    outcomes: dict[str, float]
    parameters: tuple[ParameterDerivative, ...]

    @property
    def level(self) -> float:
        """The outcome's probability, or the actor's value, that is differentiated."""
        return self.outcomes[self.of] if self.of in self.outcomes else self.values[self.of]

    def to_json(self) -> dict[str, Any]:
        """The documented, versioned form of the answer: plain data, no timings, no paths."""
        from detente.study.serialize import SCHEMA_VERSION, manifest_json, plain

        return {
            "schema": f"detente.derivatives/{SCHEMA_VERSION}",
            "case": self.manifest.case,
            "case_title": self.case_title,
            "manifest": manifest_json(self.manifest),
            "posture": self.posture,
            "of": self.of,
            "level": plain(self.level),
            "lam": plain(self.lam),
            "values": plain(self.values),
            "outcomes": plain(self.outcomes),
            "parameters": [self._row(row) for row in self.parameters],
        }

    def _row(self, row: ParameterDerivative) -> dict[str, Any]:
        from detente.study.serialize import plain

        return {
            "name": row.name,
            "base": plain(row.base),
            "low": plain(row.low),
            "high": plain(row.high),
            "kink": row.kink,
            "slope": plain(row.slope(self.of)),
            "effect": plain(row.effect(self.of)),
            "elasticity": plain(row.elasticity(self.of, self.level)),
            "values": plain(row.values),
            "outcomes": plain(row.outcomes),
            "strategies": [plain(item) for item in row.strategies],
        }
