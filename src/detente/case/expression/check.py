"""Syntax tree + scope -> typed tree, or every problem found."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from detente.case.expression.labels import LabelChecker
from detente.case.expression.nodes import (
    Arithmetic,
    Boolean,
    BoolOp,
    Call,
    Compare,
    Conditional,
    Contains,
    Count,
    Expression,
    Happened,
    Index,
    Match,
    Name,
    Negate,
    Not,
    Number,
    ParameterRef,
    TableEntry,
    joined,
)
from detente.case.expression.parser import parse
from detente.case.expression.problem import ExpressionError
from detente.case.expression.rounds import over_rounds
from detente.case.expression.scope import UNIT_LITERALS, Checked, Scope
from detente.case.names import OVER_ROUNDS, advice

NO_NUMBER = Number(0.0)
NO_CONDITION = Boolean(True)
_NAME_IT = "Declare a parameter for it, with a range and a source, and write its name here."


class Checker(LabelChecker):
    """Checks one expression and collects its problems. A part that is wrong is replaced by a constant.

    Args:
        scope: Names that may be used.
        literals: Numbers that may be written out; None allows all.
        history: Whether the history may be spoken of at all.
        parameters: Whether parameters may be.
        bare_labels: Whether a label of only one variable may stand for ``variable == label``.
    """

    def __init__(
        self,
        scope: Scope,
        *,
        literals: Collection[float] | None = None,
        history: bool = True,
        parameters: bool = True,
        bare_labels: bool = False,
    ):
        super().__init__(scope)
        self.literals = literals
        self.history = history
        self.allow_parameters = parameters
        self.bare_labels = bare_labels

    def finish(self, expression: Expression) -> Checked:
        """The result for the whole expression."""
        found = tuple(sorted(self.problems, key=lambda item: item.offset))
        wrong = any(item.severity == "error" for item in found)
        return Checked(None if wrong else expression, found)

    # ----------------------------------------------------------------------- numbers
    def number(self, node: Expression) -> Expression:
        """The typed form of a part that must be a number."""
        match node:
            case Number():
                return self._literal(node)
            case Name():
                return self._number_name(node)
            case Index():
                return self._entry(node)
            case Negate():
                return Negate(self.number(node.part), offset=node.offset, length=node.length)
            case Arithmetic():
                right = node.right if isinstance(node.right, Number) and node.operator == "**" else None
                right = right or self.number(node.right)
                left = self.number(node.left)
                return Arithmetic(node.operator, left, right, offset=node.offset, length=node.length)
            case Conditional():
                test, yes, no = self.condition(node.test), self.number(node.yes), self.number(node.no)
                return Conditional(test, yes, no, offset=node.offset, length=node.length)
            case Call(function="count"):
                conditions = tuple(self.condition(item) for item in node.arguments)
                return Count(conditions, offset=node.offset, length=node.length)
            case Call(function="count_rounds"):
                return self._over_rounds(node)
            case Call() if node.function != "happened" and node.function not in OVER_ROUNDS:
                arguments = tuple(self.number(item) for item in node.arguments)
                return Call(node.function, arguments, offset=node.offset, length=node.length)
            case _:
                return self.other_number(node)

    def other_number(self, node: Expression) -> Expression:
        """What to do with a part that is no number; the claim language knows more of them."""
        hint = "Write `1 if CONDITION else 0`, or put the condition into a `when`."
        self.report("C223", node, f"'{node.text}' is a condition, and a number is expected here", hint)
        return NO_NUMBER

    def _literal(self, node: Number) -> Expression:
        if self.literals is not None and node.value not in self.literals:
            allowed = ", ".join(Number(item).text for item in sorted(self.literals))
            hint = f"{_NAME_IT} Only {allowed} may be written out."
            self.report("C225", node, f"the number {node.text} has no name", hint)
        return node

    def _number_name(self, node: Name) -> Expression:
        name = node.name
        if self.is_round(name):
            return ParameterRef(name, offset=node.offset, length=node.length)
        if name in self.scope.parameters:
            if self.allow_parameters:
                return ParameterRef(name, offset=node.offset, length=node.length)
            hint = "Conditions speak of what happened. Put the comparison into an if-else of a `value`."
            self.report("C230", node, f"'{name}' is a parameter, and this is a condition on the history", hint)
        elif name in self.scope.tables:
            variable = self.scope.tables[name].variable
            self.report("C233", node, f"'{name}' is a table and needs an index", f"Write {name}[{variable}].")
        elif self.is_variable(name):
            hint = f"Use it in an if-else (`1 if {name} == ... else 0`), or index a table with it."
            self.report("C232", node, f"'{name}' is a variable, and a number is expected here", hint)
        elif self.scope.item(name) is not None or name in self.scope.conditions:
            return self.other_number(node)
        elif name in self.scope.owners:
            self.label_alone(node)
        elif self.allow_parameters:
            self.unknown(node, sorted({*self.scope.parameters, *self.scope.tables}), "parameters")
        else:
            self.unknown_in_condition(node)
        return NO_NUMBER

    def _entry(self, node: Index) -> Expression:
        table = self.scope.tables.get(node.table)
        key = node.key.name
        if table is None:
            what = "is a parameter, not a table" if node.table in self.scope.parameters else "is not a table"
            hint = advice(node.table, self.scope.tables, "tables")
            self.report("C220", node, f"'{node.table}' {what}", hint)
        elif not self.allow_parameters:
            self.report("C230", node, f"'{node.text}' is a parameter, and this is a condition on the history")
        elif key in table.labels:
            return ParameterRef(f"{node.table}[{key}]", offset=node.offset, length=node.length)
        elif self.scope.copies.get(key, key) == table.variable and self.speaks_of(node.key):
            return TableEntry(node.table, key, table.labels, offset=node.offset, length=node.length)
        elif key in self.scope.variables and self.scope.copies.get(key, key) != table.variable:
            hint = f"Write {node.table}[{table.variable}], or declare a table `of: {key}`."
            message = f"'{node.table}' is indexed by {table.variable}, not by {key}"
            self.report("C226", node.key, message, hint)
        elif self.scope.copies.get(key, key) != table.variable:
            hint = advice(key, table.labels, f"labels of {table.variable}")
            self.report("C221", node.key, f"'{key}' is not a label of {table.variable}", hint)
        return NO_NUMBER

    # ----------------------------------------------------------------------- conditions
    def condition(self, node: Expression) -> Expression:
        """The typed form of a part that must be a condition."""
        match node:
            case Boolean():
                return node
            case Name():
                return self._condition_name(node)
            case Compare():
                return self._comparison(node)
            case BoolOp():
                return self._bool_op(node)
            case Not():
                return Not(self.condition(node.part), offset=node.offset, length=node.length)
            case Call(function="happened"):
                return self._happened(node)
            case Call(function="ever" | "always"):
                return self._over_rounds(node)
            case _:
                return self.other_condition(node)

    def other_condition(self, node: Expression) -> Expression:
        """What to do with a part that is no condition; the claim language knows more of them."""
        hint = "A condition says what happened: move == assault."
        if isinstance(node, Call) and node.function in ("count", "count_rounds"):
            hint = f"Compare it with a number: {node.text} >= 1."
        elif isinstance(node, Conditional):
            hint = "An if-else gives a number. Join conditions with and, or, not."
        self.report("C224", node, f"'{node.text}' is a number, and a condition is expected here", hint)
        return NO_CONDITION

    def _condition_name(self, node: Name) -> Expression:
        name, item = node.name, self.scope.item(node.name)
        if item is not None:
            if self.speaks_of(Name(item[0], offset=node.offset, length=node.length)):
                return Contains(*item, offset=node.offset, length=node.length)
        elif name in self.scope.conditions:
            return self.named(node)
        elif name == "type":
            return self.running(node)
        elif name in self.scope.variables:
            labels = self.scope.variables[name]
            hint = f"Write {name} == {labels[0]}, or happened({name})." if labels else ""
            self.report("C227", node, f"'{name}' is a variable: compare it with a label", hint)
        elif name in self.scope.owners:
            owners = self.scope.owners[name]
            if self.bare_labels and len(owners) == 1 and self.speaks_of(Name(owners[0])):
                return Match(owners[0], (name,), offset=node.offset, length=node.length)
            self.label_alone(node)
        elif name in self.scope.parameters or name in self.scope.tables:
            return self.other_condition(node)
        elif self.is_variable(name):
            self.speaks_of(node)
        else:
            self.unknown_in_condition(node)
        return NO_CONDITION

    def _over_rounds(self, node: Call) -> Expression:
        """``ever``, ``always`` and ``count_rounds``: a condition on one round, over all that are played."""
        view = self.scope.rounds
        nothing = NO_NUMBER if node.function == "count_rounds" else NO_CONDITION
        if view is None:
            inside = self.scope.in_round
            message = f"{node.function}(...) looks at all rounds, and this is said inside one of them"
            hint = "Write it in an outcome, a claim or a term with `paid: final`; `previous.x` looks back one round."
            if not inside:
                message = f"{node.function}(...) looks at rounds, and none have been played at this point"
                hint = "A case with rounds has an entry `rounds:` in its timeline, above the place where it is used."
            self.report("C238", node, message, hint)
            return nothing
        outer, guards, before = self.scope, self.guarded, len(self.problems)
        self.scope, self.guarded = view.inside, frozenset()
        template = self.condition(node.arguments[0])
        self.scope, self.guarded = outer, guards
        if any(item.severity == "error" for item in self.problems[before:]):
            return nothing
        return over_rounds(node.function, template, view, node.text, node.offset, node.length)

    def _bool_op(self, node: BoolOp) -> Expression:
        guards = self.guarded
        if node.operator == "and":
            self.guarded = guards | {
                word.name
                for part in node.parts
                if isinstance(part, Call) and part.function == "happened"
                for word in part.arguments
                if isinstance(word, Name)
            }
        parts = tuple(self.condition(part) for part in node.parts)
        self.guarded = guards
        return joined(node.operator, parts, node.offset, node.length)

    def _happened(self, node: Call) -> Expression:
        part = node.arguments[0]
        if not isinstance(part, Name):
            self.report("C206", part, "happened(...) takes the name of a variable")
        elif self.speaks_of(part):
            return Happened(part.name, offset=node.offset, length=node.length)
        return NO_CONDITION

    def _comparison(self, node: Compare) -> Expression:
        if self.about_labels(node):
            return self.match(node)
        literals = self.literals
        if any(self._counts(part) for part in node.walk()):
            self.literals = None  # how many of them is not a number to dispute
        operands = tuple(self.number(item) for item in node.operands)
        self.literals = literals
        return Compare(operands, node.operators, offset=node.offset, length=node.length)

    def _counts(self, part: Expression) -> bool:
        """Whether a part of a comparison is a whole number that needs no name to be compared with."""
        if isinstance(part, Call):
            return part.function in ("count", "count_rounds")
        return isinstance(part, Name) and self.is_round(part.name)


def check_condition(expression: Expression, scope: Scope, *, bare_labels: bool = False) -> Checked:
    """Read a syntax tree as a condition on the history.

    Args:
        expression: What `parse` returned.
        scope: Names that may be used.
        bare_labels: Whether a label that only one variable has may stand for ``variable == label``.

    Returns:
        The typed condition, or its problems; never raises.
    """
    checker = Checker(scope, parameters=False, bare_labels=bare_labels)
    return checker.finish(checker.condition(expression))


def check_value(
    expression: Expression,
    scope: Scope,
    *,
    literals: Collection[float] | None = UNIT_LITERALS,
    history: bool = True,
) -> Checked:
    """Read a syntax tree as a number that depends on parameters and, inside if-else, on the history.

    Args:
        expression: What `parse` returned.
        scope: Names that may be used.
        literals: Numbers that may be written out; None allows all. Exponents and what count(...) is
            compared with are always free.
        history: False where a number may depend on parameters only: priors, ``set``, ``with``.

    Returns:
        The typed value, or its problems; never raises.
    """
    checker = Checker(scope, literals=literals, history=history)
    return checker.finish(checker.number(expression))


def read_condition(text: str, scope: Scope, *, bare_labels: bool = False) -> Checked:
    """`parse` and `check_condition` in one step; a syntax error is a problem too."""
    try:
        expression = parse(text)
    except ExpressionError as error:
        return Checked(None, (error.problem,))
    return check_condition(expression, scope, bare_labels=bare_labels)


def read_value(
    text: str,
    scope: Scope,
    *,
    literals: Collection[float] | None = UNIT_LITERALS,
    history: bool = True,
) -> Checked:
    """`parse` and `check_value` in one step; a syntax error is a problem too."""
    try:
        expression = parse(text)
    except ExpressionError as error:
        return Checked(None, (error.problem,))
    return check_value(expression, scope, literals=literals, history=history)


def condition_from_mapping(entries: Mapping[str, str | Sequence[str]], scope: Scope) -> Checked:
    """The condition that every variable of a mapping has its label, or one of its labels.

    Args:
        entries: Variable -> label or labels, as in ``{move: [assault, incursion], respond: severe}``.
        scope: Names that may be used.

    Returns:
        The typed condition, or its problems. A problem's `path` is the variable, or the variable and
        the position of the label in its list.
    """
    checker = Checker(scope, parameters=False)
    parts = [part for key, value in entries.items() if (part := checker.mapped(key, value)) is not None]
    if not entries:
        checker.report("C235", NO_CONDITION, "the condition is empty", "Leave `when` out if it always holds.")
    if len(parts) == 1:
        return checker.finish(parts[0])
    return checker.finish(joined("and", tuple(parts)) if parts else NO_CONDITION)
