"""Reading expressions: precedence, canonical text, limits, and an error for every mistake."""

from __future__ import annotations

import dataclasses
import pickle

import pytest

from detente.case.expression import EXPRESSION_CODES, Arithmetic, Compare, Conditional, ExpressionError, Number, parse
from detente.case.expression.nodes import Name, Negate


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("a+b*c**2-d", "a + b * c ** 2 - d"),
        ("(a+b)*c", "(a + b) * c"),
        ("((a))", "a"),
        ("a-(b-c)", "a - (b - c)"),
        ("(a-b)-c", "a - b - c"),
        ("a/(b*c)", "a / (b * c)"),
        ("-2**2", "-2 ** 2"),
        ("(-2)**2", "(-2) ** 2"),
        ("-(a*b)", "-(a * b)"),
        ("-a*b", "-a * b"),
        ("a - -1", "a - -1"),
        ("--x", "--x"),
        ("(a**2)**p", "(a ** 2) ** p"),
        ("a**-0.5", "a ** -0.5"),
        ("a or b and not c == d", "a or b and not c == d"),
        ("(a or b) and c", "(a or b) and c"),
        ("a and (b and c)", "a and b and c"),
        ("not (a and b)", "not (a and b)"),
        ("not not a", "not not a"),
        ("x if a<b<=c else y if d else z", "x if a < b <= c else y if d else z"),
        ("(x if a else y) if b else z", "(x if a else y) if b else z"),
        ("(x if a else y)+1", "(x if a else y) + 1"),
        ("a in [b,c] or d not in[e]", "a in [b, c] or d not in [e]"),
        ("package == talks+arms", "package == talks + arms"),
        ("count( a==yes ,b==yes )>=2", "count(a == yes, b == yes) >= 2"),
        ("level_cost[ RUS.aim ]", "level_cost[RUS.aim]"),
        ("a\n  and\tb", "a and b"),
        ("1.50", "1.5"),
        ("1e3", "1000"),
        ("1e22", "1e+22"),
        ("0.1e-3", "0.0001"),
        ("-0", "0"),
        ("true and false", "true and false"),
    ],
)
def test_canonical_text_is_stable(text: str, canonical: str):
    tree = parse(text)
    assert tree.text == canonical
    assert parse(canonical) == tree


def test_tree_shape():
    tree = parse("a - b * -c if x < 1 else 2 ** p")
    assert tree == Conditional(
        Compare((Name("x"), Number(1.0)), ("<",)),
        Arithmetic("-", Name("a"), Arithmetic("*", Name("b"), Negate(Name("c")))),
        Arithmetic("**", Number(2.0), Name("p")),
    )


def test_places_are_kept_but_do_not_count():
    tree = parse("  cost +  benefit")
    assert isinstance(tree, Arithmetic)
    assert (tree.right.offset, tree.right.length) == (10, 7)
    assert tree == parse("cost+benefit")
    assert hash(tree) == hash(parse("cost+benefit"))
    assert str(tree) == "cost + benefit"


def test_trees_are_immutable():
    with pytest.raises(dataclasses.FrozenInstanceError):
        parse("a").name = "b"  # type: ignore[attr-defined]


def test_trees_survive_pickling_without_their_caches():
    tree = parse("min(a, b) if c == d else -1")
    assert hash(tree)
    assert tree.text
    again = pickle.loads(pickle.dumps(tree))
    assert again == tree
    assert set(tree.__getstate__()) == {"test", "yes", "no", "offset", "length"}
    assert "_hash" not in pickle.loads(pickle.dumps(tree)).__dict__


def test_trees_are_not_equal_to_other_things():
    assert parse("a") != "a"
    assert parse("1") != parse("true")


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("", "C206", 0),
        ("   ", "C206", 3),
        ("a +", "C206", 3),
        ("(a", "C206", 2),
        ("a)", "C206", 1),
        ("a b", "C206", 2),
        ("a, b", "C206", 1),
        ("a = b", "C206", 2),
        ("a || b", "C206", 2),
        ("a // b", "C206", 3),
        ("a <> b", "C206", 3),
        (".5", "C206", 0),
        ("+a", "C206", 0),
        ("a == not b", "C206", 5),
        ("a if b", "C206", 6),
        ("a in b", "C206", 5),
        ("a in []", "C206", 6),
        ("a in [b] + c", "C206", 9),
        ("a in [b", "C206", 7),
        ("min(a, b", "C206", 8),
        ("min(a, b,)", "C206", 9),
        ("and", "C206", 0),
        ("in [a]", "C206", 0),
        ("a && b", "C204", 2),
        ("!a", "C204", 0),
        ("a ≤ b", "C204", 2),
        ("5%", "C204", 1),
        ("a\x00b", "C204", 1),
        ("naïve", "C204", 2),
        ("x" * 65, "C204", 0),
        ("'assault'", "C205", 0),
        ('move == "hold"', "C205", 8),
        ("lambda x", "C205", 0),
        ("lambda: 1", "C205", 6),
        ("x for x", "C205", 2),
        ("x is y", "C205", 2),
        ("x AND y", "C205", 2),
        ("import os", "C205", 0),
        ("x[1:2]", "C205", 3),
        ("{a}", "C205", 0),
        ("a := b", "C205", 2),
        ("1_000", "C207", 0),
        ("2x", "C207", 0),
        ("1.", "C207", 0),
        ("1e999", "C207", 0),
        ("a ** 9", "C208", 5),
        ("a ** -9", "C208", 5),
        ("a ** (b + c)", "C208", 5),
        ("a ** b ** c", "C208", 5),
        ("f(x)", "C209", 0),
        ("open(x)", "C209", 0),
        ("eval(x)", "C209", 0),
        ("(a)(b)", "C209", 3),
        ("min(a)", "C210", 0),
        ("exp(a, b)", "C210", 0),
        ("count()", "C210", 0),
        ("happened()", "C210", 0),
        ("log", "C210", 0),
        ("a.b.c", "C211", 0),
        ("a.b()", "C211", 0),
        ("a.", "C211", 0),
        ("(a).b", "C211", 2),
        ("[a, b]", "C212", 0),
        ("a == [b]", "C212", 5),
        ("t[1]", "C213", 2),
        ("t[a + b]", "C213", 2),
        ("t[u[a]]", "C213", 2),
        ("(a)[b]", "C213", 3),
        ("move == none", "C214", 8),
        ("rest", "C214", 0),
        ("all", "C214", 0),
        ("with", "C214", 0),
        ("__import__", "C215", 0),
        ("a.__class__", "C215", 2),
        ("__", "C215", 0),
        ("value(USA, open)", "C257", 0),
    ],
)
def test_every_mistake_has_its_own_error(text: str, code: str, place: int):
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert (caught.value.code, caught.value.offset) == (code, place)
    assert caught.value.length >= 1
    assert caught.value.message
    assert code in EXPRESSION_CODES


def test_errors_show_the_way_out():
    with pytest.raises(ExpressionError, match="Write <="):
        parse("a ≤ b")
    with pytest.raises(ExpressionError, match="Did you mean 'sqrt'"):
        parse("sqr(a)")
    with pytest.raises(ExpressionError, match="not happened"):
        parse("a == none")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a" + " " * 500, "C201"),
        ("(" * 41 + "a" + ")" * 41, "C202"),
        ("-" * 400 + "a", "C202"),
        ("not " * 100 + "a", "C202"),
        ("2 ** " * 90 + "1", "C202"),
        ("a if b else " * 40 + "c", "C202"),
        ("+".join("a" * 42), "C202"),
        ("*".join("a" * 250), "C202"),
        ("min(" + ",".join(["-a"] * 150) + ")", "C203"),
    ],
)
def test_limits(text: str, code: str):
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "text",
    [
        "a" * 64,
        "(" * 39 + "a" + ")" * 39,
        "+".join("a" * 40),
        " and ".join("a" * 60),
        "min(" + ",".join("a" * 160) + ")",
    ],
)
def test_what_is_within_the_limits_is_read(text: str):
    assert parse(text) == parse(parse(text).text)


def test_every_code_is_explained():
    for code, (title, explanation) in EXPRESSION_CODES.items():
        assert code.startswith("C2")
        assert len(code) == 4
        assert title
        assert explanation.endswith(".")
