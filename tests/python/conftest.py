"""Results that the tests read, made by the program of the build (OVERBUILD_PROGRAM)."""

import os
import pathlib
import subprocess

import matplotlib
import pytest

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

import overbuild  # noqa: E402

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ["OVERBUILD_PROGRAM"]
KEPT = ('outputs.series=["revenue", "required_revenue", "coverage", "capex", "net_capital", '
        '"profit"]')


def run(file: pathlib.Path, config: str, *options: str, command: str = "run") -> pathlib.Path:
    subprocess.run([PROGRAM, command, SOURCE / "configs" / config, "--quiet", "-o", file, *options],
                   check=True)
    return file


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    return tmp_path_factory.mktemp("results")


@pytest.fixture(scope="session")
def base_file(folder: pathlib.Path) -> pathlib.Path:
    """The AI base case: 4,000 paths, all outcomes and the paths of six series kept."""
    return run(folder / "base.h5", "ai_base.toml", "--paths", "4000", "--set", KEPT,
               "--set", "outputs.paths=4000")


@pytest.fixture(scope="session")
def base(base_file: pathlib.Path) -> overbuild.Result:
    return overbuild.open(base_file)


@pytest.fixture(scope="session")
def fiber(folder: pathlib.Path) -> overbuild.Result:
    return overbuild.open(run(folder / "fiber.h5", "fiber_1996.toml", "--paths", "2000"))


@pytest.fixture(scope="session")
def bare(folder: pathlib.Path) -> overbuild.Result:
    """The AI base case with no outcome and no path kept."""
    return overbuild.open(run(folder / "bare.h5", "ai_base.toml", "--paths", "4000", "--set",
                              "outputs.paths=0", "--set", "outputs.outcomes=0"))


@pytest.fixture(scope="session")
def batch(folder: pathlib.Path) -> overbuild.Batch:
    """A sweep of three assumptions, one at a time, around the AI base case."""
    if subprocess.run([PROGRAM, "help", "batch"], capture_output=True).returncode != 0:
        pytest.skip("this program has no command batch")
    config = folder / "sweep.toml"
    config.write_text(f'''
extends = "{SOURCE / "configs" / "ai_base.toml"}"
title = "One at a time"
[outputs]
paths = 0
outcomes = 300
[[sweep]]
method = "one_at_a_time"
parameters.price_elasticity = [0.9, 1.4]
parameters.bust_hazard = [0.01, 0.08]
parameters.wacc = [0.12, 0.08]
''')
    file = folder / "sweep.h5"
    subprocess.run([PROGRAM, "batch", config, "--quiet", "--paths", "2000", "-o", file], check=True)
    return overbuild.open(file)


@pytest.fixture(autouse=True)
def no_figures_left():
    yield
    plt.close("all")
