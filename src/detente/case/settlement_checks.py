"""What can be wrong with an agreement as a whole: loops, bundles, where to stop, sizes, and numbers out of range."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from detente.axes import Floats
from detente.case.context import Context
from detente.case.expression import Expression, Number, array_function, parameters
from detente.case.findings import quoted
from detente.case.model_settlement import Hidden, Step
from detente.case.schema_settlement import RawDesign, RawStep, RawTerms
from detente.case.settlement_design import Plan
from detente.case.settlement_edits import Edits
from detente.case.span import Span
from detente.case.syntax import Word
from detente.game.settlement import MOST_FADING, MOST_MOVES, Problem, check_structure, moves_of

CODES = {"S004": "C804", "S005": "C805", "S006": "C806", "S008": "C808"}
MOST_CORNERS = 6
"""So many parameters are tried at all combinations of the ends of their ranges; more, one at a time."""
UNIT = (0.0, 1.0)
ABOVE = (0.0, math.inf)
SOME = (-math.inf, math.inf)


class Checks:
    """Checks agreements as they are and as designs change them.

    Args:
        context: The case being bound.
        span: Where the settlement is declared.
        raw: The steps as written, for their places.
        hidden: What is not known about parties, whose numbers are checked with every agreement.
    """

    def __init__(self, context: Context, span: Span, raw: Mapping[str, RawStep], hidden: tuple[Hidden, ...] = ()):
        self._context, self._findings, self._span, self._raw = context, context.findings, span, raw
        self._hidden = hidden
        self._known: set[tuple[object, ...]] = set()

    # ----------------------------------------------------------------------- structure
    def structure(self, plan: Plan, raw: RawTerms, span: Span) -> bool:
        """Whether steps can follow one another as they should, and are few enough to be searched.

        Args:
            plan: The agreement, written out.
            raw: The settlement or design it comes from, for the places of its words.
            span: Where that is declared.
        """
        number = {step.id: k for k, step in enumerate(plan.steps)}
        names = [step.id for step in plan.steps]
        stop = plan.setting.stop
        bundles = [[number[name] for name in group] for group in plan.together]
        problems = check_structure(
            len(names),
            1,
            [[] for _ in names],
            [[number[name] for name in step.after] for step in plan.steps],
            bundles,
            [None] * len(names),
            None if stop is None else [number[name] for name in stop],
        )
        for item in problems:
            self._report(item, plan, raw, span)
        if problems:
            return False
        ends = range(len(names)) if stop is None else [number[name] for name in stop]
        moves = [move for move in moves_of(len(names), bundles) if set(ends).issuperset(move)]
        return self._few(len(moves), plan, span)

    def _few(self, found: int, plan: Plan, span: Span) -> bool:
        setting = plan.setting
        fades = _fades(setting.discount, 1.0) or _fades(setting.collapse, 0.0)
        most = MOST_FADING if fades else MOST_MOVES
        if found <= most:
            return True
        why = "where what is still to come counts less (`discount`, `collapse`), " if fades else ""
        message = f"{found} steps (those that happen at once count as one) are too many: {why}at most {most} can be had"
        hint = "Put steps together that nobody would take apart, or stop at an earlier set of steps."
        self._findings.error("C809", message, span, hint)
        return False

    def _report(self, item: Problem, plan: Plan, raw: RawTerms, span: Span) -> None:
        """A finding about step numbers, said with names and put where it belongs."""
        names = [plan.steps[k].id for k in item.steps]
        quotes = [f"'{name}'" for name in names]
        shown = " and ".join(filter(None, [", ".join(quotes[:-1]), *quotes[-1:]]))
        if item.code == "S004":
            chain = " before ".join([*names, names[0]])
            message, hint = f"steps wait for one another: {chain}", "Drop one of these prerequisites."
            at = self._after(names[1 % len(names)], names[0], raw)
        elif item.code == "S005":
            message = f"{shown} are to happen at once, but one of them has to come before another"
            hint = "Drop the prerequisite, or take one of them out of `together`."
            at = _word(raw.together, names) or self._after(names[-1], names[0], raw)
        elif item.code == "S008":
            message, hint = f"`stop` cannot be reached: {_stop_problem(item, names, shown)}", "Name those as well."
            at = _word([raw.stop or []], names)
        else:
            message, hint = f"{shown} is in more than one group of `together`", "Put the groups into one."
            at = _word(reversed(raw.together or []), names)
        self._findings.error(CODES.get(item.code, "C806"), message, at or span, hint)

    def _after(self, step: str, before: str, raw: RawTerms) -> Span | None:
        """Where it is said that a step waits for another."""
        name = step.partition(".")[0]
        if isinstance(raw, RawDesign):
            for key, words in (raw.after or {}).items():
                if key == name:
                    return _word([words], [before]) or key.span
            return None
        found = self._raw.get(name)
        return None if found is None else _word([found.after or []], [before])

    # ----------------------------------------------------------------------- numbers
    def numbers(self, plan: Plan, replaced: Mapping[str, Expression], edits: Edits) -> bool:
        """Whether every number is finite at base values, and stays where its meaning leaves it over the ranges.

        Args:
            plan: The agreement, written out.
            replaced: Parameters that the design sets.
            edits: The changes of the design, for their places.
        """
        before = self._findings.count
        for what, expression, bounds, span in self._all(plan, edits):
            key = (expression, bounds, tuple(replaced.items()))
            if key in self._known:
                continue
            self._known.add(key)
            touched = sorted(parameters(expression) & replaced.keys())
            at = edits["set", touched[0]].span if touched else span
            self._in_range(what, expression, bounds, at, replaced)
        return self._findings.count == before

    def _all(self, plan: Plan, edits: Edits) -> Iterator[tuple[str, Expression, tuple[float, float], Span]]:
        for step in plan.steps:
            for party, expression in step.benefit.items():
                yield f"the benefit of '{step.base}' to {party}", expression, SOME, self._benefit(step, party)
            for party, expression in step.grab.items():
                yield f"the grab of '{step.base}' by {party}", expression, SOME, step.span
            if step.undo_cost is not None:
                raw = self._raw[step.base].undo
                at = step.span if raw is None or raw.cost is None else raw.cost.span
                yield f"the cost of undoing '{step.base}'", step.undo_cost, ABOVE, at
        setting = plan.setting
        for name in ("dividend", "outside", "grab", "monitoring", "guarantee"):
            bounds = UNIT if name == "monitoring" else ABOVE if name == "guarantee" else SOME
            for party, expression in getattr(setting, name).items():
                yield f"`{name}` of {party}", expression, bounds, self._place(name, edits)
        for name in ("peacekeepers", "discount", "collapse"):
            expression = getattr(setting, name)
            if expression is not None:
                yield f"`{name}`", expression, UNIT, self._place(name, edits)
        for item in self._hidden:
            yield from _hidden_numbers(item)

    def _benefit(self, step: Step, party: str) -> Span:
        written = self._raw[step.base].benefit or {}
        return next((word.span for key, word in written.items() if key == party), step.span)

    def _place(self, name: str, edits: Edits) -> Span:
        edit = edits.get((name, ""))
        if edit is not None:
            return edit.span
        found = self._context.sections.settlement
        tree = None if found is None or isinstance(found[1], (Word, list)) else found[1].get(Word(name))
        return self._span if tree is None else tree.span

    def _in_range(
        self,
        what: str,
        expression: Expression,
        bounds: tuple[float, float],
        span: Span,
        replaced: Mapping[str, Expression],
    ) -> None:
        names, theta = self._corners(expression, replaced, bounds != SOME)
        values = self._evaluated(expression, names, theta, replaced)
        low, high = bounds
        bad = np.flatnonzero(~np.isfinite(values) | (values < low) | (values > high))
        if not len(bad):
            return
        first = int(bad[0])
        where = "at base values" if first == 0 else self._where(names, theta[first], theta[0])
        legal = "a finite number" if bounds == SOME else "0 or more" if bounds == ABOVE else "between 0 and 1"
        message = f"{what} = {quoted(expression.text)} is {values[first]:g} {where}; it has to be {legal}"
        hint = "Change the range of the parameter, or the expression: `min(1, max(0, ...))` keeps a number inside."
        self._findings.error("C807", message, span, hint)

    def _corners(
        self, expression: Expression, replaced: Mapping[str, Expression], wide: bool
    ) -> tuple[list[str], Floats]:
        """Names of all parameters, and [worlds, parameters]: base values first, then ends of the ranges."""
        every = self._context.parameters
        names = list(every)
        base = np.array([item.value for item in every.values()], dtype=np.float64)
        used = set(parameters(expression))
        used |= {name for key in used & replaced.keys() for name in parameters(replaced[key])}
        free = [k for k, name in enumerate(names) if name in used and every[name].distribution.kind != "fixed"]
        if not wide or not free:
            return names, base[None]
        ends = [(every[names[k]].distribution.low, every[names[k]].distribution.high) for k in free]
        if len(free) <= MOST_CORNERS:
            rows = list(itertools.product(*ends))
        else:
            middle = [float(base[k]) for k in free]
            rows = [(*middle[:i], end, *middle[i + 1 :]) for i, pair in enumerate(ends) for end in pair]
        theta = np.repeat(base[None], len(rows) + 1, axis=0)
        theta[1:, free] = np.array(rows)
        return names, theta

    def _evaluated(
        self, expression: Expression, names: list[str], theta: Floats, replaced: Mapping[str, Expression]
    ) -> Floats:
        changed = theta.copy()
        for name, value in replaced.items():
            changed[:, names.index(name)] = array_function(value, names)(theta)
        return array_function(expression, names)(changed)

    def _where(self, names: list[str], row: Floats, base: Floats) -> str:
        moved = [f"{names[k]} = {row[k]:g}" for k in np.flatnonzero(row != base)]
        return f"where {', '.join(moved)}"


def _hidden_numbers(item: Hidden) -> Iterator[tuple[str, Expression, tuple[float, float], Span]]:
    """The numbers of a party whose aims are hidden: what each is, and the bounds it stays within."""
    who = f"of a spoiler ({item.party})"
    singles = (
        (f"the probability that {item.party} is sincere", item.sincere, UNIT),
        (f"`grab` {who}", item.grab, SOME),
        (f"`dividend` {who}", item.dividend, SOME),
        (f"`guarantee` {who}", item.guarantee, ABOVE),
    )
    for what, expression, bounds in singles:
        if expression is not None:
            yield what, expression, bounds, item.span
    for name, by_step in (("benefit", item.benefit), ("grab_step", item.grab_step)):
        for step, expression in by_step.items():
            yield f"`{name}` of '{step}' {who}", expression, SOME, item.span


def _fades(expression: Expression | None, none: float) -> bool:
    return expression is not None and not (isinstance(expression, Number) and expression.value == none)


def _stop_problem(item: Problem, names: list[str], shown: str) -> str:
    if not names:
        return "there is no step in it"
    if len(names) == 2 and "come before" in item.message:
        return f"'{names[0]}' waits for '{names[1]}', which is left out"
    return f"{shown} happen at once, and not all of them are named"


def _word(groups: Iterable[Iterable[Word]] | None, names: list[str]) -> Span | None:
    """Where one of some names stands, the first that is found."""
    return next((word.span for group in groups or () for word in group if word in names), None)
