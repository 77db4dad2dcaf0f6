"""The report as text: answer, tables, what is inlined, and how the file is written."""

import html
import json
import re
import shutil

import matplotlib.pyplot as plt
import numpy as np
import pytest

import overbuild
from conftest import run
from overbuild.bust import hazard
from overbuild.command import main
from overbuild.figure_file import write_figure
from overbuild.report.answer import answer, percent
from overbuild.report.build import build_report
from overbuild.report.page import prior_text


@pytest.fixture(scope="module")
def page(base, fiber):
    return build_report([base, fiber], start=2025)


def charts_of(page):
    return {chart["id"]: chart for chart in json.loads(re.search(r'id="data">(.*?)</script>', page,
                                                                 re.S)[1])}


def test_the_answer_is_three_sentences_of_figures(base):
    sentences = answer(base)
    assert len(sentences) == 3 and all(each.endswith(".") for each in sentences)
    drawn = base.outcomes()
    median = base.series.coverage_quantile[:, 4].values
    first = float(base.series.time[np.argmax(median >= 1)])
    assert f"reaches it after {first:g} years in the median" in sentences[0]
    bust = drawn.bust_time.notna()
    assert percent(bust.mean(), np.sqrt(bust.mean() * (1 - bust.mean()) / 4000)) in sentences[1]
    half = drawn.bust_time[bust].sort_values().iloc[int(np.ceil(bust.sum() / 2)) - 1]
    assert f"half of these busts come within {half:g} years" in sentences[1]
    fall = 100 * drawn.capex_fall[bust].median()
    assert abs(float(re.search(r"falls by ([\d.]+)%", sentences[2])[1]) - fall) < 0.6


def test_answers_of_other_courses(fiber, bare):
    assert "falls below it after" in answer(fiber)[0]
    assert answer(bare)[2].startswith("Over all paths, with and without a bust")


def test_percentages_are_cut_at_their_interval():
    assert percent(0.53593, 0.00158) == "53.6% (±0.3)"
    assert percent(0.0008, 0.00009) == "0.08% (±0.02)"
    assert percent(0.2322) == "23.2%"


def test_the_page_asks_for_nothing(page):
    own = re.sub(r"<script>/\*!\n \* Chart.js.*?</script>", "", page, flags=re.S)
    assert len(own) < len(page) - 150000  # Chart.js was there
    assert not re.search(r"""(src|href)\s*=\s*["']?(https?:)?//""", own)
    assert "url(" not in own and "@import" not in own and "fetch(" not in own
    assert "default-src 'none'" in page


def test_charts_hold_the_figures(page, base):
    charts = charts_of(page)
    assert list(charts) == ["revenue", "coverage", "bust", "hazard", "bust-time", "bust-depth",
                            "waterfall", "tornado",
                            "phase", "compare-coverage", "compare-bust"]
    np.testing.assert_allclose(charts["coverage"]["lines"][0]["y"],
                               base.series.coverage_quantile[:, 4], rtol=1e-6)
    np.testing.assert_allclose(charts["bust"]["lines"][0]["y"], base.events.bust_begun, rtol=1e-6)
    assert charts["coverage"]["x"][0] == 2025 and charts["compare-bust"]["x"][0] == 0
    required = float(base.series.required_revenue_mean[0])
    needed, revenue, missing = charts["waterfall"]["rows"][-3:]
    assert needed["to"] == pytest.approx(required) and revenue["to"] == 60
    assert (missing["name"], missing["from"], missing["to"]) == ("missing", 60, needed["to"])


def test_assumptions_have_priors_and_sources(page, base):
    for name, row in base.assumptions().iterrows():
        assert f"<code>{name}</code>" in page
        if row["origin"] == "default":
            assert html.escape(row["source"]) in page
        else:  # the model's source is not that of another value
            assert html.escape(row["comment"] or "none beside it") in page
            assert html.escape(row["origin"]) in page
        assert not row["prior"] or html.escape(prior_text(row["prior"])) in page
    assert html.escape(base.provenance["git_revision"]) in page


def test_a_value_that_the_config_sets_has_the_config_as_its_source(page, base):
    row = base.assumptions().loc["capex_0"]
    assumptions = page[page.index('<section id="assumptions">'):]
    cells = re.search(r"<tr[^>]*><td[^>]*><code>capex_0</code>.*?</tr>", assumptions)[0]
    assert "Half of Sequoia&#x27;s 600 bn. Amazon" in cells and row["origin"] in cells
    assert html.escape(row["source"]) not in cells


def test_priors_are_in_words():
    assert prior_text('{prior = "normal", mean = 0.8, sd = 0.15, min = 0.3}') == (
        "normal: mean 0.8, sd 0.15, min 0.3")


def test_of_two_bars_on_one_side_both_are_seen(base):
    from overbuild.report.charts import tornado
    rows = tornado(base)["rows"]
    for low, high in zip(rows[::2], rows[1::2]):
        spans = sorted(sorted((row["from"], row["to"])) for row in (low, high))
        assert spans[0][1] <= spans[1][0]


def test_what_a_result_does_not_allow_is_named(bare):
    page = build_report([bare])
    assert "Left out" in page and "set outputs.outcomes in the config" in page
    assert "waterfall" not in charts_of(page) and "tornado" not in charts_of(page)


def test_texts_are_escaped(folder):
    file = run(folder / "hostile.h5", "ai_base.toml", "--paths", "600", "--set",
               "title='</script><b onclick=alert(1)>'", "--set", "outputs.paths=0")
    page = build_report([overbuild.open(file)])
    assert "<b onclick" not in page


def test_incomplete_results_are_marked(folder, base_file):
    import h5py
    cut = folder / "cut.h5"
    cut.write_bytes(base_file.read_bytes())
    with h5py.File(cut, "a") as file:
        file.attrs["complete"] = 0
        file.attrs["paths_asked"] = 9000
    assert "4,000 of\n9,000 paths" in build_report([overbuild.open(cut)]).replace("of 9,000",
                                                                                  "of\n9,000")


def test_the_command_writes_whole_files_and_replaces_none(folder, base_file, capsys):
    target = folder / "report.html"
    assert main(["report", str(base_file), "-o", str(target)]) == 0
    assert target.read_text().endswith("</html>\n")
    assert main(["report", str(base_file), "-o", str(target)]) == 4
    assert "report.html: exists already; --force replaces it" in capsys.readouterr().err
    assert main(["report", str(base_file), "-o", str(target), "--force"]) == 0
    assert not list(folder.glob("report.html.tmp-*"))
    assert main(["report", str(base_file), "-o", str(folder / "none" / "x.html")]) == 4
    assert "No such file or directory" in capsys.readouterr().err


def test_a_run_that_draws_from_a_posterior_names_it(folder):
    particles = run(folder / "report_posterior.h5", "fiber_calibration.toml", "--set",
                    "calibration.particles=32", "--set", "calibration.paths=16",
                    command="calibrate")
    drawn = overbuild.open(run(folder / "report_drawn.h5", "fiber_calibration.toml", "--paths",
                               "600", "--set", f'posterior.file="{particles}"'))
    page = build_report([drawn])
    checksum = re.search(r'checksum = "(crc32:\w+)"', drawn.provenance["config"])[1]
    caption = re.search(r"<caption>(\d+) uncertain assumptions, drawn together: (.*?)</caption>",
                        page)
    assert int(caption[1]) == len(drawn.path_parameters.data_vars)
    assert caption[2] == ("each path has those of one particle of the posterior "
                          f"{particles} ({checksum})")
    assert page.count(">drawn from the posterior<") == int(caption[1])


def base_case(folder, *settings):
    """The AI base case with other settings."""
    return overbuild.open(run(folder / "other.h5", "ai_base.toml", *settings))


def test_the_hazard_is_highest_in_a_step_where_steps_make_no_years(base, tmp_path):
    odd = base_case(tmp_path, "--paths", "2000", "--set", "run.step=0.7", "--set", "run.horizon=7")
    table = hazard(odd)
    top = table.hazard.idxmax()
    assert top < 7 and table.hazard[top] > 1.3 * table.hazard.mean()  # the mean is another number
    rate = percent(table.hazard[top], table.hazard_se[top])
    assert (f"the hazard is highest in the step that ends after {top:.4g} years, at {rate} a year."
            in answer(odd)[1])
    charts = charts_of(build_report([odd]))
    for name in ("hazard", "bust-time"):
        assert charts[name]["table"]["head"][0] == "end of the step"
        assert len(charts[name]["table"]["rows"]) == 10
    assert "the hazard is highest in year 1, at" in answer(base)[1]


@pytest.mark.parametrize("paths, words", [
    ("1", "on 0% of the paths; 1 path is too few to say more about its probability."),
    ("29", "on 0% of the paths; 29 paths are too few to say more about its probability."),
    ("100", "so that its probability is below 2.95% with 95% confidence.")])
def test_what_no_bust_among_some_paths_says(tmp_path, paths, words):
    # 0.05^(1/100) = 0.97049
    calm = base_case(tmp_path, "--set", "parameters.bust_hazard=0", "--set",
                      "parameters.bust_hazard_shortfall=0", "--set",
                      "parameters.bust_hazard_shock=0", "--set",
                      "parameters.bust_hazard_funding=0", "--paths", paths)
    assert float(calm.events.bust_begun[-1]) == 0
    assert words in answer(calm)[1]


@pytest.mark.parametrize("content", [b"", b"<!doctype html><title>another</title>", b"notes"])
def test_force_replaces_reports_alone(folder, base_file, capsys, content):
    other = folder / "other.html"
    other.write_bytes(content)
    for force in ([], ["--force"]):
        assert main(["report", str(base_file), "-o", str(other), *force]) == 4
        assert "other.html: exists already and is no report of Overbuild" in (
            capsys.readouterr().err)
        assert other.read_bytes() == content


def test_force_never_replaces_the_input(folder, base_file, capsys):
    before = base_file.read_bytes()
    assert main(["report", str(base_file), "-o", str(base_file), "--force"]) == 4
    assert "base.h5: exists already and is no report" in capsys.readouterr().err
    assert main(["plot", str(base_file), "-o", str(base_file), "--force"]) == 4
    message = capsys.readouterr().err
    assert "base.h5: is no folder" in message and "--force" not in message
    assert base_file.read_bytes() == before


def test_force_replaces_a_picture_by_one_of_its_kind(tmp_path):
    picture, other = plt.figure(), plt.figure(figsize=(1, 1))
    for ending in sorted(picture.canvas.get_supported_filetypes()):
        file = tmp_path / f"a.{ending}"
        if ending == "pgf" and not shutil.which("xelatex"):
            continue  # Matplotlib needs TeX for it
        write_figure(picture, str(file), False)
        before = file.read_bytes()
        with pytest.raises(overbuild.ResultError if ending in ("raw", "rgba") else FileExistsError):
            write_figure(picture, str(file), False)
        if ending not in ("raw", "rgba"):  # nothing tells these from other files
            write_figure(other, str(file), True)
            assert file.read_bytes() != before
        file.write_bytes(b"notes")
        with pytest.raises(overbuild.ResultError, match="exists already and is no .* picture|told"):
            write_figure(picture, str(file), True)
        assert file.read_bytes() == b"notes"


def test_the_command_explains_errors(folder, base_file, capsys):
    assert main(["report", str(folder / "absent.h5"), "-o", "x.html"]) == 4
    assert capsys.readouterr().err == f"overbuild: {folder}/absent.h5: no such file\n"
    assert main(["report", str(base_file), "-o", str(folder / "y.html"), "--chart-js",
                 "/absent.js"]) == 4
    assert "reports need Chart.js 3, Debian's libjs-chart.js" in capsys.readouterr().err
    library = folder / "other.js"
    library.write_text("/* another */")
    assert main(["report", str(base_file), "-o", str(folder / "y.html"), "--chart-js",
                 str(library)]) == 4
    assert "is not Chart.js 3" in capsys.readouterr().err
    with pytest.raises(SystemExit) as stop:
        main(["report"])
    assert stop.value.code == 2


def test_the_command_draws_all_pictures(folder, base_file, capsys):
    target = folder / "pictures"
    assert main(["plot", str(base_file), "-o", str(target)]) == 0
    names = {file.name for file in target.iterdir()}
    assert names == {f"{name}.png" for name in ("revenue", "coverage", "bust_by_date",
                                                "bust_distribution",
                                                "waterfall", "tornado", "paths", "density")}
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in target.iterdir())
    assert main(["plot", str(base_file), "-o", str(target)]) == 4


def test_the_command_draws_the_series_of_another_model(folder, capsys):
    import subprocess
    from conftest import PROGRAM
    config = folder / "ou.toml"
    config.write_text('model = "ou"\n[run]\npaths = 200\n[outputs]\npaths = 200\n')
    subprocess.run([PROGRAM, "run", config, "--quiet", "-o", folder / "ou.h5"], check=True)
    assert main(["plot", str(folder / "ou.h5"), "-o", str(folder / "ou")]) == 0
    assert {file.name for file in (folder / "ou").iterdir()} == {
        f"{series}_{kind}.png" for series in ("value", "change")
        for kind in ("fan", "paths", "density")}
