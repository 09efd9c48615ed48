"""Inspection with and without an announced rule (Maschler 1966): the same inspections, and no violations."""

from __future__ import annotations

from typing import Any

from detente.game import BuiltGame, TreeBuilder
from detente.models.checks import choice, number, probabilities
from detente.models.model import ClosedForm, PublishedModel

NASH, LEADERSHIP = "nash", "leadership"


def build(e: float, a: float, b: float) -> BuiltGame:
    """The tree: the inspector I inspects or skips, the inspectee E, unaware of it, violates or acts legally.

    Args:
        e: Cost of an inspection that finds nothing.
        a: The inspector's loss from a violation that is caught; one that is missed costs 1.
        b: The inspectee's loss if caught; a violation that is missed gains it 1.

    Raises:
        RequestError: A parameter is outside its range.
    """
    cost, loss, fine = _checked(e, a, b)
    payoffs = {"insp": {"viol": (-loss, -fine), "legal": (-cost, 0.0)}, "skip": {"viol": (-1.0, 1.0), "legal": (0, 0)}}
    tree = TreeBuilder("I", "E")
    after = {
        check: tree.decision(
            "E", "E", {act: tree.terminal(*pay, outcome=f"{check}_{act}") for act, pay in answers.items()}
        )
        for check, answers in payoffs.items()
    }
    return tree.build(tree.decision("I", "I", after))


def closed_form(e: float, a: float, b: float, equilibrium: str = NASH) -> ClosedForm:
    """Odds of an inspection and of a violation, and what they are worth.

    Args:
        e: Cost of an inspection that finds nothing.
        a: The inspector's loss from a violation that is caught.
        b: The inspectee's loss if caught.
        equilibrium: ``nash`` (nothing is announced) or ``leadership`` (the inspector announces its rule).

    Returns:
        ``p_inspect``, ``q_violate``, ``inspector`` and ``inspectee`` (their values), ``value_of_commitment`` (what the
        announcement is worth to the inspector); strategies, outcomes and values by player.

    Raises:
        RequestError: A parameter is outside its range, or there is no such equilibrium.
    """
    cost, loss, fine = _checked(e, a, b)
    chosen = choice("equilibrium", equilibrium, (NASH, LEADERSHIP))
    inspect = 1.0 / (1.0 + fine)
    unannounced = cost / (1.0 - loss + cost)
    told = -inspect * min(cost, loss + fine)
    # indifferent itself, the inspectee does what suits the inspector: acts legally unless effort costs more than that
    violate = unannounced if chosen == NASH else float(cost > loss + fine)
    inspector = -unannounced if chosen == NASH else told
    odds = {"insp": inspect, "skip": 1.0 - inspect}
    acts = {"viol": violate, "legal": 1.0 - violate}
    answer: dict[str, Any] = {
        "p_inspect": inspect,
        "q_violate": violate,
        "inspector": inspector,
        "inspectee": 0.0,
        "value_of_commitment": told + unannounced,
        "strategies": {"I": odds, "E": probabilities(acts)},
        "outcomes": {f"{check}_{act}": odds[check] * acts[act] for check in odds for act in acts},
        "eu": {"I": inspector, "E": 0.0},
    }
    return ClosedForm(answer, chosen, (LEADERSHIP,) if chosen == NASH else (NASH,))


def _checked(e: float, a: float, b: float) -> tuple[float, float, float]:
    return (
        number("e", e, 0.0, 1.0, ends="()"),
        number("a", a, 0.0, 1.0, ends="()"),
        number("b", b, 0.0, ends="()"),
    )


MODEL = PublishedModel(
    key="inspection_leadership",
    title="Inspection with an announced rule",
    citation=(
        "Maschler, M. (1966). A Price Leadership Method for Solving the Inspector's Non-Constant-Sum Game. Naval "
        "Research Logistics Quarterly 13(1), 11-33. Survey: Avenhaus, R., von Stengel, B. and Zamir, S. (2002). "
        "Inspection Games. Handbook of Game Theory 3, chapter 51."
    ),
    about="The game of one inspection is the papers'; the letters for the payoffs are those of the page.",
    parameters={
        "e": "cost of an inspection that finds nothing; strictly between 0 and 1",
        "a": "the inspector's loss from a violation it catches, where a missed one costs 1; strictly between 0 and 1",
        "b": "the inspectee's loss if caught, where a missed violation gains 1; above 0",
        "equilibrium": "nash (if nothing is said) or leadership",
    },
    closed_form=closed_form,
    example={"e": 0.2, "a": 0.5, "b": 2.0},
    build=build,
    cases=("inspection-leadership",),
)
