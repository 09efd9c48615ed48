"""The best replies to a message under every belief about who sent it, mixed ones included.

A belief on the types makes some actions best at each information set where the message is
answered. The beliefs at which as many as possible are best at once are corners of the regions in
which the best actions stay the same; the best replies are all mixtures over the actions that are
best together at one of these corners.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, product
from math import comb

import numpy as np

from detente.axes import Bools, Floats, Ints
from detente.game.refinements.matrix_game import least_maximum
from detente.game.refinements.signaling import Message

MOST_CORNERS = 100_000
MOST_COMBINATIONS = 4_000
TIE = 1e-9  # payoffs closer than this share of the range are equal

Profile = tuple[Bools, ...]  # per information set, the actions that are best together


class TooManyError(Exception):
    """There are too many beliefs or replies to look at all; the message says how many."""


def best_replies(message: Message, types: Bools) -> tuple[Profile, ...]:
    """Largest sets of replies that are best together under some belief on the types.

    Args:
        message: The message.
        types: [types] on whom beliefs may rest; at least one.

    Returns:
        Per corner the best actions at each information set. Every mixture over a profile is a best reply, and
        every best reply is one; with no information set there is one empty profile.

    Raises:
        TooManyError: Too many types or actions.
    """
    rows = np.flatnonzero(types).astype(np.int32)
    found: dict[bytes, Profile] = {}
    for belief in _corners(message, rows):
        profile = tuple(_best(belief @ reply.receiver[rows]) for reply in message.replies)
        found.setdefault(b"|".join(mask.tobytes() for mask in profile), profile)
    profiles = list(found.values())
    kept = [p for p in profiles if not any(p is not q and _within(p, q) for q in profiles)]
    return tuple(kept)


def _best(values: Floats) -> Bools:
    return np.asarray(values >= values.max() - TIE, dtype=np.bool_)


def _within(small: Profile, large: Profile) -> bool:
    return all(bool((b >= a).all()) for a, b in zip(small, large, strict=True))


def _corners(message: Message, rows: Ints) -> Floats:
    """[corners, types] beliefs at which as many conditions hold with equality as there are types."""
    size = len(rows)
    if size == 1:
        return np.ones((1, 1))
    conditions = [np.eye(size)]
    for reply in message.replies:
        values = reply.receiver[rows]
        pairs = [values[:, a] - values[:, b] for a, b in combinations(range(values.shape[1]), 2)]
        conditions.append(np.array(pairs).reshape(len(pairs), size))
    equal = np.concatenate(conditions)
    equal = equal[np.abs(equal).max(axis=1) > TIE]
    count = comb(len(equal), size - 1)
    if count > MOST_CORNERS:
        raise TooManyError(f"{count} corners of beliefs about {size} types")
    chosen = np.array(list(combinations(range(len(equal)), size - 1)), dtype=np.int32)
    systems = np.concatenate([equal[chosen], np.ones((len(chosen), 1, size))], axis=1)
    systems /= np.linalg.norm(systems, axis=2, keepdims=True)
    sound = np.abs(np.linalg.det(systems)) > 1e-12
    right = np.zeros((int(sound.sum()), size, 1))
    right[:, -1, 0] = 1.0
    beliefs: Floats = np.asarray(np.linalg.solve(systems[sound], right)[:, :, 0], dtype=np.float64)
    beliefs /= beliefs.sum(axis=1, keepdims=True)
    inside = beliefs[(beliefs >= -TIE).all(axis=1)].clip(0.0)
    total = np.sum(inside, axis=1, keepdims=True)
    return np.unique(np.asarray(np.round(inside / total, 14), dtype=np.float64), axis=0)


def most(message: Message, profiles: tuple[Profile, ...], kind: int) -> float:
    """The most a type can get from a message under some best reply."""
    return max(_extreme(message, profile, kind, max) for profile in profiles)


def least(message: Message, profiles: tuple[Profile, ...], kind: int) -> float:
    """The least a type can get from a message under some best reply."""
    return min(_extreme(message, profile, kind, min) for profile in profiles)


def _extreme(message: Message, profile: Profile, kind: int, of: Callable[[list[float]], float]) -> float:
    parts = [of(reply.sender[kind, best].tolist()) for reply, best in zip(message.replies, profile, strict=True)]
    return float(message.fixed[kind]) + sum(parts)


def most_where(message: Message, profile: Profile, kind: int, other: int, cap: float) -> float:
    """The most a type can get over a profile's mixtures that give another type at most `cap`; -inf if none does.

    By the dual with one multiplier, which is convex and piecewise linear: the least is at 0 or at a slope
    between two actions.
    """
    if _extreme(message, profile, other, min) > cap:
        return -np.inf
    slopes = [0.0]
    for reply, best in zip(message.replies, profile, strict=True):
        own, others = reply.sender[kind, best], reply.sender[other, best]
        for a, b in combinations(range(len(own)), 2):
            if others[a] != others[b]:
                slopes.append(float((own[a] - own[b]) / (others[a] - others[b])))
    bounds: list[float] = []
    for slope in slopes:
        if slope >= 0.0:
            parts = [
                float((reply.sender[kind, best] - slope * reply.sender[other, best]).max())
                for reply, best in zip(message.replies, profile, strict=True)
            ]
            fixed = float(message.fixed[kind]) - slope * float(message.fixed[other])
            bounds.append(fixed + slope * cap + sum(parts))
    return min(bounds)


def least_temptation(message: Message, profiles: tuple[Profile, ...], payoff: Floats) -> float:
    """How little the most tempted type can be made to gain from a message by a best reply.

    Args:
        message: The message.
        profiles: Best replies to choose from.
        payoff: [types] what each type gets in equilibrium.

    Returns:
        The least over replies of the largest gain over types that can send the message; at most 0 if the
        replies keep every type from sending it.
    """
    types = np.flatnonzero(message.able)
    lowest = np.inf
    for profile in profiles:
        choices = [np.flatnonzero(best).tolist() for best in profile]
        count = int(np.prod([len(choice) for choice in choices]))
        if count > MOST_COMBINATIONS:
            raise TooManyError(f"{count} combinations of replies")
        rows = [
            message.fixed[types]
            - payoff[types]
            + sum(
                (reply.sender[types, action] for reply, action in zip(message.replies, combo, strict=True)),
                start=np.zeros(len(types)),
            )
            for combo in product(*choices)
        ]
        lowest = min(lowest, least_maximum(np.array(rows)))
    return float(lowest)
