"""Which parameters make the distance: the first scenario with parameters of the second.

The configs come from the results themselves (`/provenance/config`); runs with parameters replaced
have the first one's seed, so that path p draws the same random numbers in all of them, and the
error of a change of the distance is that of a difference path by path.
"""

from __future__ import annotations

import itertools
import json
import math
import pathlib
import subprocess
import tempfile
import tomllib
from dataclasses import dataclass, replace
from typing import Any, Callable, Sequence

import numpy as np
import pandas as pd

from overbuild.analogy.compare import Analogy, standardised
from overbuild.analogy.distance import Energy, within
from overbuild.analogy.episodes import Episode
from overbuild.analogy.phases import SERIES, Phases, phase_times, phases, tracks
from overbuild.errors import ResultError
from overbuild.result import Result, open_result

START, OTHER = "start, GDP and dates", "other parameters"
GROUPS: dict[str, tuple[str, ...]] = {
    START: ("revenue_0", "capex_0", "it_capital_0", "shell_capital_0", "internal_cash_0",
            "normal_utilisation"),
    "technology": ("efficiency_drift", "efficiency_vol", "shock_rate", "shock_mean",
                   "hardware_drift", "hardware_vol", "marginal_cost_0",
                   "marginal_cost_hardware_share", "price_floor_markup", "price_adjustment",
                   "price_discipline"),
    "demand": ("demand_growth_0", "demand_growth_longrun", "demand_growth_reversion",
               "demand_growth_vol", "demand_saturation", "demand_vol", "price_elasticity",
               "circular_demand", "bust_demand_growth", "shock_correlation",
               "saturation_damps_growth_only"),
    "capital and its cost": ("it_share", "it_life", "shell_life", "build_lag",
                             "pipeline_holds_start", "wacc", "infrastructure_share", "fixed_opex"),
    "plans of spending": ("capex_growth_0", "capex_growth_longrun", "capex_growth_decay",
                          "capex_feedback", "capex_vol", "bust_capex_decline",
                          "recovery_capex_growth", "capex_floor", "tables"),
    "bust and funding": ("bust_hazard", "bust_hazard_shortfall", "bust_hazard_shock",
                         "bust_hazard_funding", "recovery_utilisation", "recovery_hazard",
                         "min_bust_steps", "internal_cash_growth", "reinvestment_share",
                         "debt_rate", "belief_speed", "belief_horizon", "valuation_margin"),
}
Config = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """A change of the energy distance (in spreads) by parameters of the second scenario."""

    name: str
    change: float
    se: float
    first: str = ""  # value or prior in the first scenario
    second: str = ""
    alone: float | None = None  # of a group: the change by it alone
    last: float | None = None  # and by it after all others


def toml_value(value: Any) -> str:
    """A value as TOML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml_value(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml_value(each) for each in value) + "]"
    if isinstance(value, float) and not math.isfinite(value):
        raise ResultError(f"a config with {value} cannot be written")
    return json.dumps(value)


def short(value: Any) -> str:
    """A value or prior in few characters: normal(0.8, 0.15). None is a draw from a posterior."""
    if value is None:
        return "posterior"
    if isinstance(value, dict):
        return f"{value['prior']}(" + ", ".join(
            f"{each:g}" for key, each in value.items() if key not in ("prior", "min", "max")) + ")"
    return "matrix" if isinstance(value, list) else f"{value:g}"


def toml_text(config: Config) -> str:
    """A config as TOML: top-level values, sections, and the list of prior correlations."""
    lines = [f"{key} = {toml_value(value)}" for key, value in config.items()
             if not isinstance(value, dict) and key != "prior_correlation"]
    for key, section in config.items():
        if isinstance(section, dict):
            lines += [f"[{key}]"] + [f"{name} = {toml_value(value)}"
                                     for name, value in section.items()]
    for pair in config.get("prior_correlation", []):
        lines += ["[[prior_correlation]]"] + [f"{name} = {toml_value(value)}"
                                              for name, value in pair.items()]
    return "\n".join(lines) + "\n"


def differing(first: Config, second: Config) -> list[str]:
    """Parameters, and `tables`, that are not the same in both configs. A resolved config lacks
    those that it draws from a posterior; the draws of one posterior are the same."""
    names = list(dict.fromkeys([*first["parameters"], *second["parameters"]]))
    found = [name for name in names
             if first["parameters"].get(name) != second["parameters"].get(name)]
    return found + (["tables"] if first.get("tables", {}) != second.get("tables", {}) else [])


def groups_of(names: Sequence[str]) -> dict[str, list[str]]:
    """The groups that parameters belong to, in the order of GROUPS; the start's always."""
    known = {name: group for group, members in GROUPS.items() for name in members}
    found: dict[str, list[str]] = {group: [] for group in [*GROUPS, OTHER]}
    for name in names:
        found[known.get(name, OTHER)].append(name)
    return {group: members for group, members in found.items() if members or group == START}


def with_parameters(first: Config, second: Config, names: Sequence[str]) -> Config:
    """The first config with some parameters of the second; prior correlations of either remain
    where both parameters are drawn and, of the first, neither was replaced.

    What the second draws from a posterior is drawn from it together, as far as it is among the
    names: numbers and priors of a config have the better of its posterior.
    """
    found = dict(first)
    found["parameters"] = dict(first["parameters"])
    for name in names:
        if name == "tables":
            found["tables"] = second.get("tables", {})
        elif name in second["parameters"]:
            found["parameters"][name] = second["parameters"][name]
        elif "posterior" not in second:
            raise ResultError(f"the second config has no {name}: it is of another version of the "
                              "model; run both results with the same program")
        else:
            found["parameters"].pop(name, None)
            found["posterior"] = second["posterior"]
    drawn = {name for name, value in found["parameters"].items() if isinstance(value, dict)}
    kept = [pair for pair in first.get("prior_correlation", [])
            if not set(pair["between"]) & set(names) and set(pair["between"]) <= drawn]
    added = [pair for pair in second.get("prior_correlation", [])
             if set(pair["between"]) <= set(names) and set(pair["between"]) <= drawn]
    found["prior_correlation"] = kept + added
    return found


class Replacements:
    """Runs of the first scenario with parameters of the second, on phase time."""

    def __init__(self, analogy: Analogy, program: str, paths: int) -> None:
        self.analogy, self.program, self.paths = analogy, program, paths
        own = [each.tracks for each in analogy.ensembles[:2]]
        self.configs = [tomllib.loads(each.result.provenance["config"]) for each in own]
        for each, config in zip(own, self.configs):
            if config["model"] != self.configs[0]["model"]:
                raise ResultError(f"{each.result.file}: is of the model {config['model']}, not "
                                  f"{self.configs[0]['model']}")
        self._check_posteriors([each.result.file for each in own])
        self.episodes = [each.episode for each in own]
        self.names = differing(self.configs[0], self.configs[1])
        self.groups = groups_of(self.names)
        self.times = phase_times(analogy.window, analogy.options.every)
        second = self._phases(own[1].result, own[1].episode)
        self.cloud = standardised(second, analogy.spreads)
        self.inner = within(self.cloud)
        self.runs: dict[tuple[str, ...], list[Energy]] = {}
        self.base = self.energy(())

    def _check_posteriors(self, files: Sequence[str]) -> None:
        """One config draws from one posterior, so that two cannot be mixed."""
        sections = [config.get("posterior") for config in self.configs]
        if all(sections) and sections[0] != sections[1]:
            names = " and ".join(f"{file} from {section['file']}"
                                 for file, section in zip(files, sections) if section)
            raise ResultError(f"the two results draw from two posteriors, {names}, which no run "
                              "can mix; drivers need one at most")

    def _phases(self, result: Result, episode: Episode) -> Phases:
        options = self.analogy.options
        found = phases(tracks(result, episode, self.paths, options.variables), options.alignment,
                       self.times, options.variables)
        cells = self.analogy.ensembles[0].cells
        missing = set(cells) - set(found.cells)
        if missing:
            raise ResultError(f"{result.file}: has no {', '.join(map(str, sorted(missing)))}")
        place = [found.cells.index(cell) for cell in cells]
        return replace(found, values=found.values[:, place], cells=cells)

    def _run(self, names: tuple[str, ...], folder: str) -> Result:
        config = with_parameters(self.configs[0], self.configs[1], names)
        file = pathlib.Path(folder) / "replaced.toml"
        file.write_text(toml_text(config), encoding="utf-8")
        series = sorted({each for name in self.analogy.options.variables
                         for each in SERIES[name]} | {"capex", "coverage"})
        run = subprocess.run(
            [self.program, "run", str(file), "--quiet", "-o", str(file.with_suffix(".h5")),
             "--paths", str(self.paths), "--set", f"outputs.paths={self.paths}",
             "--set", f"outputs.outcomes={self.paths}", "--set", "outputs.compression=0",
             "--set", f"outputs.series={json.dumps(series)}"], capture_output=True, text=True)
        if run.returncode != 0:
            raise ResultError(f"{self.program} with {', '.join(names)} of the second scenario: "
                              f"{run.stderr.strip()}")
        opened = open_result(file.with_suffix(".h5"))
        assert isinstance(opened, Result)
        return opened

    def energy(self, names: Sequence[str], of_second: bool = False) -> tuple[Energy, np.ndarray]:
        """The energy distance to the second scenario, and the numbers of the paths it is of.

        `names` are the parameters taken from the second; with `of_second` its episode (GDP, start
        and take-off) is taken, too.
        """
        with tempfile.TemporaryDirectory() as folder:
            with self._run(tuple(names), folder) as result:
                found = self._phases(result, self.episodes[1 if of_second else 0])
        return (Energy(standardised(found, self.analogy.spreads), self.cloud, yy=self.inner),
                found.path)

    def change(self, name: str, names: Sequence[str], of_second: bool = False) -> Change:
        """What replacing parameters changes, with the error of the difference path by path."""
        (energy, paths), (base, base_paths) = self.energy(names, of_second), self.base
        full = [np.zeros(self.paths) for _ in range(2)]
        for target, one, numbers in zip(full, (energy, base), (paths, base_paths)):
            target[numbers] = one.influence[0] * self.paths / len(numbers)
        on_second = energy.influence[1] - base.influence[1]
        se = math.sqrt(np.var(full[0] - full[1], ddof=1) / self.paths
                       + np.var(on_second, ddof=1) / len(on_second))
        first, second = (short(config["parameters"].get(names[0])) if len(names) == 1
                         and names[0] != "tables" else "" for config in self.configs)
        return Change(name, energy.value - base.value, se, first, second)

    def one_at_a_time(self, progress: Callable[[str], None] = lambda _: None) -> list[Change]:
        """One change for each parameter that differs; those of the start in one, since bn USD of
        one decade in another mean nothing alone. Sorted by size."""
        start = self.groups[START]
        found = [self.change(START, start, of_second=True)]
        for name in self.names:
            if name not in start:
                progress(name)
                found.append(self.change(name, [name]))
        return sorted(found, key=lambda each: -abs(each.change))

    def shapley(self, progress: Callable[[str], None] = lambda _: None
                ) -> tuple[list[Change], float]:
        """Shapley's value of each group: the mean change that its replacement makes over all orders
        in which groups can be replaced; they add up to the change of all. Also the distance that
        remains when all are replaced: zero but for noise. Standard errors from the influence of
        each path and all 2^groups runs.
        """
        names = list(self.groups)
        value: dict[frozenset[str], float] = {}
        influence: dict[frozenset[str], tuple[np.ndarray, np.ndarray]] = {}
        for size in range(len(names) + 1):
            for chosen in itertools.combinations(names, size):
                progress(", ".join(chosen))
                energy, paths = self.energy(
                    [name for group in chosen for name in self.groups[group]], START in chosen)
                full = np.zeros(self.paths)
                full[paths] = energy.influence[0] * self.paths / len(paths)
                value[frozenset(chosen)] = energy.value
                influence[frozenset(chosen)] = full, energy.influence[1]
        found = []
        for group in names:
            total, first, second = 0.0, np.zeros(self.paths), np.zeros(len(self.cloud))
            for chosen_set in value:
                if group in chosen_set:
                    continue
                size, count = len(chosen_set), len(names)
                weight = (math.factorial(size) * math.factorial(count - size - 1)
                          / math.factorial(count))
                with_it = chosen_set | {group}
                total += weight * (value[with_it] - value[chosen_set])
                first += weight * (influence[with_it][0] - influence[chosen_set][0])
                second += weight * (influence[with_it][1] - influence[chosen_set][1])
            se = math.sqrt(np.var(first, ddof=1) / len(first)
                           + np.var(second, ddof=1) / len(second))
            every, only = frozenset(names), frozenset([group])
            found.append(Change(group, total, se, alone=value[only] - value[frozenset()],
                                last=value[every] - value[every - only]))
        return (sorted(found, key=lambda each: each.change), value[frozenset(names)])


def path_drivers(analogy: Analogy) -> pd.DataFrame:
    """Spearman's rank correlation (1) of a path's distance to the nearest path of the second
    ensemble with what it drew; `se` is 1/sqrt(n - 1), that of no correlation. Sorted by size.

    ResultError where the first result keeps no drawn parameters of these paths.
    """
    first = analogy.ensembles[0]
    result = first.tracks.result
    if "path_parameters" not in result.groups:
        raise ResultError(f"{result.file}: keeps no drawn parameters; run it with --set "
                          f"outputs.outcomes={int(first.path[-1]) + 1}")
    drawn = result.path_parameters
    place = np.searchsorted(np.asarray(drawn.path), first.path)
    if place[-1] >= drawn.sizes["path"]:
        raise ResultError(f"{result.file}: keeps the drawn parameters of {drawn.sizes['path']} "
                          f"paths; run it with --set outputs.outcomes={int(first.path[-1]) + 1}")
    distance = pd.Series(analogy.nearest).rank()
    rows = [{"parameter": str(name),
             "correlation": float(distance.corr(pd.Series(np.asarray(values)[place]).rank()))}
            for name, values in drawn.data_vars.items()]
    table = pd.DataFrame(rows).set_index("parameter")
    table["se"] = 1 / math.sqrt(len(first.path) - 1)
    return table.loc[table.correlation.abs().sort_values(ascending=False).index]
