"""The odds with which chance draws what happened and was not seen: prior times what it explains, by Bayes' rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.axes import Floats
from detente.compiler.chance import exact
from detente.compiler.past import Past
from detente.compiler.plan import Plan
from detente.compiler.priors import Priors
from detente.errors import RequestError
from detente.game import TreeShape

Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Siblings:
    """Chance nodes of the past with equally many branches.

    Attributes:
        parent: [nodes] place of each node among the nodes of the past.
        child: [nodes, branches] places of what follows.
        edge: [nodes, branches] chance edges.
    """

    parent: Places
    child: Places
    edge: Places


@dataclass(frozen=True, eq=False)
class PastChance:
    """The part of a tree that has happened: chance nodes from the root to where play goes on.

    Nodes of the past are numbered by *places*, the root being 0, parents before children.

    Attributes:
        plan: The plan of the tree.
        past: What has happened.
        priors: The type profiles that fit it.
        size: Nodes of the past.
        leaf: [leaves] places at which play goes on.
        way: [leaves] the way each has come about.
        profile: [leaves] its type profile.
        levels: Chance nodes by distance from the root, those with equally many branches together; last ones first.
        about: Number of the type other evidence speaks of, -1 without any.
    """

    plan: Plan
    past: Past
    priors: Priors
    size: int
    leaf: Places
    way: Places
    profile: Places
    levels: tuple[Siblings, ...]
    about: int

    @classmethod
    def of(
        cls,
        plan: Plan,
        past: Past,
        priors: Priors,
        shape: TreeShape,
        edge_variable: tuple[str, ...],
        node_values: NDArray[np.int16],
    ) -> PastChance:
        """Find the past in a tree.

        Args:
            plan: The plan of the tree.
            past: What has happened.
            priors: The type profiles that fit it.
            shape: The tree.
            edge_variable: [nodes] variable set by the edge into each node.
            node_values: [nodes, variables] what each variable is when the node is reached.
        """
        settled = {"types", *plan.variables[: past.ways.shape[1]]}
        nodes = np.array(
            [0, *(node for node, name in enumerate(edge_variable) if node and name in settled)], dtype=np.int64
        )
        place = np.full(shape.num_nodes, -1, dtype=np.int64)
        place[nodes] = np.arange(len(nodes))
        inner = np.unique(shape.parent[nodes[1:]]).astype(np.int64)
        leaf = place[np.setdiff1d(nodes, inner)]
        values = np.ascontiguousarray(node_values[nodes[leaf], : past.ways.shape[1]], dtype=np.int16)
        types = priors.profiles.shape[1]
        number = {row.tobytes(): k for k, row in enumerate(np.ascontiguousarray(priors.profiles))}
        names = [item.name for item in plan.case.types]
        return cls(
            plan=plan,
            past=past,
            priors=priors,
            size=len(nodes),
            leaf=leaf,
            way=np.array([past.numbers[row.tobytes()] for row in values], dtype=np.int64),
            profile=np.array([number[row[:types].tobytes()] for row in values], dtype=np.int64),
            levels=tuple(_levels(shape, inner, place)),
            about=names.index(past.about) if past.about else -1,
        )

    def fill(self, chance: Floats, prior: Floats, theta: Floats, given: Mapping[str, Floats]) -> None:
        """Write the odds of the past into those of all chance edges.

        Args:
            chance: [draws, chance_edges] written to.
            prior: [draws, profiles] probability of each type profile before anything happened.
            theta: [draws, params] parameters as they are for the past.
            given: Beliefs of now about types that replace what the past tells, [draws, labels] each.
        """
        mass = np.zeros((len(chance), self.size))
        mass[:, self.leaf] = self._explained(np.broadcast_to(prior, (len(chance), prior.shape[1])), theta)
        for level in self.levels:
            mass[:, level.parent] = mass[:, level.child].sum(axis=2)
        for level in self.levels:
            part, whole = mass[:, level.child], mass[:, level.parent][:, :, None]
            even = np.full_like(part, 1.0 / part.shape[2])
            share = np.divide(part, whole, out=even, where=whole > 0)
            if given and level.parent[0] == 0 and self.priors.num_profiles > 1:
                share[:, 0] = self._believed(share[:, 0], given)
            flat = exact(share.reshape(-1, share.shape[2]))
            chance[:, level.edge.ravel()] = flat.reshape(len(chance), -1)

    def _explained(self, prior: Floats, theta: Floats) -> Floats:
        """[draws, leaves] prior times likelihood of each leaf; the prior alone where nothing is known."""
        found = prior[:, self.profile]
        if self.about >= 0:
            labels = self.priors.profiles[self.profile, self.about]
            found = found * self.past.likelihood(theta)[:, labels]
        if self.past.position >= 0:
            chances = self.past.chances(theta)[:, self.way]
            found = np.where(np.isnan(chances), found, found * chances)
        return found

    def _believed(self, share: Floats, given: Mapping[str, Floats]) -> Floats:
        """[draws, profiles] the profiles with the belief about some types replaced, the rest conditional on them."""
        for column, item in enumerate(self.plan.case.types):
            if item.name not in given:
                continue
            at = self.priors.profiles[:, column]
            marginal = share @ (at[:, None] == np.arange(len(item.labels))).astype(np.float64)
            wanted = np.broadcast_to(given[item.name], marginal.shape)
            if ((marginal == 0.0) & (wanted > 0.0)).any():
                raise RequestError(f"no probability can be given to a label of {item.name} that the past rules out")
            factor = np.divide(wanted, marginal, out=np.zeros_like(marginal), where=marginal > 0)
            share = share * factor[:, at]
        return share


def _levels(shape: TreeShape, inner: Places, place: Places) -> list[Siblings]:
    """The inner nodes of the past, farthest from the root first."""
    depth = np.zeros(shape.num_nodes, dtype=np.int64)
    for node in inner:
        depth[node] = 0 if node == 0 else depth[shape.parent[node]] + 1
    found: list[Siblings] = []
    keys = sorted({(int(depth[node]), int(shape.num_children[node])) for node in inner}, reverse=True)
    for level, width in keys:
        nodes = inner[(depth[inner] == level) & (shape.num_children[inner] == width)]
        within = np.arange(width)
        found.append(
            Siblings(
                parent=place[nodes],
                child=place[shape.first_child[nodes][:, None] + within],
                edge=(shape.chance_start[nodes][:, None] + within).astype(np.int64),
            )
        )
    return found
