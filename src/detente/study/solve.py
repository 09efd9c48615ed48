"""What would each side do under one posture, and why?"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from detente.axes import Floats
from detente.case import Case
from detente.errors import Interrupted, RequestError
from detente.game import (
    UNSETTLED,
    GameNumbers,
    action_values,
    certify,
    certify_qre,
    expected_payoffs,
    reach_probability,
    terminal_probability,
)
from detente.solvers import BatchSolution, Status, solve_backward, solve_qre
from detente.study.abandon import label_text
from detente.study.equilibria import equilibria_of
from detente.study.games import Game, Solved, SolveOptions, Tally
from detente.study.manifest import make_manifest
from detente.study.mixed_rule import rule_notes
from detente.study.played import Part, Played
from detente.study.refined import RefinementAnswer, refined
from detente.study.results_equilibria import EquilibriaAnswer
from detente.study.results_solve import InfosetAnswer, OtherEquilibrium, SolveAnswer, SolveCertificate
from detente.study.selection import others_of
from detente.study.watch import Unwatched, Watch
from detente.study.why import explain, hidden_history
from detente.study.worlds import Worlds

METHODS = ("auto", "logit", "backward_induction")


@dataclass(frozen=True)
class SolveSettings:
    """What a solve does; every field is written into the manifest.

    Attributes:
        lam: Precision of play in 1 / payoff range of each actor; None is fully strict.
        method: ``auto``, ``logit`` or ``backward_induction``.
        starts: Interior starting points for other equilibria.
        seed: Recorded only; nothing here is drawn.
        threads: Threads; None is all cores.
        limit: Most nodes a tree may have.
        all_equilibria: Look for every equilibrium.
    """

    lam: float | None = None
    method: str = "auto"
    starts: int = 20
    seed: int = 0
    threads: int | None = None
    limit: int = 200_000
    all_equilibria: bool = False


def solve(
    case: Case, posture: str | None = None, settings: SolveSettings | None = None, watch: Watch | None = None
) -> SolveAnswer:
    """Solve one posture at base values.

    Args:
        case: The case.
        posture: Name of the posture; None is the status quo.
        settings: How.
        watch: Told the progress; may stop the work.

    Raises:
        RequestError: Unknown posture or method, a precision for a posture that has to be found, or
            backward induction where somebody does not know everything.
        Interrupted: Stopped before the equilibrium was found.
    """
    settings = settings or SolveSettings()
    watch = watch or Unwatched()
    if settings.method not in METHODS:
        raise RequestError(f"no method is named '{settings.method}'. There are: {', '.join(METHODS)}.")
    chosen = case.status_quo if posture is None else case.posture(posture)
    if settings.all_equilibria and settings.lam is not None:
        raise RequestError("all equilibria are listed for strict play only; leave out the precision (lam).")
    worlds = Worlds(case, [chosen.name], SolveOptions(settings.threads, lambda: watch.stopped), settings.limit)
    worlds.compile_all(lambda done, total: watch("compile", done, total))
    theta = case.base_theta()[None, :]
    scale = worlds.scale(theta)
    watch("solve", 0, 1)
    if settings.lam is None and settings.method != "backward_induction":
        played = worlds.play(chosen, theta, scale)
        status = _status(played.parts[-1].solved)
    elif chosen.needs_search:
        raise RequestError(
            f"posture '{chosen.name}' has an `optimal` part, which needs method auto or logit and no lam"
        )
    else:
        game = worlds.game(chosen)
        solved, status = _solve_game(game, theta, scale, settings, worlds.options)
        played = Played(chosen.name, 1, (Part(solved, np.zeros(1, dtype=np.int32), np.ones(1)),), solved.certified)
    if watch.stopped:
        raise Interrupted("stopped before an equilibrium was found")
    watch("solve", 1, 1)
    return _answer(worlds, played, scale, settings, status, watch)


def _solve_game(
    game: Game, theta: Floats, scale: Floats, settings: SolveSettings, options: SolveOptions
) -> tuple[Solved, str]:
    """Finite precision or backward induction."""
    numbers = game.compiled.numbers(theta)
    shape = game.compiled.shape
    if settings.lam is not None:
        if settings.method == "backward_induction":
            raise RequestError("a finite precision (lam) goes with method auto or logit")
        unit = GameNumbers(numbers.payoff / scale[:, None, :], numbers.chance, numbers.judged_chance)
        solution = solve_qre(shape, unit, settings.lam, threads=options.threads, stop=options.stop)
    else:
        solution = solve_backward(shape, numbers)
    certificate = certify(shape, numbers, solution.assessment, scale, best_response=True)
    Tally().add(solution, certificate)
    row = np.zeros(1, dtype=np.int32)
    return Solved(game, numbers, solution.assessment, certificate, row, solution.status), _sentence(solution)


def _sentence(solution: BatchSolution) -> str:
    return Status(int(solution.status[0])).sentence


def _status(solved: Solved) -> str:
    return Status(int(solved.status[0])).sentence if len(solved.status) else Status.converged.sentence


def _answer(
    worlds: Worlds, played: Played, scale: Floats, settings: SolveSettings, status: str, watch: Watch
) -> SolveAnswer:
    case = worlds.case
    main = max(range(len(played.parts)), key=lambda k: float(played.parts[k].weight.sum()))
    solved = played.parts[main].solved
    game = solved.game
    others, tried = ((), 0) if settings.lam is not None else _others(worlds, played.parts[main], scale, settings, watch)
    labels = [label_text(combo) for combo in game.own_labels] if game.own_types else []
    by_type = played.value_by_type()[0]
    names = game.compiled.outcome_names
    size = game.compiled.size
    return SolveAnswer(
        case_title=case.title,
        manifest=make_manifest(case, settings.seed, 1, _recorded(settings)),
        posture=played.posture,
        actors={actor.id: actor.name for actor in case.actors},
        lam=settings.lam,
        infosets=tuple(_infosets(solved, theta_terms(solved, case))),
        values=dict(zip(worlds.players, played.values()[0].tolist(), strict=True)),
        value_by_type={label: float(by_type[k]) for k, label in enumerate(labels)},
        outcomes=dict(zip(names, played.outcomes()[0].tolist(), strict=True)),
        not_modelled=float(played.not_modelled()[0]),
        certificate=_certificate(solved, scale, settings),
        status=status,
        others=tuple(others),
        starts=tried,
        equilibria=_all(worlds, played.parts[main], scale, settings, watch),
        size={"nodes": size.nodes, "terminals": size.terminals, "infosets": size.infosets},
        optimal=dict(played.optimal[0]) if played.optimal else {},
        notes=tuple(_notes(played, main)),
        refinements=_refined(solved, scale, settings),
    )


def _refined(solved: Solved, scale: Floats, settings: SolveSettings) -> tuple[RefinementAnswer, ...]:
    """What refinements say about the play shown, if it is an equilibrium of strict play."""
    if settings.lam is not None or solved.certificate.kinds[0] == UNSETTLED:
        return ()
    compiled = solved.game.compiled
    return refined(compiled.shape, solved.numbers, solved.assessment, scale, compiled.infoset_labels)


def theta_terms(solved: Solved, case: Case) -> Floats:
    """[terms] value of each payoff term at base values."""
    return solved.game.compiled.term_values(case.base_theta()[None, :])[0]


def _recorded(settings: SolveSettings) -> dict[str, Any]:
    return {name: value for name, value in asdict(settings).items() if name not in ("seed", "threads")}


def _infosets(solved: Solved, terms: Floats) -> list[InfosetAnswer]:
    compiled, assessment = solved.game.compiled, solved.assessment
    shape = compiled.shape
    values = action_values(shape, solved.numbers, assessment)[0]
    reach = reach_probability(shape, solved.numbers.chance, assessment.strategy)[0]
    found: list[InfosetAnswer] = []
    for index, label in enumerate(compiled.infoset_labels):
        actions = slice(int(shape.action_start[index]), int(shape.action_start[index + 1]))
        nodes = shape.members[index]
        found.append(
            InfosetAnswer(
                actor=label.player,
                decision=label.decision,
                sees=dict(label.sees),
                strategy=dict(zip(label.options, assessment.strategy[0, actions].tolist(), strict=True)),
                action_values=dict(zip(label.options, values[actions].tolist(), strict=True)),
                beliefs=tuple(_beliefs(solved, nodes.tolist(), dict(label.sees))),
                reach=float(reach[nodes].sum()),
                why=explain(solved, index, terms) if len(label.options) > 1 else None,
            )
        )
    return found


def _beliefs(solved: Solved, nodes: list[int], sees: dict[str, str]) -> list[dict[str, Any]]:
    """What may have happened, as far as the mover has not seen it; histories that differ only later are joined."""
    sums: dict[str, float] = {}
    for node in nodes:
        text = hidden_history(solved.game.compiled.node_history(node), sees)
        sums[text] = sums.get(text, 0.0) + float(solved.assessment.belief[0, node])
    return [
        {"history": text, "probability": None if np.isnan(share) else share}
        for text, share in sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    ]


def _certificate(solved: Solved, scale: Floats, settings: SolveSettings) -> SolveCertificate:
    shape, numbers = solved.game.compiled.shape, solved.numbers
    found = certify(shape, numbers, solved.assessment, scale, best_response=True)
    gains = found.best_response_gain
    residual, kind = None, found.kinds[0]
    witness = solved.assessment.witness
    if settings.lam is not None and witness is not None:
        lam = settings.lam / scale
        residual = float(certify_qre(shape, numbers, solved.assessment.strategy, witness.log_strategy[-1], lam)[0])
        kind = "qre" if residual <= 1e-6 else "unsettled"
    return SolveCertificate(
        kind=kind,
        regret=float(found.regret[0]),
        belief_residual=float(found.belief_residual[0]),
        witness_distance=float(found.witness_distance[0]),
        best_response_gain={} if gains is None else dict(zip(shape.players, gains[0].tolist(), strict=True)),
        qre_residual=residual,
    )


def _others(
    worlds: Worlds, part: Part, scale: Floats, settings: SolveSettings, watch: Watch
) -> tuple[list[OtherEquilibrium], int]:
    solved = part.solved if part.probe is None else part.probe()
    if settings.starts <= 0:
        return [], 0
    watch("other equilibria", 0, 1)
    pairs = others_of(worlds, solved, 0, settings.starts, scale[0])
    shape, numbers, owner = solved.game.compiled.shape, solved.numbers.take(slice(0, 1)), solved.game.owner
    found: list[OtherEquilibrium] = []
    for item, hits in pairs:
        values = expected_payoffs(shape, numbers, item.strategy, judge=owner)[0]
        ends = terminal_probability(shape, numbers.chance, item.strategy)[0]
        outcomes = {
            name: float(ends[solved.game.compiled.outcome_at[k]].sum())
            for k, name in enumerate(solved.game.compiled.outcome_names)
        }
        found.append(OtherEquilibrium(dict(zip(shape.players, values.tolist(), strict=True)), outcomes, hits))
    watch("other equilibria", 1, 1)
    return found, settings.starts


def _all(worlds: Worlds, part: Part, scale: Floats, settings: SolveSettings, watch: Watch) -> EquilibriaAnswer | None:
    """Every equilibrium found, if all were asked for."""
    if not settings.all_equilibria:
        return None
    solved = part.solved if part.probe is None else part.probe()
    watch("all equilibria", 0, 1)
    _, listed = equilibria_of(worlds, solved, 0, scale[0], max(1, settings.starts), seed=settings.seed)
    watch("all equilibria", 1, 1)
    return listed


def _notes(played: Played, main: int) -> list[str]:
    if played.optimal and played.optimal[0].get("mixed"):
        return rule_notes(played.optimal[0], float(played.value(played.parts[0].solved.game.owner)[0]))
    if len(played.parts) < 2:
        return []
    weights = [float(part.weight.sum()) for part in played.parts]
    return [
        f"The public signal leads to {len(weights)} beliefs; the play shown follows the most frequent one "
        f"(probability {weights[main]:.3g}). Values and outcomes are over all of them."
    ]
