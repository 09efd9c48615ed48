"""Plausible answers without solving anything: what the report is tested and looked at with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from detente.case.model import Actor, Case, Distribution, NotModelled, Outcome, Parameter, Posture, PrivateType
from detente.study.results import (
    Band,
    CertificateSummary,
    CompareAnswer,
    EnvelopeAnswer,
    Manifest,
    PostureAnswer,
    RegionMap,
    Sweep,
    TippingPoint,
)
from detente.study.results_audit import AuditAnswer, ClaimAnswer, TurnsOn
from detente.study.results_solve import InfosetAnswer, OtherEquilibrium, SolveAnswer, SolveCertificate, Why

POSTURES = ("telegraph_limits", "telegraph_severe", "ambiguous", "secret_preparation", "dual_track", "calibrated")
ACTORS = {"RUS": "Russia", "USA": "United States", "UKR": "Ukraine", "EUR": "European allies"}
OUTCOMES = ("attack", "limited_incursion", "talks", "stand_down")
ABOUT = {
    "telegraph_limits": "Washington says early and openly that force will not be met with force.",
    "telegraph_severe": "Washington announces in advance that any attack meets the full set of sanctions.",
    "ambiguous": "Washington says nothing about what it would do; others keep their prior belief.",
    "secret_preparation": "A severe response is prepared with allies out of the public eye; it may leak.",
    "dual_track": "Talks are offered together with severe announced counter-measures.",
    "calibrated": "Washington fixes beforehand how much its statements will give away, and keeps to it.",
}
# name, base, low, high, about, source, confidence, effect on the owner's value per posture
PARAMETERS = (
    (
        "p_firm",
        0.3,
        0.05,
        0.7,
        "probability that others give to a firm Washington",
        "stent2021 ¶14",
        "low",
        (-0.1, 0.2, 0.9, 0.7, 0.6, 0.85),
    ),
    (
        "prize_rus",
        1.0,
        0.6,
        1.4,
        "what a subdued Ukraine is worth to Moscow when that is its aim",
        "stent2021 ¶9",
        "low",
        (-0.6, -0.3, -0.45, -0.35, -0.2, -0.35),
    ),
    (
        "cost_sanctions_eur",
        0.2,
        0.1,
        0.45,
        "what severe sanctions cost the European allies",
        "stent2021 ¶15",
        "moderate",
        (0.0, -0.5, -0.2, -0.2, -0.4, -0.2),
    ),
    (
        "p_leak",
        0.25,
        0.05,
        0.6,
        "chance that secret preparation becomes known to Moscow",
        "stent2021 ¶14",
        "low",
        (0.0, 0.0, 0.0, -0.5, 0.0, 0.0),
    ),
    (
        "status_gain",
        0.3,
        0.1,
        0.6,
        "what a summit is worth to Moscow as recognition",
        "stent2021 ¶10",
        "moderate",
        (0.0, 0.0, -0.1, -0.1, 0.5, 0.0),
    ),
    (
        "casualties_rus",
        0.5,
        0.2,
        0.9,
        "what losses against Ukraine's better armed forces cost Moscow at home",
        "judgment",
        "high",
        (0.3, 0.2, 0.25, 0.3, 0.2, 0.25),
    ),
    (
        "continuation_rus",
        -0.4,
        -1.0,
        0.4,
        "what follows for Moscow once a full invasion has begun",
        "judgment",
        "low",
        (-0.2, -0.2, -0.2, -0.2, -0.2, -0.2),
    ),
    ("one", 1.0, 1.0, 1.0, "the unit of payoff", "", None, (0, 0, 0, 0, 0, 0)),
)
CONSTANT = (-0.15, 0.02, -0.18, -0.05, 0.03, -0.12)


def _values(theta: np.ndarray) -> np.ndarray:
    """[draws, postures] owner's value, linear with one kink."""
    effects = np.array([row[-1] for row in PARAMETERS])
    base = np.array([row[1] for row in PARAMETERS])
    value = (theta - base) @ effects + np.array(CONSTANT)
    value[:, 5] = np.maximum(value[:, 5], value[:, 2])
    return value


def _band(draws: np.ndarray) -> Band:
    return Band(float(np.nanmean(draws)), *(float(v) for v in np.nanquantile(draws, [0.05, 0.95])))


def compare_answer(
    draws: int = 400, seed: int = 1, title: str = "Russia's buildup on Ukraine's border"
) -> CompareAnswer:
    """A complete answer over six postures."""
    rng = np.random.default_rng(seed)
    low, high = np.array([row[2] for row in PARAMETERS]), np.array([row[3] for row in PARAMETERS])
    theta = low + rng.random((draws, len(PARAMETERS))) * (high - low)
    base_theta = np.array([[row[1] for row in PARAMETERS]])
    certified = np.ones(draws, dtype=bool)
    certified[7] = False
    owner, base_owner = _values(theta), _values(base_theta)[0]
    owner[~certified] = np.nan
    best = np.nanmax(np.where(certified[:, None], owner, -9), axis=1)
    ties = (owner >= best[:, None] - 1e-9) & certified[:, None]
    share = np.nanmean(np.where(certified[:, None], ties / np.maximum(1, ties.sum(1, keepdims=True)), np.nan), axis=0)
    leader = POSTURES[int(np.argmax(share))]
    postures = tuple(
        _posture(i, owner[:, i], float(base_owner[i]), best, float(share[i]), rng) for i in range(len(POSTURES))
    )
    sweeps = tuple(_sweep(i) for i in range(len(PARAMETERS) - 1))
    return CompareAnswer(
        case_title=title,
        manifest=manifest(draws, seed),
        owner="USA",
        actors=dict(ACTORS),
        status_quo="telegraph_limits",
        postures=postures,
        leading=leader,
        leading_tied=(leader,),
        tied_share=0.12,
        selection_sensitive=False,
        statement=(
            "Under the stated ranges it is likely that “dual track” is the best for the United States of the 6 "
            "postures compared (60 % of the worlds tried); in 12 % of worlds another does as well."
        ),
        confidence="Confidence is low: 3 of the 4 assumptions the answer turns on are themselves of low confidence.",
        paired=(),
        tipping_points=_tipping(),
        none_in_range=("casualties_rus", "continuation_rus"),
        sweeps=sweeps,
        region=_region(),
        envelope=_envelope(),
        certificate=CertificateSummary(
            3.1e-11, 2.2e-16, 1 / draws, 6 * draws, {"converged": 6 * draws - 1, "stalled": 1}
        ),
        interrupted=False,
        draws_done=draws,
        certified=certified,
        draws=theta,
        notes=("1 of 400 worlds could not be certified and is left out of every share.",),
    )


def manifest(draws: int = 400, seed: int = 1) -> Manifest:
    return Manifest("ukraine-2021", "ab" * 32, "0.1.0", seed, draws, {"tolerance": 1e-8}, {"numpy": "2.2.0"})


def _posture(
    i: int, owner: np.ndarray, base: float, best: np.ndarray, share: float, rng: np.random.Generator
) -> PostureAnswer:
    n = len(owner)
    values = np.column_stack(
        [rng.normal(0.4 - 0.05 * i, 0.2, n), owner, rng.normal(-0.3, 0.2, n), rng.normal(-0.1, 0.1, n)]
    )
    values[np.isnan(owner)] = np.nan
    center = np.array([0.45 - 0.06 * i, 0.2, 0.2 + 0.04 * i, 0.15 + 0.02 * i])
    outcomes = np.clip(center + rng.normal(0, 0.09, (n, 4)), 0, 1)
    outcomes[np.isnan(owner)] = np.nan
    commit = i in (0, 1, 5)
    return PostureAnswer(
        name=POSTURES[i],
        about=ABOUT[POSTURES[i]],
        value={actor: _band(values[:, k]) for k, actor in enumerate(ACTORS)},
        value_by_type={"firm": _band(owner + 0.1), "limited": _band(owner - 0.1)},
        outcomes={name: _band(outcomes[:, k]) for k, name in enumerate(OUTCOMES)},
        best_share=share,
        best_share_bounds=(max(0.0, share - 0.0025), min(1.0, share + 0.0025)),
        regret_p90=float(np.nanquantile(best - owner, 0.9)),
        abandon_gain={
            "firm": {"gain": 0.12 if commit else 0.0, "how": "reveal" if commit else ""},
            "limited": {"gain": 0.0, "how": ""},
        },
        needs_commitment=commit,
        not_modelled=_band(outcomes[:, 0] * 0.6),
        base_value={"RUS": 0.4 - 0.05 * i, "USA": base, "UKR": -0.3, "EUR": -0.1},
        base_outcomes={name: float(center[k]) for k, name in enumerate(OUTCOMES)},
        base_value_by_type={"firm": base + 0.1, "limited": base - 0.1},
        equilibria_range=(base, base),
        values=values,
        outcome_draws=outcomes,
        optimal={
            "type": "USA.resolve",
            "signals": [
                {"weight": 0.45, "belief": {"firm": 0.0, "limited": 1.0}, "limit": False},
                {"weight": 0.55, "belief": {"firm": 0.55, "limited": 0.45}, "limit": True},
            ],
            "attained": False,
        }
        if i == 5
        else {},
    )


def _sweep(k: int) -> Sweep:
    points = np.linspace(PARAMETERS[k][2], PARAMETERS[k][3], 65)
    theta = np.repeat([[row[1] for row in PARAMETERS]], 65, axis=0)
    theta[:, k] = points
    value = _values(theta)
    best = tuple((POSTURES[int(j)],) for j in value.argmax(axis=1))
    return Sweep(PARAMETERS[k][0], PARAMETERS[k][1], points, {p: value[:, i] for i, p in enumerate(POSTURES)}, best)


def _tipping() -> tuple[TippingPoint, ...]:
    found = []
    for k in range(len(PARAMETERS) - 1):
        line = _sweep(k)
        for j in range(1, len(line.points)):
            if line.best[j] != line.best[j - 1]:
                switch = float(line.points[j] + line.points[j - 1]) / 2
                before, after = line.best[j - 1][0], line.best[j][0]
                found.append(TippingPoint(line.parameter, line.base, switch, before, after, 1e-3))
    return tuple(found)


def _region() -> RegionMap:
    xs, ys = np.linspace(0.05, 0.7, 41), np.linspace(0.1, 0.45, 41)
    theta = np.repeat([[row[1] for row in PARAMETERS]], 41 * 41, axis=0)
    grid_y, grid_x = np.meshgrid(ys, xs, indexing="ij")
    theta[:, 0], theta[:, 2] = grid_x.ravel(), grid_y.ravel()
    best = _values(theta).argmax(axis=1).reshape(41, 41).astype(np.int32)
    best = np.ascontiguousarray(best.T)
    sets = tuple(tuple((POSTURES[k],) if k != 1 else (POSTURES[1], POSTURES[5]) for k in row) for row in best)
    return RegionMap("p_firm", "cost_sanctions_eur", xs, ys, best, POSTURES, (0.3, 0.2), sets)


def _envelope() -> EnvelopeAnswer:
    belief = np.linspace(0, 1, 201)
    threshold = 0.55
    value = np.where(belief < threshold, -0.6 + 0.1 * belief, -0.05 - 0.1 * belief)
    hull = np.where(belief < threshold, -0.6 + belief / threshold * 0.495, value)
    at = float(-0.6 + 0.3 / threshold * 0.495)
    return EnvelopeAnswer(
        "USA.resolve",
        ("firm", "limited"),
        np.column_stack([belief, 1 - belief]),
        value,
        hull,
        np.array([0.3, 0.7]),
        at,
        -0.57,
        -0.465,
        (((0.0, 1.0), 1 - 0.3 / threshold), ((threshold, 1 - threshold), 0.3 / threshold)),
        True,
        (threshold - 1e-9,),
    )


def triangle_envelope() -> EnvelopeAnswer:
    """Beliefs over three labels."""
    grid = [(i / 20, j / 20, 1 - (i + j) / 20) for i in range(21) for j in range(21 - i)]
    beliefs = np.array(grid)
    value = -((beliefs - 1 / 3) ** 2).sum(axis=1)
    support = (((1.0, 0.0, 0.0), 0.3), ((0.1, 0.5, 0.4), 0.7))
    prior = np.array([0.37, 0.35, 0.28])
    return EnvelopeAnswer(
        "USA.resolve", ("firm", "mixed", "limited"), beliefs, value, value, prior, 0.1, -0.1, -0.2, support, False, ()
    )


def case(title: str = "Russia's buildup on Ukraine's border") -> Case:
    """A case to go with the answer; its timeline, payoffs and expressions are not needed by the report."""
    parameters = tuple(
        Parameter(
            name,
            value,
            Distribution("uniform" if high > low else "fixed", low, high, value, stated=name == "p_leak"),
            about,
            source,
            confidence,  # type: ignore[arg-type]
        )
        for name, value, low, high, about, source, confidence, _ in PARAMETERS
    )
    return Case(
        name="ukraine-2021",
        title=title,
        as_of="2021-12-08",
        summary="Some ninety thousand troops stand near the border. Washington has to decide what to say about it.",
        question="Does Washington do better telegraphing its response, keeping it ambiguous, or something else?",
        sources={
            "stent2021": "Stent, A. (2021), an essay on the crisis. https://www.foreignaffairs.com/x",
            "bad": "A source with a bad address javascript:alert(1)",
        },
        actors=tuple(Actor(id, name) for id, name in ACTORS.items()),
        owner="USA",
        parameters=parameters,
        tables={},
        types=(PrivateType("USA.resolve", "USA", ("firm", "limited"), (None, None)),),
        joints=(),
        timeline=(),
        terms=(),
        outcomes=tuple(Outcome(name, None, f"what {name} means") for name in OUTCOMES),  # type: ignore[arg-type]
        not_modelled=(
            NotModelled("attack", ("continuation_rus",), "After a full invasion this case no longer applies."),
        ),
        postures=tuple(
            Posture(name, "USA", name == "telegraph_limits", ABOUT[name], {}, {}, {}, {}) for name in POSTURES
        ),
        claims=(),
        text="",
        sha256="ab" * 32,
        file="ukraine-2021.case.yaml",
    )


def hostile_answer() -> CompareAnswer:
    """An answer whose every text tries to break out of the page or the terminal."""
    bad = HOSTILE
    answer = compare_answer(60, title=bad)
    postures = tuple(replace(item, about=bad) for item in answer.postures)
    return replace(
        answer,
        postures=postures,
        actors={"RUS": bad, **{k: v for k, v in ACTORS.items() if k != "RUS"}},
        statement=bad,
        confidence=bad,
        notes=(bad,),
    )


def _claim(id: str, says: str, source: str, at_base: str, share: float | None, **more: object) -> ClaimAnswer:
    fields = {
        "share_bounds": None if share is None else (max(0.0, share - 0.0025), min(1.0, share + 0.0025)),
        "undefined": 0.0,
        "turns_on": (),
        "reason": "",
        "by_assumption": (),
        "selection_sensitive": False,
        "holds": np.zeros(0),
        "quantities": {},
    }
    return ClaimAnswer(id, says, source, at_base, share, **{**fields, **more})  # type: ignore[arg-type]


def audit_answer() -> AuditAnswer:
    """Claims with every kind of verdict."""
    turns = (TurnsOn("p_firm", 0.3, (0.279,), 0.4), TurnsOn("prize_rus", 1.0, (), 0.0))
    claims = (
        _claim(
            "C1",
            "Washington does better keeping its range of responses undisclosed than telegraphing it",
            "stent2021 ¶14",
            "holds",
            0.62,
            turns_on=turns,
        ),
        _claim("C2", "An assault is not the best move for most aims", "stent2021 ¶12", "holds", 1.0),
        _claim("C3", "Sanctions alone change the decision little", "stent2021 ¶15", "fails", 0.0),
        _claim(
            "C4",
            "Announcing more sanctions adds little",
            "stent2021 ¶15",
            "holds",
            0.97,
            turns_on=turns[:1],
            by_assumption=("p_leak",),
            undefined=0.1,
        ),
        _claim(
            "C7",
            "Minsk II as written has no order of steps that both sides would follow",
            "stent2021 ¶16",
            "cannot be judged",
            None,
            reason="settlements are not available yet in this version",
        ),
    )
    certificate = CertificateSummary(3.1e-11, 2.2e-16, 0.0, 900, {"converged": 900})
    certified, draws = np.ones(4, dtype=bool), np.zeros((4, 8))
    return AuditAnswer("Russia's buildup", manifest(), dict(ACTORS), claims, certificate, False, 400, certified, draws)


def solve_answer() -> SolveAnswer:
    """Two situations, one of them never reached."""
    why = Why("mass", "hold", 0.12, {"prize": 0.2, "level_cost": -0.08}, "“mass” is worth 0.12 more than “hold”.")
    infosets = (
        InfosetAnswer(
            "RUS",
            "winter",
            {"RUS.aim": "subjugate", "spring": "mass"},
            {"mass": 0.8, "hold": 0.2},
            {"mass": 0.31, "hold": 0.19},
            (
                {"history": "USA.resolve=firm", "probability": 0.3},
                {"history": "USA.resolve=limited", "probability": 0.7},
            ),
            0.4,
            why,
        ),
        InfosetAnswer(
            "USA",
            "respond",
            {"USA.resolve": "firm", "move": "assault"},
            {"severe": 1.0, "protest": 0.0},
            {"severe": -0.2, "protest": -0.5},
            ({"history": "", "probability": None},),
            0.0,
            None,
        ),
    )
    return SolveAnswer(
        case_title="Russia's buildup on Ukraine's border",
        manifest=manifest(),
        posture="telegraph_limits",
        actors=dict(ACTORS),
        lam=None,
        infosets=infosets,
        values={"RUS": 0.41, "USA": -0.15, "UKR": -0.3, "EUR": -0.1},
        value_by_type={"firm": -0.05, "limited": -0.2},
        outcomes={"attack": 0.45, "talks": 0.2},
        not_modelled=0.27,
        certificate=SolveCertificate("sequential", 2e-11, 1e-16, 1e-9, {"RUS": 0.0}),
        status="Converged.",
        others=(OtherEquilibrium({"RUS": 0.3, "USA": 0.1}, {"attack": 0.1}, 3),),
        starts=20,
        size={"nodes": 109, "terminals": 60, "infosets": 17},
        optimal={},
    )


HOSTILE = '<script>alert(1)</script>" onload="alert(2) \x1b[31m \u202e {{ 7*7 }} <img src=http://evil.example/x.png>'


def hostile_case() -> Case:
    """A case whose every text tries to break out of the page."""
    honest = case()
    return replace(
        honest,
        title=HOSTILE,
        summary=HOSTILE,
        question=HOSTILE,
        as_of=HOSTILE,
        file=HOSTILE,
        sources={"a": f"{HOSTILE} javascript:alert(3) data:text/html,x ftp://evil.example https://good.example/a'b"},
        actors=tuple(Actor(item.id, HOSTILE if item.id == "RUS" else item.name) for item in honest.actors),
        parameters=tuple(replace(item, about=HOSTILE, source=HOSTILE) for item in honest.parameters),
        postures=tuple(replace(item, about=HOSTILE) for item in honest.postures),
        outcomes=tuple(replace(item, about=HOSTILE) for item in honest.outcomes),
        not_modelled=(NotModelled("attack", ("continuation_rus",), HOSTILE),),
    )
