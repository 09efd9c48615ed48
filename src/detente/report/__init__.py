"""Shows answers: text for the terminal, charts, and one offline HTML page. Never compiles, never solves.

Names are loaded when they are first used: importing this room costs neither altair nor rich.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.report.chart import Look
    from detente.report.figures import best_shares, claim_shares, outcome_odds, shortfalls, values_by_posture
    from detente.report.figures_assess import aim_timeline, analyst_spread, item_bars, watch_bars
    from detente.report.figures_belief import value_of_belief
    from detente.report.figures_completion import completion_odds
    from detente.report.figures_lattice import settlement_lattice
    from detente.report.figures_settle import design_shares, guarantees_needed, order_slack
    from detente.report.figures_when import region_map, sweep, tipping_points
    from detente.report.palette import DARK, LIGHT, Theme
    from detente.report.render import render_report
    from detente.report.svg import to_png, to_svg, write_figure
    from detente.report.text import render_audit, render_check, render_compare, render_solve
    from detente.report.text_assess import render_assess
    from detente.report.text_derivatives import render_derivatives
    from detente.report.text_game import render_game
    from detente.report.text_settle import render_settle
    from detente.report.words import Words

_HOMES = {
    "Look": "chart",
    "aim_timeline": "figures_assess",
    "analyst_spread": "figures_assess",
    "best_shares": "figures",
    "claim_shares": "figures",
    "completion_odds": "figures_completion",
    "design_shares": "figures_settle",
    "guarantees_needed": "figures_settle",
    "item_bars": "figures_assess",
    "order_slack": "figures_settle",
    "outcome_odds": "figures",
    "settlement_lattice": "figures_lattice",
    "shortfalls": "figures",
    "values_by_posture": "figures",
    "watch_bars": "figures_assess",
    "value_of_belief": "figures_belief",
    "region_map": "figures_when",
    "sweep": "figures_when",
    "tipping_points": "figures_when",
    "DARK": "palette",
    "LIGHT": "palette",
    "Theme": "palette",
    "render_report": "render",
    "to_png": "svg",
    "to_svg": "svg",
    "write_figure": "svg",
    "render_assess": "text_assess",
    "render_audit": "text",
    "render_check": "text",
    "render_compare": "text",
    "render_derivatives": "text_derivatives",
    "render_game": "text_game",
    "render_settle": "text_settle",
    "render_solve": "text",
    "Words": "words",
}

__all__ = [
    "DARK",
    "LIGHT",
    "Look",
    "Theme",
    "Words",
    "aim_timeline",
    "analyst_spread",
    "best_shares",
    "claim_shares",
    "completion_odds",
    "design_shares",
    "guarantees_needed",
    "item_bars",
    "order_slack",
    "outcome_odds",
    "region_map",
    "render_assess",
    "render_audit",
    "render_check",
    "render_compare",
    "render_derivatives",
    "render_game",
    "render_report",
    "render_settle",
    "render_solve",
    "settlement_lattice",
    "shortfalls",
    "sweep",
    "tipping_points",
    "to_png",
    "to_svg",
    "value_of_belief",
    "values_by_posture",
    "watch_bars",
    "write_figure",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'detente.report' has no attribute {name!r}")
    # A submodule may share its name with one of these functions, so the value is stored here.
    value = getattr(importlib.import_module(f"detente.report.{home}"), name)
    globals()[name] = value
    return value
