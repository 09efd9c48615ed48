"""One tree, many payoff draws: equilibria a second on the benchmark crisis, against pygambit in the same run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.crisis import crisis_game, draw_crises
from benchmarks.measure import Clock, Spread, peak_mb, seconds, table
from benchmarks.peer import PeerRun, run_peer
from detente.axes import Floats
from detente.game import BuiltGame, Certificate, certify, certify_qre, share_equal_numbers, terminal_probability
from detente.solvers import BatchSolution, LogitSettings, kernels_are_compiled, solve_certified, solve_logit, solve_qre

DRAWS = 20_000
PEER_DRAWS = 24
CHECKED = 200  # draws whose branch is followed again with small steps
REPEATS = 3
LAMBDAS = (1.0, 10.0, 100.0)
SMALL_STEPS = LogitSettings(reach=0.003, longest=0.1, max_steps=60_000, first_try=1e3, attempts=1)
SAME_END = 1e-5


def common_scale(game: BuiltGame) -> Floats:
    """[draws, players] one unit for both players, the larger range: the branch pygambit follows has only one."""
    spread = np.ptp(game.numbers.payoff, axis=1).max(axis=1)
    return np.repeat(spread[:, None], game.shape.num_players, axis=1)


def run(clock: Clock, draws: int = DRAWS) -> dict[str, Any]:
    """Measure, print the tables, and return what is kept."""
    warm = kernels_are_compiled()
    game = crisis_game(draw_crises(draws, seed=1))
    share_s, shape = seconds(lambda: share_equal_numbers(game.shape, game.numbers))
    game = replace(game, shape=shape)
    scale = common_scale(game)
    one = replace(game, numbers=game.numbers.take(slice(0, 1)))
    compile_s, _ = seconds(lambda: solve_logit(one.shape, one.numbers, scale[:1], threads=1))
    again_s, _ = seconds(lambda: solve_logit(one.shape, one.numbers, scale[:1], threads=1))
    peer = run_peer(game, range(PEER_DRAWS), clock.share(60.0))
    draws = _affordable(game, scale, draws, clock.share(45.0))
    game = replace(game, numbers=game.numbers.take(slice(0, draws)))
    scale = scale[:draws]
    rates: dict[int, Spread] = {}
    solution: BatchSolution | None = None
    for threads in (1, 2):
        spent = []
        for _ in range(REPEATS):
            took, solution = seconds(
                lambda threads=threads: solve_logit(game.shape, game.numbers, scale, threads=threads)
            )
            spent.append(draws / took)
        rates[threads] = Spread.of(spent)
    assert solution is not None
    certify_s, certificate = seconds(lambda: certify(game.shape, game.numbers, solution.assessment, scale))
    if not certificate.certified.all():  # the few that the branch alone does not settle are tried again, on the clock
        restart_s, settled = seconds(lambda: _settled(game, scale, certificate))
        certify_s, certificate = certify_s + restart_s, settled
    kept = _kept(draws, rates, certify_s, certificate, peer)
    kept |= {
        "compile_s": max(0.0, compile_s - again_s),
        "kernels_were_on_disk": warm,
        "share_equal_s": share_s,
        "peak_mb": peak_mb(),
        "bytes_per_draw": _bytes_per_draw(game, solution),
        "branch": _branch(game, scale, solution, peer),
    }
    _print(game, draws, rates, kept, peer)
    kept["qre"] = _quantal(game, min(draws, 4_000), clock)
    return kept


def _settled(game: BuiltGame, scale: Floats, certificate: Certificate) -> Certificate:
    """The certificate with the draws that had none replaced by what further tries make of them."""
    rows = np.flatnonzero(~certificate.certified).astype(np.int32)
    found = solve_certified(game.shape, game.numbers.take(rows), scale[rows]).certificate
    regret, kinds = certificate.regret.copy(), list(certificate.kinds)
    regret[rows] = found.regret
    for row, kind in zip(rows, found.kinds, strict=True):
        kinds[row] = kind
    return replace(certificate, regret=regret, kinds=tuple(kinds))


def _affordable(game: BuiltGame, scale: Floats, draws: int, limit: float) -> int:
    """As many draws as six runs over them fit into the time, one or two threads."""
    some = min(draws, 500)
    took, _ = seconds(lambda: solve_logit(game.shape, game.numbers.take(slice(0, some)), scale[:some], threads=1))
    fits = int(limit / (REPEATS * 1.5 * took / some))
    return max(some, min(draws, fits))


def _kept(
    draws: int, rates: dict[int, Spread], certify_s: float, certificate: Certificate, peer: PeerRun
) -> dict[str, Any]:
    share = float(certificate.certified.mean())
    rate, theirs = rates[2].median * share, peer.games_per_s
    return {
        "games_per_s": rate,
        "games_per_s_one_thread": rates[1].median * share,
        "games_per_s_with_certificate": share * draws / (draws / rates[2].median + certify_s),
        "pygambit_games_per_s": theirs,
        "ratio": None if theirs is None else rate / theirs,
        "max_regret": float(certificate.regret[certificate.certified].max(initial=0.0)),
        "certified_share": share,
        "draws": draws,
        "certify_s": certify_s,
    }


def _bytes_per_draw(game: BuiltGame, solution: BatchSolution) -> int:
    """Numbers that go in and come out, per draw."""
    witness = solution.assessment.witness
    arrays = [game.numbers.payoff, game.numbers.chance, solution.assessment.strategy, solution.assessment.belief]
    arrays += [] if witness is None else [witness.log_strategy]
    return sum(array.nbytes for array in arrays) // max(1, game.numbers.num_draws)


def _branch(game: BuiltGame, scale: Floats, solution: BatchSolution, peer: PeerRun) -> dict[str, Any]:
    """Whether the ends are those of the principal branch: small steps, and the peer."""
    some = min(CHECKED, game.numbers.num_draws)
    numbers = game.numbers.take(slice(0, some))
    careful = solve_logit(game.shape, numbers, scale[:some], settings=SMALL_STEPS)
    ours = terminal_probability(game.shape, numbers.chance, solution.assessment.strategy[:some])
    apart = np.abs(ours - terminal_probability(game.shape, numbers.chance, careful.assessment.strategy)).max(axis=1)
    gaps = []
    for draw, theirs in enumerate(peer.profiles[:some]):
        if theirs is not None:
            end = terminal_probability(game.shape, numbers.chance[draw : draw + 1], theirs[None])[0]
            gaps.append(float(np.abs(end - ours[draw]).max()))
    return {
        "small_steps_draws": some,
        "small_steps_same_end": int(np.count_nonzero(apart <= SAME_END)),
        "peer_draws": len(gaps),
        "peer_same_end": int(np.count_nonzero(np.array(gaps) <= 1e-4)),
        "peer_largest_gap": max(gaps, default=None),
    }


def _quantal(game: BuiltGame, draws: int, clock: Clock) -> list[dict[str, Any]]:
    """Quantal response equilibria at given precisions, 1 / payoff unit."""
    rows: list[dict[str, Any]] = []
    numbers = game.numbers.take(slice(0, draws))
    for lam in LAMBDAS:
        if clock.left < 5.0:
            break
        took, found = seconds(lambda lam=lam: solve_qre(game.shape, numbers, lam, threads=2))
        witness = found.assessment.witness
        assert witness is not None
        precision = np.full((draws, game.shape.num_players), lam)
        gap = certify_qre(game.shape, numbers, found.assessment.strategy, witness.log_strategy[-1], precision)
        rows.append({"lam": lam, "games_per_s": draws / took, "largest_gap": float(gap.max())})
    print("\nQuantal response equilibria at a given precision, two threads:\n")
    print(
        table(
            ("precision", "games/s", "largest gap of log-odds"),
            [(row["lam"], row["games_per_s"], f"{row['largest_gap']:.1e}") for row in rows],
        )
    )
    return rows


def _print(game: BuiltGame, draws: int, rates: dict[int, Spread], kept: dict[str, Any], peer: PeerRun) -> None:
    shape, theirs = game.shape, peer.games_per_s
    print(
        "\n## One tree, many draws\n\n"
        f"{shape.num_nodes} nodes, {shape.num_infosets} information sets, {draws:,} draws.\n"
    )
    head = ("solver", "threads", "games/s, median", "min", "max", "times pygambit")
    rows: list[tuple[object, ...]] = [
        (
            "detente solve_logit", threads, rate.median, rate.low, rate.high,
            None if theirs is None else rate.median * kept["certified_share"] / theirs,
        )
        for threads, rate in rates.items()
    ]  # fmt: skip
    if peer.seconds is None:
        rows.append((f"pygambit logit_solve: {peer.why}", 1, None, None, None, None))
    else:
        low, high = 1 / peer.seconds.high, 1 / peer.seconds.low
        rows.append((f"pygambit logit_solve, {peer.games} of the games", 1, theirs, low, high, 1.0))
    print(table(head, rows))
    branch = kept["branch"]
    print(
        f"\nCertified: {kept['certified_share']:.2%}, largest regret {kept['max_regret']:.1e} of the payoff range; "
        f"certifying took {kept['certify_s']:.2f} s more: {kept['games_per_s_with_certificate']:,.0f} games/s with it. "
        f"Compiling took {kept['compile_s']:.1f} s before"
        f"{' (kernels were on disk)' if kept['kernels_were_on_disk'] else ''}. "
        f"Peak memory {kept['peak_mb']:,.0f} MB; {kept['bytes_per_draw']:,} bytes held a draw. "
        f"Same end with small steps: {branch['small_steps_same_end']} of {branch['small_steps_draws']} draws; "
        f"as pygambit's: {branch['peer_same_end']} of {branch['peer_draws']}."
    )
