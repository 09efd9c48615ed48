"""Checking what a condition says about variables and their labels."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import cast

from detente.case.expression.nodes import (
    Arithmetic,
    Boolean,
    Compare,
    Expression,
    Items,
    Match,
    Name,
    Named,
    Number,
    Operator,
)
from detente.case.expression.problem import Problem
from detente.case.expression.scope import Scope
from detente.case.names import ROUND, advice, listed

RUNNING = "type"
"""Stands for the running label inside share_of_types(...)."""


class LabelChecker:
    """The part of checking that concerns names, variables and labels; collects problems."""

    def __init__(self, scope: Scope):
        self.scope = scope
        self.problems: list[Problem] = []
        self.history = True
        self.guarded: frozenset[str] = frozenset()
        self.running_type: str | None = None
        self._path: tuple[str | int, ...] = ()

    # ----------------------------------------------------------------------- problems
    def report(self, code: str, node: Expression, message: str, hint: str = "") -> None:
        """Note an error."""
        self.problems.append(Problem(code, message, node.offset, node.length, hint, path=self._path))

    def warn(self, code: str, node: Expression, message: str, hint: str = "") -> None:
        """Note a warning."""
        self.problems.append(Problem(code, message, node.offset, node.length, hint, "warning", self._path))

    def unknown(self, node: Name, legal: Iterable[str], what: str) -> None:
        """Note that a name is not declared, or is something else."""
        name, kind = node.name, self._kind(node.name)
        hint = advice(name, sorted(legal) if isinstance(legal, Set) else legal, what)
        if name == RUNNING:
            message = "`type` stands for the running label inside share_of_types(...) only"
            self.report("C258", node, message)
        elif kind:
            self.report("C220", node, f"'{name}' is {kind} and cannot stand here", hint)
        else:
            self.report("C220", node, f"'{name}' is not declared", hint)

    def _kind(self, name: str) -> str:
        """What a declared name is, with its article; empty if it is not declared."""
        if name in self.scope.parameters:
            return "a parameter"
        if name in self.scope.tables:
            return "a table"
        if name in self.scope.owners:
            return f"a label of {listed(self.scope.owners[name])}"
        kind = self.scope.others.get(name, "")
        return kind and f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"

    def unknown_in_condition(self, node: Name) -> None:
        """Note that a word of a condition is not known."""
        dotted = [f"{variable}.{item}" for variable, items in self.scope.items.items() for item in items]
        variable, dot, item = node.name.rpartition(".")
        if self.scope.item(node.name) is not None:
            hint = advice(node.name, self.scope.variables, "variables")
            self.report("C220", node, f"'{node.name}' is an item of a portfolio, not a variable", hint)
            return
        if dot and variable in self.scope.items:
            hint = advice(item, self.scope.items[variable], f"items of {variable}")
            self.report("C234", node, f"'{item}' is not an item of {variable}", hint)
            return
        self.unknown(node, (*self.scope.variables, *dotted, *self.scope.conditions), "variables")

    def label_alone(self, node: Name) -> None:
        """Note that a label stands where it says nothing."""
        owners = self.scope.owners[node.name]
        if len(owners) == 1:
            hint = f"Write {owners[0]} == {node.name}."
            self.report("C227", node, f"'{node.name}' is a label of {owners[0]}: compare it with that variable", hint)
        else:
            message = f"'{node.name}' is a label of several variables: {listed(owners)}"
            self.report("C236", node, message, f"Write for example {owners[0]} == {node.name}.")

    # ----------------------------------------------------------------------- variables
    def speaks_of(self, node: Name) -> bool:
        """Whether a variable may be spoken of here; notes why not."""
        name = node.name
        if name in self.scope.barred:
            why, hint = self.scope.barred[name]
            self.report("C237", node, why, hint)
        elif name in self.scope.later:
            known = self.scope.variables
            hint = f"Decided by then: {listed(known)}." if known else "Nothing is decided before it."
            self.report("C229", node, f"'{name}' is not decided yet at this point of the timeline", hint)
        elif name not in self.scope.variables:
            self.unknown_in_condition(node)
        elif not self.history:
            hint = "What happened cannot matter here."
            self.report("C232", node, f"'{name}' is a variable, and this number may depend on parameters only", hint)
        else:
            return True
        return False

    def named(self, node: Name) -> Expression:
        """A named condition used as a word."""
        return Named(node.name, self.scope.conditions[node.name], offset=node.offset, length=node.length)

    def running(self, node: Name) -> Expression:
        """``type`` used as a condition."""
        if self.running_type is None:
            self.unknown(node, (), "variables")
            return Boolean(True)
        return Match(self.running_type, (RUNNING,), offset=node.offset, length=node.length)

    def about_labels(self, node: Compare) -> bool:
        """Whether a comparison is between a variable and labels, not between numbers."""
        if any(operator in ("in", "not in") for operator in node.operators):
            return True
        if not all(isinstance(item, Name | Number) for item in node.operands) and not {"==", "!="} & {*node.operators}:
            return False
        words = [item.name for item in node.operands if isinstance(item, Name)]
        scope = self.scope
        if any(self.is_variable(word) or word in scope.owners for word in words):
            return True
        numeric = any(word in scope.parameters or word in scope.tables or self.is_round(word) for word in words)
        return bool(words) and not numeric and len(words) == len(node.operands)

    def is_variable(self, name: str) -> bool:
        """Whether a name is a variable, whether or not it may be spoken of here."""
        return name in self.scope.variables or name in self.scope.later or name in self.scope.barred

    def is_round(self, name: str) -> bool:
        """Whether a name stands for the number of the round."""
        return name == ROUND and self.scope.in_round

    # ----------------------------------------------------------------------- matches
    def match(self, node: Compare) -> Expression:
        """The typed form of ``variable == label`` and its relatives."""
        nothing = Boolean(True)
        operator, left, right = node.operators[0], node.operands[0], node.operands[1]
        if len(node.operators) > 1:
            hint = "Join two comparisons with `and`."
            self.report("C228", node, "comparisons of variables with labels cannot be chained", hint)
            return nothing
        variable = self._variable(left, right, operator)
        if variable is None:
            return nothing
        if operator not in ("==", "!=", "in", "not in"):
            number = isinstance(right if variable is left else left, Number)
            code = "C222" if number else "C228"
            hint = f"Write {variable.name} in [...] and list the labels that count."
            self.report(code, node, f"labels of {variable.name} have no order", hint)
            return nothing
        if not self.speaks_of(variable):
            return nothing
        other = right if variable is left else left
        labels = self._labels(variable.name, other)
        if labels is None:
            return nothing
        negated = operator in ("!=", "not in")
        if negated and variable.name in self.scope.skippable and variable.name not in self.guarded:
            self._warn_skippable(node, operator, variable.name)
        return Match(variable.name, labels, negated, offset=node.offset, length=node.length)

    def _warn_skippable(self, node: Compare, operator: Operator, variable: str) -> None:
        message = f"`{operator}` is also true where {variable} was skipped"
        hint = f"If that is not meant, write: happened({variable}) and {node.text}."
        self.warn("C231", node, message, hint)

    def _variable(self, left: Expression, right: Expression, operator: Operator) -> Name | None:
        sides = [left] if operator in ("in", "not in") else [left, right]
        found = [side for side in sides if isinstance(side, Name) and self.is_variable(side.name)]
        if len(found) == 2:
            message = f"'{found[0].name}' and '{found[1].name}' are both variables"
            self.report("C228", right, message, "A variable is compared with its labels.")
            return None
        if found:
            return found[0]
        if not isinstance(left, Name):
            self.report("C228", left, f"'{left.text}' is not a variable", "Write: variable == label.")
        elif left.name in self.scope.parameters or left.name in self.scope.tables:
            message = f"'{left.name}' is a parameter and has no labels"
            self.report("C228", left, message, advice(left.name, self.scope.variables, "variables"))
        elif self.scope.item(left.name) is not None:
            self.report("C228", left, f"'{left.name}' is a condition already", "Write it alone, or after `not`.")
        elif left.name in self.scope.owners:
            self.label_alone(left)
        else:
            self.unknown_in_condition(left)
        return None

    def _labels(self, variable: str, node: Expression) -> tuple[str, ...] | None:
        found = [self._label(variable, item) for item in (node.items if isinstance(node, Items) else (node,))]
        if any(label is None for label in found):
            return None
        return tuple(dict.fromkeys(cast("list[str]", found)))

    def _label(self, variable: str, node: Expression) -> str | None:
        legal = self.scope.variables[variable]
        hint = advice(node.text, legal, f"labels of {variable}")
        written = written_label(node)
        if isinstance(node, Number):
            self.report("C222", node, f"'{variable}' has labels, and {node.text} is a number", hint)
            return None
        if written == RUNNING and self.running_type == variable:
            return written
        label = self.find_label(variable, written) if written else None
        if label is None:
            where = f"'{node.text}' is not a label of {variable}"
            if node.text in self.scope.parameters:
                where = f"'{node.text}' is a parameter, not a label of {variable}"
            elif node.text in self.scope.owners:
                where = f"'{node.text}' is a label of {listed(self.scope.owners[node.text])}, not of {variable}"
            self.report("C221", node, where, hint)
        return label

    def find_label(self, variable: str, written: str) -> str | None:
        """The declared label that a written one means, or None."""
        legal = self.scope.variables[variable]
        if written in legal:
            return written
        if variable in self.scope.items and "+" in written:  # any order of the items will do
            items = frozenset(written.split("+"))
            return next((label for label in legal if frozenset(label.split("+")) == items), None)
        return None

    # ----------------------------------------------------------------------- mappings
    def mapped(self, key: object, value: object) -> Expression | None:
        """The condition for one entry of a mapping, or None if it is wrong."""
        self._path = (str(key),)
        try:
            return self._mapped(key, value)
        finally:
            self._path = ()

    def _mapped(self, key: object, value: object) -> Expression | None:
        variable = Name(str(key))
        if self.scope.item(variable.name) is not None:
            hint = f"Write it as an expression: when: {key}."
            self.report("C235", variable, f"'{key}' is an item of a portfolio, not a variable", hint)
            return None
        if not self.speaks_of(variable):
            return None
        several = isinstance(value, list | tuple)
        labels = list(cast("list[object]", value)) if several else [value]
        if not labels:
            self.report("C235", variable, f"no label is given for {key}", f"Use happened({key}) in an expression.")
            return None
        found: list[str] = []
        for position, label in enumerate(labels):
            self._path = (str(key), position) if several else (str(key),)
            checked = self._mapped_label(variable.name, label)
            found.extend([checked] if checked is not None else [])
        if len(found) < len(labels):
            return None
        return Match(variable.name, tuple(dict.fromkeys(found)))

    def _mapped_label(self, variable: str, label: object) -> str | None:
        legal = self.scope.variables[variable]
        hint = advice(str(label), legal, f"labels of {variable}")
        if not isinstance(label, str):
            self.report("C235", Name(variable), f"{label!r:.60} is not a label of {variable}", hint)
            return None
        found = self.find_label(variable, label)
        if found is None:
            self.report("C221", Name(variable), f"'{label[:60]}' is not a label of {variable}", hint)
        return found


def written_label(node: Expression) -> str | None:
    """The label a node spells: a word, or the words of a portfolio joined by plus signs."""
    if isinstance(node, Name):
        return node.name
    if isinstance(node, Boolean):
        return node.text
    if isinstance(node, Arithmetic) and node.operator == "+":
        left, right = written_label(node.left), written_label(node.right)
        return f"{left}+{right}" if left and right else None
    return None
