"""Answers as plain data: the documented JSON, with floats cut so that equal runs give equal bytes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from detente.study.results import (
    SCHEMA_VERSION,
    Band,
    CompareAnswer,
    EnvelopeAnswer,
    Manifest,
    PostureAnswer,
    RegionMap,
    Sweep,
    TippingPoint,
)
from detente.study.results_audit import AuditAnswer, ClaimAnswer
from detente.study.results_solve import InfosetAnswer, SolveAnswer

DIGITS = 12


def plain(value: Any) -> Any:
    """Any part of an answer as plain data: floats to 12 significant digits, None where undefined."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value.tolist()]
    if isinstance(value, np.bool_ | np.integer | np.floating):
        return plain(value.item())
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return number(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    raise TypeError(f"cannot be written as JSON: {type(value).__name__}")


def number(value: float) -> float | None:
    """A float to 12 significant digits; None for NaN and infinities."""
    if not math.isfinite(value):
        return None
    return float(f"{value:.{DIGITS}g}") + 0.0


def compare_json(answer: CompareAnswer) -> dict[str, Any]:
    """The answer of `compare`; the keys are documented in the reference."""
    return {
        "schema": f"detente.compare/{SCHEMA_VERSION}",
        "case": answer.manifest.case,
        "case_title": answer.case_title,
        "manifest": manifest_json(answer.manifest),
        "owner": answer.owner,
        "actors": answer.actors,
        "status_quo": answer.status_quo,
        "postures": [_posture(item) for item in answer.postures],
        "leading": answer.leading,
        "leading_tied": list(answer.leading_tied),
        "tied_share": plain(answer.tied_share),
        "selection_sensitive": answer.selection_sensitive,
        "statement": answer.statement,
        "confidence": answer.confidence,
        "paired": plain(answer.paired),
        "tipping_points": [_tipping(item) for item in answer.tipping_points],
        "none_in_range": list(answer.none_in_range),
        "sweeps": [_sweep(item) for item in answer.sweeps],
        "region": None if answer.region is None else _region(answer.region),
        "envelope": None if answer.envelope is None else _envelope(answer.envelope),
        "equilibria": plain(answer.equilibria),
        "given": plain(answer.given),
        "certificate": plain(answer.certificate),
        "interrupted": answer.interrupted,
        "draws_done": answer.draws_done,
        "notes": list(answer.notes),
    }


def audit_json(answer: AuditAnswer) -> dict[str, Any]:
    """The answer of `audit`."""
    return {
        "schema": f"detente.audit/{SCHEMA_VERSION}",
        "case": answer.manifest.case,
        "case_title": answer.case_title,
        "manifest": manifest_json(answer.manifest),
        "claims": [_claim(item) for item in answer.claims],
        "certificate": plain(answer.certificate),
        "interrupted": answer.interrupted,
        "draws_done": answer.draws_done,
        "notes": list(answer.notes),
    }


def solve_json(answer: SolveAnswer) -> dict[str, Any]:
    """The answer of `solve`."""
    return {
        "schema": f"detente.solve/{SCHEMA_VERSION}",
        "case": answer.manifest.case,
        "case_title": answer.case_title,
        "manifest": manifest_json(answer.manifest),
        "posture": answer.posture,
        "lam": plain(answer.lam),
        "infosets": [_infoset(item) for item in answer.infosets],
        "values": plain(answer.values),
        "value_by_type": plain(answer.value_by_type),
        "outcomes": plain(answer.outcomes),
        "not_modelled": plain(answer.not_modelled),
        "certificate": plain(answer.certificate),
        "status": answer.status,
        "others": plain(answer.others),
        "starts": answer.starts,
        "equilibria": plain(answer.equilibria),
        "refinements": plain(answer.refinements),
        "size": plain(answer.size),
        "optimal": plain(answer.optimal),
        "notes": list(answer.notes),
    }


def manifest_json(manifest: Manifest) -> dict[str, Any]:
    """What is needed to repeat the run."""
    return {
        "case_sha256": manifest.case_sha256,
        "version": manifest.version,
        "seed": manifest.seed,
        "draws": manifest.draws,
        "settings": plain(manifest.settings),
        "versions": plain(manifest.versions),
    }


def _bands(bands: Mapping[str, Band]) -> dict[str, Any]:
    return {name: plain(band) for name, band in bands.items()}


def _posture(item: PostureAnswer) -> dict[str, Any]:
    return {
        "name": item.name,
        "about": item.about,
        "value": _bands(item.value),
        "value_by_type": _bands(item.value_by_type),
        "outcomes": _bands(item.outcomes),
        "best_share": plain(item.best_share),
        "best_share_bounds": plain(item.best_share_bounds),
        "regret_p90": plain(item.regret_p90),
        "needs_commitment": item.needs_commitment,
        "abandon_gain": plain(item.abandon_gain),
        "not_modelled": plain(item.not_modelled),
        "base_value": plain(item.base_value),
        "base_value_by_type": plain(item.base_value_by_type),
        "base_outcomes": plain(item.base_outcomes),
        "equilibria_range": plain(item.equilibria_range),
        "optimal": plain(item.optimal),
    }


def _tipping(item: TippingPoint) -> dict[str, Any]:
    return {
        "parameter": item.parameter,
        "base": plain(item.base),
        "switch": plain(item.switch),
        "from": item.before,
        "to": item.after,
        "resolution": plain(item.resolution),
        "marked": item.marked,
    }


def _sweep(item: Sweep) -> dict[str, Any]:
    return {
        "parameter": item.parameter,
        "base": plain(item.base),
        "points": plain(item.points),
        "values": plain(item.values),
        "best": plain(item.best),
    }


def _region(item: RegionMap) -> dict[str, Any]:
    return {
        "x": item.x,
        "y": item.y,
        "x_points": plain(item.x_points),
        "y_points": plain(item.y_points),
        "best": plain(item.best),
        "postures": list(item.postures),
        "base": plain(item.base),
    }


def _envelope(item: EnvelopeAnswer) -> dict[str, Any]:
    return {
        "type": item.type_name,
        "labels": list(item.labels),
        "beliefs": plain(item.beliefs),
        "values": plain(item.values),
        "envelope": plain(item.envelope),
        "prior": plain(item.prior),
        "value": plain(item.value),
        "without": plain(item.without),
        "full": plain(item.full),
        "support": [{"belief": plain(belief), "weight": plain(weight)} for belief, weight in item.support],
        "attained": item.attained,
        "jumps": plain(item.jumps),
    }


def _claim(item: ClaimAnswer) -> dict[str, Any]:
    return {
        "id": item.id,
        "says": item.says,
        "source": item.source,
        "at_base": item.at_base,
        "share": plain(item.share),
        "share_bounds": plain(item.share_bounds),
        "undefined": plain(item.undefined),
        "turns_on": plain(item.turns_on),
        "reason": item.reason,
        "by_assumption": list(item.by_assumption),
        "selection_sensitive": item.selection_sensitive,
        "quantities": plain(item.quantities),
    }


def _infoset(item: InfosetAnswer) -> dict[str, Any]:
    return {
        "actor": item.actor,
        "decision": item.decision,
        "sees": plain(item.sees),
        "strategy": plain(item.strategy),
        "beliefs": plain(item.beliefs),
        "reach": plain(item.reach),
        "action_values": plain(item.action_values),
        "why": plain(item.why),
    }
