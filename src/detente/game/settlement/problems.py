"""What can be wrong with an agreement: a table of codes, and the error that carries every finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from detente.errors import RequestError

SETTLEMENT_CODES: Mapping[str, tuple[str, str]] = {
    "S001": ("wrong shape", "An array has other axes than the benefits, whose shape is [draws, steps, parties]."),
    "S002": ("no such party", "Parties are numbered from 0, in the order of the last axis of the benefits."),
    "S003": ("no such step", "Steps are numbered from 0, in the order of the middle axis of the benefits."),
    "S004": ("steps wait for one another", "A step is, by way of others, its own prerequisite: no order exists."),
    "S005": (
        "bundle contradicts a prerequisite",
        "Steps of a bundle happen at once, so none of them can have to come before another, directly or by way of "
        "steps outside the bundle.",
    ),
    "S006": ("step named twice", "A step is in two bundles, or named twice in one list."),
    "S007": ("number not legal", "A number is not finite, or outside the range that its meaning leaves."),
    "S008": (
        "stopping set cannot be reached",
        "The steps to stop at leave out a prerequisite of one of them, or a part of a bundle.",
    ),
    "S009": ("too many steps", "The sets of completed steps are too many for the question that is asked."),
}
"""Code -> (title, explanation), in order."""


@dataclass(frozen=True)
class Problem:
    """One finding.

    Attributes:
        code: Key of `SETTLEMENT_CODES`.
        message: What is wrong, with the offending value, and the way out.
        steps: Numbers of the steps it is about.
        parties: Numbers of the parties it is about.
    """

    code: str
    message: str
    steps: tuple[int, ...] = ()
    parties: tuple[int, ...] = ()


class AgreementError(RequestError):
    """An agreement that no search can take up. `problems` holds every finding, so that a caller can place each."""

    def __init__(self, problems: list[Problem]):
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{item.code}: {item.message}" for item in problems))


def too_many(found: int, most: int, what: str) -> AgreementError:
    """The error that a question is too large.

    Args:
        found: Steps there are, those that happen at once counted as one.
        most: Most there may be.
        what: What was asked for, as the subject of a sentence.
    """
    return AgreementError(
        [
            Problem(
                "S009",
                f"{what} can be had for at most {most} steps (those that happen at once count as one), not {found}. "
                "Put steps together that nobody would take apart, or stop at an earlier set of steps.",
            )
        ]
    )
