"""Case files of a page, written from their parts, whose answers can be worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent, indent

from detente.case import Case, loads

Number = float | tuple[float, float, float]
"""A fixed number, or a base value with the ends of its range."""

BASE: dict[str, Number] = {
    "p": (0.3, 0.02, 0.98),
    "G": 1.0,
    "C": 0.8,
    "d": 0.2,
    "L": 1.0,
    "W": 0.4,
}

TWO = "silence", "candor"
THREE = "silence", "candor", "calibrated"


def parameter_text(numbers: Mapping[str, Number], extra: Mapping[str, str] | None = None) -> str:
    """The section `parameters`; `extra` holds further lines of some of them."""
    text = "parameters:\n"
    for name, number in numbers.items():
        value, *ends = number if isinstance(number, tuple) else (number,)
        text += f"  {name}:\n    value: {value!r}\n"
        text += f"    range: [{ends[0]!r}, {ends[1]!r}]\n" if ends else ""
        text += "    about: for tests\n    source: judgment\n    confidence: low\n"
        text += indent(dedent((extra or {}).get(name, "")), "    ")
    return text


def case_text(parameters: str, owner: str = "DEF", **sections: str) -> str:
    """A whole case file; the sections are given without their first line."""
    text = dedent("""\
        case: small
        title: Small
        summary: For tests.
        sources:
          book: A book
        actors:
          CHL: Challenger
          DEF: Defender
    """)
    text += f"owner: {owner}\n{parameters}"
    for name, body in sections.items():
        text += f"{name}:\n{indent(dedent(body), '  ')}" if body else ""
    return text


def small_case(parameters: str, owner: str = "DEF", **sections: str) -> Case:
    return loads(case_text(parameters, owner, **sections), "small.case.yaml")


DETERRENCE = {
    "types": """\
        DEF.resolve:
          firm: p
          limited: rest
        """,
    "timeline": """\
        - decision: challenge
          by: CHL
          options: [attack, hold]
        - decision: respond
          by: DEF
          options:
            severe: DEF.resolve == firm
            protest: DEF.resolve == limited
          when: challenge == attack
        """,
    "payoffs": """\
        CHL:
          - term: gain
            when: respond == protest
            value: G
          - term: beaten
            when: respond == severe
            value: -C
          - term: peace
            when: challenge == hold
            value: d
        DEF:
          - term: loss_if_limited
            when: challenge == attack and DEF.resolve == limited
            value: -L
          - term: loss_if_firm
            when: challenge == attack and DEF.resolve == firm
            value: -W
        """,
    "outcomes": "attacked: challenge == attack\n",
}

POSTURES = {
    "silence": "silence:\n  status_quo: true\n",
    "candor": "candor:\n  disclose:\n    DEF.resolve: all\n",
    "calibrated": "calibrated:\n  disclose:\n    DEF.resolve: optimal\n",
}


def deterrence(
    postures: tuple[str, ...] = TWO,
    *,
    more_postures: str = "",
    claims: str = "",
    extra: Mapping[str, str] | None = None,
    **numbers: Number,
) -> Case:
    """The deterrence game of the closed form: a firm defender answers severely, a limited one protests."""
    listed = "".join(POSTURES[name] for name in postures) + dedent(more_postures)
    parameters = parameter_text({**BASE, **numbers}, extra)
    return small_case(parameters, **DETERRENCE, postures=listed, claims=claims)


def p_star(gain: float = 1.0, cost: float = 0.8, peace: float = 0.2) -> float:
    """Belief at which the challenger is indifferent."""
    return (gain - peace) / (gain + cost)


def meeting(**numbers: Number) -> Case:
    """Two that want to meet, at either of two places; the owner likes one of them better, and to be met in the west."""
    return small_case(
        parameter_text({"high": 2.0, "bonus": 2.0, **numbers}),
        timeline="""\
            - decision: go
              by: DEF
              options: [east, west]
              seen_by: none
            - decision: come
              by: CHL
              options: [left, right]
            """,
        payoffs="""\
            DEF:
              - term: east
                when: go == east and come == left
                value: high
              - term: west
                when: go == west and come == right
                value: 1
              - term: bonus
                when: come == right
                value: bonus
            CHL:
              - term: met
                when: (go == east and come == left) or (go == west and come == right)
                value: 1
            """,
        postures="quiet:\n  status_quo: true\nbound:\n  commit:\n    go: west\n",
    )
