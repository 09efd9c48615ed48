"""The tree of an expression.

Parsing gives *syntax*: bare words are `Name`, and nobody knows yet whether they are labels, variables
or parameters. Checking against a scope gives a *typed* tree, the only one that can be evaluated: there
`Name`, `Index` and `Items` are replaced by `ParameterRef`, `TableEntry`, `Match`, `Contains`, `Happened`,
`Count` and `Named`. Trees are immutable; equality and hash ignore where in the text a node stood.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import ClassVar, Literal

# How tightly a node binds, loosest first; decides where parentheses are needed.
CONDITIONAL, OR, AND, NOT, COMPARISON, SUM, PRODUCT, NEGATION, POWER, ATOM = range(1, 11)

ArithmeticOperator = Literal["+", "-", "*", "/", "**"]
Operator = Literal["==", "!=", "<", "<=", ">", ">=", "in", "not in"]
BINDING: dict[ArithmeticOperator, int] = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "**": POWER}


@dataclass(frozen=True, eq=False)
class Expression:
    """A node. Its `text` is canonical: equal trees have equal texts.

    Attributes:
        offset: First character in the text it was read from, counted from 0.
        length: Number of characters there.
    """

    offset: int = field(default=0, kw_only=True, repr=False)
    length: int = field(default=1, kw_only=True, repr=False)

    binding: ClassVar[int] = ATOM

    @cached_property
    def text(self) -> str:
        """Canonical text with as few parentheses as possible."""
        return self._write()

    @property
    def children(self) -> tuple[Expression, ...]:
        """Direct parts, in the order of the text."""
        return ()

    @property
    def level(self) -> int:
        """How tightly this node binds in text."""
        return self.binding

    @cached_property
    def _key(self) -> tuple[object, ...]:
        own = (getattr(self, item.name) for item in fields(self) if item.name not in ("offset", "length"))
        return (type(self), *own)

    @cached_property
    def _hash(self) -> int:
        return hash(self._key)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(self) is not type(other) or not isinstance(other, Expression):
            return NotImplemented
        return self._hash == other._hash and self._key == other._key

    def __str__(self) -> str:
        return self.text

    def __getstate__(self) -> dict[str, object]:
        """What is pickled: no caches, because hashes of strings differ between processes."""
        return {item.name: getattr(self, item.name) for item in fields(self)}

    def _write(self) -> str:
        raise NotImplementedError

    def walk(self) -> Iterator[Expression]:
        """This node and every node below it, parents first."""
        stack: list[Expression] = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))


def wrapped(node: Expression, minimum: int) -> str:
    """Text of a part, in parentheses if it binds less tightly than its place needs."""
    return node.text if node.level >= minimum else f"({node.text})"


@dataclass(frozen=True, eq=False)
class Number(Expression):
    """A finite number."""

    value: float

    @property
    def level(self) -> int:
        """A negative number binds as a sign does."""
        return NEGATION if self.value < 0 else ATOM

    def _write(self) -> str:
        return repr(int(self.value)) if self.value.is_integer() and abs(self.value) < 1e15 else repr(self.value)


@dataclass(frozen=True, eq=False)
class Boolean(Expression):
    """``true`` or ``false``."""

    value: bool

    def _write(self) -> str:
        return "true" if self.value else "false"


# --------------------------------------------------------------------------- syntax only


@dataclass(frozen=True, eq=False)
class Name(Expression):
    """A bare word, or two joined by a dot; its role is not known yet."""

    name: str

    def _write(self) -> str:
        return self.name


@dataclass(frozen=True, eq=False)
class Index(Expression):
    """``table[key]``, where `key` is a variable or a label."""

    table: str
    key: Name

    def _write(self) -> str:
        return f"{self.table}[{self.key.name}]"


@dataclass(frozen=True, eq=False)
class Items(Expression):
    """``[a, b]`` to the right of ``in``."""

    items: tuple[Expression, ...]

    @property
    def children(self) -> tuple[Expression, ...]:
        """The labels listed."""
        return self.items

    def _write(self) -> str:
        return f"[{', '.join(wrapped(item, SUM) for item in self.items)}]"


# --------------------------------------------------------------------------- typed leaves


@dataclass(frozen=True, eq=False)
class ParameterRef(Expression):
    """A parameter; an entry of a per-option table is named ``table[label]``."""

    name: str

    def _write(self) -> str:
        return self.name


@dataclass(frozen=True, eq=False)
class TableEntry(Expression):
    """``table[variable]``: the entry for the label the variable has at a history.

    Attributes:
        table: Name of the per-option table.
        variable: The variable that indexes it.
        labels: Labels the table has an entry for.
    """

    table: str
    variable: str
    labels: tuple[str, ...]

    def _write(self) -> str:
        return f"{self.table}[{self.variable}]"


@dataclass(frozen=True, eq=False)
class Match(Expression):
    """Whether a variable has one of some labels (or none of them, if negated)."""

    variable: str
    labels: tuple[str, ...]
    negated: bool = False

    binding: ClassVar[int] = COMPARISON

    def _write(self) -> str:
        if len(self.labels) == 1:
            return f"{self.variable} {'!=' if self.negated else '=='} {self.labels[0]}"
        return f"{self.variable} {'not in' if self.negated else 'in'} [{', '.join(self.labels)}]"


@dataclass(frozen=True, eq=False)
class Contains(Expression):
    """Whether the portfolio chosen at a decision holds an item: ``package.talks``."""

    variable: str
    item: str

    def _write(self) -> str:
        return f"{self.variable}.{self.item}"


@dataclass(frozen=True, eq=False)
class Happened(Expression):
    """Whether a variable was not skipped."""

    variable: str

    def _write(self) -> str:
        return f"happened({self.variable})"


@dataclass(frozen=True, eq=False)
class Named(Expression):
    """A condition that has a name of its own, such as an outcome."""

    name: str
    condition: Expression

    @property
    def children(self) -> tuple[Expression, ...]:
        """The condition."""
        return (self.condition,)

    def _write(self) -> str:
        return self.name


# --------------------------------------------------------------------------- operators


@dataclass(frozen=True, eq=False)
class Arithmetic(Expression):
    """``left operator right`` on numbers."""

    operator: ArithmeticOperator
    left: Expression
    right: Expression

    @property
    def level(self) -> int:
        """Sums bind loosest, powers tightest."""
        return BINDING[self.operator]

    @property
    def children(self) -> tuple[Expression, ...]:
        """Left and right operand."""
        return (self.left, self.right)

    def _write(self) -> str:
        level = BINDING[self.operator]
        if self.operator == "**":  # binds to the right; a sign may stand in the exponent
            return f"{wrapped(self.left, ATOM)} ** {wrapped(self.right, NEGATION)}"
        return f"{wrapped(self.left, level)} {self.operator} {wrapped(self.right, level + 1)}"


@dataclass(frozen=True, eq=False)
class Negate(Expression):
    """``-part``."""

    part: Expression

    binding: ClassVar[int] = NEGATION

    @property
    def children(self) -> tuple[Expression, ...]:
        """What is negated."""
        return (self.part,)

    def _write(self) -> str:
        return f"-{wrapped(self.part, NEGATION)}"


@dataclass(frozen=True, eq=False)
class Call(Expression):
    """A function of numbers: min, max, exp, log, sqrt or abs (in syntax also count and happened)."""

    function: str
    arguments: tuple[Expression, ...]

    @property
    def children(self) -> tuple[Expression, ...]:
        """The arguments."""
        return self.arguments

    def _write(self) -> str:
        return f"{self.function}({', '.join(item.text for item in self.arguments)})"


@dataclass(frozen=True, eq=False)
class Count(Expression):
    """How many of some conditions hold.

    Attributes:
        conditions: The conditions.
        written: How it was written, if shorter: ``count_rounds(move == attack)``.
    """

    conditions: tuple[Expression, ...]
    written: str = ""

    @property
    def children(self) -> tuple[Expression, ...]:
        """The conditions."""
        return self.conditions

    def _write(self) -> str:
        return self.written or f"count({', '.join(item.text for item in self.conditions)})"


@dataclass(frozen=True, eq=False)
class Compare(Expression):
    """``a < b <= c``: every neighboring pair must satisfy its operator."""

    operands: tuple[Expression, ...]
    operators: tuple[Operator, ...]

    binding: ClassVar[int] = COMPARISON

    @property
    def children(self) -> tuple[Expression, ...]:
        """The operands."""
        return self.operands

    def _write(self) -> str:
        parts = [wrapped(self.operands[0], SUM)]
        for operator, operand in zip(self.operators, self.operands[1:], strict=True):
            parts.extend((operator, wrapped(operand, SUM)))
        return " ".join(parts)


@dataclass(frozen=True, eq=False)
class BoolOp(Expression):
    """``a and b and c`` or ``a or b or c``; never holds a part with the same operator."""

    operator: Literal["and", "or"]
    parts: tuple[Expression, ...]

    @property
    def level(self) -> int:
        """``and`` binds tighter than ``or``."""
        return AND if self.operator == "and" else OR

    @property
    def children(self) -> tuple[Expression, ...]:
        """The conditions joined."""
        return self.parts

    def _write(self) -> str:
        return f" {self.operator} ".join(wrapped(item, self.level + 1) for item in self.parts)


@dataclass(frozen=True, eq=False)
class Not(Expression):
    """``not part``."""

    part: Expression

    binding: ClassVar[int] = NOT

    @property
    def children(self) -> tuple[Expression, ...]:
        """What is negated."""
        return (self.part,)

    def _write(self) -> str:
        return f"not {wrapped(self.part, NOT)}"


@dataclass(frozen=True, eq=False)
class Conditional(Expression):
    """``yes if test else no``."""

    test: Expression
    yes: Expression
    no: Expression

    binding: ClassVar[int] = CONDITIONAL

    @property
    def children(self) -> tuple[Expression, ...]:
        """Value if true, condition, value if false."""
        return (self.yes, self.test, self.no)

    def _write(self) -> str:
        return f"{wrapped(self.yes, OR)} if {wrapped(self.test, OR)} else {wrapped(self.no, CONDITIONAL)}"


def joined(operator: Literal["and", "or"], parts: tuple[Expression, ...], offset: int = 0, length: int = 1) -> BoolOp:
    """``and`` or ``or`` of conditions, with parts of the same operator spliced in."""
    flat: list[Expression] = []
    for part in parts:
        if isinstance(part, BoolOp) and part.operator == operator:
            flat.extend(part.parts)
        else:
            flat.append(part)
    return BoolOp(operator, tuple(flat), offset=offset, length=length)


def parameters(expression: Expression) -> frozenset[str]:
    """Names of the parameters a typed expression can depend on.

    An entry of a table that is still indexed by a variable counts as all entries of that table.
    """
    names: set[str] = set()
    for node in expression.walk():
        if isinstance(node, ParameterRef):
            names.add(node.name)
        elif isinstance(node, TableEntry):
            names.update(f"{node.table}[{label}]" for label in node.labels)
    return frozenset(names)


def variables(expression: Expression) -> frozenset[str]:
    """Names of the history variables a typed expression depends on."""
    return frozenset(
        node.variable for node in expression.walk() if isinstance(node, TableEntry | Match | Contains | Happened)
    )
