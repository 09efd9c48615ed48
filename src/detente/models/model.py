"""What a published model is: its paper, its tree, and its solution on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from detente.errors import RequestError
from detente.game import Assessment, BuiltGame, assess_trembles

Strategies = Mapping[str, Mapping[str, float]]
"""Information set -> action -> probability; actions left out have probability 0."""
Orders = Mapping[str, Mapping[str, int]]
"""Information set -> action -> order of the mistake of playing it; 1 where nothing is said."""


@dataclass(frozen=True, eq=False)
class ClosedForm(Mapping[str, Any]):
    """One equilibrium of a model, or a set of thresholds, worked out on paper.

    It reads as a mapping from the names on the page of the model to numbers: ``closed["q_star"]``. A finite
    model has ``strategies``, ``outcomes`` (probability of each ending) and ``eu`` (value to each player) among them.

    Attributes:
        answer: Every number, by name.
        equilibrium: Which equilibrium this is; empty if there is one only.
        others: Names of further equilibria that the model can give at the same numbers (``equilibrium=NAME``).
        trembles: The mistakes that beliefs off the path rest on. An action that is never played is a mistake
            of order 1, unless a higher order here says that it is less likely still.
    """

    answer: Mapping[str, Any]
    equilibrium: str = ""
    others: tuple[str, ...] = ()
    trembles: Orders = field(default_factory=dict[str, Mapping[str, int]])

    def __getitem__(self, name: str) -> Any:
        return self.answer[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.answer)

    def __len__(self) -> int:
        return len(self.answer)

    def assessment(self, game: BuiltGame) -> Assessment:
        """The strategies in the model's tree, with beliefs that are a limit of the stated mistakes.

        Args:
            game: What `build` gives for the same numbers (one draw).

        Raises:
            RequestError: This closed form holds thresholds only, or its names are not those of the tree.
        """
        if "strategies" not in self.answer:
            raise RequestError(f"this closed form holds no strategies; it holds {', '.join(self.answer)}")
        strategy = game.profile(self.answer["strategies"])
        order = np.where(strategy[0] > 0, 0, 1)
        for name, orders in self.trembles.items():
            for label, number in orders.items():
                action = game.action(name, label)
                order[action] = number if strategy[0, action] == 0 else 0
        return assess_trembles(game.shape, game.numbers.chance, strategy, order)

    def beliefs(self, game: BuiltGame) -> dict[str, tuple[float, ...]]:
        """Information set -> belief in each of its nodes, in the order of the tree; sets of one node are left out.

        Args:
            game: What `build` gives for the same numbers (one draw).

        Raises:
            RequestError: This closed form holds thresholds only, or its names are not those of the tree.
        """
        belief = self.assessment(game).belief[0]
        return {
            label.decision: tuple(float(belief[node]) for node in nodes)
            for label, nodes in zip(game.labels, game.shape.members, strict=True)
            if len(nodes) > 1
        }


@dataclass(frozen=True)
class PublishedModel:
    """A model of the literature, reproduced.

    Attributes:
        key: Name of the model and of its module: lower-case letters, digits, underscores.
        title: What it is about, in a few words.
        citation: The paper: author, year, title, where.
        about: What is the paper's and what is a discrete or simplified version made here, in a sentence or two.
        parameters: Name -> meaning, with the legal range, of everything `build` and `closed_form` take.
        closed_form: Gives the `ClosedForm`; takes the parameters by name, and ``equilibrium=`` where there
            are several. Raises RequestError outside the legal ranges.
        example: Legal numbers to start from: ``closed_form(**example)``.
        build: Gives the finite tree for the same parameters; None if the model has none.
        cases: Names of the shipped cases that hold it.
    """

    key: str
    title: str
    citation: str
    about: str
    parameters: Mapping[str, str]
    closed_form: Callable[..., ClosedForm]
    example: Mapping[str, Any]
    build: Callable[..., BuiltGame] | None = None
    cases: tuple[str, ...] = ()
