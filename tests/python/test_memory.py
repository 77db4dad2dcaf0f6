"""Kept paths are read in parts: memory does not grow with their number."""

import tracemalloc

import pytest

import overbuild
from conftest import run


@pytest.fixture(scope="module")
def large(folder):
    return run(folder / "large.h5", "ai_base.toml", "--paths", "120000", "--set",
               'outputs.paths="all"',
               "--set", 'outputs.series=["coverage", "revenue"]')


def peak(work) -> int:
    """Largest number of bytes that Python, numpy and h5py's arrays held at once during the work."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_plots_of_all_paths_hold_a_part_of_them(large):
    result = overbuild.open(large)
    whole = 120000 * 41 * 4
    overbuild.plots.coverage(result)  # imports and caches are not of interest
    # Reading all of the series at once takes `whole`; the share of it stays the same however many
    # paths.
    assert peak(lambda: result.kept_paths.coverage.values) > whole
    assert peak(lambda: overbuild.plots.density(result)) < 0.7 * whole
    assert peak(lambda: overbuild.plots.paths(result, count=50)) < 0.5 * whole
    assert peak(lambda: result.paths("coverage", start=60000, count=100)) < 0.5 * whole
