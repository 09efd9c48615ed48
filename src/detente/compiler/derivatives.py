"""How the numbers of a compiled posture move with the parameters of its case, symbolically."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.case import Case, Expression, array_function, derivative, parameters
from detente.compiler.chance import WeightRow
from detente.compiler.compiled import CompiledPosture
from detente.compiler.priors import PriorGroup, Priors

NEAR = 1e-9  # how far from a point its two sides are looked at, share of the parameter's size
JUMP = 1e-6  # change of a slope across a point that makes it a corner


@dataclass(frozen=True, eq=False)
class NumberDerivatives:
    """Derivatives of payoffs and chance with respect to parameters, before the posture's `set`.

    Attributes:
        columns: [params] numbers of the parameters.
        payoff: [draws, params, terminals, players] of each payoff.
        chance: [draws, params, chance_edges] of each chance probability.
        judged_chance: [draws, params, chance_edges] of those in the owner's own judgment; None if the same.
        corner: [draws, params] where some number has a corner (of min, max, abs or an if-else), so that the
            derivative is that of one side only.
    """

    columns: Ints
    payoff: Floats
    chance: Floats
    judged_chance: Floats | None
    corner: Bools


@dataclass(frozen=True, eq=False)
class _Slopes:
    """[draws, all params, rows] derivatives of some numbers, and [draws, all params] where they have a corner."""

    rows: Floats
    corner: Bools


def number_derivatives(compiled: CompiledPosture, theta: Floats, columns: Ints | None = None) -> NumberDerivatives:
    """Differentiate the numbers that `CompiledPosture.numbers` gives.

    Args:
        compiled: A case under a posture.
        theta: [draws, params] parameters, before the posture's `set`.
        columns: Numbers of the parameters wanted; default all.

    Returns:
        The derivatives. Rounding of probabilities to multiples of 2**-50 is left out of account.

    Raises:
        RequestError: Weights are negative or all zero in some draw.
    """
    theta = np.atleast_2d(np.asarray(theta, dtype=np.float64))
    changed = compiled.theta(theta)
    chain = _chain(compiled, theta)
    wanted: Ints = np.arange(theta.shape[1], dtype=np.int32) if columns is None else columns
    terms = _slopes(compiled.case, [term.value for term in compiled.terms], changed)
    chance, judged = _chance_slopes(compiled, changed)
    corner = terms.corner | chance.corner | chain.corner
    by_set = np.abs(chain.rows) > 0.0
    through = chain.rows[:, wanted]
    payoff = _paid(compiled, np.einsum("dpc,dct->dpt", through, terms.rows))
    edges = np.einsum("dpc,dce->dpe", through, chance.rows)
    own = None if judged is None else np.einsum("dpc,dce->dpe", through, judged.rows)
    reached = np.einsum("dpc,dc->dp", by_set[:, wanted].astype(np.float64), corner.astype(np.float64)) > 0.0
    return NumberDerivatives(wanted, payoff, edges, own, np.asarray(reached, dtype=np.bool_))


def _chain(compiled: CompiledPosture, theta: Floats) -> _Slopes:
    """[draws, params, params] how each parameter after the posture's `set` moves with those before."""
    draws, params = theta.shape
    rows = np.broadcast_to(np.eye(params), (draws, params, params)).copy()
    corner = np.zeros((draws, params), dtype=np.bool_)
    names = list(compiled.posture.set)
    found = _slopes(compiled.case, [compiled.posture.set[name] for name in names], theta)
    for place, name in enumerate(names):
        rows[:, :, compiled.case.parameter_index(name)] = found.rows[:, :, place]
    return _Slopes(rows, corner | found.corner)


def _slopes(case: Case, values: list[Expression], theta: Floats) -> _Slopes:
    """Derivatives of expressions with respect to every parameter."""
    names = case.parameter_names
    rows = np.zeros((*theta.shape, len(values)))
    corner = np.zeros(theta.shape, dtype=np.bool_)
    for place, value in enumerate(values):
        for name in parameters(value):
            column = case.parameter_index(name)
            function = array_function(derivative(value, name), names)
            rows[:, column, place] = function(theta)
            step = np.zeros(len(names))
            step[column] = NEAR * (1.0 + float(np.abs(theta[:, column]).max()))
            after, before = function(theta + step), function(theta - step)
            jump = np.abs(after - before) > JUMP * (1.0 + np.abs(rows[:, column, place]))
            corner[:, column] |= np.isfinite(after) & np.isfinite(before) & jump
    return _Slopes(rows, corner)


def _paid(compiled: CompiledPosture, terms: Floats) -> Floats:
    """[draws, params, terminals, players] derivatives of payoffs from those of terms [draws, params, terms]."""
    incidence = compiled.incidence
    sums = np.zeros((incidence.num_sums, *terms.shape[:2]))
    np.add.at(sums, incidence.sum_rows, np.moveaxis(terms, 2, 0)[incidence.sum_cols])
    return np.moveaxis(sums[incidence.sums], (0, 1), (2, 3))


def _chance_slopes(compiled: CompiledPosture, theta: Floats) -> tuple[_Slopes, _Slopes | None]:
    """Derivatives of all chance probabilities, and of those in the owner's judgment."""
    priors = compiled.priors
    own = tuple(None if row is None else _share_slopes(compiled.case, row, theta) for row in priors.judged)
    groups = [_share_slopes(compiled.case, group.weights, theta) for group in priors.groups]
    base = [group.weights.shares(compiled.case, theta) for group in priors.groups]
    parts = [_joined(priors, base, groups, theta)]
    for item in compiled.lotteries:
        found = _share_slopes(compiled.case, item.row, theta)
        parts.append(_Slopes(found.rows[:, :, list(item.kept)], found.corner))
    rows = np.concatenate([part.rows for part in parts], axis=2)[:, :, compiled.chance_source]
    corner = np.logical_or.reduce([part.corner for part in parts])
    chance = _Slopes(rows, corner)
    if all(row is None for row in own) or priors.num_profiles == 1:
        return chance, None
    changed = [_judged(compiled, k, theta, base[k], groups[k]) for k in range(len(groups))]
    mine = _joined(priors, [share for share, _ in changed], [slope for _, slope in changed], theta)
    judged = rows.copy()
    judged[:, :, : priors.num_profiles] = mine.rows
    return chance, _Slopes(judged, corner | mine.corner)


def _share_slopes(case: Case, row: WeightRow, theta: Floats) -> _Slopes:
    """[draws, params, labels] derivatives of normalised weights."""
    stated = [weight for weight in row.weights if weight is not None]
    found = _slopes(case, stated, theta)
    values = np.zeros((*theta.shape, len(row.weights)))
    places = [place for place, weight in enumerate(row.weights) if weight is not None]
    values[:, :, places] = found.rows
    if len(places) < len(row.weights):  # `rest` is one minus the others, so that the sum stays one
        rest = next(place for place, weight in enumerate(row.weights) if weight is None)
        values[:, :, rest] = -found.rows.sum(axis=2)
        return _Slopes(values, found.corner)
    weights = np.stack([array_function(weight, case.parameter_names)(theta) for weight in stated], axis=1)
    total = weights.sum(axis=1)
    moved = values.sum(axis=2)
    shares = weights / total[:, None]
    return _Slopes((values - shares[:, None, :] * moved[:, :, None]) / total[:, None, None], found.corner)


def _joined(priors: Priors, shares: list[Floats], slopes: list[_Slopes], theta: Floats) -> _Slopes:
    """[draws, params, root branches] derivatives of the probabilities of type profiles, by the product rule."""
    branches = priors.num_profiles if priors.num_profiles > 1 else 0
    rows = np.zeros((*theta.shape, branches))
    corner = np.zeros(theta.shape, dtype=np.bool_)
    if not branches:
        return _Slopes(rows, corner)
    at = [_row_of(priors, group) for group in priors.groups]
    for k, slope in enumerate(slopes):
        product = slope.rows[:, :, at[k]]
        for other, share in enumerate(shares):
            if other != k:
                product = product * share[:, None, at[other]]
        rows += product
        corner |= slope.corner
    return _Slopes(rows, corner)


def _row_of(priors: Priors, group: PriorGroup) -> Ints:
    """[profiles] the row of a group's table that each type profile has."""
    own = priors.profiles[:, list(group.types)]
    return np.asarray((own[:, None, :] == group.rows[None, :, :]).all(axis=2).argmax(axis=1), dtype=np.int32)


def _judged(
    compiled: CompiledPosture, number: int, theta: Floats, shares: Floats, slopes: _Slopes
) -> tuple[Floats, _Slopes]:
    """A part of the prior as the owner judges it, with its derivatives: marginals replaced one after another."""
    priors, case = compiled.priors, compiled.case
    group = priors.groups[number]
    for place, kind in enumerate(group.types):
        row = priors.judged[kind]
        if row is None:
            continue
        wanted, moved = row.shares(case, theta), _share_slopes(case, row, theta)
        if len(group.types) == 1:
            shares, slopes = wanted, moved
            continue
        labels = group.rows[:, place]
        of: Floats = np.asarray(labels[:, None] == np.arange(wanted.shape[1]), dtype=np.float64)
        marginal, slope = shares @ of, slopes.rows @ of
        with np.errstate(divide="ignore", invalid="ignore"):
            factor = np.where(marginal > 0.0, wanted / marginal, 0.0)
            turn = (moved.rows - factor[:, None, :] * slope) / marginal[:, None, :]
        turn = np.where(marginal[:, None, :] > 0.0, turn, 0.0)
        rows = slopes.rows * factor[:, None, labels] + shares[:, None, :] * turn[:, :, labels]
        shares, slopes = shares * factor[:, labels], _Slopes(rows, slopes.corner | moved.corner)
    return shares, slopes
