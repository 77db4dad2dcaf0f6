"""Pages of docs/ that hold the output of the commands in them: runs these, fills in or compares."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
PROGRAM = pathlib.Path(os.environ.get("OVERBUILD_PROGRAM",
                                      ROOT / "build" / "release" / "overbuild")).resolve()
COMMANDS = re.compile(r"```sh\n(.*?)```\n(\n<!-- output -->\n(?:```text\n.*?```\n)?)?", re.DOTALL)


def run_commands(name: str, page: str, environment: dict[str, str]) -> str:
    """The page with the output of its commands, run in the working folder."""
    def fill(block: re.Match[str]) -> str:
        run = subprocess.run(["bash", "-e", "-c", block[1]], env=environment, text=True,
                             capture_output=True)
        if run.returncode != 0:
            sys.exit(f"{name}: exit code {run.returncode} of\n{block[1]}{run.stderr}")
        if bool(run.stdout) != bool(block[2]):
            sys.exit(f"{name}: the command prints {'something' if run.stdout else 'nothing'}, but "
                     f"the page has {'no' if run.stdout else 'an'} <!-- output --> after it:\n"
                     f"{block[1]}")
        commands = f"```sh\n{block[1]}```\n"
        return (f"{commands}\n<!-- output -->\n```text\n{run.stdout}```\n" if run.stdout
                else commands)

    return COMMANDS.sub(fill, page)


def main(name: str, usage: str) -> None:
    """Writes or checks docs/NAME.md, by the script's arguments."""
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit(usage)
    file = ROOT / "docs" / f"{name}.md"
    page = file.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.symlink(ROOT / "configs", "configs")
        os.symlink(PROGRAM, "overbuild")
        environment = os.environ | {"PYTHONPATH": str(ROOT / "scripts" / "python"),
                                    "PATH": f"{folder}:/usr/bin:{os.environ['PATH']}"}
        filled = run_commands(str(file), page, environment)
        shown = sorted(set(re.findall(r"\]\(pictures/(\S+?)\)", page)))
        undrawn = [one for one in shown if not os.path.exists(one)]
        if undrawn:
            sys.exit(f"{file}: no command draws {', '.join(undrawn)}")
        if check:
            missing = [one for one in shown if not (PICTURES / one).exists()]
            if filled != page or missing:
                sys.exit(f"{file}: not what its commands give now; run scripts/update_{name}_page "
                         f"{' '.join(missing)}")
            return
        for one in shown:
            (PICTURES / one).write_bytes(pathlib.Path(folder, one).read_bytes())
        file.write_text(filled, encoding="utf-8")
