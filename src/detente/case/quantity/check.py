"""Syntax of a claim + what the case declares -> a typed claim, or every problem found."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from detente.case.expression.check import NO_CONDITION, NO_NUMBER, Checker
from detente.case.expression.labels import RUNNING, written_label
from detente.case.expression.nodes import Compare, Expression, Match, Name
from detente.case.expression.problem import ExpressionError, Problem
from detente.case.expression.scope import Checked, Scope
from detente.case.names import advice
from detente.case.quantity.nodes import (
    ActionValue,
    Misjudged,
    Probability,
    Quantity,
    Settles,
    ShareOfTypes,
    Value,
    Where,
)
from detente.case.quantity.parser import QuantityCall, parse_claim

_FORMS: Mapping[str, tuple[str, int, int, bool]] = {
    # quantity: how it is written, fewest and most arguments, whether a condition and `with` may follow
    "value": ("value(ACTOR, posture | condition, with parameter = expression)", 2, 2, True),
    "probability": ("probability(outcome, posture | condition, with parameter = expression)", 2, 2, True),
    "action_value": ("action_value(ACTOR, decision, option, posture | condition)", 3, 4, True),
    "share_of_types": ("share_of_types(ACTOR.type, comparison)", 2, 2, False),
    "misjudged": ("misjudged(ACTOR, posture)", 2, 2, False),
    "settles": ("settles(design)", 1, 1, False),
}


@dataclass(frozen=True)
class ClaimScope:
    """Names a claim may use.

    Attributes:
        history: Scope of conditions: every variable, all parameters and tables, and the outcomes as its
            named `conditions`.
        actors: Ids of the actors.
        postures: Names of the postures.
        decisions: Decision -> who moves.
        types: Names of the private types.
        designs: Names of the settlement's designs; None if the case has no settlement.
        forgiven: Whether the settlement could not be read, so that designs are not looked up.
    """

    history: Scope
    actors: Collection[str]
    postures: Collection[str]
    decisions: Mapping[str, str] = field(default_factory=dict[str, str])
    types: Collection[str] = ()
    designs: Collection[str] | None = None
    forgiven: bool = False


class _InsideChecker(Checker):
    """Checks what stands inside a quantity."""

    def other_number(self, node: Expression) -> Expression:
        """Quantities are not nested."""
        if not isinstance(node, QuantityCall):
            return super().other_number(node)
        self.report("C256", node, f"'{node.text[:80]}' cannot stand inside another quantity")
        return NO_NUMBER

    def other_condition(self, node: Expression) -> Expression:
        """Quantities are not nested."""
        if not isinstance(node, QuantityCall):
            return super().other_condition(node)
        self.report("C256", node, f"'{node.text[:80]}' cannot stand inside another quantity")
        return NO_CONDITION


class ClaimChecker(Checker):
    """Checks one claim. Outside the quantities it may speak of parameters, not of the history."""

    def __init__(self, names: ClaimScope):
        super().__init__(names.history, history=False)
        self.names = names

    # ----------------------------------------------------------------------- hooks
    def other_condition(self, node: Expression) -> Expression:
        """``misjudged(...)`` and ``settles(...)`` may stand alone for "is it so at all"."""
        if isinstance(node, QuantityCall) and node.function in ("misjudged", "settles"):
            return Compare((self.quantity(node), NO_NUMBER), (">",), offset=node.offset, length=node.length)
        hint = f"Compare it with something: {node.text[:80]} > ..."
        self.report("C250", node, f"'{node.text[:80]}' is a number, and a comparison is expected here", hint)
        return NO_CONDITION

    def other_number(self, node: Expression) -> Expression:
        """A quantity is a number."""
        if isinstance(node, QuantityCall):
            return self.quantity(node)
        return super().other_number(node)

    def speaks_of(self, node: Name) -> bool:
        """The history is spoken of inside quantities only."""
        if node.name not in self.scope.variables:
            return super().speaks_of(node)
        hint = f"Write for example probability({node.name} == ..., posture) > 0.5."
        self.report("C232", node, f"'{node.name}' is a variable: a claim compares quantities", hint)
        return False

    def named(self, node: Name) -> Expression:
        """An outcome standing alone claims nothing."""
        hint = f"Write for example probability({node.name}, posture) > 0.5."
        self.report("C250", node, f"'{node.name}' is an outcome: a claim compares quantities", hint)
        return NO_CONDITION

    def running(self, node: Name) -> Expression:
        """``type`` standing alone claims nothing."""
        hint = "Use it as the condition of a quantity: action_value(RUS, move, assault | type)."
        self.report("C258", node, "`type` cannot stand here", hint)
        return NO_CONDITION

    # ----------------------------------------------------------------------- quantities
    def quantity(self, node: QuantityCall) -> Expression:
        """The typed form of a quantity."""
        form, fewest, most, conditional = _FORMS[node.function]
        if not fewest <= len(node.arguments) <= most:
            found = len(node.arguments)
            message = f"{node.function}(...) takes {fewest if fewest == most else f'{fewest} or {most}'} arguments"
            self.report("C256", node, f"{message}, not {found}", f"Write {form}.")
            return NO_NUMBER
        if not conditional and (node.given is not None or node.where):
            message = f"{node.function}(...) takes no condition and no `with`"
            self.report("C256", node, message, f"Write {form}.")
            return NO_NUMBER
        before = len(self.problems)
        made = self._build(node)
        wrong = any(item.severity == "error" for item in self.problems[before:])
        return NO_NUMBER if wrong or made is None else made

    def _build(self, node: QuantityCall) -> Quantity | None:
        match node.function:
            case "value":
                return self._value(node)
            case "probability":
                return self._probability(node)
            case "action_value":
                return self._action_value(node)
            case "share_of_types":
                return self._share_of_types(node)
            case "misjudged":
                actor, posture = self._actor(node.arguments[0]), self._posture(node.arguments[1])
                return Misjudged(actor, posture, offset=node.offset, length=node.length)
            case _:
                design = self._design(node.arguments[0])
                return Settles(design, offset=node.offset, length=node.length)

    def _value(self, node: QuantityCall) -> Value:
        actor, posture = self._actor(node.arguments[0]), self._posture(node.arguments[1])
        given, where = self._given(node.given), self._where(node)
        return Value(actor, posture, given, where, offset=node.offset, length=node.length)

    def _probability(self, node: QuantityCall) -> Probability:
        event, posture = self._about_history(node.arguments[0]), self._posture(node.arguments[1])
        given, where = self._given(node.given), self._where(node)
        return Probability(event, posture, given, where, offset=node.offset, length=node.length)

    def _action_value(self, node: QuantityCall) -> ActionValue:
        actor, decision = self._actor(node.arguments[0]), self._word(node.arguments[1], "a decision")
        place, option = node.arguments[1], ""
        own = [name for name, mover in self.names.decisions.items() if mover == actor]
        mover = self.names.decisions.get(decision)
        if mover is None and decision:
            message = f"no decision is named '{decision}'"
            self.report("C253", place, message, advice(decision, own or self.names.decisions, "decisions"))
        elif mover is not None and actor and mover != actor:
            self.report("C253", place, f"'{decision}' is a decision of {mover}, not of {actor}")
        elif mover is not None:
            option = self._option(decision, node.arguments[2])
        posture = self._posture(node.arguments[3]) if len(node.arguments) > 3 else None
        given, where = self._given(node.given), self._where(node)
        return ActionValue(actor, decision, option, posture, given, where, offset=node.offset, length=node.length)

    def _share_of_types(self, node: QuantityCall) -> ShareOfTypes | None:
        name = self._word(node.arguments[0], "a private type")
        if self.running_type is not None:
            self.report("C256", node, "share_of_types(...) cannot be nested")
            return None
        if name not in self.names.types:
            if name:
                hint = advice(name, self.names.types, "types")
                self.report("C255", node.arguments[0], f"no private type is named '{name}'", hint)
            return None
        before, self.running_type = len(self.problems), name
        comparison = self.condition(node.arguments[1])
        self.running_type = None
        if len(self.problems) == before and not any(_runs(part, name) for part in comparison.walk()):
            hint = "Use it as the condition of a quantity: action_value(RUS, move, assault | type)."
            self.report("C258", node.arguments[1], "the comparison does not depend on `type`", hint)
        labels = self.scope.variables[name]
        return ShareOfTypes(name, labels, comparison, offset=node.offset, length=node.length)

    # ----------------------------------------------------------------------- arguments
    def _word(self, node: Expression, what: str) -> str:
        if isinstance(node, Name):
            return node.name
        self.report("C256", node, f"'{node.text[:80]}' stands where {what} is expected")
        return ""

    def _actor(self, node: Expression) -> str:
        name = self._word(node, "an actor")
        if name and name not in self.names.actors:
            self.report("C251", node, f"no actor is named '{name}'", advice(name, self.names.actors, "actors"))
        return name

    def _posture(self, node: Expression) -> str:
        name = self._word(node, "a posture")
        if name and name not in self.names.postures:
            hint = advice(name, self.names.postures, "postures")
            self.report("C252", node, f"no posture is named '{name}'", hint)
        return name

    def _design(self, node: Expression) -> str:
        name, designs = self._word(node, "the name of a settlement design"), self.names.designs
        if name and designs is None and not self.names.forgiven:
            hint = "Add a section `settlement:` with its steps and designs."
            self.report("C259", node, "this case has no settlement to judge", hint)
        elif name and designs is not None and name not in designs:
            self.report("C259", node, f"no design is named '{name}'", advice(name, designs, "designs"))
        return name

    def _option(self, decision: str, node: Expression) -> str:
        found = self.find_label(decision, written_label(node) or "")
        if found is None:
            hint = advice(node.text, self.scope.variables[decision], f"options of {decision}")
            self.report("C254", node, f"'{node.text[:80]}' is not an option of {decision}", hint)
        return found or ""

    def _given(self, node: Expression | None) -> Expression | None:
        return None if node is None else self._about_history(node)

    def _about_history(self, node: Expression) -> Expression:
        inner = _InsideChecker(self.scope, parameters=False, bare_labels=True)
        inner.running_type = self.running_type
        condition = inner.condition(node)
        self.problems.extend(inner.problems)
        return condition

    def _where(self, node: QuantityCall) -> Where:
        replaced: dict[str, Expression] = {}
        for target, value in node.where:
            inner = _InsideChecker(self.scope, history=False)
            name, checked = inner.number(target).text, inner.number(value)
            self.problems.extend(inner.problems)
            if name in replaced:
                self.report("C256", target, f"'{name}' is given two values")
            replaced[name] = checked
        return tuple(replaced.items())


def _runs(node: Expression, type_name: str) -> bool:
    return isinstance(node, Match) and node.variable == type_name and RUNNING in node.labels


def check_claim(expression: Expression, scope: ClaimScope) -> Checked:
    """Read a syntax tree as a claim.

    Args:
        expression: What `parse_claim` returned.
        scope: Names that may be used.

    Returns:
        The typed claim, or its problems; never raises.
    """
    checker = ClaimChecker(scope)
    checked = checker.finish(checker.condition(expression))
    if checked.expression is None or any(isinstance(node, Quantity) for node in checked.expression.walk()):
        return checked
    hint = "Compare quantities such as value(ACTOR, posture) or probability(outcome, posture)."
    problem = Problem("C250", "the claim holds no quantity", expression.offset, expression.length, hint)
    return Checked(None, (*checked.problems, problem))


def read_claim(text: str, scope: ClaimScope) -> Checked:
    """`parse_claim` and `check_claim` in one step; a syntax error is a problem too."""
    try:
        expression = parse_claim(text)
    except ExpressionError as error:
        return Checked(None, (error.problem,))
    return check_claim(expression, scope)
