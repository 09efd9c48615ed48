"""The one table of array axis names, used in docstrings and annotations of every room.

====================  =====================================================================
name                  meaning
====================  =====================================================================
``draws``             one vector of parameter values each
``params``            parameters of a case, in the order they are declared
``players``           strategic players, in the order of ``TreeShape.players``; chance excluded
``nodes``             nodes of the tree in breadth-first order, root first
``terminals``         terminal nodes, in node order
``infosets``          information sets
``actions``           every action of every information set, flattened
``chance_edges``      every branch of every chance node, flattened
``terms``             payoff term instances
``outcomes``          named outcomes of a case
====================  =====================================================================
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int32]
Bools: TypeAlias = NDArray[np.bool_]
