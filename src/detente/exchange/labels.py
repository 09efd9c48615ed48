"""Names for what a file leaves without one, and for what shares one: people and dictionaries need them unique."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def unique(labels: Sequence[str], fallback: Sequence[str] | None = None) -> tuple[str, ...]:
    """The labels made distinct and not empty; what is so already stays.

    Args:
        labels: Labels as they stand in the file.
        fallback: What to call each one that is empty; its number counted from 1 if not given.
    """
    named = [(label.strip() and label) or (fallback[k] if fallback else str(k + 1)) for k, label in enumerate(labels)]
    counts = Counter(named)
    if len(counts) == len(named):
        return tuple(named)
    used = set(counts)
    found: list[str] = []
    seen: Counter[str] = Counter()
    for label in named:
        name = label
        if counts[label] > 1:
            while name in used:
                seen[label] += 1
                name = f"{label} ({seen[label]})"
            used.add(name)
        found.append(name)
    return tuple(found)


def set_names(labels: Sequence[str], players: Sequence[str], numbers: Sequence[int]) -> tuple[str, ...]:
    """A unique name for each information set.

    A name that is unique in the file stays; one that is used for several is led by the player's name;
    a set without a name is called by its player and number.

    Args:
        labels: Label of each set.
        players: Name of the player of each.
        numbers: Its number among those of the player.
    """
    counts = Counter(labels)
    first = [
        label
        if label.strip() and counts[label] == 1
        else (f"{player} {number}" if not label.strip() else f"{player}: {label}")
        for label, player, number in zip(labels, players, numbers, strict=True)
    ]
    return unique(first)
