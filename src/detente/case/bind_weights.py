"""Weights: priors, rows of event tables, and published rules."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import TypeVar

from detente.case import schema
from detente.case.context import Context
from detente.case.declared import SKIPPED, Variable
from detente.case.expression import UNIT_LITERALS, WEIGHT_LITERALS, Expression, Number, ParameterRef
from detente.case.findings import quoted
from detente.case.model import Joint, PrivateType, Weight
from detente.case.names import advice
from detente.case.schema import formula_of
from detente.case.sections import leaf
from detente.case.span import Span
from detente.case.syntax import Block, Tree, Word

REST = "rest"
SLACK = 1e-9

Row = TypeVar("Row")


def weights_of(
    context: Context,
    row: Mapping[Word, Word],
    variable: Variable,
    span: Span,
    *,
    complete: bool,
    literals: Collection[float] = WEIGHT_LITERALS,
) -> tuple[Weight, ...] | None:
    """Weights of the labels of a variable, in their order.

    Args:
        context: The case being bound.
        row: Label -> weight as written.
        variable: Whose labels are weighted.
        span: Where the row stands.
        complete: Whether every label must be given; if not, what is missing has weight 0.
        literals: Numbers that may be written out.

    Returns:
        The weights, or None after noting what is wrong.
    """
    found: dict[str, Weight] = {}
    before = context.findings.count
    rest: Word | None = None
    for label, word in row.items():
        context.names.label(label, variable)
        if word.plain and word == REST:
            if rest is not None:
                hint = "`rest` stands for one minus all others; give one of the two a weight."
                context.findings.error("C026", "`rest` is given twice", word.span, hint)
            rest, found[str(label)] = word, None
        else:
            found[str(label)] = context.number(word, literals)
    missing = [label for label in variable.labels if label not in found]
    if missing and complete:
        hint = "Give each a weight, 0 if it cannot happen, or `rest`."
        message = f"the weights of '{variable.name}' leave out {', '.join(missing)}"
        context.findings.error("C028", message, span, hint)
    if context.findings.count > before or not variable.labels:
        return None
    zero = Number(0.0)
    made = tuple(found.get(label, zero) for label in variable.labels)
    return made if _sound(context, [item for item in made if item is not None], rest, variable.name, span) else None


def _sound(context: Context, given: list[Expression], rest: Word | None, name: str, span: Span) -> bool:
    """Whether weights make sense at base values."""
    values = [context.at_base(item) for item in given]
    report = context.findings.error
    for expression, value in zip(given, values, strict=True):
        if not math.isfinite(value) or value < 0:
            hint = "Weights are 0 or more."
            report("C027", f"the weight {quoted(expression.text)} of '{name}' is {value:g} at base values", span, hint)
            return False
    total = sum(values)
    if rest is not None and total > 1 + SLACK:
        hint = "They may sum to 1 at most where `rest` takes what is left."
        report("C027", f"the weights of '{name}' sum to {total:g}, which leaves nothing for `rest`", rest.span, hint)
        return False
    if rest is None and total <= 0:
        report("C027", f"all weights of '{name}' are 0", span, "Give at least one of them a weight above 0.")
        return False
    if rest is not None:
        _warn_of_overflow(context, given, rest, name)
    return True


def _warn_of_overflow(context: Context, given: list[Expression], rest: Word, name: str) -> None:
    highest = 0.0
    for item in given:
        if isinstance(item, ParameterRef):
            highest += context.parameters[item.name].distribution.high
        elif isinstance(item, Number):
            highest += item.value
        else:
            return
    if highest > 1 + SLACK:
        hint = "Narrow the ranges, or give every label a weight instead of `rest`."
        message = f"inside their ranges the weights of '{name}' can sum to {highest:g}, more than 1"
        context.findings.warning("C045", message, rest.span, hint)


def row_of(context: Context, tree: Tree, variable: Variable, what: str, *, complete: bool) -> tuple[Weight, ...] | None:
    """One row of a table: a label alone, or weights of labels. None after noting what is wrong."""
    if isinstance(tree, Word) and not tree.null:
        if not context.names.label(tree, variable):
            return None
        return tuple(Number(1.0 if label == tree else 0.0) for label in variable.labels)
    if not isinstance(tree, Block) or not tree:
        hint = f"Write one of {', '.join(variable.labels[:8])}, or a weight for each under it."
        context.findings.error("C005", f"expected {what}", tree.span, hint)
        return None
    words = {key: word for key, item in tree.items() if (word := leaf(formula_of, item, context.findings)) is not None}
    if len(words) < len(tree):
        return None
    span = next(iter(tree)).span
    return weights_of(context, words, variable, span, complete=complete)


def rows_of(
    context: Context, tree: Tree, by: list[Variable], variable: Variable, what: str, *, complete: bool
) -> dict[tuple[str, ...], tuple[Weight, ...]]:
    """Rows of a table indexed by variables, as nested mappings of their labels."""
    pending: list[tuple[tuple[str, ...], Tree]] = [((), tree)]
    rows: dict[tuple[str, ...], tuple[Weight, ...]] = {}
    while pending:
        key, item = pending.pop(0)
        if len(key) == len(by):
            row = row_of(context, item, variable, what, complete=complete)
            if row is not None:
                rows[key] = row
            continue
        index = by[len(key)]
        if not isinstance(item, Block):
            hint = f"Write one row for each of {', '.join(index.labels)}."
            context.findings.error("C028", f"expected rows by the labels of '{index.name}'", item.span, hint)
            continue
        extra = (SKIPPED,) if index.skippable else ()
        for label, below in item.items():
            if context.names.label(label, index, extra):
                pending.append(((*key, str(label)), below))
    return rows


def bind_types(context: Context) -> tuple[PrivateType, ...]:
    """The section ``types``."""
    types: list[PrivateType] = []
    for word, raw in context.sections.types.items():
        variable = context.names.variables.get(word)
        if variable is None or variable.actor is None:
            continue
        if not variable.labels:
            context.findings.error("C029", f"the type '{word}' has no labels", word.span, "List its labels.")
            continue
        weights = weights_of(context, raw.prior, variable, word.span, complete=True, literals=UNIT_LITERALS)
        judged: tuple[Weight, ...] | None = None
        if raw.as_judged_by_owner is not None:
            judged = weights_of(
                context, raw.as_judged_by_owner, variable, word.span, complete=True, literals=UNIT_LITERALS
            )
        source = context.cite(raw.source)
        if weights is not None:
            about = " ".join((raw.about or "").split())
            types.append(
                PrivateType(str(word), variable.actor, variable.labels, weights, judged, about, source, word.span)
            )
    return tuple(types)


def bind_joints(context: Context) -> tuple[Joint, ...]:
    """The section ``joint``."""
    joints: list[Joint] = []
    taken: set[str] = set()
    legal = [item.name for item in context.names.variables.values() if item.kind == "type"]
    for raw in context.sections.joint:
        found = [context.names.variable(word, "types", legal) for word in raw.types]
        variables = [item for item in found if item is not None]
        context.cite(raw.source)
        if len(variables) < len(found):
            continue
        for word in raw.types:
            if word in taken:
                hint = "Put them into one joint prior."
                context.findings.error("C031", f"the type '{word}' has two joint priors", word.span, hint)
            taken.add(str(word))
        if len(variables) < 2:
            hint = "List two or more types; a single one has its prior under `types`."
            context.findings.error("C031", "a joint prior needs two types", raw.span, hint)
        joint = _joint(context, raw, variables)
        if joint is not None:
            joints.append(joint)
    return tuple(joints)


def _joint(context: Context, raw: schema.RawJoint, types: list[Variable]) -> Joint | None:
    before = context.findings.count
    rows: dict[tuple[str, ...], Expression] = {}
    for row in raw.weights:
        if len(row) != len(types) + 1:
            span = row[0].span if row else raw.span
            hint = f"Write {', '.join(item.name for item in types)} and the weight: {len(types) + 1} entries."
            context.findings.error("C031", f"this row has {len(row)} entries", span, hint)
            continue
        for word, variable in zip(row, types, strict=False):
            context.names.label(word, variable)
        key = tuple(str(word) for word in row[:-1])
        if key in rows:
            hint = "Remove one of the two."
            context.findings.error("C031", f"the row {', '.join(key)} is given twice", row[0].span, hint)
        weight = context.number(row[-1])
        if weight is not None:
            rows[key] = weight
    if context.findings.count > before:
        return None
    name = " and ".join(item.name for item in types)
    if not _sound(context, list(rows.values()), None, name, raw.span):
        return None
    return Joint(tuple(item.name for item in types), tuple(rows.items()), raw.span)


def unknown_word(context: Context, word: Word, legal: Collection[str], code: str, what: str) -> None:
    """Note that a word is none of the legal ones. `what` is singular, such as "posture"."""
    context.findings.error(code, f"no {what} is named {quoted(word)}", word.span, advice(word, legal, f"{what}s"))
