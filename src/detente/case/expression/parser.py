"""Tokens -> syntax tree, by precedence climbing (Pratt 1973).

Every recursion passes through `Parser.expression`, which counts how deep it is, so no text can
exhaust the stack; what comes out is measured again against the limits on depth and size.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from detente.case.expression.lexer import Token, tokenize
from detente.case.expression.nodes import (
    AND,
    COMPARISON,
    CONDITIONAL,
    NEGATION,
    NOT,
    OR,
    POWER,
    PRODUCT,
    SUM,
    Arithmetic,
    ArithmeticOperator,
    Boolean,
    Call,
    Compare,
    Conditional,
    Expression,
    Index,
    Items,
    Name,
    Negate,
    Not,
    Number,
    Operator,
    joined,
)
from detente.case.expression.problem import ExpressionError, fail
from detente.case.names import FUNCTIONS, LAST, OVER_ROUNDS, PREVIOUS, QUANTITIES, advice

MAX_DEPTH = 40
MAX_NODES = 300
MAX_EXPONENT = 8

_LEVELS: Mapping[str, int] = {
    "if": CONDITIONAL,
    "or": OR,
    "and": AND,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in", "not in"), COMPARISON),
    "+": SUM,
    "-": SUM,
    "*": PRODUCT,
    "/": PRODUCT,
    "**": POWER,
}
_CONSTANTS = {"true": True, "false": False}
_RESERVED = {
    "none": "To ask whether a variable was skipped, write `not happened(variable)`.",
    "rest": "`rest` stands alone, as the last weight of a prior or a table.",
    "all": "`all` stands alone, under seen_by, ends or disclose.",
    "optimal": "`optimal` stands alone, under commit or disclose.",
    "with": "`with` follows the posture of a quantity in a claim, after a comma.",
}
_OPERATOR_WORDS = frozenset({"and", "or", "not", "in", "if", "else"})
_FOREIGN = {
    "lambda": "Functions of your own are not part of the language.",
    "for": "Loops and comprehensions are not part of the language; count(...) counts conditions.",
    "while": "Loops are not part of the language.",
    "import": "Nothing can be imported.",
    "is": "Write ==.",
    "AND": "Write it in lower case: and.",
    "OR": "Write it in lower case: or.",
    "NOT": "Write it in lower case: not.",
    "elif": "Write `a if condition else b if other else c`.",
    "then": "Write `a if condition else b`.",
}
_MISPLACED = {
    "=": "To compare, write ==.",
    "|": "To join conditions, write `or`. The bar belongs to quantities in claims.",
    ".": "A number begins with a digit: 0.5.",
    "+": "A plus sign needs a number on both sides.",
    ">": "Comparisons are written == != < <= > >=.",
    "/": "Division is written with one stroke: a / b.",
}


class Parser:
    """Reads one expression. Use `parse`, not this class, unless you extend the grammar."""

    def __init__(self, text: str):
        self.tokens = tokenize(text)
        self.position = 0
        self._nesting = 0

    # ----------------------------------------------------------------------- tokens
    @property
    def token(self) -> Token:
        """The next token."""
        return self.tokens[self.position]

    def at(self, *texts: str) -> bool:
        """Whether the next token is one of these operators or words."""
        return self.token.kind in ("operator", "name") and self.token.text in texts

    def advance(self) -> Token:
        """Take the next token."""
        token = self.token
        self.position += 1
        return token

    def expect(self, text: str, purpose: str) -> Token:
        """Take a given token or fail, saying what it is needed for."""
        if not self.at(text):
            found = "the expression ends" if self.token.kind == "end" else f"'{self.token.text}' stands there"
            raise self.unexpected(f"'{text}' is needed {purpose}, but {found}")
        return self.advance()

    def length_from(self, start: int) -> int:
        """Number of characters from an offset to the end of the last token taken."""
        return max(1, self.tokens[self.position - 1].end - start)

    def unexpected(self, message: str = "") -> ExpressionError:
        """The error for a token that cannot stand where it does."""
        for token in self.tokens[max(0, self.position - 1) : self.position + 2]:
            if token.kind == "name" and token.text in _FOREIGN:
                what = f"'{token.text}' is not part of the language"
                return fail("C205", what, token.offset, token.length, _FOREIGN[token.text])
        token = self.token
        if message:
            return fail("C206", message, token.offset, token.length, _MISPLACED.get(token.text, ""))
        if token.kind == "end":
            what = "the expression is empty" if self.position == 0 else "the expression ends too early"
            return fail("C206", what, token.offset, 1)
        what = f"'{token.text}' cannot stand here"
        return fail("C206", what, token.offset, token.length, _MISPLACED.get(token.text, ""))

    # ----------------------------------------------------------------------- grammar
    def whole(self) -> Expression:
        """The whole text as one expression."""
        expression = self.expression()
        if self.token.kind != "end":
            raise self._left_over()
        measure(expression)
        return expression

    def expression(self, minimum: int = CONDITIONAL) -> Expression:
        """An expression whose operators bind at least as tightly as `minimum`."""
        self._nesting += 1
        if self._nesting > MAX_DEPTH:
            message = f"the expression is nested more than {MAX_DEPTH} levels deep"
            raise fail("C202", message, self.token.offset, self.token.length, "Split it into several terms.")
        start = self.token.offset
        left = self._prefix(minimum)
        while True:
            operator = self._operator()
            level = _LEVELS.get(operator, 0)
            if level < max(minimum, CONDITIONAL):
                break
            left = self._infix(operator, level, left, start)
        self._nesting -= 1
        return left

    def _operator(self) -> str:
        if self.token.kind not in ("operator", "name"):
            return ""
        following = self.tokens[min(self.position + 1, len(self.tokens) - 1)]
        if self.token.text == "not" and following.kind == "name" and following.text == "in":
            return "not in"
        return self.token.text

    def _take_operator(self) -> str:
        operator = self._operator()
        self.position += 2 if operator == "not in" else 1
        return operator

    def _infix(self, operator: str, level: int, left: Expression, start: int) -> Expression:
        if level == COMPARISON:
            return self._comparison(left, start)
        self.advance()
        if operator == "if":
            test = self.expression(OR)
            self.expect("else", "to finish the if-else")
            no = self.expression(CONDITIONAL)
            return Conditional(test, left, no, offset=start, length=self.length_from(start))
        if operator in ("and", "or"):
            right = self.expression(level + 1)
            return joined(operator, (left, right), start, self.length_from(start))
        right = self._exponent() if operator == "**" else self.expression(level + 1)
        kind = cast("ArithmeticOperator", operator)
        return Arithmetic(kind, left, right, offset=start, length=self.length_from(start))

    def _comparison(self, left: Expression, start: int) -> Expression:
        operands, operators = [left], list[Operator]()
        while _LEVELS.get(self._operator()) == COMPARISON:
            operator = cast("Operator", self._take_operator())
            operators.append(operator)
            operands.append(self._list(operator) if operator in ("in", "not in") else self.expression(SUM))
        return Compare(tuple(operands), tuple(operators), offset=start, length=self.length_from(start))

    def _list(self, operator: str) -> Expression:
        if not self.at("["):
            raise self.unexpected(f"a list of labels in brackets is needed after `{operator}`")
        start = self.advance().offset
        items = [self.expression(SUM)]
        while self.at(","):
            self.advance()
            items.append(self.expression(SUM))
        self.expect("]", "to close the list")
        if _LEVELS.get(self._operator(), 0) > COMPARISON:
            raise self.unexpected("no arithmetic is possible with a list")
        return Items(tuple(items), offset=start, length=self.length_from(start))

    def _exponent(self) -> Expression:
        start = self.token.offset
        exponent = self.expression(NEGATION)
        small = isinstance(exponent, Number) and abs(exponent.value) <= MAX_EXPONENT
        if not small and not isinstance(exponent, Name | Index):
            message = f"'{exponent.text}' cannot be an exponent"
            hint = f"An exponent is a number between -{MAX_EXPONENT} and {MAX_EXPONENT}, or a parameter."
            raise fail("C208", message, start, self.length_from(start), hint)
        return exponent

    def _prefix(self, minimum: int) -> Expression:
        token = self.token
        if token.kind == "number":
            self.advance()
            return Number(token.value, offset=token.offset, length=token.length)
        if self.at("not"):
            return self._not(minimum)
        if self.at("-"):
            return self._minus()
        if self.at("("):
            self.advance()
            inner = self.expression()
            self.expect(")", "to close the parenthesis")
            return inner
        if self.at("["):
            hint = "Write: move in [assault, incursion]."
            raise fail("C212", "a list may only stand to the right of `in`", token.offset, 1, hint)
        if token.kind == "name" and token.text not in _OPERATOR_WORDS:
            return self._word()
        raise self.unexpected()

    def _not(self, minimum: int) -> Expression:
        if minimum > NOT:
            raise self.unexpected("`not` cannot stand here without parentheses")
        start = self.advance().offset
        part = self.expression(NOT)
        return Not(part, offset=start, length=self.length_from(start))

    def _minus(self) -> Expression:
        start = self.advance().offset
        part = self.expression(NEGATION)
        if isinstance(part, Number):
            return Number(0.0 - part.value, offset=start, length=self.length_from(start))
        return Negate(part, offset=start, length=self.length_from(start))

    # ----------------------------------------------------------------------- names
    def _word(self) -> Expression:
        token = self.advance()
        if token.text in _CONSTANTS:
            return Boolean(_CONSTANTS[token.text], offset=token.offset, length=token.length)
        if token.text in _RESERVED:
            message = f"'{token.text}' is a reserved word and cannot stand here"
            raise fail("C214", message, token.offset, token.length, _RESERVED[token.text])
        if self.at("("):
            return self.call(token)
        if token.text in FUNCTIONS | QUANTITIES:
            message = f"'{token.text}' is a function and needs its arguments"
            raise fail("C210", message, token.offset, token.length, f"Write {token.text}(...).")
        if self.at("."):
            return self._dotted(token)
        if self.at("["):
            return self._index(token)
        return Name(token.text, offset=token.offset, length=token.length)

    def _dotted(self, first: Token) -> Name:
        self.advance()
        second = self.token
        if second.kind not in ("name", "number") or second.text in _OPERATOR_WORDS:
            raise self._attribute(first, "a name or the number of a round is needed after the dot")
        name = f"{first.text}.{self.advance().text}"
        if self.at(".") and (second.kind == "number" or first.text in (PREVIOUS, LAST)):
            self.advance()
            if self.token.kind != "name" or self.token.text in _OPERATOR_WORDS:
                raise self._attribute(first, f"a ballot or an item is needed after '{name}.'")
            name = f"{name}.{self.advance().text}"
        if self.at("."):
            raise self._attribute(first, f"'{name}' has no parts of its own")
        if self.at("("):
            raise self._attribute(first, f"'{name}' is not a function")
        return Name(name, offset=first.offset, length=self.length_from(first.offset))

    def _attribute(self, first: Token, message: str) -> ExpressionError:
        hint = (
            "The dotted names are types (RUS.aim), ballots (vote.DEU), items of a portfolio (package.talks) and, with "
            "rounds, move.2, previous.move and last.move."
        )
        return fail("C211", message, first.offset, self.token.end - first.offset, hint)

    def _index(self, table: Token) -> Index:
        self.advance()
        start = self.token.offset
        key = self.expression()
        self.expect("]", "to close the index")
        if not isinstance(key, Name):
            message = f"'{key.text}' cannot index '{table.text}'"
            hint = "Write table[variable] or table[label]."
            raise fail("C213", message, start, key.length, hint)
        return Index(table.text, key, offset=table.offset, length=self.length_from(table.offset))

    def call(self, name: Token) -> Expression:
        """A call whose name has been taken; the next token is its parenthesis."""
        if name.text in QUANTITIES:
            message = f"'{name.text}(...)' is a quantity, and available in claims only"
            raise fail("C257", message, name.offset, name.length)
        if name.text not in FUNCTIONS:
            hint = advice(name.text, sorted(FUNCTIONS), "functions")
            raise fail("C209", f"'{name.text}' is not a function", name.offset, name.length, hint)
        self.advance()
        arguments = list[Expression]()
        while not self.at(")"):
            arguments.append(self.expression())
            if not self.at(","):
                break
            self.advance()
            if self.at(")"):
                raise self.unexpected()
        self.expect(")", f"to close {name.text}(...)")
        length = self.length_from(name.offset)
        _check_arguments(name, len(arguments), length)
        return Call(name.text, tuple(arguments), offset=name.offset, length=length)

    def _left_over(self) -> ExpressionError:
        token, before = self.token, self.tokens[self.position - 1]
        if self.at("("):
            return fail("C209", "what stands before the parenthesis is not a function", token.offset, 1)
        if self.at("["):
            return fail("C213", "what stands before the bracket is not a table", token.offset, 1)
        if self.at("."):
            return self._attribute(before, f"'{before.text}' has no attributes")
        if token.kind in ("name", "number") and before.kind in ("name", "number") and token.text not in _OPERATOR_WORDS:
            return self.unexpected(f"an operator is missing between '{before.text}' and '{token.text}'")
        return self.unexpected()


def _check_arguments(name: Token, given: int, length: int) -> None:
    fewest, most, text = {
        "min": (2, MAX_NODES, "two or more numbers"),
        "max": (2, MAX_NODES, "two or more numbers"),
        "count": (1, MAX_NODES, "one or more conditions"),
        "happened": (1, 1, "one variable"),
        **dict.fromkeys(OVER_ROUNDS, (1, 1, "one condition")),
    }.get(name.text, (1, 1, "one number"))
    if not fewest <= given <= most:
        raise fail("C210", f"{name.text}(...) takes {text}, not {given}", name.offset, length)


def measure(expression: Expression) -> None:
    """Raise ExpressionError if a tree is deeper or larger than the language allows."""
    stack, count = [(expression, 1)], 0
    while stack:
        node, depth = stack.pop()
        count += 1
        if depth > MAX_DEPTH:
            message = f"the expression is nested more than {MAX_DEPTH} levels deep"
            hint = "A long sum counts one level for each + or -. Split it into several terms."
            raise fail("C202", message, expression.offset, expression.length, hint)
        if count > MAX_NODES:
            message = f"the expression has more than {MAX_NODES} parts"
            raise fail("C203", message, expression.offset, expression.length, "Split it into several terms.")
        stack.extend((child, depth + 1) for child in node.children)


def parse(text: str) -> Expression:
    """Read an expression into syntax; no name has a role yet.

    Args:
        text: The expression, at most 500 characters. Line breaks count as spaces.

    Returns:
        A syntax tree. `check_condition` or `check_value` makes it a typed one.

    Raises:
        ExpressionError: The only exception, whatever the text.
    """
    return Parser(text).whole()
