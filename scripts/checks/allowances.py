"""Exceptions from the rules. A list of exceptions may only shrink: an entry that is not needed is an error."""

import collections
import dataclasses


@dataclasses.dataclass(frozen=True)
class Finding:
    """How much of something there is in one place, and how much there may be."""

    rule: str
    where: str  # path, or path:name
    amount: int
    limit: int
    message: str
    line: int = 0


def listed(tree, rule):
    """The entries of scripts/allow/<rule>.txt: place -> amount. Each line: place, amount, reason."""
    path = f"scripts/allow/{rule}.txt"
    entries = {}
    for line in tree.text(path).splitlines() if path in tree.paths else []:
        words = line.split("#")[0].split()
        if words:
            entries[words[0]] = int(words[1])
    return entries


def verdicts(tree, rules, findings):
    """The lines that say what is wrong with `rules`, after what is allowed has been taken out."""
    found = collections.defaultdict(dict)
    for finding in findings:
        found[finding.rule][finding.where] = finding
    for rule in sorted({*rules, *found}):
        allowed = listed(tree, rule)
        for where, finding in sorted(found[rule].items()):
            yield from verdict(finding, allowed.pop(where, None))
        for where in allowed:
            yield f"scripts/allow/{rule}.txt: {where} needs no entry any more: remove it"


def verdict(finding, allowed):
    place = f"{finding.where}:{finding.line}" if finding.line else finding.where
    if allowed is None:
        if finding.amount > finding.limit:
            yield f"{place}: {finding.message} [{finding.rule}]"
    elif finding.amount > allowed:
        yield f"{place}: {finding.message} [{finding.rule}: {finding.amount}, allowed {allowed}]"
    elif finding.amount <= finding.limit:
        yield f"scripts/allow/{finding.rule}.txt: {finding.where} needs no entry any more: remove it"
    elif finding.amount < allowed:
        yield f"scripts/allow/{finding.rule}.txt: {finding.where}: lower {allowed} to {finding.amount}"
