"""Fearon (1997): showing resolve by tying hands or by sinking costs, with two types of each side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detente.errors import RequestError
from detente.game import BuiltGame, TreeBuilder
from detente.models.checks import choice, number, probabilities, require, shown, tag
from detente.models.fearon1997_regimes import KINDS, Crisis, regimes, separating_interval
from detente.models.model import ClosedForm, PublishedModel


def build(
    *,
    kind: str = "sunk",
    q: float,
    tau: float,
    m: float | None = None,
    grid: Sequence[float] | None = None,
    **crisis: float,
) -> BuiltGame:
    """The tree: D's resolve, D's signal, C's toughness, C's challenge, D's answer.

    Takes the same parameters as `closed_form` with a signal `m`, or with a `grid` of several levels.

    Raises:
        RequestError: A parameter is missing or outside its range.
    """
    game = _crisis(kind, q, tau, crisis)
    if grid is None:
        require(m is not None, "m is missing: the size of the signal, or grid for several.")
        levels = (number("m", m or 0.0, 0, ends="()"),)
    else:
        levels = tuple(level for level in _levels(grid) if level > 0)
    tree = TreeBuilder("D", "C")

    def challenged(own: str, theirs: str, signal: float) -> Any:
        sent = tag(signal)
        stakes = -game.c if theirs == "weak" else game.t
        fight = tree.terminal(game.fight(own, signal), stakes, outcome="war")
        back = tree.terminal(game.back_down(own, signal), game.g, outcome="backdown")
        answer = tree.decision("D", f"D2|{own}|{sent}", {"fight": fight, "back": back})
        peace = tree.terminal(game.unchallenged(own, signal), 0.0, outcome="deter")
        return tree.decision("C", f"C|{theirs}|{sent}", {"chal": answer, "no": peace})

    def signals(own: str) -> Any:
        return tree.decision(
            "D",
            f"D1|{own}",
            {
                tag(signal): tree.chance(
                    {
                        "weak": (1 - tau, challenged(own, "weak", signal)),
                        "tough": (tau, challenged(own, "tough", signal)),
                    }
                )
                for signal in (0.0, *levels)
            },
        )

    return tree.build(tree.chance({"H": (q, signals("H")), "L": (1 - q, signals("L"))}))


def closed_form(
    *,
    q: float,
    tau: float,
    kind: str | None = None,
    m: float | None = None,
    equilibrium: str | None = None,
    grid: Sequence[float] | None = None,
    **crisis: float,
) -> ClosedForm:
    """Who signals, who bluffs, and how often there is war.

    With `m` the equilibrium of one signal of `kind` ``sunk``, ``tie``, ``installment`` (takes `delta`) or
    ``reducible`` (takes `kappa`). With `m_tie` and `m_sunk` the comparison of the two. With `delta` and
    `kappa` but no `m`, the intervals in which each sunk signal separates. With `grid` the levels of a sunk
    signal that survive D1 where D can choose among all of them.

    Args:
        q: Probability that D is resolved (type H).
        tau: Probability that C is tough.
        kind: Kind of signal.
        m: Size of the signal, above 0.
        equilibrium: Name of the regime, where there are several; see `ClosedForm.others`.
        grid: Levels of a sunk signal.
        crisis: The payoffs `vH`, `vL`, `p`, `cD`, `g`, `c`, `t`, and what was named above.

    Raises:
        RequestError: A parameter is missing or outside its range, or the equilibrium does not exist there.

    Reference: Fearon (1997); Quek (2021) for instalments and reducible costs; the two-type form is of this model.
    """
    if "m_tie" in crisis or "m_sunk" in crisis:
        return _compare(q, tau, dict(crisis))
    if grid is not None:
        return _grid(_crisis(kind or "sunk", q, tau, crisis), grid)
    if m is None:
        return _intervals(q, tau, crisis)
    require(kind is not None, f"kind is missing. There are: {', '.join(KINDS)}.")
    game = _crisis(str(kind), q, tau, crisis)
    m = number("m", m, 0, ends="()")
    found = regimes(game, m)
    if not found:
        low, high = separating_interval(game)
        raise RequestError(
            f"there is no closed form for {shown(m=m)} of kind '{kind}'; it separates from {low:.6g} to {high:.6g}."
        )
    name = next(iter(found)) if equilibrium is None else choice("equilibrium", equilibrium, tuple(found))
    return _solution(game, m, name, tuple(item for item in found if item != name), found[name])


def _solution(game: Crisis, m: float, name: str, others: tuple[str, ...], play: tuple[float, ...]) -> ClosedForm:
    """All numbers of a regime: probabilities that H and L signal, and that a weak C challenges after 0 and m."""
    sends = {"H": play[0], "L": play[1]}
    rho = {0.0: play[2], m: play[3]}
    prior = {"H": game.q, "L": 1 - game.q}
    outcomes = {"war": 0.0, "backdown": 0.0, "deter": 0.0}
    by_type = {"H": 0.0, "L": 0.0}
    eu_c = 0.0
    for own, signal in ((own, signal) for own in "HL" for signal in (0.0, m)):
        share = sends[own] if signal else 1 - sends[own]
        odds = game.tau + game.ct * rho[signal]
        fights = game.fights(own, signal)
        answered = game.fight(own, signal) if fights else game.back_down(own, signal)
        by_type[own] += share * (odds * answered + (1 - odds) * game.unchallenged(own, signal))
        outcomes["war" if fights else "backdown"] += prior[own] * share * odds
        outcomes["deter"] += prior[own] * share * (1 - odds)
        stakes = game.tau * game.t - game.ct * rho[signal] * game.c if fights else odds * game.g
        eu_c += prior[own] * share * stakes
    sent = sum(prior[own] * sends[own] for own in "HL")
    eu_d = sum(prior[own] * by_type[own] for own in "HL")
    answer: dict[str, Any] = {
        "strategies": _strategies(game, m, sends, rho),
        "outcomes": outcomes,
        "eu": {"D": eu_d, "C": eu_c},
        "eu_by_type": by_type,
        **game.thresholds(),
        "regime": name,
        "prob_deter_after_m": game.ct * (1 - rho[m]),
        "bluff_prob_L": sends["L"],
        "rho_weak_challenges_after_m": rho[m],
        "war": outcomes["war"],
        "posterior_H_after_m": prior["H"] * sends["H"] / sent if sent else None,
        "EU_H": by_type["H"],
        "EU_L": by_type["L"],
        "EU_D": eu_d,
        "EU_C": eu_c,
    }
    return ClosedForm(answer, name, others, _trembles(name, m))


def _strategies(game: Crisis, m: float, sends: dict[str, float], rho: dict[float, float]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for signal in (0.0, m):
        found[f"C|weak|{tag(signal)}"] = probabilities({"chal": rho[signal], "no": 1 - rho[signal]})
        found[f"C|tough|{tag(signal)}"] = {"chal": 1.0}
        for own in "HL":
            found[f"D2|{own}|{tag(signal)}"] = {"fight" if game.fights(own, signal) else "back": 1.0}
    for own in "HL":
        found[f"D1|{own}"] = probabilities({"0": 1 - sends[own], tag(m): sends[own]})
    return found


def _trembles(name: str, m: float) -> dict[str, dict[str, int]]:
    """After a signal that nobody sends C believes in L, except where both types are equally likely to err."""
    if name == "pooling on 0, deterred":
        return {}
    return {"D1|H": {"0": 2, tag(m): 2}}


def _compare(q: float, tau: float, crisis: dict[str, Any]) -> ClosedForm:
    for name in ("m_tie", "m_sunk"):
        require(name in crisis, f"the comparison takes both m_tie and m_sunk; {name} is missing.")
    tie, sunk = crisis.pop("m_tie"), crisis.pop("m_sunk")
    tied = closed_form(kind="tie", q=q, tau=tau, m=tie, **crisis)
    paid = closed_form(kind="sunk", q=q, tau=tau, m=sunk, **crisis)
    answer = {
        "war_tie": tied["war"],
        "war_sunk": paid["war"],
        "EU_D_tie": tied["EU_D"],
        "EU_D_sunk": paid["EU_D"],
        "regime_tie": tied["regime"],
        "regime_sunk": paid["regime"],
    }
    return ClosedForm(answer)


def _intervals(q: float, tau: float, crisis: dict[str, float]) -> ClosedForm:
    require(
        "delta" in crisis and "kappa" in crisis,
        "m is missing. Give m and kind for one signal, m_tie and m_sunk to compare, grid for the levels that survive "
        "D1, or delta and kappa for the intervals in which a sunk signal separates.",
    )
    answer = {}
    for kind in ("sunk", "installment", "reducible"):
        low, high = separating_interval(_crisis(kind, q, tau, crisis))
        answer[kind] = {"m_min": low, "m_max": high}
    return ClosedForm(answer)


def _grid(game: Crisis, grid: Sequence[float]) -> ClosedForm:
    levels = _levels(grid)
    require(game.kind == "sunk", f"the grid is of sunk signals; kind = {game.kind!r} is not possible here.")
    kept: list[tuple[float, str]] = []
    for level in levels[1:] if levels[:1] == (0.0,) else levels:
        for name, play in regimes(game, level).items():
            closed = _solution(game, level, name, (), play)
            if play[0] > 0 and _survives(game, level, closed, levels):
                kept.append((level, name))
    answer = {
        "survivors": [level for level, _ in kept],
        "regimes": [name for _, name in kept],
        "m_riley": game.ct * game.vL,
    }
    return ClosedForm(answer)


def _levels(grid: Sequence[float]) -> tuple[float, ...]:
    levels = tuple(number("a level of the grid", level, 0) for level in grid)
    require(list(levels) == sorted(set(levels)), f"grid = {list(levels)} must rise.")
    return levels


def _survives(game: Crisis, level: float, closed: ClosedForm, levels: Sequence[float]) -> bool:
    """Whether no unused level is worth it to the type that D1 makes C believe in.

    A type gains from level x if it deters with a probability above a threshold; the lower threshold is the
    type that D1 leaves.
    """
    used = {level} | ({0.0} if closed["bluff_prob_L"] < 1 else set[float]())
    for other in levels:
        if other in used:
            continue
        needs_h = (closed["EU_H"] - game.w("H") + other) / (game.vH - game.w("H"))
        needs_l = (closed["EU_L"] + other) / game.vL
        if needs_h < needs_l - 1e-12 and needs_h < game.ct - 1e-12:
            return False
    return True


def _crisis(kind: str, q: float, tau: float, crisis: dict[str, Any]) -> Crisis:
    choice("kind", kind, KINDS)
    names = ("vH", "vL", "p", "cD", "g", "c", "t")
    missing = [name for name in names if name not in crisis]
    require(not missing, f"{', '.join(missing)} missing; the payoffs are {', '.join(names)}.")
    unknown = [name for name in crisis if name not in (*names, "delta", "kappa")]
    require(not unknown, f"there is no parameter {', '.join(unknown)} here. There are: {', '.join(MODEL.parameters)}.")
    found = Crisis(
        kind,
        number("q", q, 0, 1, ends="()"),
        number("tau", tau, 0, 1, ends="[)"),
        number("vH", crisis["vH"], 0, ends="()"),
        number("vL", crisis["vL"], 0, crisis["vH"], ends="()"),
        number("p", crisis["p"], 0, 1),
        number("cD", crisis["cD"], 0),
        number("g", crisis["g"], 0, ends="()"),
        number("c", crisis["c"], 0, ends="()"),
        number("t", crisis["t"], 0, ends="()"),
        number("delta", crisis.get("delta", 1.0), 0, 1, ends="(]"),
        number("kappa", crisis.get("kappa", 0.0), 0, 1, ends="[)"),
    )
    require(
        found.w("H") > 0 > found.w("L"),
        f"war must be better than backing down for H alone: p vH - cD = {found.w('H'):g} must lie above 0 and "
        f"p vL - cD = {found.w('L'):g} below.",
    )
    return found


MODEL = PublishedModel(
    key="fearon1997_tying_sinking",
    title="Tying hands and sinking costs",
    citation=(
        "Fearon, J. D. (1997). Signaling Foreign Policy Interests: Tying Hands versus Sinking Costs. "
        "Journal of Conflict Resolution 41(1), 68-90."
    ),
    about=(
        "A stylized version with two types of each side and one level of the signal; the paper has a continuum and "
        "lets the size be chosen. The grid of levels under D1 stands in for free choice."
    ),
    parameters={
        "kind": "kind of signal: sunk, tie, installment or reducible",
        "q": "probability that D is resolved (type H), strictly between 0 and 1",
        "tau": "probability that C is tough and challenges whatever it sees, 0 to below 1",
        "m": "size of the signal, above 0",
        "vH": "what the issue is worth to a resolved D",
        "vL": "what it is worth to the other type, above 0 and below vH",
        "p": "probability that D wins a war, 0 to 1",
        "cD": "D's cost of war; such that p vH - cD is above 0 and p vL - cD below",
        "g": "what C gains when D backs down, above 0",
        "c": "what a weak C loses in a war, above 0",
        "t": "what a tough C gains in a war, above 0",
        "delta": "share of the signal that an installment costs, above 0 to 1",
        "kappa": "share of a reducible cost that comes back in a war, 0 to below 1",
        "m_tie": "size of the tying signal in the comparison",
        "m_sunk": "size of the sunk signal in the comparison",
        "grid": "levels of a sunk signal among which D1 selects",
    },
    closed_form=closed_form,
    example={
        "kind": "sunk", "q": 0.3, "tau": 0.2, "m": 0.5,
        "vH": 2.0, "vL": 0.5, "p": 0.6, "cD": 0.6, "g": 1.0, "c": 1.0, "t": 0.5,
    },
    build=build,
    cases=("fearon1997-sinking-costs", "fearon1997-tying-hands"),
)  # fmt: skip
