"""Whether a design of a settlement holds in some worlds: what claims ask for with `settles(design)`."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from detente.axes import Bools, Floats
from detente.case import Case, SettlementSection
from detente.errors import RequestError
from detente.solvers.settlement import settle
from detente.study.games import distinct_rows
from detente.study.settlement_terms import DesignTerms


def settlement_of(case: Case) -> SettlementSection:
    """The settlement of a case.

    Raises:
        RequestError: It has none.
    """
    if case.settlement is None:
        raise RequestError(
            "this case has no settlement. Add a section `settlement:` with parties and steps, or make one from a "
            "table with `detente settlement import`."
        )
    return case.settlement


def holds_in(terms: DesignTerms, theta: Floats, threads: int | None = None) -> Bools:
    """[draws] whether a design holds: all would sign it, and an order of its steps is self-enforcing.

    Worlds that differ only in what the design does not rest on are looked at once.

    Args:
        terms: The design.
        theta: [draws, params] the worlds.
        threads: Threads at work; None for one per core.
    """
    columns = [k for k, name in enumerate(terms.case.parameter_names) if name in terms.rests_on]
    first, kind = distinct_rows(theta[:, columns]) if columns else (np.zeros(1, int), np.zeros(len(theta), int))
    agreement = terms.agreement(theta[first])
    found = settle(agreement, best=False, count=False, reach=False, guarantee=False, threads=threads)
    return np.asarray((found.signed & found.exists)[kind])


def settles(case: Case, design: str, theta: Floats, threads: int | None = None) -> Bools:
    """[draws] whether a design of a case holds, by its name."""
    return holds_in(_terms(case, design), theta, threads)


@lru_cache(maxsize=32)
def _terms(case: Case, design: str) -> DesignTerms:
    settlement = settlement_of(case)
    return DesignTerms(case, settlement, settlement.design(design))
