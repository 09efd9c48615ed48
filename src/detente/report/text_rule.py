"""A published rule that Detente found, in words: what the owner does at each decision, given what it sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detente.report.words import Words, percent


def rule_sentences(optimal: Mapping[str, Any], words: Words) -> list[str]:
    """One sentence for each situation that the best rule covers; none if no rule was to be found.

    Args:
        optimal: What `optimal` came out as.
        words: What things are called.
    """
    found: list[str] = []
    for entry in optimal.get("rule", ()):
        if not isinstance(entry, Mapping) or "decision" not in entry:
            continue
        sees = dict(entry.get("sees") or {})
        seen = ", ".join(f"{words.variable(name)} “{words.label(label)}”" for name, label in sees.items())
        at = f"At “{words.variable(entry['decision'])}”{f' having seen {seen}' if seen else ''}: "
        found.append(at + _choice(entry, words) + ".")
    return found


def _choice(entry: Mapping[str, Any], words: Words) -> str:
    if "odds" not in entry:
        return f"“{words.label(entry['option'])}”"
    odds = [(label, float(share)) for label, share in dict(entry["odds"]).items() if float(share) > 0.0]
    if len(odds) == 1:
        return f"“{words.label(odds[0][0])}”"
    return ", ".join(f"“{words.label(label)}” with probability {share:.4g} ({percent(share)})" for label, share in odds)
