"""A backtest as text."""

from __future__ import annotations

import math
from typing import Any

from overbuild.backtest.assess import NAIVE, Assessed, Backtest, shown
from overbuild.backtest.scores import INTERVALS, Score
from overbuild.errors import ResultError

MEANINGS = {"walk": "random walk", "trend": "trend", "logistic": "logistic curve",
            "hazard": "constant hazard"}


def number(each: Assessed, value: float, start: float) -> str:
    """A forecast or outcome: a date to a tenth of a year, a number to three digits."""
    own = shown(each, value, start)
    return f"{own:.1f}" if each.target.dated else f"{own:,.3g}" if own < 1000 else f"{own:,.0f}"


def binomial_range(count: int, share: float, level: float = 0.9) -> tuple[int, int]:
    """The central range of a binomial count: at most (1 - level)/2 of its probability below and
    above."""
    chances = [math.comb(count, k) * share ** k * (1 - share) ** (count - k)
               for k in range(count + 1)]
    tail = (1 - level) / 2
    low = next(k for k in range(count + 1) if sum(chances[:k + 1]) > tail)
    high = next(k for k in range(count, -1, -1) if sum(chances[k:]) > tail)
    return low, high


def _head(done: Backtest) -> list[str]:
    made = done.forecasts
    ensemble, rows = made.ensemble, made.training
    observed = {each.data for each in made.config.observed}
    used = [row for row in rows.rows
            if row.series in observed and row.period.first >= made.config.start]
    recalled = sum(row.status == "recalled" for row in used)
    lines = [f"Backtest: {made.targets.title}",
             f"by {made.config.file.stem}, {made.config.title}", "",
             f"training: {len(used)} rows to the end of {made.options.until}, {recalled} of them "
             "recalled",
             f"paths: {made.options.paths:,} from the posterior, {ensemble.effective:,.0f} "
             "effective given the rows"]
    if made.config.settings:
        lines.insert(2, f"with {', '.join(made.config.settings)}")
    lines.append(f"log evidence of the rows: {made.log_evidence[0]:.2f} ± "
                 f"{made.log_evidence[1]:.2f}")
    if made.targets.absent:
        lines.append(f"absent by then: {', '.join(made.targets.absent)}, which had happened with "
                     f"probability {100 * ensemble.excluded:.1f}%")
    return lines + [f"doubt: {each}" for each in made.doubts]


def _name(each: Assessed) -> str:
    return each.target.name + ("*" if each.actual.doubtful else "")


def _forecasts(done: Backtest, width: int, start: float) -> list[str]:
    lines = ["", "Forecast and outcome",
             f" {'target':<{width}} {'came':>8} {'median':>8}  {'90% interval':<20} "
             f"{'PIT ± se':<15} {'inside':<6}"]
    for each in done.targets:
        came, own = number(each, each.actual.value, start), each.model
        if own is None:
            lines.append(f" {_name(each):<{width}} {came:>8}  {each.scores['model']}")
            continue
        interval = f"[{number(each, own.low, start)}, {number(each, own.high, start)}]"
        within = next((f"{100 * share:g}%" for share, inside in zip(INTERVALS, own.covered)
                       if inside), "no")
        note = f"  later: {100 * each.late:.0f}%" if each.target.dated else ""
        lines.append(f" {_name(each):<{width}} {came:>8} {number(each, own.median, start):>8}  "
                     f"{interval:<20} {own.pit:.3f} ± {own.pit_se:.3f}   {within:<6}{note}".rstrip())
    return lines


def _scores(done: Backtest, width: int) -> list[str]:
    lines = ["", "CRPS, smaller is better (of logarithms; of dates in years)",
             f" {'target':<{width}} {'model ± se':<15} "
             + " ".join(f"{name:>8}" for name in NAIVE) + "  best"]
    for each in done.scored:
        own = each.model
        assert own is not None
        cells, best, least = [], "model", own.crps
        for name in NAIVE:
            one = each.scores[name]
            cells.append(f"{one.crps:8.3f}" if isinstance(one, Score) else f"{'-':>8}")
            if isinstance(one, Score) and one.crps < least:
                best, least = name, one.crps
        alone = all(isinstance(each.scores[name], str) for name in NAIVE)
        lines.append(f" {_name(each):<{width}} {own.crps:.3f} ± {own.crps_se:.3f}   "
                     + " ".join(cells) + f"  {'(alone)' if alone else best}")
    return lines


def _summary(done: Backtest) -> list[str]:
    count = len(done.scored)
    lines = [""]
    for place, share in enumerate(INTERVALS):
        low, high = binomial_range(count, share)
        lines.append(f"{100 * share:g}% intervals: {done.coverage(place)} of {count} hold what "
                     f"came (independent targets: {low} to {high})")
    for name in NAIVE:
        found = done.skill(name)
        if found:
            lines.append(f"skill against {MEANINGS[name]}: {100 * found[0]:.0f}% ± "
                         f"{100 * found[1]:.0f}%, over {found[2]} targets")
    reasons: dict[str, list[str]] = {}
    for each in done.scored:
        for name in NAIVE:
            one = each.scores[name]
            if isinstance(one, str) and not one.startswith(("no event", "for dates")):
                reasons.setdefault(f"{MEANINGS[name]}, {one}", []).append(each.target.name)
    lines += ["", "Not fitted"] if reasons else []
    lines += [f" {reason}: {len(names)} targets" for reason, names in reasons.items()]
    return lines


def _remarks(done: Backtest) -> list[str]:
    lines = [f" {each.target.name}: {each.target.remark}" for each in done.targets
             if each.target.remark]
    if any(each.actual.doubtful for each in done.targets):
        lines.append(" *: rests on a row that was not read in its source (reported or recalled)")
    return ["", "Remarks", *lines] if lines else []


def beside(done: Backtest, other: dict[str, Any]) -> str:
    """A table of the model's scores beside those of another backtest (`json_of`) of the same
    targets; ResultError where it has none in common."""
    scores = {each["name"]: each["scores"]["model"] for each in other["targets"]}
    both = [each for each in done.scored if isinstance(scores.get(each.target.name), dict)]
    if not both:
        raise ResultError(f"the other backtest, of {other['config']}, has no target in common")
    own = [f"{done.forecasts.config.file.stem}", *done.forecasts.config.settings]
    width = max(len(_name(each)) for each in both)
    lines = [f"CRPS of {' with '.join(own)}",
             f"beside {' with '.join([other['config'], *other['settings']])}",
             f" {'target':<{width}} {'this ± se':<15} {'other ± se':<15} this/other ± se   PIT"]
    for each in both:
        this, that = each.model, scores[each.target.name]
        assert this is not None
        ratio = this.crps / that["crps"]
        error = ratio * math.hypot(this.crps_se / this.crps, that["crps_se"] / that["crps"])
        lines.append(f" {_name(each):<{width}} {this.crps:.3f} ± {this.crps_se:.3f}   "
                     f"{that['crps']:.3f} ± {that['crps_se']:.3f}   {ratio:10.2f} ± {error:.2f}   "
                     f"{this.pit:.3f} ({that['pit']:.3f})")
    logs = [math.log(each.model.crps / scores[each.target.name]["crps"])
            for each in both if each.model]
    better = sum(one < 0 for one in logs)
    return "\n".join([*lines, "", f"better at {better} of {len(logs)} targets; geometric mean of the "
                      f"ratios {math.exp(sum(logs) / len(logs)):.2f}",
                      f"log evidence of the training rows: {done.forecasts.log_evidence[0]:.2f} "
                      f"(other: {other['log_evidence']:.2f})"])


def text(done: Backtest) -> str:
    """Tables of forecasts, outcomes and scores."""
    width = max(len(_name(each)) for each in done.targets)
    start = done.forecasts.config.start.year
    return "\n".join([*_head(done), *_forecasts(done, width, start), *_scores(done, width),
                      *_summary(done), *_remarks(done)])
