"""A design written out: the agreement with its changes made."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from itertools import pairwise

from detente.case.findings import Findings
from detente.case.model_settlement import Setting, Step
from detente.case.settlement_edits import Edits, of_kind


@dataclass(frozen=True)
class Plan:
    """Steps in order, the groups of them that happen at once, and the numbers around them."""

    steps: tuple[Step, ...]
    together: tuple[tuple[str, ...], ...]
    setting: Setting


def written_out(base: Plan, edits: Edits, findings: Findings) -> Plan | None:
    """The agreement with changes made, or None after noting which of them cannot be made.

    Steps are dropped first (what waited for one waits for what that waited for), then prerequisites replaced, then
    bundles, and last steps are split: the parts follow one another, and what waited for the step waits for the last.
    """
    dropped = {name: edit for name, edit in of_kind(edits, "drop")}
    before = findings.count
    if len(dropped) == len(base.steps):
        edit = next(iter(dropped.values()))
        findings.error("C813", "no step is left", edit.span, "Leave at least one step.")
    _about_dropped(edits, dropped.keys(), findings)
    steps = _without(base.steps, frozenset(dropped))
    after = {name: edit.value for name, edit in of_kind(edits, "after")}
    steps = tuple(replace(step, after=after.get(step.id, step.after)) for step in steps)
    together = edits["together", ""].value if ("together", "") in edits else base.together
    kept = (tuple(name for name in group if name not in dropped) for group in together)
    together = tuple(group for group in kept if len(group) > 1)
    changed = {item.name: edits[item.name, ""].value for item in fields(Setting) if (item.name, "") in edits}
    setting = replace(base.setting, **changed)
    if setting.stop is not None:
        setting = replace(setting, stop=tuple(name for name in setting.stop if name not in dropped))
    plan = Plan(steps, together, setting)
    for name, edit in of_kind(edits, "split"):
        if any(name in group for group in together):
            hint = "Take it out of `together`, or do not split it."
            findings.error("C813", f"'{name}' happens at once with another step, so it has no parts", edit.span, hint)
        else:
            plan = _split(plan, name, edit.value)
    return None if findings.count > before else plan


def _about_dropped(edits: Edits, gone: Collection[str], findings: Findings) -> None:
    """Note changes about a step that is not there any more."""
    for kind in ("after", "split"):
        for name, edit in of_kind(edits, kind):
            if name in gone:
                message = f"`{kind}` is about '{name}', which this design drops"
                findings.error("C813", message, edit.span, "Leave one of the two out.")
    for name, edit in of_kind(edits, "after"):
        for other in edit.value:
            if other in gone:
                message = f"'{name}' is to wait for '{other}', which this design drops"
                findings.error("C813", message, edit.span, "Name steps that are there.")
    for kind in ("together", "stop"):
        edit = edits.get((kind, ""))
        named = () if edit is None or edit.value is None else edit.value
        flat = [name for item in named for name in ((item,) if isinstance(item, str) else item)]
        for name in flat:
            if edit is not None and name in gone:
                message = f"`{kind}` names '{name}', which this design drops"
                findings.error("C813", message, edit.span, "Name steps that are there.")


def _without(steps: tuple[Step, ...], dropped: frozenset[str]) -> tuple[Step, ...]:
    """The steps without some, in which order is otherwise kept."""
    before = {step.id: step.after for step in steps}
    for gone in dropped:
        for name, names in before.items():
            if gone in names:
                passed = (*(item for item in names if item != gone), *before[gone])
                before[name] = tuple(dict.fromkeys(item for item in passed if item != name))
    return tuple(replace(step, after=before[step.id]) for step in steps if step.id not in dropped)


def _split(plan: Plan, name: str, parts: int) -> Plan:
    made: list[Step] = []
    chain = [f"{name}.{number}" for number in range(1, parts + 1)]
    for step in plan.steps:
        after = tuple(chain[-1] if item == name else item for item in step.after)
        if step.id != name:
            made.append(replace(step, after=after))
            continue
        made.append(replace(step, id=chain[0], parts=parts))
        made += [replace(step, id=part, after=(earlier,), parts=parts) for earlier, part in pairwise(chain)]
    stop = plan.setting.stop
    if stop is not None:
        stop = tuple(part for item in stop for part in (chain if item == name else (item,)))
    return Plan(tuple(made), plan.together, replace(plan.setting, stop=stop))
