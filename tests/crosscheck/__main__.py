"""`make crosscheck`: 2,000 random games, each judged from outside; exits with 1 if any answer is found wrong."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import local

from crosscheck.games import cross_game
from crosscheck.judge import REGRET, Judged, judge
from crosscheck.peer import Peer


def main() -> int:
    parser = argparse.ArgumentParser(prog="make crosscheck", description=__doc__)
    parser.add_argument("--games", type=int, default=2_000, help="how many games")
    parser.add_argument("--first", type=int, default=0, help="number of the first game")
    parser.add_argument("--seconds", type=float, default=30.0, help="patience with the peer, per game")
    asked = parser.parse_args()
    begin = time.perf_counter()
    mine, peers = local(), []

    def one(seed: int) -> Judged:
        if not hasattr(mine, "peer"):
            mine.peer = Peer(asked.seconds)
            peers.append(mine.peer)
        return judge(cross_game(seed), seed, mine.peer)

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        found = []
        for judged in pool.map(one, range(asked.first, asked.first + asked.games)):
            found.append(judged)
            if not judged.passed or judged.branch in ("ours jumped", "different"):
                print(judged, flush=True)
            if len(found) % 100 == 0:
                print(f"{len(found)} games, {time.perf_counter() - begin:.0f} s", file=sys.stderr, flush=True)
    for peer in peers:
        peer.close()
    return report(found, time.perf_counter() - begin)


def report(found: list[Judged], seconds: float) -> int:
    """Print the tables; the exit status."""
    wrong = [judged for judged in found if not judged.passed]
    print(f"\n{len(found)} games in {seconds:.0f} s; {len(found) - len(wrong)} answers stand\n")
    print("| judged by | largest, share of the payoff range | allowed |\n| --- | --: | --: |")
    for name, what in (
        ("pygambit: one-shot regret at reached sets", "gambit_regret"),
        ("plain recursion: one-shot regret at every set", "slow_regret"),
        ("plain recursion: continuation regret at unreached sets", "continuation_regret"),
        ("plain recursion: beliefs against the last tremble", "belief_gap"),
    ):
        allowed = 1e-6 if what == "belief_gap" else REGRET
        print(f"| {name} | {max(getattr(judged, what) for judged in found):.1e} | {allowed:.0e} |")
    for title, key in (("reached by", "way"), ("pygambit's branch", "branch")):
        print(f"\n| {title} | games | share |\n| --- | --: | --: |")
        for name, count in Counter(getattr(judged, key) for judged in found).most_common():
            print(f"| {name} | {count} | {count / len(found):.1%} |")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
