"""Brinkmanship: announced risks, a ladder of escalation, and a contest of hidden resolve."""

from __future__ import annotations

from typing import Any

from detente.game import BuiltGame
from detente.models import brinkmanship_ladder, brinkmanship_resolve, brinkmanship_threat
from detente.models.checks import require
from detente.models.model import ClosedForm, PublishedModel

_FORMS = {
    "menu": brinkmanship_threat,
    "order": brinkmanship_ladder,
    "F": brinkmanship_resolve,
}
"""The parameter that tells the three forms apart."""


def build(**parameters: Any) -> BuiltGame:
    """The tree of one of the three forms, told apart by `menu`, `order` or `F`.

    Raises:
        RequestError: A parameter is missing or outside its range.
    """
    form, given = _form(parameters)
    return form.build(**given)


def closed_form(**parameters: Any) -> ClosedForm:
    """Who runs which risk, who gives way, and how often there is disaster.

    Three forms, told apart by what is given: an announced risk from a `menu`, a ladder of escalation with an
    `order` of moves, or a contest of hidden resolve with a final risk `F`.

    Raises:
        RequestError: A parameter is missing or outside its range.

    Reference: Schelling (1960); Powell (1988, 1990) for the ladder and hidden resolve.
    """
    form, given = _form(parameters)
    return form.closed_form(**given)


def _form(given: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    marks = [name for name in _FORMS if name in given]
    require(
        len(marks) == 1,
        "give one of menu (an announced risk), order (a ladder) or F (hidden resolve), and what goes with it.",
    )
    form = _FORMS[marks[0]]
    missing = [name for name in form.PARAMETERS if name not in given]
    unknown = [name for name in given if name not in form.PARAMETERS]
    legal = ", ".join(form.PARAMETERS)
    require(not missing, f"{', '.join(missing)} missing; this form takes {legal}.")
    require(not unknown, f"there is no parameter {', '.join(unknown)} here; this form takes {legal}.")
    return form, given


MODEL = PublishedModel(
    key="brinkmanship",
    title="Brinkmanship: threats that leave something to chance",
    citation=(
        "Schelling, T. C. (1960). The Strategy of Conflict. Harvard University Press; Powell, R. (1988). Nuclear "
        "Brinkmanship with Two-Sided Incomplete Information. American Political Science Review 82(1), 155-178; "
        "Powell, R. (1990). Nuclear Deterrence Theory. Cambridge University Press."
    ),
    about=(
        "The announced risk is the textbook game; the ladder and the contest of hidden resolve are stylized versions "
        "after Powell."
    ),
    parameters={
        **brinkmanship_threat.PARAMETERS,
        **brinkmanship_ladder.PARAMETERS,
        **brinkmanship_resolve.PARAMETERS,
    },
    closed_form=closed_form,
    example={
        "q": 0.1, "f": 0.2, "F": 0.7, "w": 1.0, "s_": 0.0, "dL": -1.0, "dH": -0.2,
        "wC": 1.0, "sC": -0.5, "dC": -4.0, "sq": 0.0,
    },
    build=build,
    cases=("brinkmanship-ladder", "brinkmanship-resolve", "brinkmanship-threat"),
)  # fmt: skip
