"""Files of every command, opened by one function."""

import subprocess

import h5py
import numpy as np
import pytest

import overbuild
from conftest import PROGRAM, SOURCE
from overbuild.result_file import READERS


def program(*arguments):
    return subprocess.run([PROGRAM, *arguments, "--quiet"], check=True, capture_output=True)


@pytest.fixture(scope="module")
def posterior_file(folder):
    file = folder / "posterior.h5"
    program("calibrate", SOURCE / "configs" / "fiber_calibration.toml", "-o", file,
            "--set", "calibration.particles=32", "--set", "calibration.paths=16")
    return file


@pytest.fixture(scope="module")
def rare_file(folder):
    file = folder / "rare.h5"
    program("rare", SOURCE / "configs" / "ai_base.toml", "--event", "coverage < 0.1 by 3y",
            "--paths", "2048", "-o", file)
    return file


def test_a_posterior_is_prior_and_posterior_by_parameter(posterior_file):
    posterior = overbuild.open(posterior_file)
    assert isinstance(posterior, overbuild.Posterior)
    summary, particles = posterior.summary(), posterior.particles()
    assert summary.loc["efficiency_drift", "unit"] == "1/yr"
    assert list(summary.index) == posterior.parameters == list(particles.columns[:-1])
    assert len(particles) == 4 * 32 and particles.weight.sum() == pytest.approx(1)
    for name in posterior.parameters:
        assert summary.loc[name, "mean"] == pytest.approx((particles[name] * particles.weight).sum())
    with h5py.File(posterior_file) as file:
        assert posterior.log_evidence[0] == file["diagnostics"].attrs["log_evidence"]
        np.testing.assert_array_equal(posterior.observations().value, file["data/value"])
        np.testing.assert_array_equal(posterior.diagnostics.ess, file["diagnostics/ess"])
    assert repr(posterior).startswith("<overbuild.Posterior 'Long-haul fiber, 1996")


def test_a_rare_event_is_a_probability_with_its_error(rare_file):
    rare = overbuild.open(rare_file)
    assert isinstance(rare, overbuild.RareEvent)
    assert rare.event == "coverage < 0.1 by 3y"
    value, error = rare.probability
    with h5py.File(rare_file) as file:
        assert value == file["estimate/probability"][()]
        assert error == file["estimate/standard_error"][()]
        np.testing.assert_array_equal(rare.pilot().hits, file["pilot/hits"])
        assert rare.doubts == file["estimate"].attrs["doubts"].splitlines()
    assert 0 < rare.estimate()["lower"] < value < rare.estimate()["upper"] < 1


def test_every_kind_of_file_opens(tmp_path):
    """A file of each kind, or the reader of that kind says what the file lacks; none is unknown."""
    for kind in READERS:
        file = tmp_path / f"{kind.replace(' ', '_')}.h5"
        with h5py.File(file, "w") as out:
            out.attrs["format"], out.attrs["format_version"] = kind, 1
        try:
            overbuild.open(file)
        except overbuild.ResultError as error:
            assert "has no group" in str(error)


def test_the_wrong_class_names_the_right_one(posterior_file, rare_file):
    with pytest.raises(overbuild.ResultError, match="overbuild.Posterior reads"):
        overbuild.RareEvent(posterior_file)
    with pytest.raises(overbuild.ResultError, match="overbuild.RareEvent reads"):
        overbuild.Posterior(rare_file)
