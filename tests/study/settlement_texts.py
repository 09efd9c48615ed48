"""Settlements as text, and what they come to by trying every order in plain Python, from the definitions alone."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

PARTIES = ("A", "B", "C")


@dataclass
class Deal:
    """An agreement as plain numbers, and the text of a case that says the same."""

    parties: tuple[str, ...]
    steps: list[str]
    by: dict[str, tuple[str, ...]]
    benefit: dict[tuple[str, str], float]
    after: dict[str, list[str]] = field(default_factory=dict)
    together: list[list[str]] = field(default_factory=list)
    undo: dict[str, tuple[str, float]] = field(default_factory=dict)
    grab_step: dict[tuple[str, str], float] = field(default_factory=dict)
    terms: dict[str, dict[str, float]] = field(default_factory=dict)  # dividend, outside, grab, monitoring, guarantee
    single: dict[str, float] = field(default_factory=dict)  # peacekeepers, discount, collapse
    exit: str = "performer"
    stop: list[str] | None = None

    # ------------------------------------------------------------------- by hand
    @property
    def moves(self) -> list[tuple[str, ...]]:
        bound = {step: tuple(group) for group in self.together for step in group}
        moves = list(dict.fromkeys(bound.get(step, (step,)) for step in self.steps))
        return [move for move in moves if self.stop is None or set(move) <= set(self.stop)]

    def orders(self) -> Iterator[tuple[tuple[str, ...], ...]]:
        for order in itertools.permutations(self.moves):
            done: set[str] = set()
            for move in order:
                if any(set(self.after.get(step, ())) - done for step in move):
                    break
                done |= set(move)
            else:
                yield order

    def _kept(self, step: str, party: str) -> float:
        worth = self.benefit.get((step, party), 0.0)
        if step not in self.undo:
            return worth
        undoer, cost = self.undo[step]
        if -self.benefit.get((step, undoer), 0.0) > cost:
            return -cost if party == undoer else 0.0
        return worth

    def term(self, name: str, party: str) -> float:
        return self.terms.get(name, {}).get(party, 1.0 if name == "monitoring" else 0.0)

    def leave(self, done: list[str], party: str, guarantee: float | None = None) -> float:
        kept = sum(self._kept(step, party) for step in done)
        grab = self.term("grab", party) + sum(self.grab_step.get((step, party), 0.0) for step in done)
        penalty = self.term("guarantee", party) if guarantee is None else guarantee
        open_share = 1.0 - self.single.get("peacekeepers", 0.0)
        return kept + open_share * max(0.0, grab) - self.term("monitoring", party) * penalty

    def _go_on(self, order: tuple[tuple[str, ...], ...], at: int, party: str) -> float:
        """What is still to come when `at` moves are made, collapse and discount counted."""
        worth = sum(self.benefit.get((step, party), 0.0) for step in order[at])
        if at == len(order) - 1:
            whole = sum(len(move) for move in order) == len(self.steps)
            return worth + (self.term("dividend", party) if whole else 0.0)
        delta, hazard = self.single.get("discount", 1.0), self.single.get("collapse", 0.0)
        done = [step for move in order[: at + 1] for step in move]
        broken = sum(self._kept(step, party) - self.benefit.get((step, party), 0.0) for step in done)
        return worth + delta * ((1.0 - hazard) * self._go_on(order, at + 1, party) + hazard * broken)

    def value(self, order: tuple[tuple[str, ...], ...], party: str) -> float:
        return self._go_on(order, 0, party)

    def margins(self, order: tuple[tuple[str, ...], ...]) -> Iterator[tuple[str, float, float]]:
        """Per decision: who may leave, the gain from leaving without any penalty, and the chance of being seen."""
        for at, move in enumerate(order):
            done = [step for item in order[:at] for step in item]
            who = self.parties if self.exit == "any" else sorted({p for step in move for p in self.by[step]})
            for party in who:
                had = sum(self.benefit.get((step, party), 0.0) for step in done)
                gain = self.leave(done, party, 0.0) - had - self._go_on(order, at, party)
                yield party, gain, self.term("monitoring", party)

    def slack(self, order: tuple[tuple[str, ...], ...]) -> float:
        return min((self.term("guarantee", p) * seen - gain for p, gain, seen in self.margins(order)), default=math.inf)

    def needs(self, order: tuple[tuple[str, ...], ...]) -> float:
        """Smallest guarantee, the same for all, under which nobody leaves."""
        most = 0.0
        for _, gain, seen in self.margins(order):
            if gain > 1e-9:
                most = max(most, gain / seen if seen > 0 else math.inf)
        return most

    # ------------------------------------------------------------------- as text
    def text(self) -> str:
        numbers: dict[str, float] = {}

        def named(name: str, value: float) -> str:
            numbers[name] = value
            return name

        lines: list[str] = []
        for step in self.steps:
            doers = self.by[step]
            lines += [
                f"    {step}:",
                f"      says: Step {step}.",
                f"      by: [{', '.join(doers)}]" if doers else "      by: third",
            ]
            worth = [(p, self.benefit[step, p]) for p in self.parties if (step, p) in self.benefit]
            lines += ["      benefit:"] if worth else []
            lines += [f"        {p}: {named(f'w_{step}_{p}', x)}" for p, x in worth]
            lines += [f"      after: [{', '.join(self.after[step])}]"] if self.after.get(step) else []
            if step in self.undo:
                lines += ["      undo:", f"        by: {self.undo[step][0]}"]
                lines += [f"        cost: {named(f'u_{step}', self.undo[step][1])}"]
            grabs = [(p, self.grab_step[step, p]) for p in self.parties if (step, p) in self.grab_step]
            lines += ["      grab:"] if grabs else []
            lines += [f"        {p}: {named(f'g_{step}_{p}', x)}" for p, x in grabs]
        around: list[str] = []
        for name, values in self.terms.items():
            around += [f"  {name}:", *(f"    {p}: {named(f'{name}_{p}', x)}" for p, x in values.items())]
        around += [f"  {name}: {named(name + '_', x)}" for name, x in self.single.items()]
        around += [f"  exit: {self.exit}"]
        around += ["  together:", *(f"    - [{', '.join(group)}]" for group in self.together)] if self.together else []
        around += [f"  stop: [{', '.join(self.stop)}]"] if self.stop is not None else []
        declared = [f"  {name}:\n    value: {value!r}" for name, value in numbers.items()]
        head = ["case: deal", "title: A deal", "actors:", *(f"  {p}: Country {p}" for p in self.parties)]
        return "\n".join(
            [
                *head,
                *(["parameters:", *declared] if declared else []),
                "settlement:",
                f"  parties: [{', '.join(self.parties)}]",
                "  steps:",
                *lines,
                *around,
            ]
        )


AROUND = (("dividend", 0.0, 1.0), ("outside", -0.5, 0.5), ("grab", -0.3, 0.3), ("guarantee", 0.0, 0.8))


def random_deal(seed: int) -> Deal:
    """A small agreement with some of everything in it."""
    rng = random.Random(seed)
    parties = PARTIES[: rng.choice((2, 2, 3))]
    deal = Deal(parties, [f"s{k}" for k in range(rng.choice((2, 3, 4, 4, 5)))], {}, {})
    for k, step in enumerate(deal.steps):
        _random_step(deal, rng, k, step)
    free = [step for step in deal.steps if not any(step in (name, *x) for name, x in deal.after.items())]
    if len(free) > 1 and rng.random() < 0.4:
        deal.together = [rng.sample(free, 2)]
    _random_surroundings(deal, rng)
    deal.exit = rng.choice(("performer", "performer", "any"))
    if rng.random() < 0.25:
        order = next(deal.orders())
        kept = order[: rng.randint(1, len(order))]
        deal.stop = [step for step in deal.steps if any(step in move for move in kept)]
    return deal


def _random_step(deal: Deal, rng: random.Random, k: int, step: str) -> None:
    deal.by[step] = tuple(rng.sample(deal.parties, rng.choice((0, 1, 1, 1, 1, 2))))
    for party in deal.parties:
        if party in deal.by[step]:
            deal.benefit[step, party] = round(rng.uniform(-1.0, 0.2), 3)
        elif rng.random() < 0.8:
            deal.benefit[step, party] = round(rng.uniform(-0.2, 1.2), 3)
        if rng.random() < 0.2:
            deal.grab_step[step, party] = round(rng.uniform(-0.2, 0.4), 3)
    if rng.random() < 0.3 and k:
        deal.after[step] = rng.sample(deal.steps[:k], rng.choice((1, min(2, k))))
    if rng.random() < 0.3:
        deal.undo[step] = (rng.choice(deal.parties), round(rng.uniform(0.0, 0.6), 3))


def _random_surroundings(deal: Deal, rng: random.Random) -> None:
    for name, low, high in AROUND:
        given = {party: round(rng.uniform(low, high), 3) for party in deal.parties if rng.random() < 0.8}
        if given and rng.random() < 0.6:
            deal.terms[name] = given
    if rng.random() < 0.4:
        deal.terms["monitoring"] = {party: rng.choice((0.0, round(rng.uniform(0.3, 1.0), 3))) for party in deal.parties}
    for name, chance, low, high in (
        ("peacekeepers", 0.4, 0.0, 1.0),
        ("discount", 0.25, 0.6, 0.99),
        ("collapse", 0.2, 0.0, 0.3),
    ):
        if rng.random() < chance:
            deal.single[name] = round(rng.uniform(low, high), 3)
