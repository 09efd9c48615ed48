"""How a plan and the registers of one draw lie in two flat arrays, one of integers and one of floats.

Kernels take these two arrays and plain numbers, nothing else. Arrays inside a tuple would cost an atomic
reference count at every access and most of the time it takes to compile; an offset costs nothing.

The first entries of the integer array are the sizes and offsets below: `ints[PROB]` is where the register
`prob` starts in the float array, `ints[LIN_IN]` where the plan's `lin_in` starts in the integer array.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.axes import Floats
from detente.game import TreeShape
from detente.solvers.plan import Plan

EXTRA = 24  # directions kept free for the log-odds of off-path play that the polish makes unknowns
LEVELS = 3  # precisions of the witness

# Sizes. WIDTH is the length of a row of derivatives.
N_ACTIONS, N_CHANCE, N_SLOTS, N_TERMINAL, N_SETS, N_MEMBERS, N_UNKNOWN_SETS, N_UNKNOWNS, N_OPS, WIDTH = range(10)

# Offsets of the plan's arrays, of the same names in lower case (see `Plan`).
(
    ACTION_START, ACTION_SET, UNKNOWN_SETS, UNKNOWN_START, IS_UNKNOWN, SLOT_TERMINAL, SLOT_PLAYER, OP_KIND, OP_ARG,
    OP_STOP, OP_PLAIN, LIN_OUT, LIN_START, LIN_PROB, LIN_IN, MEMBER_START, MEMBER_NODE, RELEVANT_START,
    RELEVANT_ACTION, CHILD_SLOT, CHILD_START, CHANCE_PATH_START, CHANCE_PATH_EDGE, BELIEF_ORDER, REVERSING,
    BELIEF_FREE,
) = range(10, 36)  # fmt: skip

# Offsets of integer registers: reference action of each loop-closing set, actions in use, best action of
# each set, actions whose log-odds are unknowns of the polish and where each set's start, members that used
# actions alone lead to, pivots; actions and slots whose derivatives are not all zero.
REF, USED, BEST, FREE, STARTS, ONLY, PIVOT, HOT_ACTION, HOT_SLOT = range(36, 45)

# Offsets of float registers. `prob` holds action then chance probabilities, `log` log-probabilities of actions,
# `value` the slots, `action_value` the values of actions, `belief` per member; `d_*` are derivatives
# along the directions of the moment; `member_log` is the log of chance on each member's path, -inf where
# chance moves of probability zero rule the member out. The rest is scratch of the tracer and the polish.
(
    PROB, LOG, VALUE, ACTION_VALUE, BELIEF, MEMBER_LOG, BIAS, D_LOG, D_VALUE, D_ACTION_VALUE, D_ROW, Z, POINT,
    TANGENT, FRESH, BEND, OUT, STEP, JAC, FACTORS, SLOPE, EXPECTED, KEEP, BEFORE, REACHED, LOGS,
) = range(45, 71)  # fmt: skip
HEADER = 71


def program(shape: TreeShape, plan: Plan, num_chance: int) -> tuple[NDArray[np.int64], int]:
    """The integer array of a plan, with its integer registers at the end, and the length of the float array.

    Args:
        shape: The game.
        plan: Its plan.
        num_chance: Number of chance edges.
    """
    actions, slots, sets = shape.num_actions, plan.num_slots, shape.num_infosets
    members, width = len(plan.member_node), plan.num_unknowns + 1 + EXTRA
    head = np.zeros(HEADER, dtype=np.int64)
    head[: WIDTH + 1] = (
        actions, num_chance, slots, plan.num_terminal_slots, sets, members, len(plan.unknown_sets), plan.num_unknowns,
        len(plan.op_kind), width,
    )  # fmt: skip
    parts = [
        shape.action_start, shape.action_infoset, plan.unknown_sets, plan.unknown_start, plan.is_unknown,
        plan.slot_terminal, plan.slot_player, plan.op_kind, plan.op_arg, plan.op_stop, plan.op_plain, plan.lin_out,
        plan.lin_start, plan.lin_prob, plan.lin_in, plan.member_start, plan.member_node, plan.relevant_start,
        plan.relevant_action, plan.child_slot, plan.child_start, plan.chance_path_start, plan.chance_path_edge,
        plan.belief_order, plan.reversing, plan.belief_free,
    ]  # fmt: skip
    scratch = [len(plan.unknown_sets), actions, sets, actions, sets, members, width, actions, slots]
    parts.extend(np.zeros(size, dtype=np.int64) for size in scratch)
    place = HEADER
    for entry, part in enumerate(parts, start=ACTION_START):
        head[entry] = place
        place += len(part)
    sizes = [
        actions + num_chance, actions, slots, actions, members, members, actions, actions * width, slots * width,
        actions * width, *[width] * 8, width * width, width * width, actions, actions, actions, actions, members,
        LEVELS * actions,
    ]  # fmt: skip
    place = 0
    for entry, size in enumerate(sizes, start=PROB):
        head[entry] = place
        place += size
    return np.concatenate([head, *(np.asarray(part, dtype=np.int64) for part in parts)]), place


def registers(size: int) -> Floats:
    """A fresh float array for one thread."""
    return np.zeros(size)
