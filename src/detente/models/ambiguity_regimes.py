"""Arming and attacking under each regime of strategic ambiguity: the equilibria in closed form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detente.models.checks import probabilities

_TIE = 1e-12


@dataclass(frozen=True)
class Played:
    """One equilibrium.

    Attributes:
        arming: Per type of B the probability of arming.
        attack: ``KIND|SEEN`` -> probability that this type of A attacks on seeing that.
        opens: Who opens up under voluntary inspection: ``armed``, ``unarmed``, or nobody.
    """

    arming: tuple[float, ...]
    attack: Mapping[str, float]
    opens: str = ""


@dataclass(frozen=True)
class Arms:
    """The payoffs; the names are those of the model's parameters."""

    labels: tuple[str, ...]
    costs: tuple[float, ...]
    prior: tuple[float, ...]
    D: float
    D_a: float
    g: float
    l: float  # noqa: E741 - the model's own letter
    d: float
    phi: float
    l_P: float
    d_P: float
    e: float

    @property
    def big(self) -> dict[str, float]:
        """A's types with positive probability."""
        return probabilities({"O": 1 - self.phi, "P": self.phi})

    @property
    def x_star(self) -> float:
        """Arming rate at which the opportunist is indifferent about attacking."""
        return self.g / (self.g + self.l - self.d)

    @property
    def x_P(self) -> float | None:
        """Arming rate at which the preventive type is indifferent; None if there is no such type."""
        return self.e / (self.e + self.d_P - self.l_P) if self.phi else None

    @property
    def cut_inspection(self) -> float:
        """Cost below which B arms if A will see it."""
        return (1 - self.phi) * self.D - self.phi * self.D_a

    def payoff_A(self, kind: str, armed: bool) -> tuple[float, float]:
        """A's payoffs of attacking and of holding."""
        if kind == "O":
            return (-self.l, -self.d) if armed else (self.g, 0.0)
        return (-self.l_P, -self.d_P) if armed else (-self.e, 0.0)

    def evaluate(self, played: Played) -> tuple[dict[str, float], float, dict[str, float]]:
        """Odds of the endings, A's value, B's value by type."""
        outcomes: dict[str, float] = {
            f"{word}_{end}": 0.0 for word in ("armed", "unarmed") for end in ("attack", "peace")
        }
        value = 0.0
        by_type: dict[str, float] = {}
        for label, cost, weight, rate in zip(self.labels, self.costs, self.prior, played.arming, strict=True):
            own = 0.0
            for armed, share in ((True, rate), (False, 1 - rate)):
                word = "armed" if armed else "unarmed"
                seen = self._seen(played, armed)
                for kind, odds in self.big.items():
                    hit = played.attack[f"{kind}|{seen}"]
                    attacking, holding = self.payoff_A(kind, armed)
                    outcomes[f"{word}_attack"] += weight * share * odds * hit
                    outcomes[f"{word}_peace"] += weight * share * odds * (1 - hit)
                    value += weight * share * odds * (hit * attacking + (1 - hit) * holding)
                    own -= share * odds * hit * (self.D_a if armed else self.D)
                own -= share * cost if armed else 0.0
            by_type[label] = own
        return outcomes, value, by_type

    def _seen(self, played: Played, armed: bool) -> str:
        word = "armed" if armed else "unarmed"
        return "closed" if "O|closed" in played.attack and played.opens != word else word

    def strategies(self, played: Played, regime: str) -> dict[str, Any]:
        """The profile by information set."""
        found: dict[str, Any] = {
            f"Barm|{label}": probabilities({"arm": rate, "not": 1 - rate})
            for label, rate in zip(self.labels, played.arming, strict=True)
        }
        if regime == "voluntary":
            for label in self.labels:
                for word in ("armed", "unarmed"):
                    found[f"Bopen|{label}|{word}"] = {"open" if played.opens == word else "closed": 1.0}
        for name, hit in played.attack.items():
            found[f"A|{name}"] = probabilities({"attack": hit, "hold": 1 - hit})
        return found


def solve(arms: Arms, regime: str) -> dict[str, Played]:
    """The equilibria in closed form under a regime, the selected one first."""
    if regime == "inspection":
        return {"inspection": Played(_arm_below(arms, arms.cut_inspection), _on_sight(arms))}
    if regime == "ambiguity":
        return _ambiguity(arms)
    return _voluntary(arms)


def _on_sight(arms: Arms) -> dict[str, float]:
    """The opportunist attacks the unarmed, the preventive type the armed."""
    found = {"O|armed": 0.0, "O|unarmed": 1.0, "P|armed": 1.0, "P|unarmed": 0.0}
    return {name: hit for name, hit in found.items() if name[0] in arms.big}


def _arm_below(arms: Arms, cut: float) -> tuple[float, ...]:
    return tuple(float(cost < cut) for cost in arms.costs)


def _rate(arms: Arms, arming: tuple[float, ...]) -> float:
    return sum(weight * rate for weight, rate in zip(arms.prior, arming, strict=True))


def _meeting(arms: Arms, low: float, high: float, target: float) -> tuple[tuple[float, ...], float] | None:
    """Odds of an attack between `low` and `high` at which just the share `target` of B arms; None if there are none.

    Arming pays a type of cost k if the odds of an attack lie above k / (D - D_a); types are listed by rising cost.
    Gives arming by type and the odds, the lowest if there are several.
    """
    saved, armed, below = arms.D - arms.D_a, 0.0, 0.0
    arming = [0.0] * len(arms.costs)
    for i, (cost, weight) in enumerate(zip(arms.costs, arms.prior, strict=True)):
        odds = cost / saved
        if abs(armed - target) <= _TIE and max(low, below) <= min(high, odds) + _TIE:
            return tuple(arming), max(low, below)
        if armed < target - _TIE and target + _TIE < armed + weight:
            arming[i] = (target - armed) / weight
            return (tuple(arming), odds) if low - _TIE <= odds <= high + _TIE else None
        arming[i], armed, below = 1.0, armed + weight, odds
    return None


def _ambiguity(arms: Arms) -> dict[str, Played]:
    if arms.x_P is None or arms.x_star < arms.x_P:
        return _doves_first(arms)
    return _overlapping(arms, arms.x_P)


def _doves_first(arms: Arms) -> dict[str, Played]:
    """The opportunist stops attacking at a lower arming rate than that at which the preventive type starts."""
    found: dict[str, Played] = {}
    saved, most = arms.D - arms.D_a, 1 - arms.phi
    meeting = _meeting(arms, 0.0, most, arms.x_star)
    arming, odds = meeting or (_arm_below(arms, most * saved), most)
    found["P holds"] = _blind(arms, arming, odds / most, 0.0)
    if arms.x_P is not None:
        fearful = _arm_below(arms, arms.phi * saved)
        if _rate(arms, fearful) >= arms.x_P - _TIE:
            found["P attacks"] = _blind(arms, fearful, 0.0, 1.0)
        if mixing := _meeting(arms, 0.0, arms.phi, arms.x_P):
            found["P mixes"] = _blind(arms, mixing[0], 0.0, mixing[1] / arms.phi)
    return found


def _overlapping(arms: Arms, x_P: float) -> dict[str, Played]:
    """Between x_P and x* both types attack."""
    found: dict[str, Played] = {}
    saved, most = arms.D - arms.D_a, 1 - arms.phi
    arming = _arm_below(arms, most * saved)
    if _rate(arms, arming) <= x_P + _TIE:
        found["P holds"] = _blind(arms, arming, 1.0, 0.0)
    arming = _arm_below(arms, saved)
    if x_P - _TIE <= _rate(arms, arming) <= arms.x_star + _TIE:
        found["both attack"] = _blind(arms, arming, 1.0, 1.0)
    if mixing := _meeting(arms, arms.phi, 1.0, arms.x_star):
        found["O mixes"] = _blind(arms, mixing[0], (mixing[1] - arms.phi) / most, 1.0)
    arming = _arm_below(arms, arms.phi * saved)
    if _rate(arms, arming) >= arms.x_star - _TIE:
        found["P attacks"] = _blind(arms, arming, 0.0, 1.0)
    if mixing := _meeting(arms, most, 1.0, x_P):
        found["P mixes"] = _blind(arms, mixing[0], 1.0, (mixing[1] - most) / arms.phi)
    return found


def _blind(arms: Arms, arming: tuple[float, ...], hit_O: float, hit_P: float) -> Played:
    hits = {"O|closed": min(1.0, max(0.0, hit_O)), "P|closed": min(1.0, max(0.0, hit_P))}
    return Played(arming, {name: hit for name, hit in hits.items() if name[0] in arms.big})


def _voluntary(arms: Arms) -> dict[str, Played]:
    """Who opens up is who fears the type of A that attacks what it sees less than the one that attacks on doubt."""
    found: dict[str, Played] = {}
    seen = _on_sight(arms)
    for blind in _ambiguity(arms).values():
        odds = sum(share * blind.attack[f"{kind}|closed"] for kind, share in arms.big.items())
        if odds <= min(arms.phi, 1 - arms.phi) + _TIE:
            found["all stay closed"] = Played(blind.arming, {**seen, **blind.attack})
            break
    for word, other in (("armed", "unarmed"), ("unarmed", "armed")):
        if (arms.phi if word == "armed" else 1 - arms.phi) <= 0.5:
            silence = {f"{kind}|closed": seen[f"{kind}|{other}"] for kind in arms.big}
            arming = _arm_below(arms, arms.cut_inspection)
            found[f"{word} open"] = Played(arming, {**seen, **silence}, opens=word)
    return found
