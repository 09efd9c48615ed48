"""The one table of settings. The command line, the documentation and the tests read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detente.errors import RequestError


@dataclass(frozen=True)
class Setting:
    """One thing a user can turn.

    Attributes:
        name: Name as a Python argument; on the command line ``--`` and hyphens.
        default: Value if the user says nothing; None stands for "not set".
        kind: ``int``, ``float`` or ``str``.
        help: One sentence; the unit in brackets at its end.
        low: Least legal value.
        high: Largest legal value.
        choices: The legal words, for settings that are words.
        about: What else there is to know, for the documentation.
    """

    name: str
    default: int | float | str | None
    kind: type
    help: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    about: str = ""

    @property
    def flag(self) -> str:
        """Name on the command line."""
        return "--" + self.name.replace("_", "-")

    @property
    def legal(self) -> str:
        """Legal values in words."""
        if self.choices:
            return ", ".join(self.choices)
        words = {int: "a whole number", float: "a number", str: "a word"}[self.kind]
        if self.low is not None and self.high is not None:
            return f"{words} from {self.low:,} to {self.high:,}"
        if self.low is not None:
            return f"{words}, at least {self.low:,}"
        return words

    def check(self, value: Any) -> Any:
        """The value if it is legal.

        Raises:
            RequestError: It is not; says what would be.
        """
        if value is None:
            return self.default
        fits = isinstance(value, int | float if self.kind is float else self.kind) and not isinstance(value, bool)
        if fits and self.choices:
            fits = value in self.choices
        if fits and self.low is not None:
            fits = value >= self.low
        if fits and self.high is not None:
            fits = value <= self.high
        if not fits:
            raise RequestError(f"{self.name} cannot be {value!r}: it takes {self.legal}.")
        return value


SETTINGS = (
    Setting(
        "draws",
        1_000,
        int,
        "How many plausible worlds to try: joint draws of all uncertain parameters (count).",
        1,
        1_000_000,
        about="Draw number i depends on the seed and on i only, so a run with more draws repeats the shorter one "
        "and goes on. The Monte Carlo error of a share near one half is about 0.5 divided by the square root of this.",
    ),
    Setting(
        "quick_draws",
        100,
        int,
        "Draws used by --quick (count).",
        1,
        1_000_000,
        about="Enough to see the shape of an answer: shares are good to about five percentage points.",
    ),
    Setting(
        "seed",
        0,
        int,
        "Which sequence of draws (whole number).",
        0,
        2**63 - 1,
        about="The same seed, version and machine give the same bytes of `--json`.",
    ),
    Setting(
        "threads",
        0,
        int,
        "Processor threads to use; 0 takes all there are (count).",
        0,
        1_024,
        about="Changes how long an answer takes, and numbers by at most 1e-9.",
    ),
    Setting(
        "time_budget",
        None,
        float,
        "Stop after this long and print the answer so far (seconds).",
        0.1,
        about="Not set: no limit. An answer cut short says so, in words and in the fields `interrupted` and "
        "`draws_done`.",
    ),
    Setting(
        "node_limit",
        200_000,
        int,
        "Largest game a case may compile to under one posture (nodes).",
        10,
        10_000_000,
        about="A case over the limit is refused with an estimate of its size before memory is spent on it.",
    ),
    Setting(
        "lam",
        None,
        float,
        "Precision of play: how strictly actors follow their interest (1 / payoff range).",
        0.0,
        1e9,
        about="Not set: fully strict, which gives a sequential equilibrium. A finite value gives the quantal "
        "response equilibrium of that precision, in which every option is taken now and then and costly mistakes "
        "are rare; 0 is play at random. Payoffs are divided by each actor's payoff range first.",
    ),
    Setting(
        "method",
        "auto",
        str,
        "How to look for an equilibrium.",
        choices=("auto", "logit", "backward_induction", "support"),
        about="`logit` follows the principal branch of the agent quantal response equilibrium to its end. "
        "`backward_induction` is for games in which every mover knows everything. `support`, for game files, looks "
        "through the sets of actions that may be used. `auto` takes backward induction where it applies and `logit` "
        "elsewhere. The certificate is the same for all.",
    ),
    Setting(
        "starts",
        20,
        int,
        "Interior starting points from which other equilibria are looked for (count).",
        0,
        10_000,
        about="What is found beside the principal answer is listed by `solve` and gives `compare` and `audit` the mark "
        "`selection_sensitive`.",
    ),
    Setting(
        "orders",
        3,
        int,
        "How many of a settlement's best orders to list, those with most slack (count).",
        1,
        100,
        about="The slack of an order is the least advantage, over its steps, of going on over leaving. Where what is "
        "still to come counts less, and from 21 steps on, only the best order is listed.",
    ),
    Setting(
        "hidden_draws",
        100,
        int,
        "Worlds in which orders of a settlement are played out under hidden aims (count).",
        1,
        100_000,
        about="Each order is a game of its own in each world. They are the first of the worlds that `draws` asks for; "
        "with `--quick` 20.",
    ),
    Setting(
        "precision",
        30.0,
        float,
        "Precision of play at which observed moves are judged: what each type would have done (1 / payoff range).",
        0.0,
        1e6,
        about="Used by `assess`, and by `compare` with `--given-evidence`. "
        "Moves are judged in a quantal response equilibrium, so that nothing that was seen has probability zero. "
        "At 30, an option that is worse by a tenth of an actor's payoff range is taken e^-3 = 0.05 times as often as "
        "the best one. 0 is play at random, at which no move tells anything.",
    ),
    Setting(
        "equilibria",
        "principal",
        str,
        "Which equilibria the comparison is about.",
        choices=("principal", "all"),
        about="`principal` compares postures by the answer at the end of the principal branch. `all` looks, at base "
        "values and in the first few worlds, for every equilibrium of every posture, and says how far the owner's "
        "value, the odds and the ranking depend on which one is played.",
    ),
)

_BY_NAME = {item.name: item for item in SETTINGS}


def setting(name: str) -> Setting:
    """The setting of that name."""
    return _BY_NAME[name]


def default(name: str) -> Any:
    """Default value of a setting."""
    return _BY_NAME[name].default


def checked(**values: Any) -> dict[str, Any]:
    """Every value checked against the table; None becomes the default.

    Raises:
        RequestError: A value is not legal; says what would be.
    """
    return {name: _BY_NAME[name].check(value) for name, value in values.items()}
