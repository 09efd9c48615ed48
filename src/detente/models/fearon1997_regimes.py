"""The payoffs of the signaling crisis and which of its equilibria exist where."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("sunk", "tie", "installment", "reducible")
_TIE = 1e-12

Play = tuple[float, float, float, float]
"""Probabilities that H and that L send the signal, and that a weak C challenges after none and after it."""


@dataclass(frozen=True)
class Crisis:
    """One kind of signal and the payoffs; the names are those of the model's parameters."""

    kind: str
    q: float
    tau: float
    vH: float
    vL: float
    p: float
    cD: float
    g: float
    c: float
    t: float
    delta: float
    kappa: float

    @property
    def ct(self) -> float:
        """Probability that C is weak."""
        return 1 - self.tau

    @property
    def mu_star(self) -> float:
        """Probability of a fight at which a weak C is indifferent."""
        return self.g / (self.g + self.c)

    def v(self, own: str) -> float:
        """What the issue is worth to a type."""
        return self.vH if own == "H" else self.vL

    def w(self, own: str) -> float:
        """What a war is worth to a type before the cost of the signal."""
        return self.p * self.v(own) - self.cD

    def up_front(self, signal: float) -> float:
        """What is paid for the signal whatever happens."""
        return {"sunk": 1.0, "installment": self.delta, "reducible": 1.0, "tie": 0.0}[self.kind] * signal

    def unchallenged(self, own: str, signal: float) -> float:
        """Payoff if C does not challenge."""
        return self.v(own) - self.up_front(signal)

    def fight(self, own: str, signal: float) -> float:
        """Payoff of fighting."""
        back = self.kappa * signal if self.kind == "reducible" else 0.0
        return self.w(own) - self.up_front(signal) + back

    def back_down(self, own: str, signal: float) -> float:
        """Payoff of backing down, the same for both types."""
        return -self.up_front(signal) - (signal if self.kind == "tie" else 0.0)

    def fights(self, own: str, signal: float) -> bool:
        """Whether a type fights when challenged; it does when indifferent."""
        return self.fight(own, signal) >= self.back_down(own, signal) - _TIE

    def thresholds(self) -> dict[str, float]:
        """The levels at which behavior changes."""
        found = {"mu_star": self.mu_star, "w_H": self.w("H"), "w_L": self.w("L")}
        if self.kind == "tie":
            found["tau_star"] = self.vL / (self.vL - self.w("L"))
            found["m_lock"] = -self.w("L")
            found["m_sep"] = self.ct * self.vL / self.tau if self.tau else float("inf")
        else:
            found["m_riley"], found["m_max"] = separating_interval(self)
        return found


def separating_interval(game: Crisis) -> tuple[float, float]:
    """Lowest and highest size at which H sends a costly signal and L does not; empty if the first is larger."""
    low, high = game.ct * game.vL, game.ct * (game.vH - game.w("H"))
    if game.kind == "installment":
        return low / game.delta, high / game.delta
    if game.kind == "reducible":
        left = 1 - game.kappa * game.tau
        if game.kappa * low > -game.w("L"):  # L would fight for the refund
            low = (low + game.tau * game.w("L")) / left
        return low, high / left
    return low, high


def regimes(game: Crisis, m: float) -> dict[str, Play]:
    """The equilibria in closed form, the selected one first.

    Of several the first is the one that D1 leaves; where D1 leaves two (q at or above mu*) it is the one in
    which nobody has to signal.
    """
    return _tied(game, m) if game.kind == "tie" else _paid(game, m)


def _bluff(game: Crisis) -> float:
    """How often L signals when a weak C is to be indifferent."""
    return game.q * (1 - game.mu_star) / ((1 - game.q) * game.mu_star)


def _paid(game: Crisis, m: float) -> dict[str, Play]:
    low, high = separating_interval(game)
    separates = low - _TIE <= m <= high + _TIE
    if game.kind == "reducible":
        return {"separating": (1.0, 0.0, 1.0, 0.0)} if separates else {}
    found: dict[str, Play] = {}
    if game.q >= game.mu_star:
        found["pooling on 0, deterred"] = (0.0, 0.0, 0.0, 0.0)
        if m <= min(low, high) + _TIE:
            found["pooling on m"] = (1.0, 1.0, 1.0, 0.0)
        if separates:
            found["separating"] = (1.0, 0.0, 1.0, 0.0)
        return found
    if separates:
        found["separating"] = (1.0, 0.0, 1.0, 0.0)
    elif m < low and low <= high + _TIE:
        deterred = game.up_front(m) / game.vL
        found["bluffing"] = (1.0, _bluff(game), 1.0, 1 - deterred / game.ct)
    found["no signal"] = (0.0, 0.0, 1.0, 1.0)
    return found


def _tied(game: Crisis, m: float) -> dict[str, Play]:
    at = game.thresholds()
    locked = m >= at["m_lock"] - _TIE
    patient = game.tau >= at["tau_star"] - _TIE
    found: dict[str, Play] = {}
    if game.q >= game.mu_star:
        found["pooling on 0, deterred"] = (0.0, 0.0, 0.0, 0.0)
    if patient and m >= at["m_sep"] - _TIE:
        found["separating"] = (1.0, 0.0, 1.0, 0.0)
    elif locked and not patient:
        found["lock-in pooling"] = (1.0, 1.0, 1.0, 0.0)
    elif game.q >= game.mu_star:
        found["pooling on m"] = (1.0, 1.0, 1.0, 0.0)
    else:
        deterred = m / (game.vL + m)
        found["bluffing"] = (1.0, _bluff(game), 1.0, 1 - deterred / game.ct)
    if game.q < game.mu_star and not locked:
        found["no signal"] = (0.0, 0.0, 1.0, 1.0)
    return found
