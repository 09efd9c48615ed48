"""Reports of one origin: with probability rho all copy one origin, else they are independent.

A report enters as l(t), its likelihood under each type to the power r, on a scale on which the best type has 1
(`Evidence.log_weights`). If the reports of a group are independent, their likelihoods multiply. If they copy one
origin, they are one report told several times: a type then counts as likely as the report that speaks most against it
allows, min over reports of l(t). The group enters as

    G(t) = rho min_i l_i(t) + (1 - rho) prod_i l_i(t).

So a report with l = 1 for every type changes nothing, whatever rho; a repeat changes nothing at rho = 1; a report that
no type makes more likely than t leaves G(t) alone and can only lower the others; and order cannot matter.
The minimum is the cautious combination of sources that are not distinct (Dubois and Prade 1988; Denoeux 2008, in
belief functions).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from detente.axes import Floats, Ints
from detente.evidence.items import NO_GROUP

FAR = 600.0  # a difference of logs whose exponential comes near the largest double


def mixture(total: Floats, least: Floats, rho: float) -> Floats:
    """Log of ``rho exp(least) + (1 - rho) exp(total)``, of the shape of `total`."""
    if rho <= 0.0:
        return total
    if rho >= 1.0:
        return least
    apart = total - least
    if apart.max(initial=0.0) > FAR:
        return np.logaddexp(np.log(rho) + least, np.log1p(-rho) + total)
    np.exp(apart, out=apart)
    apart *= 1.0 - rho
    apart += rho
    return np.log(apart, out=apart) + least


def group_rows(group: Ints) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """(group, rows of its items in order) of every group with two items or more."""
    order = np.argsort(group, kind="stable")
    numbers, starts = np.unique(group[order], return_index=True)  # none of either for no item
    for number, rows in zip(numbers, np.split(order, starts[1:]), strict=False):
        if number != NO_GROUP and len(rows) > 1:
            yield int(number), rows


def increments(weights: Floats, group: Ints, rho: Floats) -> Floats:
    """What each item adds to the log score of each type, given the items of its group before it.

    Args:
        weights: [..., items, types] r log likelihoods, in the order of reporting.
        group: [items] number of the group or `NO_GROUP`.
        rho: [groups] probability that a group copies one origin.

    Returns:
        [..., items, types]; their sum over items is the log score.
    """
    added = weights.copy()
    for number, rows in group_rows(group):
        members = weights[..., rows, :]
        joint = mixture(np.cumsum(members, axis=-2), np.minimum.accumulate(members, axis=-2), float(rho[number]))
        added[..., rows[1:], :] = np.diff(joint, axis=-2)
    return added


def scores(weights: Floats, group: Ints, rho: Floats) -> Floats:
    """[..., types] log score of all items together: log of the product of G over groups and of lone items."""
    return increments(weights, group, rho).sum(axis=-2)


def last_added(weights: Floats, group: Ints, rho: Floats) -> Floats:
    """What each item adds to the log score when it comes after all the others, [..., items, types]."""
    added = weights.copy()
    for number, rows in group_rows(group):
        members = weights[..., rows, :]
        total = members.sum(axis=-2, keepdims=True)
        two = np.partition(members, 1, axis=-2)
        first, second = two[..., :1, :], two[..., 1:2, :]
        alone = np.arange(len(rows))[:, None] == np.argmin(members, axis=-2)[..., None, :]
        rest = mixture(total - members, np.where(alone, second, first), float(rho[number]))
        added[..., rows, :] = mixture(total, first, float(rho[number])) - rest
    return added
