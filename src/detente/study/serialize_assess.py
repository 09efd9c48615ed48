"""The answer of `assess` as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.study.results import SCHEMA_VERSION
from detente.study.serialize import manifest_json, plain

if TYPE_CHECKING:
    from detente.study.results_assess import AssessAnswer


def assess_json(answer: AssessAnswer) -> dict[str, Any]:
    """The answer of `assess`; the keys are documented in the reference."""
    return {
        "schema": f"detente.assess/{SCHEMA_VERSION}",
        "case": answer.case,
        "case_title": answer.title,
        "manifest": manifest_json(answer.manifest),
        "about": answer.about,
        "actor": answer.actor,
        "owner": answer.owner,
        "labels": answer.labels,
        "as_of": answer.as_of,
        "prior": plain(answer.prior),
        "timeline": plain(answer.timeline),
        "items": plain(answer.items),
        "moves": plain(answer.moves),
        "staged": plain(answer.staged),
        "watch": plain(answer.watch),
        "statements": plain(answer.statements),
        "repairs": plain(answer.repairs),
        "disagreements": plain(answer.disagreements),
        "analysts": plain(answer.views),
        "analyst": answer.analyst,
        "scores": plain(answer.scores),
        "precision": plain(answer.precision),
        "posture": answer.posture,
        "draws": answer.draws,
        "draws_done": answer.draws_done,
        "effective": plain(answer.effective),
        "excluded": plain(answer.excluded),
        "interrupted": answer.interrupted,
        "notes": list(answer.notes),
    }
