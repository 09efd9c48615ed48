"""From a case and a posture to a game: lower, pack, and label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from detente.axes import Bools, Ints
from detente.case import Case, Posture
from detente.compiler.chance import WeightRow
from detente.compiler.compiled import CommittedNode, CompiledPosture, Histories, Lottery, Record
from detente.compiler.grouping import integers
from detente.compiler.growth import TYPES_CHOICE, Grown
from detente.compiler.lower import Lowered, lower
from detente.compiler.pack import Packed, pack
from detente.compiler.past import Past
from detente.compiler.payoffs import find_terms, where
from detente.compiler.plan import Plan, PureRule, Settings, make_plan
from detente.compiler.sight import sees_of
from detente.game import InfosetLabel

DEFAULT_LIMIT = 200_000


def compile_posture(
    case: Case,
    posture: Posture | str,
    *,
    limit: int = DEFAULT_LIMIT,
    rule: PureRule | None = None,
    full_information: bool = False,
    free_owner: bool = False,
    past: Past | None = None,
) -> CompiledPosture:
    """Compile a case under a posture into a game with perfect recall.

    Args:
        case: The case.
        posture: One of its postures, or the name of one.
        limit: Most nodes the tree may have.
        rule: Pure rule that stands for the posture's `optimal` commitments, from `pure_rules`. Without one
            those decisions stay free, and `CompiledPosture.open_decisions` names them.
        full_information: Everybody sees every type and every move at once.
        free_owner: Leave the owner free where the posture commits it (its `allow` still holds), so that
            breaking the commitment can be studied; see `match_actions` and `carry_strategy`.
        past: What has happened already: play goes on from there, and chance draws what of it was not seen.

    Raises:
        CaseError: The case cannot be played under this posture, such as a mover whose options rest on
            something it has not seen.
        SizeError: The tree would pass the limit; the message holds an estimate of its size.
        RequestError: There is no such posture.
    """
    chosen = case.posture(posture) if isinstance(posture, str) else posture
    plan = make_plan(case, chosen, Settings(limit, rule, full_information, free_owner, past))
    lowered = lower(plan)
    grown = lowered.growth.grown()
    movers = np.array([step.mover for step in plan.steps] or [-1], dtype=np.int32)
    packed = pack(grown, plan.players, movers)
    return _assemble(lowered, grown, packed)


def _assemble(lowered: Lowered, grown: Grown, packed: Packed) -> CompiledPosture:
    plan, shape = lowered.plan, packed.shape
    node_values = grown.values[packed.order]
    ends = node_values[shape.terminal_nodes]
    incidence = find_terms(plan, ends)
    outcomes = _outcomes(plan, ends)
    lotteries, chance_source = _lotteries(lowered, grown, packed)
    labels = tuple(_infoset_label(lowered, grown, int(packed.order[node])) for node in packed.infoset_node)
    return CompiledPosture(
        case=plan.case,
        posture=plan.posture,
        shape=replace(shape, payoff_class=incidence.sums, chance_class=chance_source),
        infoset_labels=labels,
        infoset_nodes=packed.infoset_node,
        edge_variable=_edge_variables(plan, grown, packed),
        edge_label=_edge_labels(lowered, grown, packed),
        histories=Histories(plan, ends),
        type_names=tuple(item.name for item in plan.case.types),
        type_at=_type_labels(plan, ends),
        terms=incidence.terms,
        term_rows=incidence.rows,
        term_cols=incidence.cols,
        outcome_names=tuple(item.name for item in plan.case.outcomes),
        outcome_at=outcomes,
        not_modelled_at=_not_modelled(plan, outcomes),
        committed=_committed(lowered, grown, packed),
        open_decisions=plan.open_decisions,
        open_disclosures=tuple(name for name, to in plan.posture.disclose.items() if to == "optimal"),
        plan=plan,
        record=Record(tuple(lowered.chooser.when_held), tuple(lowered.chooser.when_failed), incidence.applied),
        incidence=incidence,
        priors=lowered.priors,
        lotteries=lotteries,
        node_values=node_values,
        chance_source=chance_source,
    )


def _infoset_label(lowered: Lowered, grown: Grown, node: int) -> InfosetLabel:
    plan = lowered.plan
    step = plan.steps[int(grown.position[node])]
    names = plan.labels[step.variable]
    options = lowered.chooser.choices[int(grown.choice[node])].options
    sees = sees_of(plan, lowered.observations, step.mover, int(grown.seen[node]))
    return InfosetLabel(
        plan.players[step.mover], plan.variables[step.variable], sees, tuple(names[option] for option in options)
    )


def _edge_variables(plan: Plan, grown: Grown, packed: Packed) -> tuple[str, ...]:
    names = (*plan.variables, "types")  # TYPES is -1, the last
    variables = [names[number] for number in integers(grown.variable[packed.order])]
    return ("", *variables[1:])


def _edge_labels(lowered: Lowered, grown: Grown, packed: Packed) -> tuple[str, ...]:
    plan = lowered.plan
    profiles = [
        ",".join(plan.labels[column][label] for column, label in enumerate(integers(row)))
        for row in lowered.priors.profiles
    ]
    texts = (*plan.labels, profiles)
    pairs = zip(integers(grown.variable[packed.order]), integers(grown.label[packed.order]), strict=True)
    labels = [texts[variable][label] for variable, label in pairs]
    return ("", *labels[1:])


def _type_labels(plan: Plan, ends: NDArray[np.int16]) -> Mapping[str, Ints]:
    return {item.name: ends[:, column].astype(np.int32) for column, item in enumerate(plan.case.types)}


def _outcomes(plan: Plan, ends: NDArray[np.int16]) -> Bools:
    rows = [where(plan, item.when, ends) for item in plan.case.outcomes]
    return np.stack(rows) if rows else np.zeros((0, len(ends)), dtype=np.bool_)


def _not_modelled(plan: Plan, outcomes: Bools) -> Bools:
    beyond = {item.outcome for item in plan.case.not_modelled}
    rows = np.array([item.name in beyond for item in plan.case.outcomes], dtype=np.bool_)
    return np.logical_or.reduce(outcomes[rows], axis=0)


def _lotteries(lowered: Lowered, grown: Grown, packed: Packed) -> tuple[tuple[Lottery, ...], Ints]:
    """The distinct distributions, and for each chance edge its column among all their branches, prior first."""
    shape, plan = packed.shape, lowered.plan
    choice_at = grown.choice[packed.order][packed.chance_nodes]
    widths = shape.num_children[packed.chance_nodes]
    start = {TYPES_CHOICE: 0}
    column = lowered.priors.num_profiles if TYPES_CHOICE in choice_at else 0
    lotteries: list[Lottery] = []
    for number in sorted(set(integers(choice_at)) - {TYPES_CHOICE}):
        choice = lowered.chooser.choices[number]
        assert choice.weights is not None
        name = f"'{plan.variables[plan.steps[choice.position].variable]}'"
        labels = plan.labels[plan.steps[choice.position].variable]
        row = WeightRow(f"{name} at {choice.row}" if choice.row else name, labels, choice.weights)
        lotteries.append(Lottery(row, choice.options))
        start[number] = column
        column += len(choice.options)
    first = np.array([start[number] for number in integers(choice_at)], dtype=np.int64)
    within = np.arange(int(widths.sum())) - np.repeat(np.cumsum(widths) - widths, widths)
    return tuple(lotteries), (np.repeat(first, widths) + within).astype(np.int32)


def _committed(lowered: Lowered, grown: Grown, packed: Packed) -> tuple[CommittedNode, ...]:
    plan = lowered.plan
    found: list[CommittedNode] = []
    for node in integers(packed.chance_nodes):
        grown_node = int(packed.order[node])
        position = int(grown.position[grown_node])
        if position < 0 or plan.steps[position].mover < 0 or plan.steps[position].past:
            continue
        step = plan.steps[position]
        sees = sees_of(plan, lowered.observations, step.mover, int(grown.seen[grown_node]))
        found.append(CommittedNode(node, plan.variables[step.variable], sees))
    return tuple(found)
