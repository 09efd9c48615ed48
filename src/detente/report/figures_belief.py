"""The owner's value against what others believe about its type, with the concave envelope (calibrated ambiguity)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.report.chart import FONT_SIZE, LABELS, LINE_HEIGHT, Axis, Board, Look, Row, padded, spread, text_width
from detente.report.words import number, percent, with_article, wrap

if TYPE_CHECKING:
    import altair as alt

    from detente.study.results import CompareAnswer, EnvelopeAnswer

HEIGHT = 280.0
PAIR = 1e-3


def value_of_belief(answer: CompareAnswer, look: Look | None = None) -> alt.LayerChart | None:
    """Value against belief, its concave envelope, the prior and the posteriors of the best disclosure rule.

    Two labels give a curve, three a triangle of beliefs. None if the case has no such type.
    """
    look = look or Look()
    if answer.envelope is None:
        return None
    if len(answer.envelope.labels) == 2:
        return _curve(answer, answer.envelope, look)
    return _triangle(answer, answer.envelope, look)


def _curve(answer: CompareAnswer, env: EnvelopeAnswer, look: Look) -> alt.LayerChart:
    """Two labels: belief in the first along the horizontal axis."""
    order = np.argsort(env.beliefs[:, 0], kind="stable")
    belief, value, hull = env.beliefs[order, 0], env.values[order], env.envelope[order]
    prior = float(env.prior[0])
    low, high = padded([*map(float, value), *map(float, hull), env.value, env.without, env.full], 0.07)
    type_words = look.words.variable(env.type_name)
    first = look.words.label(env.labels[0])
    text = f"Probability that others give to “{first}” ({type_words})"
    wide = look.width - LABELS
    x = Axis(0.0, 1.0, 9.0, wide - 16.0, tuple(wrap(text, int((wide - 20) / 6.4))), "percent", 5)
    who = with_article(answer.actors[answer.owner])
    board = Board(look, HEIGHT, x, Axis(low, high, HEIGHT, 20.0, (f"Expected payoff of {who}",), ticks=5))
    theme = look.theme
    board.rules([{"x": prior, "y": low, "y2": high, "color": theme.axis}], "x y y2", strokeDash=[4, 3])
    ends = [{"x": float(belief[k]), "y": float(value[k]), "line": "chord", "step": k} for k in (0, len(belief) - 1)]
    board.lines([{**row, "color": theme.soft} for row in ends], strokeWidth=1.2, strokeDash=[1, 3])
    board.lines(
        [_point(b, v, "envelope", k, theme.accent_two) for k, (b, v) in enumerate(zip(belief, hull, strict=True))],
        strokeWidth=3,
        strokeDash=[8, 4],
    )
    board.lines(_broken(belief, value, env.jumps, theme.accent), strokeWidth=2.5)
    support: list[Row] = [
        {"x": posterior[0], "y": float(np.interp(posterior[0], belief, hull)), "weight": weight}
        for posterior, weight in env.support
    ]
    support = [{**row, "color": theme.accent_two} for row in support]
    board.points(support, shape="circle", filled=True, size=110, stroke=theme.halo, strokeWidth=1.5)
    _mark_prior(board, env, prior)
    board.notes([{"x": prior, "y": board.y.value(9), "text": f"prior {percent(prior)}"}], align=_side(prior))
    return board.done(f"What it is worth to {who} to be believed", explain(answer, look))


def explain(answer: CompareAnswer, look: Look) -> str:
    """How to read the chart, in words that name the lines."""
    env = answer.envelope
    if env is None:
        return ""
    reached = "" if env.attained else " The best value is a limit that rules come as close to as wanted."
    if len(env.labels) == 2:
        return (
            "Solid line: payoff if nothing is said and others hold that belief. Dashed line: the best that a public "
            "signal fixed beforehand can add. Dotted line: telling everything. Filled dots on the dashed line: the "
            "beliefs that the best rule leaves others with." + reached
        )
    return (
        "Each point is a belief over the three possibilities; darker is better for the owner. Rings: the beliefs that "
        "the best public signal leaves others with, larger for more likely ones. Cross: the prior." + reached
    )


def _mark_prior(board: Board, env: EnvelopeAnswer, prior: float) -> None:
    """The three values at the prior, each with its name and number; equal ones share a line."""
    theme = board.look.theme
    marks = [
        ("best disclosure", env.value, theme.accent_two, "diamond"),
        ("saying nothing", env.without, theme.accent, "square"),
        ("telling everything", env.full, theme.soft, "triangle-up"),
    ]
    for _, value, color, shape in marks:
        board.points([{"x": prior, "y": value, "color": color}], shape=shape, filled=True, size=150, stroke=theme.halo)
    groups: list[tuple[list[str], float]] = []
    for name, value, _, _ in marks:
        same = next((group for group in groups if abs(group[1] - value) < 1e-6), None)
        if same:
            same[0].append(name)
        else:
            groups.append(([name], value))
    texts = [f"{' = '.join(names)} {number(value)}" for names, value in groups]
    places = spread([board.y.pixel(value) for _, value in groups], LINE_HEIGHT + 3, 28.0, HEIGHT - 8)
    wide = max(text_width(text) for text in texts) + 14
    fits_right = board.x.pixel(prior) + wide < board.width
    rows: list[Row] = []
    for text, place in zip(texts, places, strict=True):
        rows.append({"x": prior, "y": board.y.value(place), "text": text})
    align, dx = ("left", 11) if fits_right else ("right", -11)
    board.texts(rows, theme.ink, halo=True, align=align, dx=dx, baseline="middle", fontSize=FONT_SIZE - 1)


def _side(prior: float) -> str:
    return "left" if prior < 0.15 else ("right" if prior > 0.85 else "center")


def _point(x: float, y: float, line: str, step: int, color: str) -> Row:
    return {"x": float(x), "y": float(y), "line": line, "step": step, "color": color}


def _broken(belief: NDArray[np.float64], value: NDArray[np.float64], jumps: Sequence[float], color: str) -> list[Row]:
    """The value curve, a new line after every jump; both one-sided values may stand at the same belief."""
    seen = np.isfinite(value)
    belief, value = belief[seen], value[seen]
    large = 0.02 * float(np.ptp(value)) if len(value) else 0.0
    rows: list[Row] = []
    piece = 0
    for k, (at, height) in enumerate(zip(belief, value, strict=True)):
        if k and abs(height - value[k - 1]) > large:
            piece += any(_between(belief, k, jump) for jump in jumps)
        rows.append(_point(at, height, f"value {piece}", k, color))
    return rows


def _between(belief: NDArray[np.float64], k: int, jump: float) -> bool:
    """Whether a jump lies between points k - 1 and k.

    Points closer than `PAIR` are the two sides of one jump; a jump next to such a pair belongs to it.
    """
    low, high = belief[k - 1], belief[k]
    if high - low < PAIR:
        return bool(low - PAIR <= jump <= high + PAIR)
    paired_low = k >= 2 and low - belief[k - 2] < PAIR
    paired_high = k + 1 < len(belief) and belief[k + 1] - high < PAIR
    return bool(low + PAIR * paired_low - 1e-6 <= jump <= high - PAIR * paired_high + 1e-6)


def _triangle(answer: CompareAnswer, env: EnvelopeAnswer, look: Look) -> alt.LayerChart:
    """Three labels: the triangle of beliefs, darker where the owner does better."""
    side = min(float(look.width) - 60.0, 400.0)
    tall = side * np.sqrt(3) / 2
    board = Board(look, tall + 90, Axis(0.0, float(look.width), 0.0, float(look.width), shown=False))
    left, theme = (look.width - side) / 2, look.theme

    def at(belief: Any) -> Row:
        return {"x": left + side * (belief[1] + belief[2] / 2), "y": 60 + tall * (1 - belief[2])}

    finite = env.values[np.isfinite(env.values)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    size = (0.75 * side / np.sqrt(2 * len(env.beliefs))) ** 2
    for shade in range(5):
        share = (env.values - low) / max(high - low, 1e-12)
        rows = [
            {**at(env.beliefs[k]), "value": float(env.values[k]), "color": theme.accent}
            for k in np.flatnonzero(np.minimum(4, np.floor(np.nan_to_num(share) * 5)) == shade)
        ]
        board.points(rows, shape="circle", filled=True, size=size, opacity=0.12 + 0.2 * shade)
    corners = np.eye(3)
    names = [look.words.label(label) for label in env.labels]
    texts = [{**at(corners[k]), "text": names[k]} for k in range(3)]
    for k, (dy, align) in enumerate(((20, "left"), (20, "right"), (-14, "center"))):
        board.texts([texts[k]], theme.ink, align=align, dy=dy, baseline="middle", fontWeight="bold")
    for posterior, weight in env.support:
        row = {**at(posterior), "weight": weight, "color": theme.accent_two}
        board.points([row], shape="circle", size=250 + 600 * weight, strokeWidth=3)
    board.points([{**at(env.prior), "color": theme.ink}], shape="cross", filled=True, size=150, stroke=theme.halo)
    board.texts([{**at(env.prior), "text": "prior"}], theme.ink, halo=True, align="left", dx=11, baseline="middle")
    who = with_article(answer.actors[answer.owner])
    key = (
        f"Best disclosure {number(env.value)}, saying nothing {number(env.without)}, "
        f"telling everything {number(env.full)}."
    )
    text = "\n".join(wrap(key, int(look.width / 6.2)))
    board.notes([{"x": 0.0, "y": 8.0, "text": text}], align="left", baseline="middle")
    return board.done(f"What it is worth to {who} to be believed", explain(answer, look))
