"""A design of a settlement, and worlds -> an agreement in numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

import numpy as np

from detente.axes import Floats
from detente.case import Case, Design, Expression, SettlementSection, array_function, parameters
from detente.errors import RequestError
from detente.game.settlement import Agreement, AgreementError

UNIT = ("peacekeepers", "monitoring", "discount", "collapse")
ABOVE = ("guarantee", "undo_cost")


class DesignTerms:
    """One design, ready to be put into numbers for any worlds.

    Args:
        case: The case.
        settlement: Its settlement.
        design: The design.
    """

    def __init__(self, case: Case, settlement: SettlementSection, design: Design):
        self.case, self.design, self.parties = case, design, settlement.parties
        self._names = case.parameter_names
        self._functions: dict[int, Callable[[Floats], Floats]] = {}
        number = {step.id: k for k, step in enumerate(design.steps)}
        party = {name: i for i, name in enumerate(self.parties)}
        setting = design.setting
        self._structure = {
            "performers": tuple(tuple(party[name] for name in step.by) for step in design.steps),
            "prerequisites": tuple(tuple(number[name] for name in step.after) for step in design.steps),
            "bundles": tuple(tuple(number[name] for name in group) for group in design.together),
            "undoer": tuple(None if step.undo_by is None else party[step.undo_by] for step in design.steps),
            "exit": setting.exit,
            "stop": None if setting.stop is None else tuple(number[name] for name in setting.stop),
        }

    @property
    def steps(self) -> tuple[str, ...]:
        """Names of the steps, in order."""
        return self.design.step_ids

    @property
    def num_moves(self) -> int:
        """Number of moves: steps, those that happen at once counted as one."""
        return len(self.steps) - sum(len(group) - 1 for group in self.design.together)

    @cached_property
    def rests_on(self) -> frozenset[str]:
        """Names of the parameters that the numbers of the design rest on."""
        used: set[str] = set()
        for expression in self._expressions():
            used |= parameters(expression)
        replaced = self.design.set
        found = {name for name in used if name not in replaced}
        for name in used & replaced.keys():
            found |= parameters(replaced[name])
        return frozenset(found)

    def agreement(self, theta: Floats) -> Agreement:
        """The design in some worlds.

        Args:
            theta: [draws, params] values of the parameters.

        Raises:
            RequestError: A number is not finite or leaves its range in one of the worlds; says which, and where.
        """
        world = self._as_set(theta)
        draws, parties = len(theta), len(self.parties)
        steps, setting = self.design.steps, self.design.setting
        benefit, grab_step = np.zeros((draws, len(steps), parties)), np.zeros((draws, len(steps), parties))
        undo_cost = np.zeros((draws, len(steps)))
        for k, step in enumerate(steps):
            for i, name in enumerate(self.parties):
                if name in step.benefit:
                    benefit[:, k, i] = self._value(step.benefit[name], world) / step.parts
                if name in step.grab:
                    grab_step[:, k, i] = self._value(step.grab[name], world) / step.parts
            if step.undo_cost is not None:
                undo_cost[:, k] = self._value(step.undo_cost, world) / step.parts
        numbers = {"benefit": benefit, "grab_step": grab_step, "undo_cost": undo_cost}
        for key in ("dividend", "outside", "grab", "monitoring", "guarantee"):
            otherwise = 1.0 if key == "monitoring" else 0.0
            given = getattr(setting, key)
            columns = [
                self._value(given[name], world) if name in given else np.full(draws, otherwise) for name in self.parties
            ]
            numbers[key] = np.stack(columns, axis=1)
        for key, otherwise in (("peacekeepers", 0.0), ("discount", 1.0), ("collapse", 0.0)):
            expression = getattr(setting, key)
            numbers[key] = np.full(draws, otherwise) if expression is None else self._value(expression, world)
        try:
            return Agreement(**numbers, **self._structure)  # type: ignore[arg-type]
        except AgreementError as error:
            found = self._out_of_range(numbers) or "; ".join(item.message for item in error.problems)
            raise RequestError(
                f"the design '{self.design.name}' has a number that makes no sense in one of the worlds tried: {found} "
                "Assume another value, narrow the ranges of the parameters, or keep the expression inside with min "
                "and max."
            ) from error

    def _out_of_range(self, numbers: Mapping[str, Floats]) -> str:
        """The first number that leaves its range, by the names of the case; empty if there is none."""
        for key, array in numbers.items():
            low, high = (0.0, 1.0) if key in UNIT else (0.0, np.inf) if key in ABOVE else (-np.inf, np.inf)
            bad = np.argwhere(~np.isfinite(array) | (array < low) | (array > high))
            if not len(bad):
                continue
            at = tuple(int(k) for k in bad[0])
            what = {"undo_cost": "undo: cost", "grab_step": "grab"}.get(key, key)
            step = f" of '{self.steps[at[1]]}'" if key in ("benefit", "grab_step", "undo_cost") else ""
            party = f" for {self.parties[at[-1]]}" if len(at) > 1 and key != "undo_cost" else ""
            legal = "between 0 and 1" if key in UNIT else "0 or more" if key in ABOVE else "a finite number"
            return f"`{what}`{step}{party} is {array[at]:g}, and has to be {legal}."
        return ""

    def number(self, expression: Expression, theta: Floats) -> Floats:
        """[draws] an expression over parameters, as the design sets them.

        Args:
            expression: The expression.
            theta: [draws, params] the worlds.
        """
        return self._value(expression, self._as_set(theta))

    def value_as_written(self, expression: Expression, theta: Floats) -> Floats:
        """[draws] an expression over parameters as the case has them, whatever the design sets.

        Args:
            expression: The expression.
            theta: [draws, params] the worlds.
        """
        return self._value(expression, theta)

    def _as_set(self, theta: Floats) -> Floats:
        """[draws, params] the parameters as the design sets them."""
        if not self.design.set:
            return theta
        changed = theta.copy()
        for name, expression in self.design.set.items():
            changed[:, self._names.index(name)] = self._value(expression, theta)
        return changed

    def _value(self, expression: Expression, theta: Floats) -> Floats:
        key = id(expression)  # the design keeps its expressions alive
        if key not in self._functions:
            self._functions[key] = array_function(expression, self._names)
        return self._functions[key](theta)

    def _expressions(self) -> list[Expression]:
        found: list[Expression] = []
        for step in self.design.steps:
            found += [*step.benefit.values(), *step.grab.values()]
            found += [] if step.undo_cost is None else [step.undo_cost]
        setting = self.design.setting
        for key in ("dividend", "outside", "grab", "monitoring", "guarantee"):
            found += getattr(setting, key).values()
        singles = (setting.peacekeepers, setting.discount, setting.collapse)
        return found + [item for item in singles if item is not None]
