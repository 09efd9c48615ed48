"""Draw the pictures of answers that the pages of cases show.

Run it from the repository: ``.venv/bin/python docs/cases/draw_answers.py``. It asks the shipped cases and writes SVG
files beside itself; with the same version, the same files come out.
"""

from __future__ import annotations

from pathlib import Path

import detente
from detente.report import aim_timeline, settlement_lattice, write_figure

HERE = Path(__file__).parent
DRAWS = 200


def main() -> None:
    """Write every picture."""
    intent = detente.assess("ukraine-2021", draws=DRAWS, quick=True)
    chart = aim_timeline(intent)
    if chart is not None:
        write_figure(chart, HERE / "ukraine-2021-intent.svg")
    for name, design, file in (
        ("ukraine-2021", "minsk_ii", "minsk-ii-lattice"),
        ("camp-david-1978", "as_concluded", "camp-david-1978-lattice"),
    ):
        deal = detente.settle(name, designs=[design], draws=DRAWS, quick=True)
        lattice = settlement_lattice(deal, deal.designs[0])
        if lattice is not None:
            write_figure(lattice, HERE / f"{file}.svg")


if __name__ == "__main__":
    main()
