"""The intuitive criterion and D1, against plain searches over replies and beliefs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.optimize import linprog

from detente.game import Assessment, BuiltGame, TreeBuilder, bayes_beliefs, certify, check_refinements
from detente.game.refinements.matrix_game import least_maximum
from detente.game.refinements.replies import best_replies, least_temptation, most_where
from detente.game.refinements.signaling import Message, Reply
from game.known_games import two_types
from game.random_games import payoff_range


def judged(game: BuiltGame, strategy: np.ndarray, off_path: dict[str, list[float]], tol: float = 1e-8):
    """Refinements of a profile with Bayes' rule on the path and stated beliefs off it."""
    belief = bayes_beliefs(game.shape, game.numbers.chance, strategy)
    for name, weights in off_path.items():
        belief[0, game.shape.members[game.infoset(name)]] = weights
    assessment = Assessment(strategy, belief)
    scale = payoff_range(game.numbers)
    certificate = certify(game.shape, game.numbers, assessment, scale, regret_tol=tol, belief_tol=tol)
    assert certificate.regret[0] <= tol
    assert certificate.belief_residual[0] <= tol
    return check_refinements(game.shape, game.numbers, assessment, scale, game.labels, tol=tol)


# ----------------------------------------------------------------------------- parts


@pytest.mark.parametrize("seed", range(30))
def test_value_of_a_matrix_game_is_that_of_a_linear_program(seed: int):
    rng = np.random.default_rng(seed)
    matrix = np.round(rng.normal(size=rng.integers(1, 8, 2)), seed % 3)  # rounded ones are degenerate
    rows, columns = matrix.shape
    program = linprog(
        np.append(np.zeros(rows), 1.0),
        A_ub=np.column_stack([matrix.T, -np.ones(columns)]),
        b_ub=np.zeros(columns),
        A_eq=[np.append(np.ones(rows), 0.0)],
        b_eq=[1.0],
        bounds=[(0, None)] * rows + [(None, None)],
    )
    assert least_maximum(matrix) == pytest.approx(program.fun, abs=1e-9)


def random_message(rng: np.random.Generator, types: int, widths: list[int]) -> Message:
    replies = tuple(
        Reply(
            k, "R", rng.normal(size=(types, width)), rng.normal(size=(types, width)), np.eye(width)[0], np.ones(types)
        )
        for k, width in enumerate(widths)
    )
    return Message("m", np.ones(types, dtype=bool), False, rng.normal(size=types), replies)


@pytest.mark.parametrize(("types", "widths"), [(1, [3]), (2, [3]), (2, [2, 3]), (3, [3]), (3, [2, 2]), (4, [3])])
def test_best_replies_are_those_of_some_belief(types: int, widths: list[int]):
    rng = np.random.default_rng(types * 10 + sum(widths))
    for _ in range(5):
        message = random_message(rng, types, widths)
        profiles = best_replies(message, np.ones(types, dtype=bool))
        for belief in rng.dirichlet(np.full(types, 0.5), size=400):
            best = [int(np.argmax(belief @ reply.receiver)) for reply in message.replies]
            assert any(all(mask[a] for mask, a in zip(p, best, strict=True)) for p in profiles)
        for profile in profiles:  # one belief makes all its actions best at once
            gaps = [
                reply.receiver[:, b] - reply.receiver[:, a]
                for reply, mask in zip(message.replies, profile, strict=True)
                for a in np.flatnonzero(mask)
                for b in range(len(mask))
                if a != b
            ]
            found = linprog(
                np.zeros(types), A_ub=gaps, b_ub=np.full(len(gaps), 1e-8), A_eq=[np.ones(types)], b_eq=[1.0]
            )
            assert found.status == 0


@pytest.mark.parametrize("seed", range(20))
def test_most_under_a_cap_is_that_of_a_linear_program(seed: int):
    rng = np.random.default_rng(seed)
    message = random_message(rng, 2, [3, 2])
    profile = (np.array([True, True, bool(seed % 2)]), np.array([True, True]))
    cap = float(rng.normal())
    own = np.concatenate([r.sender[0, m] for r, m in zip(message.replies, profile, strict=True)])
    other = np.concatenate([r.sender[1, m] for r, m in zip(message.replies, profile, strict=True)])
    sizes = [int(mask.sum()) for mask in profile]
    each = np.repeat(np.eye(2), sizes, axis=1)
    program = linprog(-own, A_ub=[other], b_ub=[cap - message.fixed[1]], A_eq=each, b_eq=[1.0, 1.0])
    value = most_where(message, profile, 0, 1, cap)
    if program.status == 2:
        assert value == -np.inf
    else:
        assert value == pytest.approx(message.fixed[0] - program.fun, abs=1e-8)


def test_replies_at_two_sets_keep_both_types_away_only_together():
    """Each reply deters one type; only a mixture at two sets deters both."""
    first = Reply(0, "R", np.array([[1.0, -1.0], [-1.0, 1.0]]), np.zeros((2, 2)), np.array([1.0, 0.0]), np.ones(2))
    message = Message("m", np.array([True, True]), False, np.zeros(2), (first,))
    profiles = best_replies(message, np.array([True, True]))
    assert least_temptation(message, profiles, np.zeros(2)) == pytest.approx(0.0, abs=1e-12)
    pure = tuple((np.array(mask),) for mask in ([True, False], [False, True]))
    assert least_temptation(message, pure, np.zeros(2)) == pytest.approx(1.0)


# ----------------------------------------------------------------------------- criteria, by brute force


@dataclass
class Quit:
    """Every type quits; after `go`, which nobody sends, one receiver chooses between two replies."""

    prior: np.ndarray
    quit: np.ndarray  # what each type gets by quitting
    go: np.ndarray  # [types, replies] what each gets after going
    receiver: np.ndarray  # [types, replies]

    def game(self) -> BuiltGame:
        tree = TreeBuilder("S", "R")

        def kind(t: int):
            replies = {f"r{a}": tree.terminal(self.go[t, a], self.receiver[t, a]) for a in range(2)}
            return tree.decision(
                "S", f"t{t}", {"quit": tree.terminal(self.quit[t], 0.0), "go": tree.decision("R", "reply", replies)}
            )

        return tree.build(tree.chance({f"t{t}": (float(p), kind(t)) for t, p in enumerate(self.prior)}))

    def replies(self, types: list[int]) -> np.ndarray:
        """Probabilities of reply 0 that are best under some belief on the types."""
        gain = self.receiver[types, 0] - self.receiver[types, 1]
        grid = np.linspace(0, 1, 2001)
        if gain.min() > 0:
            return grid[-1:]
        return grid[:1] if gain.max() < 0 else grid

    def excess(self, kind: int, reply: np.ndarray) -> np.ndarray:
        return reply * self.go[kind, 0] + (1 - reply) * self.go[kind, 1] - self.quit[kind]

    def intuitive(self) -> bool:
        everyone = list(range(len(self.prior)))
        left = [t for t in everyone if self.excess(t, self.replies(everyone)).max() >= 0]
        if not left or len(left) == len(everyone):
            return True
        return not any(self.excess(t, self.replies(left)).min() > 0 for t in left)

    def d1(self) -> bool:
        left = list(range(len(self.prior)))
        while True:
            replies = self.replies(left)
            gains = {t: self.excess(t, replies) > 0 for t in left}
            holds = {t: self.excess(t, replies) >= 0 for t in left}
            out = {
                t
                for t in left
                for o in left
                if o != t and gains[o].any() and (gains[o] | ~holds[t]).all() and not (gains[t] | ~holds[o]).all()
            }
            if not out:
                break
            left = [t for t in left if t not in out]
        worst = np.max([self.excess(t, self.replies(left)) for t in range(len(self.prior))], axis=0)
        return bool(worst.min() <= 0)


def random_quits(types: int, count: int) -> list[tuple[Quit, float, np.ndarray]]:
    """Equilibria in which everybody quits, each with a supporting reply and belief."""
    rng = np.random.default_rng(types)
    found = []
    while len(found) < count:
        item = Quit(rng.dirichlet(np.full(types, 3.0)), rng.normal(size=types), rng.normal(size=(types, 2)) + 0.3,
                    rng.normal(size=(types, 2)))  # fmt: skip
        for reply in (0.0, 1.0):
            gain = (item.receiver[:, 0] - item.receiver[:, 1]) * (1 if reply == 1.0 else -1)
            belief = np.eye(types)[gain.argmax()]
            if gain.max() > 0 and all(item.excess(t, np.array([reply]))[0] < 0 for t in range(types)):
                found.append((item, reply, belief))
                break
    return found


@pytest.mark.parametrize("types", [2, 3, 4])
def test_criteria_agree_with_a_search_over_replies(types: int):
    verdicts = {"intuitive": [0, 0], "d1": [0, 0]}
    for item, reply, belief in random_quits(types, 60):
        game = item.game()
        play = {f"t{t}": "quit" for t in range(types)} | {"reply": {"r0": reply, "r1": 1 - reply}}
        found = judged(game, game.profile(play), {"reply": belief.tolist()})
        assert found.intuitive.passed == item.intuitive()
        assert found.d1.passed == item.d1()
        assert found.intuitive.passed or not found.d1.passed  # what fails the weaker test fails the stronger
        for name in verdicts:
            verdicts[name][bool(getattr(found, name).passed)] += 1
    assert min(*verdicts["intuitive"], *verdicts["d1"]) >= 2, verdicts  # both verdicts occur


def test_quiche_for_both_fails_and_beer_for_both_passes():
    game = two_types(0.9)
    weak = list(np.arange(2) == 1.0)
    beer = game.profile({"strong": "beer", "weak": "beer", "beer": "leave", "quiche": "duel"})
    quiche = game.profile({"strong": "quiche", "weak": "quiche", "beer": "duel", "quiche": "leave"})
    good = judged(game, beer, {"quiche": weak})
    assert (good.intuitive.passed, good.d1.passed) == (True, True)
    bad = judged(game, quiche, {"beer": weak})
    for check in (bad.intuitive, bad.d1):
        assert check.passed is False
        (flaw,) = check.where
        assert (flaw.place, flaw.types, flaw.ruled_out) == ("beer", ("strong",), ("weak",))
        assert flaw.belief == {"strong": 0.0, "weak": 1.0}
        assert flaw.gain == pytest.approx(1 / 3)


def test_moves_before_the_message_are_followed_where_everybody_sees_them():
    """Beer and quiche after somebody opened the bar: judged although, in equilibrium, the bar stays closed."""
    tree = TreeBuilder("host", "sender", "receiver")

    def meal(strong: bool, beer: bool):
        likes = 1.0 if strong == beer else 0.0
        duel = tree.terminal(-1.0, likes, 0.0 if strong else 1.0)
        leave = tree.terminal(-1.0, likes + 2.0, 1.0 if strong else 0.0)
        return tree.decision("receiver", "at beer" if beer else "at quiche", {"duel": duel, "leave": leave})

    def kind(strong: bool):
        meals = {"beer": meal(strong, True), "quiche": meal(strong, False)}
        order = tree.decision("sender", "strong" if strong else "weak", meals)
        return tree.decision("host", "bar", {"open": order, "closed": tree.terminal(0.0, 0.0, 0.0)})

    game = tree.build(tree.chance({"strong": (0.9, kind(True)), "weak": (0.1, kind(False))}))
    play = {"bar": "closed", "strong": "quiche", "weak": "quiche", "at beer": "duel", "at quiche": "leave"}
    found = judged(game, game.profile(play), {"at beer": [0.0, 1.0], "at quiche": [0.9, 0.1]})
    assert found.intuitive.passed is False
    assert found.intuitive.where[0].place == "beer (after open)"
    better = play | {"strong": "beer", "weak": "beer", "at beer": "leave", "at quiche": "duel"}
    found = judged(game, game.profile(better), {"at beer": [0.9, 0.1], "at quiche": [0.0, 1.0]})
    assert (found.intuitive.passed, found.d1.passed) == (True, True)


# ----------------------------------------------------------------------------- what is no signaling game


def test_games_of_another_class_say_why():
    tree = TreeBuilder("1", "2")
    reply = tree.decision("2", "reply", {"a": tree.terminal(1, 1), "b": tree.terminal(0, 0)})
    plain = tree.build(tree.decision("1", "move", {"in": reply, "out": tree.terminal(0.5, 0.5)}))
    found = judged(plain, plain.profile({"move": "in", "reply": "a"}), {})
    assert not found.d1.applies
    assert "nobody moves who knows something that others learn about" in found.d1.why


def test_an_unseen_choice_is_no_message():
    tree = TreeBuilder("S", "R")

    def kind(high: bool):
        guess = lambda x: tree.decision("R", "guess", {"a": tree.terminal(x, 1.0), "b": tree.terminal(x, 0.0)})
        return tree.decision("S", "high" if high else "low", {"x": guess(1.0), "y": guess(0.0)})

    game = tree.build(tree.chance({"high": (0.5, kind(True)), "low": (0.5, kind(False))}))
    found = judged(game, game.profile({"high": "x", "low": "x", "guess": "a"}), {})
    assert not found.intuitive.applies
    assert "others do not see whether S chose 'x' or 'y'" in found.intuitive.why


def test_where_every_message_is_sent_there_is_nothing_to_rule_out():
    game = two_types(0.25)
    mixed = {"beer": 1 / 3, "quiche": 2 / 3}
    replies = {"beer": {"duel": 0.5, "leave": 0.5}, "quiche": "duel"}
    strategy = game.profile({"strong": "beer", "weak": mixed, **replies})
    found = judged(game, strategy, {})
    assert found.d1.passed is True
    assert "Every message is sent" in found.d1.why


# ----------------------------------------------------------------------------- coercion on a grid (Slantchev, stylised)

COST, VALUE, WAR, HALF = 0.4, 1.0, 0.75, 1.0
GRID = [round(0.1 * k, 1) for k in range(16)]


def coercion(q: float, low: float) -> BuiltGame:
    """Mobilise at a level; the target yields or resists; the first side then attacks or backs down."""
    tree = TreeBuilder("S1", "S2")

    def after(kind: str, value: float, m: float):
        win = m / (m + HALF)
        war = tree.terminal(win * value - COST - m, (1 - win) * VALUE - WAR)
        fight = tree.decision("S1", f"att|{kind}|{m}", {"attack": war, "back": tree.terminal(-m, VALUE)})
        return tree.decision("S2", f"S2|{m}", {"resist": fight, "yield": tree.terminal(value - m, 0.0)})

    def sender(kind: str, value: float):
        levels = {str(m): after(kind, value, m) for m in GRID if m > 0}
        return tree.decision("S1", f"mob|{kind}", {"0.0": tree.terminal(0.0, VALUE), **levels})

    return tree.build(tree.chance({"H": (q, sender("H", 2.0)), "L": (1 - q, sender("L", low))}))


def attacks(value: float, m: float) -> bool:
    return m / (m + HALF) * value - COST >= -1e-12


def profile_on(game: BuiltGame, level: float, pooled: bool, low: float) -> tuple[np.ndarray, dict[str, list[float]]]:
    """High types at one level, low ones there or at 0; all other levels are met with the worst belief."""
    play: dict = {"mob|H": str(level), "mob|L": str(level) if pooled else "0.0"}
    beliefs: dict[str, list[float]] = {}
    for m in GRID[1:]:
        deterred = (1 - m / (m + HALF)) * VALUE - WAR <= 1e-12
        sure = deterred and attacks(low, m)  # whatever S2 believes, it faces an attack not worth resisting
        for kind, value in (("H", 2.0), ("L", low)):
            play[f"att|{kind}|{m}"] = "attack" if attacks(value, m) else "back"
        play[f"S2|{m}"] = "yield" if m == level or sure else "resist"
        if m != level:
            beliefs[f"S2|{m}"] = [0.0, 1.0]
    return game.profile(play), beliefs


def d1_survivors(q: float, low: float) -> list[float]:
    game = coercion(q, low)
    found = []
    for level, pooled in [(m, pooled) for m in GRID for pooled in (False, True)]:
        strategy, beliefs = profile_on(game, level, pooled, low)
        belief = bayes_beliefs(game.shape, game.numbers.chance, strategy)
        for name, weights in beliefs.items():
            belief[0, game.shape.members[game.infoset(name)]] = weights
        scale = payoff_range(game.numbers)
        assessment = Assessment(strategy, belief)
        if certify(game.shape, game.numbers, assessment, scale).regret[0] > 1e-8:
            continue
        check = check_refinements(game.shape, game.numbers, assessment, scale, game.labels).d1
        assert check.applies
        if check.passed:
            found.append(level)
    return sorted(set(found))


@pytest.mark.parametrize(
    ("q", "low", "expected"),
    [
        pytest.param(0.3, 0.9, [0.8], id="only_assured_coercion"),
        pytest.param(0.95, 0.9, [0.5, 0.6, 0.7, 0.8], id="bluffing_pools_survive"),
        pytest.param(0.3, 0.6, [0.6], id="only_the_least_cost_separation"),
    ],
)
def test_levels_of_mobilisation_that_survive_d1(q: float, low: float, expected: list[float]):
    """The published statement for the grid 0, 0.1, ..., 1.5 (model 3 of the reference collection)."""
    assert d1_survivors(q, low) == expected
