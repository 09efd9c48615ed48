"""The intuitive criterion and D1: who could gain from a message that nobody sends, and whom to expect behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from detente.axes import Bools
from detente.game.refinements.names import listing
from detente.game.refinements.replies import (
    Profile,
    TooManyError,
    best_replies,
    least,
    least_temptation,
    most,
    most_where,
)
from detente.game.refinements.result import Check, Flaw
from detente.game.refinements.signaling import Message, SignalingGame

MOST_TOLD = 8  # messages named in a sentence


def check_intuitive(games: Sequence[SignalingGame], slack: float) -> Check:
    """The intuitive criterion.

    Take a message nobody sends. Types that would lose by it whatever best reply follows, to any belief, are
    ruled out. The equilibrium fails if one of the others would then gain from it under every best reply to
    every belief on the others.

    Args:
        games: Signaling games with an equilibrium, one for each way that moves before the message can go.
        slack: Gains and losses up to this share of the payoff range count as none.

    Reference: Cho and Kreps (1987), section II.3.
    """

    def flaw_of(game: SignalingGame, message: Message) -> Flaw | None:
        everyone = best_replies(message, message.able)
        dominated = np.array(
            [able and most(message, everyone, k) < game.payoff[k] - slack for k, able in enumerate(message.able)]
        )
        left: Bools = message.able & ~dominated
        if not dominated.any() or not left.any():
            return None
        kept = best_replies(message, left)
        gains = np.array([least(message, kept, k) - game.payoff[k] if left[k] else -np.inf for k in range(len(left))])
        return _flaw(game, message, dominated, gains > slack, float(gains.max()))

    return _checked(games, flaw_of, "the intuitive criterion")


def check_d1(games: Sequence[SignalingGame], slack: float) -> Check:
    """Criterion D1, iterated.

    Take a message nobody sends. A type is ruled out if some other type gains strictly under every best reply
    under which it would gain or be as well off itself. This is repeated with beliefs on the types left. The
    equilibrium fails if no best reply to a belief on the types left keeps everybody from sending the message.

    Args:
        games: Signaling games with an equilibrium, one for each way that moves before the message can go.
        slack: Gains and losses up to this share of the payoff range count as none.

    Reference: Banks and Sobel (1987); Cho and Kreps (1987), section IV.2.
    """

    def flaw_of(game: SignalingGame, message: Message) -> Flaw | None:
        left = _survivors(game, message, slack)
        kept = best_replies(message, left)
        gain = least_temptation(message, kept, game.payoff)
        if gain <= slack:
            return None
        gains = np.array([most(message, kept, k) - game.payoff[k] if left[k] else -np.inf for k in range(len(left))])
        return _flaw(game, message, message.able & ~left, gains > slack, gain)

    return _checked(games, flaw_of, "criterion D1")


def _survivors(game: SignalingGame, message: Message, slack: float) -> Bools:
    """[types] who may be behind a message nobody sends, by D1."""
    left: Bools = message.able.copy()
    while left.sum() > 1:
        replies = best_replies(message, left)
        kinds = np.flatnonzero(left).tolist()
        covered = {
            (k, other)
            for k in kinds
            for other in kinds
            if k != other and _covered(game, message, replies, k, other, slack)
        }
        out = {k for k, other in covered if (other, k) not in covered}
        if not out:
            break
        left[sorted(out)] = False
    return left


def _covered(
    game: SignalingGame, message: Message, replies: tuple[Profile, ...], kind: int, other: int, slack: float
) -> bool:
    """Whether `other` gains strictly under every best reply under which `kind` loses nothing, and under some."""
    if most(message, replies, other) <= game.payoff[other] + slack:
        return False
    cap = float(game.payoff[other]) + slack
    return all(most_where(message, profile, kind, other, cap) < game.payoff[kind] - slack for profile in replies)


def _flaw(game: SignalingGame, message: Message, ruled_out: Bools, gains: Bools, gain: float) -> Flaw | None:
    if not gains.any() or not message.replies:
        return None
    first = message.replies[0]
    return Flaw(
        place=game.place(message),
        infoset=first.infoset,
        player=game.sender,
        action=message.name,
        gain=gain,
        types=tuple(name for name, gaining in zip(game.types, gains, strict=True) if gaining),
        ruled_out=tuple(name for name, out in zip(game.types, ruled_out, strict=True) if out),
        belief=dict(zip(game.types, first.belief.tolist(), strict=True)),
    )


def _checked(
    games: Sequence[SignalingGame], flaw_of: Callable[[SignalingGame, Message], Flaw | None], name: str
) -> Check:
    """Try every message that nobody sends."""
    sender = listing(list(dict.fromkeys(game.sender for game in games)))
    unsent = [(game, message) for game in games for message in game.messages if not message.sent and message.able.any()]
    if not unsent:
        return Check(True, True, f"Every message is sent by some type of {sender}, so there is nothing to rule out.")
    if not any(message.replies for game in games for message in game.messages):
        return Check(True, True, f"Nobody's reply to {sender} rests on a belief about its type.")
    try:
        flaws = tuple(flaw for flaw in (flaw_of(game, message) for game, message in unsent) if flaw is not None)
    except TooManyError as problem:
        return Check.not_judged(f"There are too many beliefs or replies to look at all: {problem}.")
    if not flaws:
        told = listing([f"'{game.place(message)}'" for game, message in unsent[:MOST_TOLD]])
        return Check(True, True, f"No type of {sender} is tempted by what nobody sends ({told}).")
    return Check(True, False, _sentence(flaws, name), flaws)


def _sentence(flaws: tuple[Flaw, ...], name: str) -> str:
    flaw = flaws[0]
    rest = f" The same holds for {listing([f.place for f in flaws[1:MOST_TOLD]])}." if len(flaws) > 1 else ""
    rested = listing([f"{kind} {share:.3g}" for kind, share in flaw.belief.items()])
    ruled = f"{name} rules out {listing(flaw.ruled_out)}" if flaw.ruled_out else f"{name} rules out nobody"
    return (
        f"Nobody sends '{flaw.place}'. If it came, {ruled}; then {listing(flaw.types)} would gain "
        f"{flaw.gain:.3g} of the payoff range by sending it. "
        f"The equilibrium rests on the belief {rested} instead.{rest}"
    )
