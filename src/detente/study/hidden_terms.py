"""Hidden aims in numbers: what an agreement is worth if some parties are spoilers, and how likely each is sincere."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from detente.axes import Floats
from detente.case import Case, Hidden, SettlementSection
from detente.errors import RequestError
from detente.game.settlement import Agreement
from detente.study.assess import AssessSettings, assess
from detente.study.settlement_terms import DesignTerms
from detente.study.type_prior import type_prior
from detente.study.watch import Watch

Spoilers: TypeAlias = frozenset[str]
"""The parties that are spoilers; the others are sincere."""
ASSESSED = 200
"""Draws of the game behind the likelihood of moves that are taken as evidence."""


@dataclass(frozen=True, eq=False)
class Odds:
    """How likely a party is sincere.

    Attributes:
        party: The party.
        base: At base values.
        draws: [draws] in each world.
        told: Where that comes from, as a sentence.
    """

    party: str
    base: float
    draws: Floats
    told: str


def profiles(settlement: SettlementSection) -> tuple[Spoilers, ...]:
    """Every combination of who is a spoiler, nobody first."""
    names = [item.party for item in settlement.hidden]
    sets = (itertools.combinations(names, size) for size in range(len(names) + 1))
    return tuple(frozenset(found) for found in itertools.chain.from_iterable(sets))


def under(terms: DesignTerms, settlement: SettlementSection, theta: Floats) -> dict[Spoilers, Agreement]:
    """A design in some worlds, for every combination of who is a spoiler.

    Args:
        terms: The design.
        settlement: The settlement, for what a spoiler wants instead.
        theta: [draws, params] the worlds.

    Raises:
        RequestError: A number is not finite or leaves its range in one of the worlds.
    """
    sincere = terms.agreement(theta)
    hidden = {item.party: item for item in settlement.hidden}
    return {who: _with(sincere, terms, [hidden[name] for name in who], theta) for who in profiles(settlement)}


def _with(sincere: Agreement, terms: DesignTerms, hidden: list[Hidden], theta: Floats) -> Agreement:
    """The agreement as it is if these parties are spoilers."""
    changed = {
        name: np.array(getattr(sincere, name)) for name in ("benefit", "grab", "grab_step", "dividend", "guarantee")
    }
    for item in hidden:
        i = terms.parties.index(item.party)
        for k, step in enumerate(terms.design.steps):
            for name, by_step in (("benefit", item.benefit), ("grab_step", item.grab_step)):
                if step.base in by_step:
                    changed[name][:, k, i] = terms.number(by_step[step.base], theta) / step.parts
        for name in ("grab", "dividend", "guarantee"):
            expression = getattr(item, name)
            if expression is not None:
                changed[name][:, i] = terms.number(expression, theta)
    return sincere.changed(**changed) if hidden else sincere


def odds_of(case: Case, settlement: SettlementSection, theta: Floats, seed: int, watch: Watch) -> tuple[Odds, ...]:
    """How likely each party with hidden aims is sincere, before the agreement's first step.

    Where a private type of the case says so and the case has evidence about it, the prior of each world is multiplied
    by the likelihood of that evidence at the points of its ranges, as `assess` finds it.

    Args:
        case: The case.
        settlement: Its settlement.
        theta: [draws, params] the worlds.
        seed: Which sequence of draws.
        watch: Told the progress; may stop the work.

    Raises:
        RequestError: A probability lies outside 0 and 1 in one of the worlds, or the evidence cannot be assessed.
    """
    return tuple(_odds(case, settlement, item, theta, seed, watch) for item in settlement.hidden)


def _odds(case: Case, settlement: SettlementSection, item: Hidden, theta: Floats, seed: int, watch: Watch) -> Odds:
    if item.sincere is not None:
        terms = DesignTerms(case, settlement, settlement.designs[0])
        plain = np.vstack([case.base_theta()[None], theta])
        found = terms.value_as_written(item.sincere, plain)
        if not (np.isfinite(found) & (found >= 0) & (found <= 1)).all():
            raise RequestError(
                f"the probability that {item.party} is sincere leaves the range from 0 to 1 in one of the worlds "
                f"tried. Narrow the ranges of the parameters of `{item.sincere.text}`."
            )
        return Odds(item.party, float(found[0]), found[1:], f"{item.sincere.text}, as the case states")
    labels = case.labels_of(item.type_name)
    prior = type_prior(case, item.type_name, theta)
    likelihood, told = np.ones(len(labels)), f"by the prior of {item.type_name}"
    if case.evidence is not None and case.evidence.about == item.type_name:
        asked = AssessSettings(draws=ASSESSED, seed=seed, as_of=item.as_of, watch=False)
        answer = assess(case, asked, watch)
        after = answer.timeline[-1].type if answer.timeline else answer.prior
        last = np.array([after[label].point for label in labels])
        likelihood = np.divide(last, prior.point, out=np.zeros(len(labels)), where=prior.point > 0)
        told = f"by the evidence on {item.type_name} as of {answer.as_of}"
    sincere = [labels.index(label) for label in item.sincere_if]
    return Odds(
        item.party,
        float(_share(prior.point[None] * likelihood, sincere)[0]),
        _share(prior.draws * likelihood, sincere),
        told,
    )


def _share(weights: Floats, rows: list[int]) -> Floats:
    """[draws] share of some labels."""
    return np.clip(weights[:, rows].sum(axis=1) / weights.sum(axis=1), 0.0, 1.0)
