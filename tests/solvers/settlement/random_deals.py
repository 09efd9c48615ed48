"""Random agreements of every kind: prerequisites, bundles, joint and third-party steps, undoing, grabs, ties."""

from __future__ import annotations

import numpy as np

from detente.solvers.settlement import Agreement


def random_deal(seed: int, most: int = 7, fading: bool | None = None, draws: int = 1) -> Agreement:
    rng = np.random.default_rng(seed)
    steps, parties = int(rng.integers(1, most + 1)), int(rng.choice([2, 2, 2, 3]))
    whole = rng.random() < 0.3  # whole numbers: ties

    def numbers(low, high, *shape):
        x = rng.uniform(low, high, shape)
        return np.round(x * 2) if whole else x

    performers = tuple(_performers(rng, parties) for _ in range(steps))
    benefit = numbers(0.0, 1.6, draws, steps, parties)
    for s, who in enumerate(performers):
        for i in who:
            benefit[:, s, i] = -numbers(0.0, 1.2, draws)
    rank = rng.permutation(steps)
    bundles = _bundles(rng, rank)
    home = {s: min(rank[t] for t in b) for b in bundles for s in b}
    level = [home.get(s, rank[s]) for s in range(steps)]
    before = tuple(
        tuple(t for t in range(steps) if level[t] < level[s] and rng.random() < 0.2 * rng.integers(0, 2))
        for s in range(steps)
    )
    fades = rng.random() < 0.4 if fading is None else fading
    return Agreement(
        benefit,
        performers,
        before,
        bundles,
        undoer=tuple(int(rng.integers(parties)) if rng.random() < 0.4 else None for _ in range(steps)),
        undo_cost=numbers(0.0, 0.8, draws, steps),
        dividend=numbers(0.0, 0.8, draws, parties) * rng.integers(0, 2),
        outside=numbers(-1.0, 1.0, draws, parties),
        grab=numbers(-0.6, 0.6, draws, parties) * rng.integers(0, 2),
        grab_step=numbers(-0.2, 0.4, draws, steps, parties) * rng.integers(0, 2),
        peacekeepers=rng.uniform(0, 1, draws) * rng.integers(0, 2),
        monitoring=rng.choice([0.0, 0.5, 0.8, 1.0], (draws, parties), p=[0.1, 0.3, 0.3, 0.3]),
        guarantee=numbers(0.0, 1.0, draws, parties) * rng.integers(0, 2),
        discount=rng.choice([0.0, 0.6, 0.9, 0.95], draws, p=[0.05, 0.3, 0.3, 0.35]) if fades else 1.0,
        collapse=rng.choice([0.0, 0.1, 0.3, 1.0], draws, p=[0.4, 0.3, 0.25, 0.05]) if fades else 0.0,
        exit="any" if rng.random() < 0.3 else "performer",
    )


def _performers(rng, parties: int) -> tuple[int, ...]:
    kind = rng.random()
    if kind < 0.1:
        return ()
    if kind < 0.2:
        return (0, 1)
    return (int(rng.integers(parties)),)


def _bundles(rng, rank) -> tuple[tuple[int, ...], ...]:
    steps = len(rank)
    if steps < 2 or rng.random() < 0.5:
        return ()
    chosen = rng.permutation(steps)[: int(rng.integers(2, min(steps, 4) + 1))]
    if len(chosen) == 4:
        return (tuple(int(s) for s in chosen[:2]), tuple(int(s) for s in chosen[2:]))
    return (tuple(int(s) for s in chosen),)
