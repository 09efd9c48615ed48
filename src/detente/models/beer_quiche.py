"""Cho and Kreps (1987): beer or quiche, and which beliefs off the path are sensible."""

from __future__ import annotations

from detente.game import BuiltGame, TreeBuilder
from detente.models.checks import choice, number, probabilities
from detente.models.model import ClosedForm, PublishedModel

_FAVORITE = {"S": "beer", "W": "quiche"}


def build(*, prior_strong: float) -> BuiltGame:
    """The tree: nature draws the sender's type, it takes a breakfast, the receiver sees it and duels or not.

    Raises:
        RequestError: The prior is not strictly between 0 and 1.
    """
    prior = number("prior_strong", prior_strong, 0, 1, ends="()")
    tree = TreeBuilder("Snd", "R")

    def after(kind: str, meal: str) -> dict[str, tuple[float, float]]:
        liked = float(meal == _FAVORITE[kind])
        return {"duel": (liked, float(kind == "W")), "not": (liked + 2, float(kind == "S"))}

    branches = {}
    for kind, weight in (("S", prior), ("W", 1 - prior)):
        meals = {
            meal: tree.decision(
                "R",
                f"R|{meal}",
                {
                    answer: tree.terminal(*payoffs, outcome=f"{meal}_{answer}")
                    for answer, payoffs in after(kind, meal).items()
                },
            )
            for meal in ("beer", "quiche")
        }
        branches[kind] = (weight, tree.decision("Snd", f"S|{kind}", meals))
    return tree.build(tree.chance(branches))


def closed_form(*, prior_strong: float, equilibrium: str | None = None) -> ClosedForm:
    """Who drinks beer, and when there is a duel.

    Args:
        prior_strong: Probability that the sender is strong.
        equilibrium: ``pool_beer`` or ``pool_quiche`` where the prior is at least 1/2 (the first if not
            given); ``semisep`` where it is below.

    Raises:
        RequestError: The prior is not strictly between 0 and 1, or the equilibrium does not exist there.

    Reference: Cho and Kreps (1987), section II.
    """
    prior = number("prior_strong", prior_strong, 0, 1, ends="()")
    legal = ("pool_beer", "pool_quiche") if prior >= 0.5 else ("semisep",)
    found = legal[0] if equilibrium is None else choice("equilibrium", equilibrium, legal)
    others = tuple(name for name in legal if name != found)
    return _semisep(prior) if found == "semisep" else _pool(prior, found.removeprefix("pool_"), found, others)


def _pool(prior: float, meal: str, name: str, others: tuple[str, ...]) -> ClosedForm:
    other = "quiche" if meal == "beer" else "beer"
    by_type = {kind: 3.0 if _FAVORITE[kind] == meal else 2.0 for kind in "SW"}
    answer = {
        "strategies": {
            "S|S": {meal: 1.0},
            "S|W": {meal: 1.0},
            f"R|{meal}": {"not": 1.0},
            f"R|{other}": {"duel": 1.0},
        },
        "outcomes": _outcomes(**{f"{meal}_not": 1.0}),
        "eu": {"Snd": prior * by_type["S"] + (1 - prior) * by_type["W"], "R": prior},
        "eu_by_type": by_type,
        "bluff_W": float(meal == "beer"),
        "duel_after_beer": float(meal != "beer"),
        "duel": 0.0,
        "EU_S": by_type["S"],
        "EU_W": by_type["W"],
        "passes_intuitive": meal == "beer",
    }
    return ClosedForm(answer, name, others, {"S|S": {other: 2}})


def _semisep(prior: float) -> ClosedForm:
    bluff = prior / (1 - prior)
    answer = {
        "strategies": {
            "S|S": {"beer": 1.0},
            "S|W": probabilities({"beer": bluff, "quiche": 1 - bluff}),
            "R|beer": {"duel": 0.5, "not": 0.5},
            "R|quiche": {"duel": 1.0},
        },
        "outcomes": _outcomes(beer_duel=prior, beer_not=prior, quiche_duel=1 - 2 * prior),
        "eu": {"Snd": 1 + prior, "R": 1 - prior},
        "eu_by_type": {"S": 2.0, "W": 1.0},
        "bluff_W": bluff,
        "duel_after_beer": 0.5,
        "duel": 1 - prior,
        "EU_S": 2.0,
        "EU_W": 1.0,
        "passes_intuitive": True,
    }
    return ClosedForm(answer, "semisep")


def _outcomes(**found: float) -> dict[str, float]:
    names = ("beer_duel", "beer_not", "quiche_duel", "quiche_not")
    return {name: found.get(name, 0.0) for name in names}


MODEL = PublishedModel(
    key="beer_quiche",
    title="Beer and quiche",
    citation=(
        "Cho, I.-K. and Kreps, D. M. (1987). Signaling Games and Stable Equilibria. "
        "Quarterly Journal of Economics 102(2), 179-221."
    ),
    about="The paper's game, for any prior.",
    parameters={"prior_strong": "probability that the sender is strong, strictly between 0 and 1"},
    closed_form=closed_form,
    example={"prior_strong": 0.9},
    build=build,
    cases=("beer-quiche",),
)
