"""Baliga and Sjöström (2008): when it pays a big power not to know whether a small one is armed."""

from __future__ import annotations

from typing import Any

from detente.game import BuiltGame, TreeBuilder
from detente.models.ambiguity_regimes import Arms, Played, solve
from detente.models.checks import choice, number, require
from detente.models.model import ClosedForm, PublishedModel

REGIMES = ("ambiguity", "inspection", "voluntary")
_FINITE = ("pi_lo", "k_lo", "k_hi")


def build(*, regime: str = "ambiguity", n: int = 12, **parameters: Any) -> BuiltGame:
    """The tree: B's cost of arming, B arms or not, A's type, A attacks or holds.

    Takes the same parameters as `closed_form`. A cost that is uniform on [0, K] becomes `n` equally likely
    types at the midpoints of equal cells.

    Raises:
        RequestError: A parameter is missing or outside its range.
    """
    parameters.pop("equilibrium", None)
    arms = _arms(parameters, int(number("n", n, 1)))
    choice("regime", regime, REGIMES)
    tree = TreeBuilder("A", "B")

    def attacked(kind: str, armed: bool, cost: float, seen: str) -> Any:
        word = "armed" if armed else "unarmed"
        attack, hold = arms.payoff_A(kind, armed)
        lost = cost if armed else 0.0
        hit = arms.D_a if armed else arms.D
        return tree.decision(
            "A",
            f"A|{kind}|{seen}",
            {
                "attack": tree.terminal(attack, -lost - hit, outcome=f"{word}_attack"),
                "hold": tree.terminal(hold, -lost, outcome=f"{word}_peace"),
            },
        )

    def sight(armed: bool, cost: float, seen: str) -> Any:
        return tree.chance({kind: (odds, attacked(kind, armed, cost, seen)) for kind, odds in arms.big.items()})

    def after(label: str, armed: bool, cost: float) -> Any:
        word = "armed" if armed else "unarmed"
        if regime != "voluntary":
            return sight(armed, cost, word if regime == "inspection" else "closed")
        shown = {"open": sight(armed, cost, word), "closed": sight(armed, cost, "closed")}
        return tree.decision("B", f"Bopen|{label}|{word}", shown)

    branches = {
        label: (
            weight,
            tree.decision("B", f"Barm|{label}", {"arm": after(label, True, cost), "not": after(label, False, cost)}),
        )
        for label, cost, weight in zip(arms.labels, arms.costs, arms.prior, strict=True)
    }
    return tree.build(tree.chance(branches))


def closed_form(
    *, regime: str = "ambiguity", equilibrium: str | None = None, n: int | None = None, **parameters: Any
) -> ClosedForm:
    """How often B arms and A attacks, and which regime A prefers.

    Args:
        regime: ``inspection`` (A sees whether B is armed), ``ambiguity`` (A sees nothing) or ``voluntary``
            (B may open up after arming). Plays no part with a uniform cost without `n`, where both are compared.
        equilibrium: With a preventive type under ambiguity ``P holds`` (the default), ``P attacks``,
            ``P mixes`` and, where x* lies above x_P, ``both attack`` or ``O mixes``; under voluntary inspection
            ``all stay closed`` (the default), ``armed open`` or ``unarmed open``.
        n: Cuts a uniform cost into as many types, for the tree of `build`.
        parameters: Two costs of arming (`pi_lo`, `k_lo`, `k_hi`) or a uniform one (`K`), and `D`, `D_a`, `g`,
            `l`, `d`, `phi`, with `l_P`, `d_P`, `e` where phi is above 0.

    Raises:
        RequestError: A parameter is missing or outside its range, or the equilibrium does not exist there.

    Reference: Baliga and Sjöström (2008), for the mechanism; the payoffs and formulas are of this model.
    """
    if "K" in parameters and n is None:
        return _uniform(parameters)
    arms = _arms(parameters, int(number("n", n or 12, 1)))
    choice("regime", regime, REGIMES)
    found = solve(arms, regime)
    require(bool(found), f"no equilibrium in closed form exists here under regime '{regime}'.")
    name = next(iter(found)) if equilibrium is None else choice("equilibrium", equilibrium, tuple(found))
    return _solution(arms, regime, name, tuple(item for item in found if item != name), found[name])


def _solution(arms: Arms, regime: str, name: str, others: tuple[str, ...], played: Played) -> ClosedForm:
    outcomes, eu_a, by_type = arms.evaluate(played)
    arming = sum(weight * rate for weight, rate in zip(arms.prior, played.arming, strict=True))
    answer: dict[str, Any] = {
        "strategies": arms.strategies(played, regime),
        "outcomes": outcomes,
        "eu": {"A": eu_a, "B": sum(arms.prior[i] * by_type[kind] for i, kind in enumerate(arms.labels))},
        "eu_by_type": by_type,
        **_comparison(arms),
        "regime": regime if regime != "voluntary" else f"voluntary, {name}",
        "x_P": arms.x_P,
        "arm_rate": arming,
        "attack_prob": outcomes["armed_attack"] + outcomes["unarmed_attack"],
        "EU_A": eu_a,
    }
    trembles: dict[str, dict[str, int]] = {}
    if played.opens:  # silence is read as the work of those who have something to hide
        trembles = {f"Bopen|{label}|{played.opens}": {"closed": 2} for label in arms.labels}
    return ClosedForm(answer, name, others, trembles)


def _comparison(arms: Arms) -> dict[str, Any]:
    """Inspection against the first of the equilibria under ambiguity."""
    seen = next(iter(solve(arms, "inspection").values()))
    outcomes, eu_seen, _ = arms.evaluate(seen)
    found: dict[str, Any] = {
        "x_star": arms.x_star,
        "arm_rate_inspection": sum(w * a for w, a in zip(arms.prior, seen.arming, strict=True)),
        "arm_rate_ambiguity": None,
        "y_attack_O": None,
        "alpha_lo": None,
        "EU_A_inspection": eu_seen,
        "EU_A_ambiguity": None,
        "attack_prob_inspection": outcomes["armed_attack"] + outcomes["unarmed_attack"],
        "attack_prob_ambiguity": None,
        "cut_inspection": arms.cut_inspection,
        "big_power_prefers_ambiguity": None,
    }
    blind = next(iter(solve(arms, "ambiguity").values()), None)
    if blind is not None:
        hidden, eu_blind, _ = arms.evaluate(blind)
        found |= {
            "arm_rate_ambiguity": sum(w * a for w, a in zip(arms.prior, blind.arming, strict=True)),
            "y_attack_O": blind.attack["O|closed"],
            "alpha_lo": blind.arming[0],
            "EU_A_ambiguity": eu_blind,
            "attack_prob_ambiguity": hidden["armed_attack"] + hidden["unarmed_attack"],
            "big_power_prefers_ambiguity": eu_blind > eu_seen,
        }
    return found


def _uniform(given: dict[str, Any]) -> ClosedForm:
    """Costs of arming uniform on [0, K], no preventive type."""
    _arms(given, 1)
    K, D, D_a, g, loss, d = (float(given[name]) for name in ("K", "D", "D_a", "g", "l", "d"))
    saved = D - D_a
    x_star = g / (g + loss - d)
    y = min(1.0, x_star * K / saved)
    blind, seen = min(x_star, saved / K), min(1.0, D / K)
    eu_blind = -x_star * d if y < 1 else (1 - blind) * g - blind * loss
    eu_seen = (1 - seen) * g - seen * d
    answer = {
        "x_star": x_star,
        "y_attack": y,
        "arm_rate_ambiguity": blind,
        "arm_rate_inspection": seen,
        "EU_A_ambiguity": eu_blind,
        "EU_A_inspection": eu_seen,
        "big_power_prefers_ambiguity": eu_blind > eu_seen,
        "EU_B_cut_prefers_ambiguity": y * D,
    }
    return ClosedForm(answer)


def _arms(given: dict[str, Any], cells: int) -> Arms:
    """The game in numbers; `cells` types of equal weight if the cost is uniform."""
    names = ("D", "D_a", "g", "l", "d")
    missing = [name for name in names if name not in given]
    missing += [name for name in _FINITE if "K" not in given and name not in given]
    require(not missing, f"{', '.join(missing)} missing; a cost of arming is pi_lo, k_lo and k_hi, or K.")
    unknown = [name for name in given if name not in MODEL.parameters]
    require(not unknown, f"there is no parameter {', '.join(unknown)} here. There are: {', '.join(MODEL.parameters)}.")
    require(
        "K" not in given or not any(name in given for name in _FINITE),
        "K (a uniform cost) and pi_lo, k_lo, k_hi (two costs) exclude each other.",
    )
    phi = number("phi", given.get("phi", 0.0), 0, 1, ends="[)")
    if "K" in given:
        top = number("K", given["K"], 0, ends="()")
        require(phi == 0, f"with a uniform cost there is no preventive type; phi = {phi:g} must be 0.")
        costs = tuple(top * (k + 0.5) / max(cells, 1) for k in range(max(cells, 1)))
        labels, prior = tuple(f"k{k}" for k in range(len(costs))), tuple(1 / len(costs) for _ in costs)
    else:
        low = number("k_lo", given["k_lo"], 0, ends="()")
        costs = (low, number("k_hi", given["k_hi"], low, ends="()"))
        share = number("pi_lo", given["pi_lo"], 0, 1, ends="()")
        labels, prior = ("lo", "hi"), (share, 1 - share)
    hit = number("D", given["D"], 0, ends="()")
    peace = number("d", given["d"], 0)
    arms = Arms(
        labels,
        costs,
        prior,
        hit,
        number("D_a", given["D_a"], 0, hit, ends="[)"),
        number("g", given["g"], 0, ends="()"),
        number("l", given["l"], peace, ends="()"),
        peace,
        phi,
        *(number(name, given.get(name, 0.0), 0) for name in ("l_P", "d_P", "e")),
    )
    require(
        phi == 0 or (arms.d_P > arms.l_P and arms.e > 0),
        f"a preventive type attacks the armed and spares the unarmed: d_P = {arms.d_P:g} must lie above l_P = "
        f"{arms.l_P:g}, and e = {arms.e:g} above 0.",
    )
    return arms


MODEL = PublishedModel(
    key="baliga_sjostrom2008_ambiguity",
    title="Strategic ambiguity about arms",
    citation=(
        "Baliga, S. and Sjöström, T. (2008). Strategic Ambiguity and Arms Proliferation. "
        "Journal of Political Economy 116(6), 1023-1057."
    ),
    about=(
        "A stylized version, not the paper's payoffs. It keeps that ambiguity substitutes for arming and so lowers "
        "proliferation, that it hides information and so causes mistaken attacks, and that it can hurt the small power."
    ),
    parameters={
        "regime": "what A sees: ambiguity (nothing), inspection (everything) or voluntary (what B shows)",
        "pi_lo": "probability that B's cost of arming is low, strictly between 0 and 1",
        "k_lo": "the low cost of arming, above 0",
        "k_hi": "the high cost of arming, above k_lo",
        "K": "top of a uniform cost of arming, instead of the three above",
        "n": "number of types that `build` cuts a uniform cost into, 12 if not given",
        "D": "what an unarmed B loses in an attack, above 0",
        "D_a": "what an armed B loses in an attack, 0 to below D",
        "g": "what an opportunist gains by attacking an unarmed B, above 0",
        "l": "what an opportunist loses by attacking an armed B, above d",
        "d": "what an opportunist loses by leaving an armed B alone, at least 0",
        "phi": "probability that A is the preventive type, 0 to below 1",
        "l_P": "what the preventive type loses by attacking an armed B",
        "d_P": "what the preventive type loses by leaving an armed B alone, above l_P",
        "e": "what the preventive type loses by attacking an unarmed B, above 0",
    },
    closed_form=closed_form,
    example={
        "pi_lo": 0.8, "k_lo": 0.24, "k_hi": 0.9, "D": 1.0, "D_a": 0.4, "g": 1.0, "l": 3.0, "d": 2.0,
        "phi": 0.45, "l_P": 1.0, "d_P": 2.0, "e": 3.0,
    },
    build=build,
    cases=("baliga-sjostrom2008-ambiguity",),
)  # fmt: skip
