"""Installation without a network, into a virtual environment that sees Debian's packages."""

import pathlib
import shutil
import subprocess
import sys

from conftest import SOURCE


def test_installs_offline_and_reports(tmp_path: pathlib.Path, base_file: pathlib.Path):
    source = tmp_path / "source"  # a build writes into its folder
    shutil.copytree(SOURCE / "scripts" / "python", source)
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--system-site-packages", venv], check=True)
    clean = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    subprocess.run([venv / "bin" / "pip", "install", "--quiet", "--no-build-isolation", "--no-deps",
                    "--no-index",
                    source], check=True, env=clean)
    where = subprocess.run([venv / "bin" / "python", "-c",
                            "import overbuild; print(overbuild.__file__)"], cwd=tmp_path,
                           check=True, env=clean, capture_output=True, text=True).stdout
    assert where.startswith(str(venv))
    page = tmp_path / "report.html"  # the installed package has its style and script
    subprocess.run([venv / "bin" / "overbuild-python", "report", base_file, "-o", page], check=True,
                   env=clean,
                   cwd=tmp_path)
    assert "</html>" in page.read_text()
    subprocess.run([venv / "bin" / "python", "-m", "overbuild", "--help"], check=True, env=clean,
                   cwd=tmp_path)
