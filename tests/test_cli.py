"""The command line as its users meet it: real processes, their output and their exit codes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import sicetnon
from conftest import EXAMPLES

THREAD = "limits-of-deep-learning-theory"
COMMANDS = [
    *("ingest", "list", "check", "ask", "sparql", "render", "draw", "demo"),
    *("diff", "same", "different", "undo", "identities", "search", "serve", "corpus"),
    *("propose", "accept", "refuse", "mcp"),
]


def run(
    *arguments: str | Path, store: Path | None = None, data: bytes = b"", cwd: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SICETNON_")}
    if store is not None:
        environment["SICETNON_STORE"] = str(store)
    command = [sys.executable, "-m", "sicetnon", *map(str, arguments)]
    return subprocess.run(
        command, check=False, capture_output=True, input=data, env=environment, cwd=cwd
    )


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("cli") / "sicetnon.store"
    assert run("ingest", *EXAMPLES, store=store).returncode == 0
    return store


def test_version_is_the_package_version() -> None:
    assert run("--version").stdout.decode().split() == [
        "sicetnon,",
        "version",
        sicetnon.__version__,
    ]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == 0
    assert f"  sicetnon {command}" in done.stdout.decode().partition("Example:")[2]


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from sicetnon.cli import cli; cli.main(['--help'], standalone_mode=False);"
        "heavy = {'pyoxigraph', 'rdflib', 'jinja2', 'networkx', 'pyshacl', 'pyvis', 'starlette'};"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
    assert done.stderr == b""


def test_ingest_prints_a_line_a_page_and_then_says_unchanged(tmp_path: Path) -> None:
    first = run("ingest", *EXAMPLES, store=tmp_path / "s")
    assert first.returncode == 0
    assert first.stdout.decode().splitlines()[1] == (
        f"stored {THREAD} v2: 4 passage, 26 event, 16 perspective, 8 tension, 55 entry, 122 pointer"
    )
    again = run("ingest", *EXAMPLES, "--json", store=tmp_path / "s")
    assert again.returncode == 0
    rows = json.loads(again.stdout)
    assert [row["status"] for row in rows] == ["unchanged", "unchanged"]
    keys = ["path", "status", "kind", "thread", "version", "counts", "message"]
    assert list(rows[0])[:7] == keys


def test_ingest_reads_standard_input(tmp_path: Path) -> None:
    done = run(
        "ingest", "-", "--thread", "mine", store=tmp_path / "s", data=EXAMPLES[0].read_bytes()
    )
    assert done.returncode == 0
    assert done.stdout.decode().startswith("stored mine v1: ")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ingest_notes_one_page_under_two_names(jobs: str, tmp_path: Path) -> None:
    given = ("ingest", EXAMPLES[0], "--thread", "one", "--jobs", jobs)
    first = run(*given, store=tmp_path / "s")
    assert (first.returncode, first.stderr) == (0, b"")
    second = run(*given, "--thread", "two", store=tmp_path / "s")
    assert second.returncode == 0
    assert second.stdout.startswith(b"stored two v1: ")
    told = f"note {EXAMPLES[0]}: two v1 has the very same bytes as one v1\n"
    assert second.stderr.decode() == told


def test_ingest_of_a_bad_page_ends_with_2_and_keeps_the_good(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(EXAMPLES[0].read_bytes().replace(b"  3. [3]", b"  3. [4]"))
    done = run("ingest", tmp_path / "bad.txt", EXAMPLES[1], store=tmp_path / "s")
    assert done.returncode == 2
    error = done.stderr.decode()
    assert "bad.txt:" in error
    assert "expected '  3. [3] Title — origin', found" in error
    assert done.stdout.decode().startswith(f"stored {THREAD} v2")


def test_render_gives_the_page_back_byte_for_byte(kept: Path) -> None:
    for version, path in enumerate(EXAMPLES, 1):
        done = run("render", "page", "--thread", THREAD, "--version", str(version), store=kept)
        assert done.stdout == path.read_bytes()


def test_render_writes_a_file_whole_or_not_at_all(kept: Path, tmp_path: Path) -> None:
    done = run("render", "page", "--format", "html", "-o", tmp_path / "p.html", store=kept)
    assert (done.returncode, done.stdout) == (0, b"")
    assert (tmp_path / "p.html").read_text(encoding="utf-8").endswith("</html>\n")
    assert [path.name for path in tmp_path.iterdir()] == ["p.html"]
    nowhere = run("render", "page", "-o", tmp_path / "no" / "p.html", store=kept)
    assert nowhere.returncode == 2
    assert "expected a place to write to" in nowhere.stderr.decode()


def test_list_shows_threads_and_versions(kept: Path) -> None:
    rows = json.loads(run("list", "--json", store=kept).stdout)
    assert [(row["thread"], row["version"]) for row in rows] == [(THREAD, 1), (THREAD, 2)]


def test_ask_answers_in_every_format(kept: Path) -> None:
    rows = json.loads(run("ask", "contents", "--format", "json", store=kept).stdout)
    counts = {row["kind"]: row["count"] for row in rows}
    assert min(counts.pop("claim"), counts.pop("relation")) > 10
    assert counts == {
        "passage": 4,
        "event": 26,
        "perspective": 16,
        "tension": 8,
        "entry": 55,
        "pointer": 122,
        "work": 45,
    }
    csv = run("ask", "contents", "-p", "version=1", "--format", "csv", store=kept).stdout.decode()
    assert csv.splitlines()[:2] == ["kind,count", "passage,4"]
    for form in ("table", "tsv", "jsonl", "markdown"):
        assert b"perspective" in run("ask", "contents", "--format", form, store=kept).stdout


def test_ask_list_tells_names_parameters_and_columns() -> None:
    rows = json.loads(run("ask", "--list", "--json").stdout)
    (pointers,) = [row for row in rows if row["name"] == "pointers"]
    assert pointers["columns"] == ["section", "block", "offset", "number"]
    assert [param["name"] for param in pointers["params"]] == ["thread", "version"]


def test_sparql_answers_with_our_prefixes_and_in_the_standard_forms(kept: Path) -> None:
    text = "SELECT (COUNT(?p) AS ?n) WHERE { GRAPH ?v { ?p a sen:Pointer } }"
    assert json.loads(run("sparql", text, "--format", "json", store=kept).stdout) == [{"n": 225}]
    srj = json.loads(run("sparql", text, "--format", "srj", store=kept).stdout)
    assert srj["results"]["bindings"][0]["n"]["value"] == "225"
    assert b"<sparql" in run("sparql", text, "--format", "srx", store=kept).stdout
    graph = run("sparql", "DESCRIBE <https://w3id.org/sicetnon/id/x>", store=kept)
    assert graph.returncode == 0


BAD_CALLS = [
    (("ask", "nothing"), "expected a query, found 'nothing'"),
    (("ask",), "expected the name of a question"),
    (("ask", "contents", "-p", "thread=nothing"), f"it holds {THREAD}"),
    (("ask", "contents", "-p", "version=99"), "expected a version"),
    (("ask", "contents", "-p", "colour=red"), "found the parameter 'colour'"),
    (("ask", "contents", "-p", "thread"), "expected -p KEY=VALUE"),
    (("sparql", "SELECT"), "does not parse"),
    (("sparql", "DELETE WHERE { ?s ?p ?o }"), "found an update (DELETE)"),
    (("sparql", "SELECT * { SERVICE <http://localhost:1/> { ?s ?p ?o } }"), "found SERVICE"),
    (("sparql", "SELECT * WHERE " + "{" * 5000), "brackets at most 500 deep, found them 5000"),
    (("sparql",), "expected either a query or --file"),
    (("render", "nothing"), "expected a part of this page (page, narrative"),
    (("ask", "contents", "--as-of", "soon"), "expected a day (YYYY-MM-DD) or a version's number"),
    (("diff", THREAD, "1", "9"), "expected a version of"),
    (("same", "thread/x", "thread/y", "--why", "z"), "found 'thread/x'"),
    (("undo", "0123456789ab"), "expected a judgement to undo (none)"),
    (("render", "page", "--thread", "../x"), "expected the slug of a thread"),
    (("ask", "qqqq"), "found 'qqqq'; 'sicetnon ask --list' lists them"),
    (("ask", "what-a-work-carries"), "found none; for example: sicetnon ask what-a-work-carries"),
    (("judge", "thread/x", "none", "--why", "z"), "'sicetnon review' lists them"),
    (("render", "narrative", "--renumber"), "expected a whole page as text to be renumbered"),
    (("draw", "nothing", "-o", "x.html"), "expected a query, found 'nothing'"),
    (("draw", "memorization-debate", "-o", "x.gif"), "expected html, svg or json"),
    (("check", "--thread", "nothing"), "expected a thread of the store"),
    (("check", "--severity", "grave"), "grave"),
    (("conquer",), "conquer"),
]


@pytest.mark.parametrize(("arguments", "message"), BAD_CALLS)
def test_bad_call_ends_with_2_and_says_what_to_mend(
    arguments: tuple[str, ...], message: str, kept: Path, tmp_path: Path
) -> None:
    done = run(*arguments, store=kept, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_missing_store_ends_with_2_and_is_not_made(tmp_path: Path) -> None:
    done = run("list", "--store", tmp_path / "none")
    assert done.returncode == 2
    assert "sicetnon ingest PAGE" in done.stderr.decode()
    assert list(tmp_path.iterdir()) == []


def test_diff_tells_changes_as_json(kept: Path) -> None:
    rows = json.loads(run("diff", THREAD, "1", "2", "--format", "json", store=kept).stdout)
    assert list(rows[0]) == ["kind", "change", "before", "after", "evidence"]
    assert {"restated", "renamed", "split", "redated", "corrected"} <= {r["change"] for r in rows}
    assert run("diff", THREAD, "2", "2", store=kept).stdout.startswith(b"no change in title")


def test_judgements_are_made_listed_and_undone(tmp_path: Path) -> None:
    store = tmp_path / "s"
    run("ingest", *EXAMPLES, store=store)
    left, right = (f"thread/{THREAD}/v2/position/{n}" for n in (8, 9))
    made = run("same", left, right, "--why", "to try it", "--who", "A. Reader", store=store)
    assert made.returncode == 0
    name = made.stdout.decode().strip().rpartition("/")[2]
    listed = json.loads(run("identities", "--json", store=store).stdout)
    assert [each["why"] for each in listed["judgements"]] == ["to try it"]
    told = " ".join(run("identities", "--help").stdout.decode().split())
    assert "Print an object with three lists" in told
    assert (
        f"The keys of --json are {', '.join(listed).replace(', doubtful', ' and doubtful')}."
        in told
    )
    assert all(row["rule"] != "equal" for row in listed["matches"])
    assert run("undo", name, store=store).returncode == 0
    assert json.loads(run("identities", "--json", store=store).stdout)["judgements"] == []


def test_questions_can_be_asked_as_of_a_day(kept: Path) -> None:
    rows = json.loads(
        run("ask", "contents", "--as-of", "2026-06-20", "--format", "json", store=kept).stdout
    )
    assert {row["kind"]: row["count"] for row in rows}["perspective"] == 14
    text = "SELECT (COUNT(?v) AS ?n) WHERE { GRAPH ?g { ?v a sen:Version } }"
    done = run("sparql", text, "--as-of", "1", "--format", "json", store=kept)
    assert json.loads(done.stdout) == [{"n": 1}]
    early = run("ask", "contents", "--as-of", "1999-01-01", store=kept)
    assert (early.returncode, b"ask as of a later day" in early.stderr) == (2, True)
    never = run("ask", "contents", "--as-of", "May 1999", store=kept)
    assert (never.returncode, b"expected a day (YYYY-MM-DD)" in never.stderr) == (2, True)


def test_saved_page_is_read_and_what_was_lost_is_listed(kept: Path, tmp_path: Path) -> None:
    html = run("render", "page", "--version", "2", "--format", "html", store=kept).stdout
    (tmp_path / f"{THREAD}-v2.html").write_bytes(html.replace(b"</main>", b"<img alt=x></main>"))
    done = run("ingest", tmp_path / f"{THREAD}-v2.html", "--json", store=tmp_path / "s")
    (row,) = json.loads(done.stdout)
    assert (row["status"], row["version"], row["counts"]["entry"]) == ("stored", 2, 55)
    assert {loss["what"] for loss in row["lost"]} >= {"image", "written form of the date"}


def test_check_ends_with_1_on_findings_and_0_without(kept: Path) -> None:
    clean = run("check", "--severity", "violation", store=kept)
    assert (clean.returncode, clean.stdout) == (0, b"")
    warned = run("check", "--version", "2", store=kept)
    assert warned.returncode == 1
    first = warned.stdout.decode().splitlines()[0]
    assert first.startswith(f"{THREAD}-v2.txt:")
    assert ": warning: expected " in first
    rows = json.loads(run("check", "--format", "json", store=kept).stdout)
    keys = ["severity", "rule", "message", "thread", "version", "line", "quote", "node"]
    assert list(rows[0])[:8] == keys
    sarif = json.loads(run("check", "--format", "sarif", store=kept).stdout)
    assert len(sarif["runs"][0]["results"]) == len(rows)
    turtle = run("check", "--format", "turtle", store=kept).stdout.decode()
    assert turtle.count("sh:ValidationResult ") == len(rows)


def test_both_engines_report_the_same(kept: Path) -> None:
    fast = run("check", "--severity", "info", "--engine", "fast", store=kept)
    reference = run("check", "--severity", "info", "--engine", "reference", store=kept)
    assert fast.stdout == reference.stdout


def test_store_can_be_named_before_or_after_the_command(kept: Path) -> None:
    before = run("--store", kept, "list")
    after = run("list", "--store", kept)
    assert before.stdout == after.stdout != b""


@pytest.mark.parametrize(
    ("command", "reader"),
    [("render page", "head -c 10"), ("list", "true"), ("backup", "true")],
)
def test_closed_pipe_is_no_fault(kept: Path, command: str, reader: str) -> None:
    shell = f"{sys.executable} -m sicetnon --store {kept} {command} | {reader}"
    done = subprocess.run(
        ["bash", "-c", f"{shell}; exit ${{PIPESTATUS[0]}}"], check=False, capture_output=True
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_closed_output_and_arguments_that_are_no_text_end_with_2(kept: Path) -> None:
    program = [sys.executable, "-m", "sicetnon", "--store", str(kept)]
    closed = subprocess.run(
        ["bash", "-c", f"{' '.join(program)} list >&-"], check=False, capture_output=True
    )
    assert (closed.returncode, b"found a closed one" in closed.stderr) == (2, True)
    undecoded = subprocess.run([*program, "sparql", b"bad\xff"], check=False, capture_output=True)
    assert (undecoded.returncode, undecoded.stderr.count(b"found b'\\xff'")) == (2, 1)


def test_page_without_an_end_is_refused(tmp_path: Path) -> None:
    done = run("ingest", "/dev/zero", store=tmp_path / "store")
    assert done.returncode == 2
    assert b"expected a page of at most 64 MiB" in done.stdout + done.stderr
    assert not (tmp_path / "store").exists()


def test_location_of_no_known_kind_makes_no_folder(tmp_path: Path) -> None:
    done = run("--store", "htp://localhost", "ingest", EXAMPLES[0], cwd=tmp_path)
    assert done.returncode == 2
    assert b"begins with http:// or https://" in done.stderr
    assert not list(tmp_path.iterdir())


def test_table_cuts_texts_but_no_names(kept: Path) -> None:
    shown = run("ask", "silence", store=kept).stdout.decode()
    assert "thread/" in shown
    assert not re.search(r"thread/\S*…", shown)


def test_output_through_a_link_or_a_device_leaves_them_in_place(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    assert run("list", "-o", "x", store=kept).returncode == 2
    assert run("render", "page", "-o", tmp_path / "link.txt", store=kept).returncode == 0
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_bytes() == EXAMPLES[-1].read_bytes()
    assert run("render", "page", "-o", "/dev/null", store=kept).returncode == 0
    assert not Path("/dev/null").is_file()


def test_full_output_ends_with_2_and_says_so(kept: Path) -> None:
    command = [sys.executable, "-m", "sicetnon", "--store", str(kept), "render", "page"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, check=False, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert b"No space left" in done.stderr


def test_dataset_of_a_query_is_honoured(kept: Path) -> None:
    base = f"https://w3id.org/sicetnon/id/thread/{THREAD}"
    for dataset, count in (("urn:none", 0), (f"{base}/v1", 22), (f"{base}/v2", 26)):
        text = f"SELECT (COUNT(?e) AS ?n) FROM <{dataset}> WHERE {{ ?e a sen:Event }}"
        done = run("sparql", text, "--format", "json", store=kept)
        assert json.loads(done.stdout) == [{"n": count}]
    text = 'SELECT (COUNT(?e) AS ?n) WHERE { ?e a sen:Event FILTER(STR(?e) != "FROM") }'
    assert json.loads(run("sparql", text, "--format", "json", store=kept).stdout) == [{"n": 48}]


def test_named_store_that_is_missing_is_told_by_every_command(tmp_path: Path) -> None:
    for arguments in (("undo", "x"), ("same", "a", "b", "--why", "c"), ("identities",)):
        assert run("--store", tmp_path / "none", *arguments).returncode == 2
    done = run(
        "--store", tmp_path / "none", "draw", "memorization-debate", "-o", tmp_path / "x.svg"
    )
    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_demo_does_the_main_job_and_says_what_to_open(tmp_path: Path) -> None:
    done = run("demo", "-o", tmp_path / "demo")
    assert done.returncode == 0, done.stderr.decode()
    said = done.stdout.decode()
    assert said.count("byte for byte") == 2
    for name in ("memorization-debate.html", "page.html", "page.md", "findings.txt", "uncited.csv"):
        assert f"{tmp_path}/demo/{name}" in said
        assert (tmp_path / "demo" / name).stat().st_size > 200
    assert run("demo", "-o", tmp_path / "demo").stdout.decode() == said
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter").write_text("keep")
    assert run("demo", "-o", tmp_path / "mine").returncode == 2
    assert (tmp_path / "mine" / "letter").exists()


def without_drawing(*arguments: object) -> subprocess.CompletedProcess[bytes]:
    code = (
        "import sys; sys.modules['pygraphviz'] = None; from sicetnon.cli import main;"
        f"sys.argv = ['sicetnon', *{[str(each) for each in arguments]!r}]; main()"
    )
    return subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)


@pytest.mark.parametrize("kind", ["html", "svg"])
def test_drawing_without_its_extra_says_how_to_install_it(tmp_path: Path, kind: str) -> None:
    done = without_drawing("draw", "memorization-debate", "-o", tmp_path / f"x.{kind}")
    assert (done.returncode, list(tmp_path.iterdir())) == (2, [])
    assert "pip install 'sicetnon[draw]'" in done.stderr.decode()


def test_the_demo_without_drawing_does_the_rest_and_says_so(tmp_path: Path) -> None:
    done = without_drawing("demo", "-o", tmp_path / "demo")
    assert done.returncode == 0, done.stderr
    assert "left out; it needs: pip install 'sicetnon[draw]'" in done.stdout.decode()
    assert "memorization-debate" not in done.stdout.decode()
    assert (tmp_path / "demo" / "page.html").exists()
