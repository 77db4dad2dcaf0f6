"""The example, and the walk-through of docs/python.md with its printed figures."""

import os
import re
import subprocess
import sys

from conftest import SOURCE


def test_the_example_runs(base, base_file, tmp_path):
    picture = tmp_path / "waiting.png"
    run = subprocess.run([sys.executable, SOURCE / "examples" / "python_analysis.py", base_file,
                          picture],
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    shares = [float(each) for each in re.findall(r": ([\d.]+) \+-", run.stdout)]
    assert len(shares) == 2
    assert abs(sum(shares) - 100 * float(base.events.bust_begun[-1])) < 0.11  # each is rounded
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_the_walk_through_prints_what_the_page_says():
    run = subprocess.run([SOURCE / "scripts" / "update_python_page", "--check"],
                         capture_output=True, text=True,
                         env=os.environ)
    assert run.returncode == 0, run.stderr
