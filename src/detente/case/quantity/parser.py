"""Reads the quantities of a claim: ``value(USA, ambiguous | RUS.aim == compel, with cost = cost_low)``."""

from __future__ import annotations

from dataclasses import dataclass

from detente.case.expression.lexer import Token
from detente.case.expression.nodes import ATOM, Expression, Index, Name
from detente.case.expression.parser import Parser
from detente.case.expression.problem import fail
from detente.case.names import QUANTITIES


@dataclass(frozen=True, eq=False)
class QuantityCall(Expression):
    """A quantity as written; its arguments have no role yet.

    Attributes:
        function: One of the names of quantities.
        arguments: What stands before the bar.
        given: The condition after the bar, or None.
        where: The replacements after ``with``.
    """

    function: str
    arguments: tuple[Expression, ...]
    given: Expression | None = None
    where: tuple[tuple[Name | Index, Expression], ...] = ()

    @property
    def children(self) -> tuple[Expression, ...]:
        """Arguments, condition, replacements."""
        given = () if self.given is None else (self.given,)
        return (*self.arguments, *given, *(part for pair in self.where for part in pair))

    def _write(self) -> str:
        words = ", ".join(item.text for item in self.arguments)
        given = f" | {self.given.text}" if self.given is not None else ""
        replaced = ", ".join(f"{target.text} = {value.text}" for target, value in self.where)
        return f"{self.function}({words}{given}{', with ' + replaced if replaced else ''})"


class ClaimParser(Parser):
    """The expression parser with quantities added."""

    def call(self, name: Token) -> Expression:
        """A function or a quantity."""
        if name.text not in QUANTITIES:
            return super().call(name)
        self.advance()
        arguments, given, where = list[Expression](), None, list[tuple[Name | Index, Expression]]()
        if not self.at(")"):
            arguments.append(self.expression())
        while self.at(",", "|") and not where:
            bar = self.advance()
            if bar.text == "|":
                if given is not None:
                    raise fail("C256", "a quantity has one condition", bar.offset, 1, "Join conditions with `and`.")
                given = self.expression()
            elif self.at("with"):
                self.advance()
                where = self._replacements()
            elif given is not None:
                raise self.unexpected("after the condition, only `with` may follow")
            else:
                arguments.append(self.expression())
        self.expect(")", f"to close {name.text}(...)")
        length = self.length_from(name.offset)
        return QuantityCall(name.text, tuple(arguments), given, tuple(where), offset=name.offset, length=length)

    def _replacements(self) -> list[tuple[Name | Index, Expression]]:
        found = [self._replacement()]
        while self.at(","):
            self.advance()
            found.append(self._replacement())
        return found

    def _replacement(self) -> tuple[Name | Index, Expression]:
        start = self.token.offset
        target = self.expression(ATOM)
        if not isinstance(target, Name | Index):
            hint = "Write: with parameter = expression."
            raise fail("C256", f"'{target.text}' is not a parameter", start, self.length_from(start), hint)
        self.expect("=", "between the parameter and its value")
        return target, self.expression()


def parse_claim(text: str) -> Expression:
    """Read a claim into syntax; no name has a role yet.

    Raises:
        ExpressionError: The only exception, whatever the text.
    """
    return ClaimParser(text).whole()
