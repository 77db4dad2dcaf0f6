"""What scripts/reproduce_docs promises of the documentation, without running it all."""

import importlib.machinery
import importlib.util
import pathlib
import re
import subprocess
import sys
import types

from conftest import SOURCE

DOCS = SOURCE / "docs"
SHOWN = re.compile(r"\]\((?:docs/)?pictures/(\S+?)\)")


def script(name: str) -> types.ModuleType:
    loader = importlib.machinery.SourceFileLoader(name, str(SOURCE / "scripts" / name))
    spec = importlib.util.spec_from_loader(name, loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # for its dataclasses
    loader.exec_module(module)
    return module


def reproduce(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([SOURCE / "scripts" / "reproduce_docs", *arguments], text=True,
                          capture_output=True)


def test_list_and_page_name_every_part():
    parts = script("reproduce_docs").PARTS
    listed = reproduce("--list")
    assert listed.returncode == 0
    page = (DOCS / "reproducing.md").read_text()
    for part in parts:
        assert re.search(rf"^{part.name} +\S", listed.stdout, re.MULTILINE)
        assert f"`{part.name}`" in page, part.name


def test_mistakes_are_named():
    wrong = reproduce("no_such_part")
    assert wrong.returncode == 1 and "no part no_such_part; there are config, " in wrong.stderr
    timing = reproduce("--check", "sampling")
    assert timing.returncode == 1 and "cannot be checked: sampling" in timing.stderr


def test_a_failure_is_reported_and_the_rest_is_done(capsys):
    module = script("reproduce_docs")
    made = []
    parts = [module.Part(name, "a page", "a command", "0", lambda check, n=name: made.append(
        (n, check)) is None and n != "second") for name in ("first", "second", "third")]
    assert module.make(parts, True) == ["second"]
    assert made == [("first", True), ("second", True), ("third", True)]
    printed = capsys.readouterr().out
    assert "second: FAILED" in printed and "third: as it should be" in printed


def test_every_picture_is_of_a_page_that_a_part_makes():
    """A picture on no page, a page whose picture is missing, or one that no script draws."""
    made = {"README.md", "docs/python.md", "docs/r.md"} | {
        f"docs/{name}.md" for name in script("update_command_pages").PAGES}
    on_page: dict[str, str] = {}
    for page in [SOURCE / "README.md", *DOCS.glob("*.md")]:
        for picture in SHOWN.findall(page.read_text()):
            on_page[picture] = str(page.relative_to(SOURCE))
    assert set(on_page) == {file.name for file in (DOCS / "pictures").iterdir()}
    assert set(on_page.values()) <= made


def test_every_page_with_output_is_run():
    pages = {page.stem for page in DOCS.glob("*.md") if "<!-- output -->" in page.read_text()}
    assert pages == {*script("update_command_pages").PAGES, "python"}
    parts = {part.name for part in script("reproduce_docs").PARTS}
    assert pages <= parts


def test_output_goes_behind_its_command(tmp_path: pathlib.Path):
    run = script("update_command_pages").run_commands
    page = "a\n```sh\necho one\n```\n\n<!-- output -->\n```text\nold\n```\nb\n```sh\ntrue\n```\n"
    assert run("page", page, str(tmp_path)) == page.replace("old", "one")
    for wrong, reason in (("```sh\necho one\n```\n", "prints something"),
                          ("```sh\ntrue\n```\n\n<!-- output -->\n", "prints nothing"),
                          ("```sh\nfalse | cat\n```\n", "exit code 1")):
        try:
            run("page", wrong, str(tmp_path))
        except SystemExit as error:
            assert reason in str(error)
        else:
            raise AssertionError(reason)
