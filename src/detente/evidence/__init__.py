"""What dated reports say about hidden types: the mathematics of evidence. Plain NumPy; knows no case and no solver.

An item is a report with a likelihood under each type, a weight for its source, and perhaps an origin it shares with
others. The room turns items into posteriors with bounds and bands, says which items matter and what to watch next,
mends incoherent judgments, pools analysts, and treats items that a bluffer could have staged or moves that every type
would have made.
"""

from __future__ import annotations

from detente.evidence.coherence import Repair, repair_alternatives, repair_complement
from detente.evidence.hindsight import Hindsight, hindsight
from detente.evidence.influence import NO_INFORMATION, Influence, influence
from detente.evidence.items import RHO, Evidence, Item
from detente.evidence.likelihood import MARKS, WORDS, Likelihood, read_likelihood
from detente.evidence.matrix import COLUMNS, read_matrices, read_matrix, write_matrix
from detente.evidence.pool import (
    FLOOR,
    Disagreement,
    Pooled,
    disagreement,
    log_pool,
    pool_evidence,
    pool_likelihoods,
)
from detente.evidence.posterior import Bounds, bounds_at, bounds_on, known_scores, outer_bounds, posterior
from detente.evidence.prior import Prior, nearest_distribution
from detente.evidence.reliability import CANNOT_BE_JUDGED, reliability, reliability_table
from detente.evidence.staged import DOUBTED, PARTIAL, POOLING, SEPARATING, Staged, staged
from detente.evidence.streams import Streams
from detente.evidence.timeline import BAND, DRAWS, Timeline, drawn_scores, timeline
from detente.evidence.watch import Watched, best_action_value, watch, yes_no
from detente.evidence.worlds import WeightedWorlds, move_likelihoods, weigh_worlds, weighted_quantiles

__all__ = [
    "BAND",
    "CANNOT_BE_JUDGED",
    "COLUMNS",
    "DOUBTED",
    "DRAWS",
    "FLOOR",
    "MARKS",
    "NO_INFORMATION",
    "PARTIAL",
    "POOLING",
    "RHO",
    "SEPARATING",
    "WORDS",
    "Bounds",
    "Disagreement",
    "Evidence",
    "Hindsight",
    "Influence",
    "Item",
    "Likelihood",
    "Pooled",
    "Prior",
    "Repair",
    "Staged",
    "Streams",
    "Timeline",
    "Watched",
    "WeightedWorlds",
    "best_action_value",
    "bounds_at",
    "bounds_on",
    "disagreement",
    "drawn_scores",
    "hindsight",
    "influence",
    "known_scores",
    "log_pool",
    "move_likelihoods",
    "nearest_distribution",
    "outer_bounds",
    "pool_evidence",
    "pool_likelihoods",
    "posterior",
    "read_likelihood",
    "read_matrices",
    "read_matrix",
    "reliability",
    "reliability_table",
    "repair_alternatives",
    "repair_complement",
    "staged",
    "timeline",
    "watch",
    "weigh_worlds",
    "weighted_quantiles",
    "write_matrix",
    "yes_no",
]
