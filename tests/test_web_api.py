"""The questions as an API: the document, the pages of an answer, and what a fuzzer makes of it."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pyoxigraph as ox
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat

from conftest import COMMANDS, EXAMPLES
from serving import serving
from sicetnon import query
from sicetnon.errors import UsageError
from sicetnon.library import Library
from sicetnon.web import openapi, requests
from sicetnon.web.asking import GROUPS

SCHEMA = schemathesis.openapi.from_dict(openapi.document())
EXAMPLES_EACH = int(os.environ.get("SICETNON_EXAMPLES", "2"))
SCHEMA.config.phases.coverage.enabled = EXAMPLES_EACH > 2  # tens of requests for each question


def test_every_question_has_a_route(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()
    assert document == openapi.document()
    assert document["openapi"] == "3.1.0"
    listed = {row["name"]: row for row in client.get("/api/ask").json()}
    names = {each.name for each in query.catalogue().values() if each.group in GROUPS}
    assert set(listed) == names
    assert {f"/api/ask/{name}" for name in names} == set(document["paths"]) - {"/api/ask"}
    curated = {"evidence-of-relation"}  # whose example is of the graphs that ship
    for name in names:
        answer = client.get(listed[name]["example"])
        if name in curated:
            assert answer.status_code == 404
            continue
        assert answer.status_code == 200, answer.text
        columns = query.load(name).columns or ("subject", "predicate", "object")
        assert tuple(answer.json()["columns"]) == columns


@pytest.mark.parametrize("name", ["pointers", "contents", "positions", "timeline"])
def test_pages_put_together_are_the_answer(
    name: str, client: httpx.Client, served: Library
) -> None:
    wanted = served.ask(name)
    rows: list[dict[str, Any]] = []
    url: str | None = f"/api/ask/{name}?limit=7"
    while url:
        answer = client.get(url)
        page = answer.json()
        assert page["total"] == len(wanted.rows) == int(answer.headers["x-total-count"])
        rows += page["rows"]
        url = page["next"]
        assert (f'<{url}>; rel="next"' == answer.headers.get("link")) is (url is not None)
    assert rows == wanted.dicts()


@pytest.mark.parametrize(
    "path", ["what-a-work-carries", "what-a-work-carries?work=nobody", "contents?thread=x", "none"]
)
def test_a_refusal_speaks_of_no_command_line(path: str, client: httpx.Client) -> None:
    answer = client.get(f"/api/ask/{path}")
    assert answer.status_code in {400, 404}
    assert "expected" in answer.json()["detail"]
    assert not COMMANDS.search(answer.text)


def test_csv_and_json_ld_say_the_same(client: httpx.Client, served: Library) -> None:
    wanted = served.ask("uncited-entries", version=1)
    found = client.get("/api/ask/uncited-entries?version=1&format=csv")
    assert found.headers["content-type"] == "text/csv; charset=utf-8"
    table = list(csv.reader(io.StringIO(found.text, newline="")))
    assert tuple(table[0]) == wanted.columns
    assert [row[1] for row in table[1:]] == [row[1] for row in wanted.rows]
    linked = client.get(
        "/api/ask/uncited-entries?version=1", headers={"Accept": "application/ld+json"}
    )
    assert len(linked.json()["@graph"]) == len(wanted.rows)
    quads = list(ox.parse(linked.content, format=RdfFormat.JSON_LD))
    assert {quad.object.value for quad in quads if "title" in str(quad.predicate)} == {
        row[1] for row in wanted.rows
    }


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("contents?colour=red", 400),
        ("contents?version=1&version=2", 400),
        ("contents?thread=no-such-thread", 404),
        ("contents?version=99", 404),
        ("contents?thread=UPPER", 400),
        ("contents?limit=-1", 400),
        ("contents?limit=ten", 400),
        ("contents?limit=10001", 400),
        ("contents?offset=%D9%A1", 400),
        ("contents?limit=0", 200),
        ("contents?offset=1000000", 200),
        ("no-such-question", 404),
        ("entry-uncited", 404),
        ("memorization-debate?tension=not%20an%20iri", 400),
        ("memorization-debate?tension=http://e.org/%3E", 400),
        ("contents?format=doc", 400),
    ],
)
def test_what_is_wrong_is_said(path: str, status: int, client: httpx.Client) -> None:
    answer = client.get(f"/api/ask/{path}")
    assert answer.status_code == status, answer.text
    if status != 200:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"].partition(": ")[2].startswith("expected") or answer.json()[
            "detail"
        ].startswith("expected")


def test_parameters_are_checked_as_on_the_command_line(
    client: httpx.Client, served: Library
) -> None:
    for wrong in ({"version": "none"}, {"thread": "x y"}, {"when": "now"}):
        with pytest.raises(UsageError) as told:
            served.ask("contents", **wrong)
        answer = client.get("/api/ask/contents", params=wrong)
        assert answer.json()["detail"] == str(told.value)


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("what-a-work-carries", {"work": "work/nope"}, "an IRI of the store"),
        ("entries-of-work", {"work": "work/the-paper-that-killed-deep-learning"}, "nearest are"),
        ("passages", {"section": "nope"}, "a section of the page"),
        ("memorization-debate", {"tension": "http://e.org/nope"}, "an IRI of the store"),
    ],
)
@pytest.mark.parametrize("form", ["json", "csv"])
def test_what_the_store_does_not_know_is_not_found(
    name: str, given: dict[str, str], told: str, form: str, client: httpx.Client, served: Library
) -> None:
    answer = client.get(f"/api/ask/{name}", params={**given, "format": form})
    assert answer.status_code == 404
    assert told in answer.json()["detail"]
    if name != "memorization-debate":
        with pytest.raises(UsageError) as refused:
            served.ask(name, **given)
        assert answer.json()["detail"] == str(refused.value)


@pytest.mark.parametrize("asked", [{"old": "0"}, {"new": "9"}, {"old": "1", "new": "0"}])
def test_a_version_that_is_not_there_is_not_found(
    asked: dict[str, str], client: httpx.Client
) -> None:
    assert client.get("/api/ask/changes-between", params=asked).status_code == 404


def test_numbers_in_links_lead_on(client: httpx.Client) -> None:
    page = client.get("/api/ask/pointers?limit=5&offset=10&version=2").json()
    assert dict(parse_qsl(urlsplit(page["next"]).query)) == {
        "version": "2", "limit": "5", "offset": "15",
    }  # fmt: skip


@SCHEMA.parametrize()
@settings(
    max_examples=EXAMPLES_EACH,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_a_fuzzer_finds_no_fault(case: Any, client: httpx.Client) -> None:
    case.call_and_validate(base_url=str(client.base_url))


def test_a_thread_must_be_named_where_there_are_several(tmp_path: Path) -> None:
    found = Library(str(tmp_path / "two.store"))
    list(found.ingest(EXAMPLES[:1]))
    list(found.ingest(EXAMPLES[1:], thread="another"))
    assert len({row.thread for row in found.threads()}) == 2
    with serving(found.location) as url:
        assert httpx.get(f"{url}/api/ask/contents").status_code == 400
        one = httpx.get(f"{url}/api/ask/contents?thread=another")
        assert one.status_code == 200
        page = httpx.get(f"{url}/ask/contents", headers={"Accept": "text/html"})
        assert '<option value="another">' in page.text
        unnamed = httpx.get(f"{url}/ask/contents?version=1", headers={"Accept": "text/html"})
        assert unnamed.status_code == 400


@given(
    st.lists(
        st.sampled_from([b"%", b"=", b"+", b"&", b"%3D", b"%e2%82%AC", b"%0a", b"%2", b"%zz", b"_"])
        | st.integers(0x20, 0x7E).map(lambda code: bytes([code])),
        max_size=40,
    ).map(b"".join)
)
def test_fields_are_read_as_the_standard_library_reads_them(data: bytes) -> None:
    try:
        wanted = parse_qsl(data.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        with pytest.raises(requests.RefusedError):
            requests.pairs(data)
    else:
        assert requests.pairs(data) == wanted


@pytest.mark.parametrize("data", ["query=ä".encode(), b"query=%e4", b"query=\xe4", b"a=1&" * 501])
def test_fields_that_are_none_are_refused(data: bytes) -> None:
    with pytest.raises(requests.RefusedError):
        requests.pairs(data)
