"""Weights whose value is known before any number is: literal zeros, and `rest` where nothing is left."""

from __future__ import annotations

from detente.case import Expression, Posture, Weight

LITERALS = {"0": 0.0, "1": 1.0}


def literal(expression: Expression) -> float | None:
    """The value of an expression that is the number 0 or 1 written out, else None."""
    return LITERALS.get(expression.text)


def known_zero(weights: tuple[Weight, ...], posture: Posture) -> tuple[bool, ...]:
    """Which weights are zero whatever the parameters are, under a posture.

    Such branches are left out of the tree; all others stay, so the shape depends on case and posture only.
    """
    stated = [None if weight is None else literal(posture.set.get(weight.text, weight)) for weight in weights]
    others = [value for value, weight in zip(stated, weights, strict=True) if weight is not None]
    nothing_left = None not in others and sum(value or 0.0 for value in others) == 1.0
    return tuple(
        nothing_left if weight is None else value == 0.0 for value, weight in zip(stated, weights, strict=True)
    )
