"""The answer of `settle` as plain data."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from detente.study.results import SCHEMA_VERSION
from detente.study.results_hidden import Completion
from detente.study.results_settle import DesignAnswer, SettleAnswer, TurnsOn
from detente.study.serialize import manifest_json, plain

if TYPE_CHECKING:
    from pandas import DataFrame

BY_WORLD = ("verdicts", "guarantees")
"""Fields with a number per world, which the JSON leaves out."""


def settle_json(answer: SettleAnswer) -> dict[str, Any]:
    """The answer of `settle`; the keys are documented in the reference."""
    return {
        "schema": f"detente.settle/{SCHEMA_VERSION}",
        "case": answer.case,
        "case_title": answer.case_title,
        "manifest": manifest_json(answer.manifest),
        "title": answer.title,
        "about": answer.about,
        "source": answer.source,
        "parties": answer.parties,
        "steps": answer.steps,
        "step_titles": answer.step_titles,
        "done": answer.done,
        "performers": plain(answer.performers),
        "exit": answer.exit,
        "designs": [_design(item) for item in answer.designs],
        "prices": plain(answer.prices),
        "draws": answer.draws,
        "draws_done": answer.draws_done,
        "interrupted": answer.interrupted,
        "notes": list(answer.notes),
    }


def _design(item: DesignAnswer) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for field in fields(item):
        if field.name == "turns_on":
            made["turns_on"] = [_turns_on(one) for one in item.turns_on]
        elif field.name == "completion":
            made["completion"] = None if item.completion is None else _completion(item.completion)
        elif field.name not in BY_WORLD:
            made[field.name] = plain(getattr(item, field.name))
    made["entered"] = all(item.entered.values())
    made["entered_by"] = plain(item.entered)
    return made


def _completion(item: Completion) -> dict[str, Any]:
    """What hidden aims do; without the text of the game, which `--game` writes."""
    made = {field.name: plain(getattr(item, field.name)) for field in fields(item) if field.name != "game"}
    made["best_order"] = plain(item.best_order.order)
    return made


def _turns_on(item: TurnsOn) -> dict[str, Any]:
    made = plain(item)
    made["from"] = made.pop("from_")
    return made


def settle_frame(answer: SettleAnswer) -> DataFrame:
    """One row per design."""
    import pandas as pd

    rows = [
        {
            "design": item.name,
            "entered": all(item.entered.values()),
            "exists_at_base": item.exists_at_base,
            "believed_at_base": item.believed_at_base,
            "holds_at_base": item.holds_at_base,
            "share": item.share,
            "share_exists": item.share_exists,
            "orders": item.orders,
            "slack": item.slack,
            "guarantee": item.guarantee,
            "turns_on": ", ".join(dict.fromkeys(point.parameter for point in item.turns_on)),
        }
        for item in answer.designs
    ]
    return pd.DataFrame(rows)
