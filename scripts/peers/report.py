"""Writes measured tables into docs/benchmarks.md and other pages."""

import datetime
import os
import pathlib
import subprocess

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"


def first_line(*command):
    return subprocess.run(command, text=True, check=True,
                          capture_output=True).stdout.splitlines()[0].strip()


def machine():
    """Processor, cores and how busy it is, in words."""
    with open("/proc/cpuinfo") as file:
        models = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    return (f"{models[0]}, {len(os.sched_getaffinity(0))} cores, "
            f"load average before the start {os.getloadavg()[0]:.1f}")


def today():
    return datetime.date.today().isoformat()


def markdown_table(head, rows):
    """`rows` of texts; the first column is left-aligned, the others right-aligned."""
    rule = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *rows])


def replace_section(name, text, document_file=DOCUMENT):
    """Puts `text` between the document's `<!-- NAME: begin -->` and `<!-- NAME: end -->`."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    document = document_file.read_text()
    if document.count(begin) != 1 or document.count(end) != 1:
        raise SystemExit(f"{document_file}: needs the markers {begin} and {end} once each")
    before, rest = document.split(begin)
    after = rest.split(end)[1]
    document_file.write_text(f"{before}{begin}\n{text.strip()}\n{end}{after}")
