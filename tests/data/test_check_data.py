"""The facts pass scripts/check_data, which finds every mistake that is planted here."""

import csv
import importlib.machinery
import importlib.util
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "configs" / "data").glob("*.csv"))
PROGRAM = ROOT / "scripts" / "check_data"


def load(path):
    loader = importlib.machinery.SourceFileLoader("check_data", str(path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("check_data", loader))
    loader.exec_module(module)
    return module


check_data = load(PROGRAM)

GOOD = [
    ["series", "date", "value", "unit", "uncertainty", "status", "source", "note"],
    ["price", "2000", "1200", "USD/month", "0.2", "confirmed", "A, https://a.example", "a, b"],
    ["price", "2000-06", "9e2", "USD/month", "0.2", "recalled", "To be checked in: B", ""],
    ["price", "2001-02-28", "675.5", "USD/month", "0.2", "reported", "B, quoted by C", ""],
    ["traffic", "1999", "16", "TB/month", "1", "confirmed", "see docs/evidence.md", ""],
]


def write(folder, rows):
    path = folder / "facts.csv"
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return path


def found(folder, rows):
    return list(check_data.findings(write(folder, rows)))


def planted(row, column, text):
    rows = [list(each) for each in GOOD]
    rows[row][GOOD[0].index(column)] = text
    return rows


def test_there_are_facts():
    assert {path.name for path in FILES} >= {"fiber.csv", "ai.csv", "railway.csv"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_facts_are_without_findings(path):
    assert list(check_data.findings(path)) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_series_is_described(path):
    page = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    with open(path, newline="", encoding="utf-8") as file:
        names = {row["series"] for row in csv.DictReader(file)}
    assert sorted(name for name in names if f"`{name}`" not in page) == []


def test_good_rows_have_no_finding(tmp_path):
    assert found(tmp_path, GOOD) == []


@pytest.mark.parametrize("row, column, text", [
    (1, "series", "Price"), (1, "series", "price_"), (1, "series", ""),
    (1, "date", "00"), (1, "date", "2000-13"), (3, "date", "2001-02-29"), (1, "date", "2000-1"),
    (1, "value", "0"), (1, "value", "-1"), (1, "value", "nan"), (1, "value", "1,200"),
    (1, "value", "inf"), (1, "value", "1e999"), (1, "value", ""),
    (1, "unit", ""), (2, "unit", "USD"),
    (1, "uncertainty", "0"), (1, "uncertainty", "1.01"), (1, "uncertainty", "20%"),
    (1, "status", "Confirmed"), (1, "status", ""),
    (1, "source", ""), (1, "source", "a book"), (2, "source", "B"),
    (3, "source", "To be checked in: B"),
    (1, "note", " a"), (1, "note", "a\tb"),
])
def test_a_planted_mistake_is_found(tmp_path, row, column, text):
    place = f"facts.csv:{row + 1}: {column}: "
    assert any(place in line for line in found(tmp_path, planted(row, column, text)))


def test_order_and_number_of_rows(tmp_path):
    swapped = [GOOD[0], GOOD[2], GOOD[1], *GOOD[3:]]
    assert any("ascending" in line for line in found(tmp_path, swapped))
    assert any("twice" in line for line in found(tmp_path, [*GOOD[:2], *GOOD[1:]]))
    parted = [*GOOD[:3], GOOD[4], GOOD[3]]
    assert any("one block" in line for line in found(tmp_path, parted))


def test_shape_of_the_file(tmp_path):
    assert any("header" in line for line in found(tmp_path, GOOD[1:]))
    assert any("header" in line for line in found(tmp_path, []))
    assert any("no row" in line for line in found(tmp_path, GOOD[:1]))
    assert any("7 fields" in line for line in found(tmp_path, [*GOOD, GOOD[1][:7]]))
    path = write(tmp_path, GOOD)
    path.write_bytes(path.read_bytes() + b'price,2002,1,USD/month,0.2,reported,"B"x,\n')
    assert len(list(check_data.findings(path))) == 1
    path.write_bytes(b"\xff\n")
    assert len(list(check_data.findings(path))) == 1


def test_nearest_status_is_named(tmp_path):
    assert any("nearest: reported" in line
               for line in found(tmp_path, planted(3, "status", "report")))


def test_program_tells_by_its_exit_code(tmp_path):
    def run(*arguments):
        return subprocess.run([sys.executable, PROGRAM, *arguments], capture_output=True, text=True)

    assert run().returncode == 0 and run().stdout == ""
    bad = run(write(tmp_path, planted(1, "value", "0")))
    assert bad.returncode == 1
    assert bad.stdout.count("\n") == 1 and "facts.csv:2: value: found '0'" in bad.stdout
