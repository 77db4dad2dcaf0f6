"""The page of a report: HTML around charts and tables."""

from __future__ import annotations

import html
import json
import tomllib
from importlib import resources
from typing import Any, Sequence

import numpy as np
import pandas as pd

from overbuild.assumptions import POSTERIOR, posterior_of
from overbuild.plots.style import INTERVAL, labels_of
from overbuild.report.answer import percent
from overbuild.report.charts import Chart, number
from overbuild.result import Batch, Result
from overbuild.sensitivity import main_result, reported
from overbuild.tables import quantile

QUESTION = "Will revenue catch up with what the capital requires, and does a bust come first?"
# Nothing may be loaded: the page holds all it needs.
POLICY = ("default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
          "img-src data:; base-uri 'none'; form-action 'none'")


def text(value: Any) -> str:
    """Escaped for HTML."""
    return html.escape(str(value))


def _plain(value: Any) -> Any:
    """Data for JSON: lists in place of arrays, eight significant digits, null where undefined."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, np.ndarray, pd.Series)):
        return [_plain(each) for each in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (float, np.floating)):
        return float(f"{value:.8g}") if np.isfinite(value) else None
    return int(value) if isinstance(value, np.integer) else value


def _json(value: Any) -> str:
    """JSON that can stand in a script element."""
    return json.dumps(_plain(value), allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")


def table(head: Sequence[str], rows: Sequence[Sequence[str]], caption: str,
          raw: bool = False, stacked: bool = False) -> str:
    """A table that scrolls by itself where the window is narrow; `raw` cells are HTML already.

    A `stacked` one has there a block for each row, with the column's name before each cell; roles
    keep it a table for those who do not see it.
    """
    def cell(each: str) -> str:
        if raw:
            return each
        return "–" if each == "nan" else text(each)  # an error that is not known

    def role(name: str) -> str:
        return f' role="{name}"' if stacked else ""

    first = "".join(f'<th scope="col"{role("columnheader")}>{text(each)}</th>' for each in head)
    body = "".join(f"<tr{role('row')}>" + "".join(
        f'<td{role("cell")} data-label="{text(name)}">{cell(each)}</td>' if stacked
        else f"<td>{cell(each)}</td>" for name, each in zip(head, row)) + "</tr>" for row in rows)
    return (f'<div class="scroll" tabindex="0" role="region" aria-label="{text(caption)}">'
            f'<table{role("table")}{" class=stacked" if stacked else ""}>'
            f"<caption>{text(caption)}</caption>"
            f"<thead{role('rowgroup')}><tr{role('row')}>{first}</tr></thead>"
            f"<tbody{role('rowgroup')}>{body}</tbody></table></div>")


def prior_text(prior: str) -> str:
    """A prior in words, from the config's TOML: `normal: mean 0.8, sd 0.15, min 0.3, max 1.3`.
    That of a parameter that is drawn from a posterior is `posterior`, no TOML."""
    if prior == POSTERIOR:
        return "drawn from the posterior"
    members = tomllib.loads(f"prior = {prior}")["prior"]
    name = members.pop("prior")
    return f"{name}: " + ", ".join(
        f"{key} {value:g}" if isinstance(value, (int, float)) else f"{key} {value}"
        for key, value in members.items())


def _value(row: pd.Series) -> str:
    return f"{row['value']:g}" if np.isfinite(row["value"]) else prior_text(row["prior"])


def _figure(chart: Chart) -> str:
    name, title = chart["id"], text(chart["title"])
    figures = table(chart["table"]["head"], chart["table"]["rows"], chart["title"])
    tall = f' style="height:{6 + 1.9 * _bars(chart):.1f}rem"' if chart["kind"] == "ranges" else ""
    return (
        f'<figure id="{name}" class="chart"><figcaption><h3>{title}</h3><p '
        f'id="{name}-text">{text(chart["text"])}</p>'
        f'</figcaption><ul class="legend" aria-label="Parts of the chart: {title}"></ul>'
        f'<div class="canvas"{tall}><canvas id="{name}-canvas" tabindex="0" role="img" '
        f'aria-label="{title}. '
        f'{text(chart["text"])} Arrow keys read single values." '
        f'aria-describedby="{name}-value"></canvas></div>'
        f'<p class="value" id="{name}-value" aria-live="polite">The pointer, or Tab and the arrow '
        f'keys, read single values.</p>'
        f"<details><summary>The figures as a table<span class=\"hidden\">: {title}</span></summary>"
        f"{figures}</details></figure>")


def _bars(chart: Chart) -> int:
    return len({row["name"] for row in chart["rows"]})


def _assumption_rows(part: pd.DataFrame) -> list[list[str]]:
    """Cells in HTML. What the config sets has its source in the config's comment, if anywhere: the
    model's source is that of the default."""
    rows = []
    for name, row in part.iterrows():
        own = row["origin"] != "default"
        source = text(row["comment"] or "none beside it") if own else text(row["source"])
        rows.append([f"<code>{text(name)}</code><br>{text(row['meaning'])}", text(row["symbol"]),
                     text(_value(row)), text("" if row["unit"] == "1" else row["unit"]),
                     *([source, text(row["origin"])] if own else [source])])
    return rows


def _assumptions(result: Result) -> str:
    rows = result.assumptions()
    head = ["parameter", "symbol", "value or prior", "unit"]
    set_head = [*head, "the config's comment", "set in"]
    own, drawn = rows["origin"] != "default", ~np.isfinite(rows["value"])
    particles = own & drawn & (rows.prior == POSTERIOR)
    parts = [("uncertain assumptions: each path draws its own", rows[own & drawn & ~particles]),
             ("assumptions set by the config", rows[own & ~drawn])]
    if particles.any():
        parts.insert(0, ("uncertain assumptions, drawn together: each path has those of one "
                         f"particle of the posterior {posterior_of(result)}", rows[particles]))
    tables = [table(set_head, _assumption_rows(part), f"{len(part)} {what}", True, True)
              for what, part in parts if len(part)]
    defaults = rows[~own]
    if len(defaults):
        inner = table([*head, "source"], _assumption_rows(defaults), "Defaults of the model", True,
                      True)
        tables.append(f"<details><summary>{len(defaults)} defaults of the model</summary>{inner}"
                      "</details>")
    return "".join(tables)


def _differences(main: Result, files: Sequence[Result | Batch]) -> str:
    """Assumptions in which the files differ; of a batch those of the scenario that stands for it.
    """
    shown = [main, *(main_result(each) for each in files[1:])]
    tables = [each.assumptions() for each in shown]
    names = tables[0].index  # swept ones come first in a batch
    if any(set(each.index) != set(names) for each in tables):
        return ""
    words = pd.DataFrame({i: [_value(row) for _, row in each.loc[names].iterrows()]
                          for i, each in enumerate(tables)}, index=names)
    differ = words[words.nunique(axis=1) > 1]
    if not len(differ):
        return ""
    rows = [[f"<code>{text(name)}</code>", *(text(each) for each in row)]
            for name, row in zip(differ.index, differ.to_numpy())]
    heads = [f"{title}: {own.label}" if isinstance(each, Batch) else title
             for title, own, each in zip(_titles(files), shown, files)]
    return table(["parameter", *heads], rows, "Assumptions in which the files differ",
                 True, True)


def _titles(files: Sequence[Result | Batch]) -> list[str]:
    """Titles, with the file where they are alike."""
    titles = [each.title for each in files]
    return [f"{title} ({each.file})" if titles.count(title) > 1 else title
            for title, each in zip(titles, files)]


def _scenarios(scenarios: Sequence[Result]) -> str:
    rows = []
    for each, label in zip(scenarios, labels_of(scenarios)):
        end = each.events.isel(time=-1)
        rows.append([label, each.name, f"{float(each.attrs['horizon']):g}",
                     percent(float(end.bust_begun), float(end.bust_begun_se)),
                     percent(float(end.covered), float(end.covered_se)),
                     number(float(quantile(each.series, "coverage", 0.5)[-1]))])
    return table(["scenario", "name", "years", "bust by the end", "covered at the end",
                  "median coverage at the end"],
                 rows, "Scenarios compared (±: 95% Monte Carlo interval)", stacked=True)


def _provenance(files: Sequence[Result | Batch]) -> str:
    parts = []
    for each, title in zip(files, _titles(files)):
        made = each.provenance
        config = made.pop("config")
        rows = [["file", each.file], ["paths",
                                      f"{each.size:,} of {int(each.attrs['paths_asked']):,} asked"],
                ["seed", str(each.attrs["seed"])],
                *([key.replace("_", " "), f"{value:.3g}" if isinstance(value, float)
                   else str(value)]
                                                      for key, value in made.items())]
        facts = table(["what", "value"], rows, f"Provenance of {title}")
        parts.append(f"<h3>{text(title)}</h3>{facts}"
                     "<details><summary>The whole config: saved as a .toml file it repeats the "
                     "run</summary>"
                     f'<pre tabindex="0">{text(config)}</pre></details>')
    return "".join(parts)


def _warnings(files: Sequence[Result | Batch]) -> str:
    return "".join(
        f'<p class="warning" role="note"><strong>Incomplete:</strong> {text(each.file)} holds '
        f'{each.size:,} of '
        f"{int(each.attrs['paths_asked']):,} paths.</p>" for each in files
        if not each.attrs.get("complete", 1) or int(each.attrs.get("shards", 1)) > 1)


def document(main: Result, files: Sequence[Result | Batch], scenarios: Sequence[Result],
             answer: Sequence[str],
             charts: Sequence[Chart], missing: Sequence[str], library: str) -> str:
    """The whole page."""
    own = resources.files("overbuild.report")
    css, script = (own.joinpath(name).read_text(encoding="utf-8")
                   for name in ("report.css", "report.js"))
    title = text(files[0].title)
    several = len(scenarios) > 1
    facts = (f"{main.size:,} paths · seed {main.attrs['seed']} · {float(main.attrs['horizon']):g} "
             f"years in steps of "
             f"{float(main.attrs['step']):g}"
             + (f" · reported: {reported(files[0], main)}" if isinstance(files[0], Batch) else ""))
    drawn = "".join(_figure(chart) for chart in charts)
    differences = _differences(main, files) if len(files) > 1 else ""
    compared = (f'<section id="scenarios"><h2>Scenarios</h2>{_scenarios(scenarios)}'
                f"{differences}</section>" if several else "")
    left_out = "".join(f"<li>{text(each)}</li>" for each in missing)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="generator" content="overbuild report">
<link rel="icon" href="data:,">
<title>{title} · Overbuild report</title>
<style>{css}</style>
</head>
<body>
<a class="skip" href="#answer">To the answer</a>
<header>
<p class="kicker">Overbuild report</p>
<h1>{title}</h1>
<p class="facts">{text(facts)}</p>
<nav aria-label="Sections"><a href="#answer">Answer</a><a href="#charts">Charts</a>{
    '<a href="#scenarios">Scenarios</a>' if several else ''}<a href="#assumptions">Assumptions</a><a
    href="#provenance">Provenance</a></nav>
</header>
<main>
{_warnings(files)}
<section id="question"><h2>The question</h2><p class="question">{QUESTION}</p>
<p>{text(main.attrs.get('description', ''))}</p></section>
<section id="answer"><h2>The answer</h2><p class="answer">{text(' '.join(answer))}</p>
<p class="small">These are conditional answers, not forecasts: probabilities are the model's under
the assumptions below. ± is half of a 95% Monte Carlo interval ({INTERVAL} standard errors): it says
how well the paths determine the model's answer, not how right the model is. Money is in nominal bn
USD.</p></section>
<section id="charts"><h2>Charts</h2><div class="charts">{drawn}</div>
{f'<h3>Left out</h3><ul>{left_out}</ul>' if missing else ''}</section>
{compared}
<section id="assumptions"><h2>Assumptions</h2>{_assumptions(main)}</section>
<section id="provenance"><h2>Provenance</h2>{_provenance(files)}</section>
</main>
<script>{library}</script>
<script type="application/json" id="data">{_json(list(charts))}</script>
<script>{script}</script>
</body>
</html>
"""
