"""Pictures: what they show is what the result holds, and nothing is cut off."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from overbuild import plots
from overbuild.measure import Measure
from overbuild.plots.fans import note
from overbuild.plots.style import estimate_text, labels_of, origin


def pictures(base, fiber):
    return {
        "revenue": lambda: plots.revenue(base, start=2025),
        "coverage": lambda: plots.coverage(base),
        "coverage of fiber": lambda: plots.coverage(fiber), "gap": lambda: plots.fan(base, "gap"),
        "bust": lambda: plots.bust_by_date(base),
        "distribution": lambda: plots.bust_distribution(base),
        "depth": lambda: plots.bust_distribution(fiber, "gap_max"),
        "waterfall": lambda: plots.waterfall(base), "later": lambda: plots.waterfall(base, 5.0),
        "valuation": lambda: plots.fan(base, "valuation"),
        "phase": lambda: plots.phase(base, fiber), "compare": lambda: plots.compare([base, fiber]),
        "tornado": lambda: plots.tornado(base), "paths": lambda: plots.paths(base),
        "density": lambda: plots.density(base), "profit": lambda: plots.density(base, "profit")}


def outside(figure: Figure) -> list[str]:
    """Texts that reach beyond the figure."""
    renderer = figure.canvas.get_renderer()
    frame = figure.bbox
    found = []
    ticks = [tick for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)
             for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks())
             if tick not in axis._update_ticks()]  # beyond the view, and not drawn
    skipped = [label for tick in ticks for label in (tick.label1, tick.label2)]
    for text in figure.findobj(Text):
        if not text.get_text().strip() or not text.get_visible() or text in skipped:
            continue
        box = text.get_window_extent(renderer)
        if box.x0 < -1 or box.y0 < -1 or box.x1 > frame.x1 + 1 or box.y1 > frame.y1 + 1:
            found.append(text.get_text())
    return found


def test_every_picture_has_labels_within_its_frame_and_its_origin(base, fiber):
    for name, draw in pictures(base, fiber).items():
        figure = draw()
        figure.canvas.draw()
        assert outside(figure) == [], name
        shown = [axes for axes in figure.axes if axes.axison and axes.get_label() != "<colorbar>"]
        assert all(axes.has_data() for axes in shown), name
        assert all(axes.get_xlabel() or axes.get_shared_x_axes().get_siblings(axes)
                   for axes in shown), name
        assert "seed" in figure._supxlabel.get_text() and figure._suptitle.get_text(), name


def test_the_fan_is_the_quantiles(base):
    axes = plots.coverage(base).axes[0]
    line = [each for each in axes.lines if each.get_label() == "median"][0]
    np.testing.assert_array_equal(line.get_ydata(), base.series.coverage_quantile[:, 4])
    band = axes.collections[0].get_paths()[0].vertices
    assert band[:, 1].max() == pytest.approx(float(base.series.coverage_quantile[:, 7].max()))
    assert axes.get_yscale() == "log"


def test_dates_are_those_of_the_start(base):
    axes = plots.revenue(base, start=2025).axes[0]
    assert axes.get_xlabel() == "year"
    assert axes.lines[0].get_xdata()[0] == 2025


def test_bust_by_date_shows_probability_and_hazard(base):
    above, below = plots.bust_by_date(base).axes
    np.testing.assert_allclose(above.lines[0].get_ydata()[1:], base.events.bust_begun[1:])
    assert below.get_ylabel() == "hazard of a bust,\n1/yr"


def test_the_style_of_the_caller_is_left_alone(base):
    import matplotlib
    before = dict(matplotlib.rcParams)
    plots.coverage(base)
    assert dict(matplotlib.rcParams) == before


def test_estimates_are_cut_at_their_interval():
    assert estimate_text(42.9903, 0.0217) == "42.99 ± 0.02"
    assert estimate_text(330.13, 11.4) == "330 ± 11"
    assert estimate_text(8.5, 0) == "8.5"
    assert estimate_text(1.6348, 7e-18) == "1.6"  # what rounding leaves of no error
    assert estimate_text(0.0341, 0) == "0.034"


def test_origins_are_grouped(base, fiber):
    assert origin(base, base) == "ai_base, ai_base: 4,000 paths, seed 20250120."
    assert origin(base, fiber).endswith("; fiber_1996: 2,000 paths, seed 19960208.")


def test_legends_hide_nothing(base, fiber):
    """They stand above the picture, whatever it shows."""
    for name, draw in pictures(base, fiber).items():
        figure = draw()
        figure.canvas.draw()
        for axes in figure.axes:
            if axes.get_legend() and axes.axison:
                legend = axes.get_legend().get_window_extent()
                assert legend.y0 >= axes.get_window_extent().y1 - 4, name


def test_small_text_has_contrast():
    from overbuild.plots.style import COLOURS, darker

    def contrast(colour):  # WCAG 2.1, against white
        linear = [v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in colour]
        return 1.05 / (0.05 + np.dot([0.2126, 0.7152, 0.0722], linear))
    assert min(contrast(darker(colour)) for colour in COLOURS[:2]) > 4.5


def test_alike_results_are_told_apart_in_legends(base, bare):
    assert labels_of([base, bare]) == ["AI base case (base)", "AI base case (bare)"]
    assert labels_of([base, base]) == ["AI base case (base) (1)", "AI base case (base) (2)"]
    figure = plots.compare([base, bare])
    texts = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert texts == ["AI base case (base)", "AI base case (bare)"]


def test_the_error_of_a_series_that_may_be_zero_is_in_its_unit(base):
    text = note(base, "gap")
    half = float(np.nanmax(1.96 * base.series.gap_quantile_se[:, 4]))
    assert f"at most ±{float(f'{half:.2g}'):,g} bn/yr (shaded)" in text
    assert "% (shaded)" in note(base, "coverage")


def test_pictures_say_of_how_many_paths_they_are(folder):
    from conftest import run
    import overbuild
    result = overbuild.open(run(folder / "few.h5", "ai_base.toml", "--paths", "2048", "--set",
                                "outputs.outcomes=500", "--set", "outputs.paths=100"))
    tornado = plots.tornado(result)._supxlabel.get_text().replace("\n", " ")
    assert "Paths: the 500 paths whose outcomes were kept" in tornado
    depth = plots.bust_distribution(result)._supxlabel.get_text().replace("\n", " ")
    assert "Depth: the 500 paths whose outcomes were kept" in depth
    assert "all 100 kept paths" in plots.density(result)._suptitle.get_text()
    from overbuild.report import charts
    assert "the 500 paths whose outcomes were kept" in charts.tornado(result)["text"]
    assert "the 500 paths whose outcomes were kept" in charts.bust_depth(result)["text"]


def test_a_shard_is_marked(folder):
    from conftest import run
    import overbuild
    result = overbuild.open(run(folder / "half.h5", "ai_base.toml", "--paths", "2048", "--shard",
                                "1/2"))
    assert origin(result).startswith("ai_base (SHARD 1 of 2): 1,024 paths")


def test_tornado_of_another_statistic(base):
    figure = plots.tornado(base, Measure("outcomes/capex_fall_mean"), count=5)
    assert figure.axes[0].get_xlabel() == "mean of capex_fall"
    assert len(figure.axes[0].get_yticklabels()) == 5
