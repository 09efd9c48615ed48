"""The command line: one file per command, no game theory in any of them."""

from __future__ import annotations


def main() -> None:
    """Run the command line and leave with its exit status."""
    from detente.cli.program import run

    run()
