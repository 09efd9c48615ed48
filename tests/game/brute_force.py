"""The slow way to judge an assessment: plain recursion over one game with one draw, nothing shared with the library.

Only `parent`, `kind`, `infoset`, `edge`, `terminal`, `infoset_player` and `action_start` are read.
"""

from __future__ import annotations

from itertools import product

from detente.game import CHANCE, DECISION, TERMINAL, BuiltGame


class SlowGame:
    """One draw of a game as lists and dictionaries."""

    def __init__(self, game: BuiltGame, draw: int = 0):
        shape = game.shape
        self.kind = [int(k) for k in shape.kind]
        self.parent = [int(p) for p in shape.parent]
        self.infoset = [int(i) for i in shape.infoset]
        self.edge = [int(e) for e in shape.edge]
        self.player = [int(p) for p in shape.infoset_player]
        self.children: list[list[int]] = [[] for _ in self.kind]
        for node, parent in enumerate(self.parent):
            if parent >= 0:
                self.children[parent].append(node)
        starts = [int(a) for a in shape.action_start]
        self.actions = [list(range(starts[i], starts[i + 1])) for i in range(len(self.player))]
        self.members = [[n for n, s in enumerate(self.infoset) if s == i] for i in range(len(self.player))]
        self.payoff = {
            n: [float(u) for u in game.numbers.payoff[draw, shape.terminal[n]]]
            for n, kind in enumerate(self.kind)
            if kind == TERMINAL
        }
        self.chance = [float(p) for p in game.numbers.chance[draw]]

    def probability(self, node: int, play: list[float]) -> float:
        """Probability of the edge into a node."""
        parent = self.parent[node]
        if parent < 0:
            return 1.0
        return self.chance[self.edge[node]] if self.kind[parent] == CHANCE else play[self.edge[node]]

    def reach(self, node: int, play: list[float]) -> float:
        """Probability that play passes through a node."""
        if self.parent[node] < 0:
            return 1.0
        return self.reach(self.parent[node], play) * self.probability(node, play)

    def value(self, node: int, play: list[float], player: int) -> float:
        """Expected payoff from a node on."""
        if self.kind[node] == TERMINAL:
            return self.payoff[node][player]
        return sum(self.probability(c, play) * self.value(c, play, player) for c in self.children[node])

    def child(self, node: int, action: int) -> int:
        """Node that an action leads to."""
        return next(c for c in self.children[node] if self.edge[c] == action)

    def action_value(self, infoset: int, action: int, play: list[float], belief: list[float]) -> float:
        """Expected payoff to the mover of an action, given beliefs."""
        mover = self.player[infoset]
        return sum(belief[h] * self.value(self.child(h, action), play, mover) for h in self.members[infoset])

    def one_shot_regret(self, infoset: int, play: list[float], belief: list[float]) -> float:
        """Gain of the best single action over the profile."""
        values = [self.action_value(infoset, a, play, belief) for a in self.actions[infoset]]
        return max(values) - sum(play[a] * v for a, v in zip(self.actions[infoset], values, strict=True))

    def continuation_regret(self, infoset: int, play: list[float], belief: list[float]) -> float:
        """Gain of the best continuation strategy of the mover from its set on, over all pure ones."""
        mover = self.player[infoset]
        later = [i for i in range(len(self.player)) if self.player[i] == mover and self._is_at_or_after(i, infoset)]
        now = sum(belief[h] * self.value(h, play, mover) for h in self.members[infoset])
        best = max(
            sum(belief[h] * self.value(h, self.replaced(play, later, choice), mover) for h in self.members[infoset])
            for choice in product(*(self.actions[i] for i in later))
        )
        return best - now

    def best_response(self, player: int, play: list[float]) -> float:
        """Largest payoff over all pure strategies of a player."""
        own = [i for i in range(len(self.player)) if self.player[i] == player]
        choices = product(*(self.actions[i] for i in own))
        return max(self.value(0, self.replaced(play, own, choice), player) for choice in choices)

    def replaced(self, play: list[float], sets: list[int], choice: tuple[int, ...]) -> list[float]:
        """The profile with pure choices at some sets."""
        changed = list(play)
        for infoset, action in zip(sets, choice, strict=True):
            for other in self.actions[infoset]:
                changed[other] = 1.0 if other == action else 0.0
        return changed

    def num_pure(self, player: int) -> int:
        """Number of pure strategies of a player."""
        count = 1
        for infoset, mover in enumerate(self.player):
            count *= len(self.actions[infoset]) if mover == player else 1
        return count

    def limit_beliefs(self, order: list[int], size: list[float]) -> list[float]:
        """Beliefs in the limit of action probabilities ``size * eps ** order`` as eps goes to 0.

        Zero-probability chance moves come before all trembles: nodes with fewer of them win.
        """
        belief = [0.0] * len(self.kind)
        for members in self.members:
            found = [self._leading_term(h, order, size) for h in members]
            least = min((barred, power) for barred, power, _ in found)
            weights = [w if (barred, power) == least else 0.0 for barred, power, w in found]
            for node, weight in zip(members, weights, strict=True):
                belief[node] = weight / sum(weights)
        return belief

    def _leading_term(self, node: int, order: list[int], size: list[float]) -> tuple[int, int, float]:
        barred, power, weight = 0, 0, 1.0
        while self.parent[node] >= 0:
            edge = self.edge[node]
            if self.kind[self.parent[node]] == DECISION:
                power, weight = power + order[edge], weight * size[edge]
            elif self.chance[edge] == 0:
                barred += 1
            else:
                weight *= self.chance[edge]
            node = self.parent[node]
        return barred, power, weight

    def _is_at_or_after(self, infoset: int, start: int) -> bool:
        for node in self.members[infoset]:
            at = node
            while at >= 0:
                if self.infoset[at] == start:
                    return True
                at = self.parent[at]
        return False
