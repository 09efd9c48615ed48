"""Which steps can come when: prerequisites, bundles and the stopping set have to fit together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from detente.game.settlement.problems import Problem

Groups = Sequence[Sequence[int]]

MOST_MOVES = 24
"""Most moves (steps that happen at once count as one) whose orders can be searched."""
MOST_FADING = 12
"""The same where what is still to come counts less than what is there."""


def check_structure(
    steps: int,
    parties: int,
    performers: Groups,
    prerequisites: Groups,
    bundles: Groups,
    undoer: Sequence[int | None],
    stop: Sequence[int] | None,
) -> list[Problem]:
    """Everything that is wrong with who does what, and after what. Arguments are fields of an agreement."""
    problems = [
        Problem("S001", f"{name} has {found} entries; there are {steps} steps.")
        for name, found in {
            "performers": len(performers),
            "prerequisites": len(prerequisites),
            "undoer": len(undoer),
        }.items()
        if found != steps
    ]
    if problems:
        return problems
    for step, who in enumerate(performers):
        problems += _numbers(f"performers of step {step}", who, parties, "party", step)
    for step, party in enumerate(undoer):
        if party is not None:
            problems += _numbers(f"undoer of step {step}", [party], parties, "party", step)
    for step, before in enumerate(prerequisites):
        problems += _numbers(f"prerequisites of step {step}", before, steps, "step", step)
    for bundle in bundles:
        problems += _numbers(f"bundle {tuple(bundle)}", bundle, steps, "step", None)
    problems += [] if stop is None else _numbers("stop", stop, steps, "step", None)
    shared = sorted(step for step, times in Counter(s for bundle in bundles for s in set(bundle)).items() if times > 1)
    problems += [Problem("S006", f"step {step} is in more than one bundle.", (step,)) for step in shared]
    if problems:
        return problems
    return _loops(prerequisites, bundles) or ([] if stop is None else _stop_problems(stop, prerequisites, bundles))


def moves_of(steps: int, bundles: Groups) -> list[tuple[int, ...]]:
    """The steps in groups that happen at once, most of one step, in order of their first step."""
    bound = {step: tuple(sorted(bundle)) for bundle in bundles for step in bundle}
    return sorted({bound.get(step, (step,)) for step in range(steps)})


def _numbers(what: str, found: Sequence[int], most: int, kind: str, step: int | None) -> list[Problem]:
    if len(set(found)) == len(found) and all(0 <= number < most for number in found):
        return []
    about = () if step is None else (step,)
    code, plural = ("S002", "parties") if kind == "party" else ("S003", "steps")
    problems = [
        Problem(code, f"{what}: there is no {kind} {number}; {plural} are numbered from 0 to {most - 1}.", about)
        for number in found
        if not 0 <= number < most
    ]
    twice = sorted(number for number, times in Counter(found).items() if times > 1)
    return problems + [Problem("S006", f"{what}: {kind} {number} is named twice.", about) for number in twice]


def _loops(prerequisites: Groups, bundles: Groups) -> list[Problem]:
    """Cycles of steps; and of bundles, where the steps alone have none."""
    steps = len(prerequisites)
    loop = find_cycle({step: list(before) for step, before in enumerate(prerequisites)})
    if loop:
        return [Problem("S004", f"steps wait for one another: {_chain(loop)}. Drop one of these prerequisites.", loop)]
    moves = moves_of(steps, bundles)
    home = {step: number for number, move in enumerate(moves) for step in move}
    for move in moves:
        for step in move:
            inside = sorted(set(prerequisites[step]) & set(move))
            if inside:
                said = (
                    f"the bundle {move} happens at once, but step {step} waits for step {inside[0]} of the same bundle."
                )
                return [Problem("S005", f"{said} Drop the prerequisite, or take one of them out.", (inside[0], step))]
    graph = {
        home[step]: [home[other] for s in moves[home[step]] for other in prerequisites[s]] for step in range(steps)
    }
    loop = find_cycle(graph)
    if not loop:
        return []
    about = tuple(step for number in loop for step in moves[number])
    chain = " before ".join(str(moves[number]) for number in (*loop, loop[0]))
    said = f"bundles contradict prerequisites: {chain}. Drop one of these prerequisites, or take a bundle apart."
    return [Problem("S005", said, about)]


def find_cycle(before: dict[int, list[int]]) -> tuple[int, ...]:
    """Some cycle, each member a prerequisite of the next; empty if there is none."""
    done: set[int] = set()
    for start in before:
        path: list[int] = []
        todo: list[tuple[int, bool]] = [(start, True)]
        while todo:
            node, enter = todo.pop()
            if not enter:
                path.pop()
                done.add(node)
            elif node in path:
                return tuple(reversed(path[path.index(node) :]))
            elif node not in done:
                path.append(node)
                todo.append((node, False))
                todo += [(other, True) for other in before[node]]
    return ()


def _chain(loop: Sequence[int]) -> str:
    return " before ".join(str(step) for step in (*loop, loop[0]))


def _stop_problems(stop: Sequence[int], prerequisites: Groups, bundles: Groups) -> list[Problem]:
    inside = set(stop)
    if not inside:
        return [Problem("S008", "stop: there is no step in it; leave it out to go on to the end.")]
    problems = [
        Problem("S008", f"stop: step {step} is in it, but not step {other}, which has to come before.", (step, other))
        for step in stop
        for other in prerequisites[step]
        if other not in inside
    ]
    for bundle in bundles:
        if inside & set(bundle) and set(bundle) - inside:
            missing = sorted(set(bundle) - inside)[0]
            said = f"stop: the bundle {tuple(bundle)} happens at once, but step {missing} is left out."
            problems.append(Problem("S008", said, tuple(bundle)))
    return problems
