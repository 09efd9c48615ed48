"""Small games whose equilibria are known by hand."""

from __future__ import annotations

from detente.game import BuiltGame, TreeBuilder


def entry_deterrence() -> BuiltGame:
    """Selten's chain store, one market: the threat to fight is not credible."""
    tree = TreeBuilder("entrant", "incumbent")
    answer = tree.decision(
        "incumbent", "answer", {"fight": tree.terminal(-1.0, -1.0), "share": tree.terminal(1.0, 1.0)}
    )
    return tree.build(tree.decision("entrant", "enter", {"in": answer, "out": tree.terminal(0.0, 2.0)}))


def selten_horse() -> BuiltGame:
    """Selten's horse: the equilibrium (down, across, right) is Nash but not sequential."""
    tree = TreeBuilder("1", "2", "3")

    def third(left: tuple[float, ...], right: tuple[float, ...]):
        return tree.decision("3", "third", {"left": tree.terminal(*left), "right": tree.terminal(*right)})

    second = tree.decision("2", "second", {"across": tree.terminal(1.0, 1.0, 1.0), "down": third((4, 4, 0), (0, 0, 1))})
    return tree.build(tree.decision("1", "first", {"across": second, "down": third((3, 2, 2), (0, 0, 0))}))


def two_types(prior: float = 0.9) -> BuiltGame:
    """Beer and quiche (Cho and Kreps 1987): the strong type likes beer, the weak one quiche."""
    tree = TreeBuilder("sender", "receiver")

    def meal(strong: bool, beer: bool):
        likes = 1.0 if strong == beer else 0.0
        duel = tree.terminal(likes, 0.0 if strong else 1.0)
        leave = tree.terminal(likes + 2.0, 1.0 if strong else 0.0)
        return tree.decision("receiver", "beer" if beer else "quiche", {"duel": duel, "leave": leave})

    def kind(strong: bool):
        name = "strong" if strong else "weak"
        return tree.decision("sender", name, {"beer": meal(strong, True), "quiche": meal(strong, False)})

    return tree.build(tree.chance({"strong": (prior, kind(True)), "weak": (1 - prior, kind(False))}))


def twin_tremble() -> BuiltGame:
    """One mistake reaches both nodes of the last set, so their odds can only be those of chance.

    Player 1 stops or goes on without seeing a fair coin; then player 2 guesses the coin. A belief other than
    one half at the unreached guess has no witness.
    """
    tree = TreeBuilder("1", "2")

    def side(heads: bool):
        guess = {
            "heads": tree.terminal(-1.0, 1.0 if heads else 0.0),
            "tails": tree.terminal(-1.0, 0.0 if heads else 1.2),
        }
        return tree.decision("1", "go", {"stop": tree.terminal(0.0, 0.0), "on": tree.decision("2", "guess", guess)})

    return tree.build(tree.chance({"heads": (0.5, side(True)), "tails": (0.5, side(False))}))
