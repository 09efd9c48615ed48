"""Published models of crisis bargaining, signaling and commitment: each a tree, its solution on paper, its paper.

Example::

    from detente import models

    model = models.get("beer_quiche")
    game = model.build(prior_strong=0.9)
    closed = model.closed_form(prior_strong=0.9)
    closed["outcomes"], closed.assessment(game)
"""

from __future__ import annotations

import difflib
import importlib
from typing import TYPE_CHECKING, Any

from detente.errors import RequestError

if TYPE_CHECKING:
    from detente.models.model import ClosedForm, PublishedModel

KEYS = (
    "fearon1995_ultimatum",
    "fearon1997_tying_sinking",
    "slantchev2005_mobilisation",
    "lewis_schultz2003",
    "baliga_sjostrom2008_ambiguity",
    "kydd2000_reassurance",
    "brinkmanship",
    "signorino1999_logit",
    "beer_quiche",
    "spence",
    "crawford_sobel",
    "kamenica_gentzkow",
    "inspection_leadership",
    "bagwell1995",
    "bayesian_deterrence_sse",
    "stepwise_exchange_guarantor",
    "powell2006_commitment",
)
"""One module each, loaded when asked for."""


def names() -> tuple[str, ...]:
    """Keys of the published models, grouped by subject."""
    return KEYS


def get(key: str) -> PublishedModel:
    """A published model.

    Args:
        key: Its key, such as ``beer_quiche``; hyphens count as underscores.

    Raises:
        RequestError: There is no such model.
    """
    word = key.replace("-", "_")
    if word not in KEYS:
        near = difflib.get_close_matches(word, KEYS, n=1)
        guess = f" Did you mean '{near[0]}'?" if near else ""
        raise RequestError(f"no published model is named '{key}'.{guess} There are: {', '.join(KEYS)}.")
    return importlib.import_module(f"{__name__}.{word}").MODEL


def __getattr__(name: str) -> Any:
    if name in ("ClosedForm", "PublishedModel"):
        return getattr(importlib.import_module(f"{__name__}.model"), name)
    raise AttributeError(f"module '{__name__}' has no attribute {name!r}")


__all__ = ["KEYS", "ClosedForm", "PublishedModel", "get", "names"]
