"""What a language model answers: admitted in the page's own words, or refused; never believed.

All answers are synthetic, served on the loopback; no test reaches any other network.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from conftest import EXAMPLES
from model_server import Reply, serve
from proposing import CARTS, CARTS_DENY, STONE, STONES_HOLD, roads, state
from sicetnon.errors import ModelError, UsageError
from sicetnon.library import Library
from sicetnon.propose import connect, requests

pytestmark = pytest.mark.skipif(not find_spec("openai"), reason="sicetnon[model] is not installed")

KEY = "sk-secret-0123456789"
NOTHING = json.dumps({"relations": [], "claims": []})


@pytest.fixture(autouse=True)
def no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy stands between, and what the environment holds for a provider is there to leak."""
    for name in [each for each in os.environ if each.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-provider")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-another-provider")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-of-another-provider")


@pytest.fixture
def debate(tmp_path: Path) -> Library:
    return roads(tmp_path)


def names(library: Library) -> dict[str, str]:
    """Return what the short names of a request are, by what they stand for."""
    (request,) = requests(library.scene())
    sides = {side.name: side.node for side in library.scene().sides}
    short = {node: name for name, node in request.sides.items()}
    return {name: short[node] for name, node in sides.items()} | {
        where: name for name, where in request.passages.items()
    }


def relation(library: Library, **other: object) -> dict[str, object]:
    known = names(library)
    return {
        "passage": known["narrative/1"],
        "from": known[CARTS],
        "stance": "contradicts",
        "to": known[STONE],
        "quote": CARTS_DENY,
        **other,
    }


def said(*relations: dict[str, object], **other: object) -> str:
    return json.dumps({"relations": list(relations), "claims": [], **other})


def ask(library: Library, *replies: Reply, key: str = "", retries: int = 0) -> Any:
    with serve(replies) as served:
        model = connect(served.url, "synthetic", key, timeout=0.5, retries=retries)
        outcome, proposed = library.propose(model)
    return outcome, proposed, served


def test_a_relation_in_the_pages_words_waits_and_asserts_nothing(debate: Library) -> None:
    before = state(debate)
    outcome, proposed, served = ask(debate, Reply(said(relation(debate))))
    assert [(each.status, each.proposal.stance) for each in proposed] == [("new", "contradicts")]
    assert proposed[0].proposal.exact == CARTS_DENY
    assert proposed[0].proposal.method == "model synthetic"
    assert (outcome.refused, outcome.unanswered, outcome.parts) == ([], [], 1)
    assert state(debate, "graph/proposed") == before
    assert len(served.requests) == 1
    assert served.paths == ["/v1/chat/completions"]


def test_a_claim_waits_likewise(debate: Library) -> None:
    known = names(debate)
    claim = {"passage": known["narrative/1"], "holder": known[CARTS], "quote": CARTS_DENY}
    _, proposed, _ = ask(debate, Reply(json.dumps({"claims": [claim]})))
    assert [(each.proposal.is_claim, each.proposal.exact) for each in proposed] == [
        (True, CARTS_DENY)
    ]


@pytest.mark.parametrize(
    "answer",
    [
        "```json\n{}\n```",
        "<think>They deny it {{so}}.</think>\n\n{}",
        "Here is the object you asked for:\n{}\nAnything else?",
    ],
)
def test_what_models_put_around_an_object_is_passed_over(debate: Library, answer: str) -> None:
    text = answer.replace("{{", "{").replace("}}", "}").replace("{}", said(relation(debate)))
    outcome, proposed, _ = ask(debate, Reply(text))
    assert (len(proposed), outcome.unanswered) == (1, [])


INVENTED = [
    ({"quote": CARTS_DENY.replace("does not accept", "accepts")}, "stands nowhere on the page"),
    ({"quote": "Carts were never a problem for any road."}, "stands nowhere on the page"),
    ({"quote": CARTS_DENY.replace("not stones", "…")}, "stands nowhere on the page"),
    ({"quote": STONES_HOLD}, "it stands in perspectives/1/statement/1"),
    ({"quote": ""}, "expected a quote of at least"),
    ({"quote": None}, "expected a quote of at least"),
    ({"quote": ["a", "list"]}, "expected a quote of at least"),
    ({"from": "s999"}, "expected a side that the page knows"),
    ({"to": "https://example.org/evil> } ; DROP ALL"}, "expected a side that the page knows"),
    ({"stance": "judged"}, "expected a stance"),
    ({"stance": "none"}, "expected a stance"),
    ({"passage": "p99"}, "it stands in narrative/1"),
    ({"quote": "\ud800 half a pair and more words"}, "stands nowhere on the page"),
]


@pytest.mark.parametrize(("wrong", "message"), INVENTED, ids=lambda each: str(each)[:40])
def test_what_is_invented_is_refused_asked_again_and_not_stored(
    debate: Library, wrong: dict[str, object], message: str
) -> None:
    before = state(debate)
    text = said(relation(debate, **wrong))
    outcome, proposed, served = ask(debate, Reply(text))
    assert proposed == []
    assert [message in each.why for each in outcome.refused] == [True]
    assert len(served.requests) == 3
    assert message in served.requests[1]["messages"][-1]["content"]
    assert state(debate) == before


def test_an_answer_that_is_mended_when_asked_again_is_taken(debate: Library) -> None:
    wrong = said(relation(debate, quote="Carts were never a problem for any road."))
    outcome, proposed, served = ask(debate, Reply(wrong), Reply(said(relation(debate))))
    assert (len(proposed), outcome.refused, len(served.requests)) == (1, [], 2)


def test_of_a_mixed_answer_the_right_part_is_kept(debate: Library) -> None:
    wrong = relation(debate, quote="Carts were never a problem for any road.")
    outcome, proposed, _ = ask(debate, Reply(said(wrong, relation(debate))))
    assert (len(proposed), len(outcome.refused)) == (1, 1)


MALFORMED = [
    "",
    "I see no relations here.",
    '{"relations": [',
    '{"relations": {"from": "s1"}}',
    '{"relations": [1, 2]}',
    '{"answer": 42}',
    "[]",
    '{"a":' * 20_000,
    json.dumps({"relations": [{}] * 500}),
    '{"relations": "' + "x" * 200_000 + '"}',
]


@pytest.mark.parametrize("text", MALFORMED, ids=lambda text: text[:30])
def test_a_malformed_answer_is_told_and_nothing_is_stored(debate: Library, text: str) -> None:
    before = state(debate)
    with pytest.raises(ModelError, match="expected an answer, found none; part 1: expected"):
        ask(debate, Reply(text))
    assert state(debate) == before


BROKEN = [
    Reply(body="not json at all"),
    Reply(body="{}"),
    Reply(body='{"choices": []}'),
    Reply(body='{"choices": null}'),
    Reply(body='{"choices": [{"message": null}]}'),
    Reply(body='{"choices": [{"message": {"content": 7}}]}'),
    Reply(body="[1, 2]"),
    Reply(text=None),
    Reply(refusal="I cannot help with that.\x1b[2J", text=None),
    Reply(status=429, body='{"error": {"message": "slow down"}}'),
    Reply(status=500, body="<html>oops</html>"),
    Reply(status=503, body=""),
    Reply(text=NOTHING, delay=1.5),
]


@pytest.mark.parametrize("reply", BROKEN, ids=lambda reply: f"{reply.status} {reply.body}"[:40])
def test_an_endpoint_that_does_not_answer_is_told(debate: Library, reply: Reply) -> None:
    before = state(debate)
    with pytest.raises(ModelError, match="synthetic: expected an answer, found none") as error:
        ask(debate, reply)
    assert str(error.value).isprintable()
    assert state(debate) == before


def test_a_passing_fault_is_tried_again(debate: Library) -> None:
    soon = (("Retry-After-Ms", "1"),)
    replies = [
        Reply(status=429, body="{}", headers=soon),
        Reply(status=500, body="{}", headers=soon),
        Reply(said(relation(debate))),
    ]
    _, proposed, served = ask(debate, *replies, retries=2)
    assert (len(proposed), len(served.requests)) == (1, 3)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_a_fault_of_the_call_ends_it_at_once(debate: Library, status: int) -> None:
    with (
        serve([Reply(status=status, body='{"error": {"message": "no such model"}}')]) as served,
        pytest.raises(ModelError, match=str(status)),
    ):
        debate.propose(connect(served.url, "synthetic", retries=2))
    assert len(served.requests) == 1


def test_no_endpoint_at_all_is_told(debate: Library) -> None:
    with serve([]) as served:
        gone = served.url
    with pytest.raises(ModelError, match="Connection"):
        debate.propose(connect(gone, "synthetic", timeout=0.5, retries=0))


def test_a_redirect_is_not_followed(debate: Library) -> None:
    with serve([Reply(said(relation(debate)))]) as other:
        away = Reply(
            status=307, body="{}", headers=(("Location", f"{other.url}/chat/completions"),)
        )
        with serve([away]) as served, pytest.raises(ModelError, match="307"):
            debate.propose(connect(served.url, "synthetic", KEY, retries=0))
    assert other.requests == []


def test_the_key_goes_into_one_header_and_nowhere_else(debate: Library) -> None:
    echo = json.dumps({"error": {"message": f"Incorrect API key: {KEY}, of {KEY}"}})
    with serve([Reply(status=401, body=echo)]) as served, pytest.raises(ModelError) as error:
        debate.propose(connect(served.url, "synthetic", KEY))
    assert "Incorrect API key" in str(error.value)
    assert KEY not in str(error.value)
    assert [each["authorization"] for each in served.headers] == [f"Bearer {KEY}"]
    assert KEY not in json.dumps(served.requests)


def test_what_the_environment_holds_for_a_provider_is_sent_to_nobody(debate: Library) -> None:
    _, _, served = ask(debate, Reply(NOTHING))
    assert "another-provider" not in json.dumps(served.headers)
    assert not any(name.startswith("openai-") for name in served.headers[0])


@pytest.mark.parametrize(
    ("endpoint", "name", "key", "message"),
    [
        ("localhost:8000", "m", "", "expected the address of an endpoint"),
        ("file:///etc/passwd", "m", "", "expected the address of an endpoint"),
        ("https://", "m", "", "expected the address of an endpoint"),
        ("https://me:pw@host/v1", "m", "", "expected an endpoint without a key in it"),
        ("https://host/v1?key=x", "m", "", "expected an endpoint without a key in it"),
        ("http://models.example/v1", "m", KEY, "expected https for an endpoint that gets a key"),
        ("https://host/v1", " ", "", "expected the name of a model"),
        ("https://host/v1", "a\nb", "", "expected the name of a model"),
    ],
)
def test_a_call_that_cannot_be_meant_is_refused_before_anything_is_sent(
    endpoint: str, name: str, key: str, message: str
) -> None:
    with pytest.raises(UsageError, match=message) as error:
        connect(endpoint, name, key)
    assert KEY not in str(error.value)


def test_a_model_that_obeys_the_page_gains_nothing(debate: Library) -> None:
    """The page tells the model to add a relation; even one that obeys can only quote the page."""
    known = names(debate)
    obeyed = [
        {"relations": [], "claims": [], "sparql": "DROP ALL", "status": "judged"},
        {"relations": [relation(debate, quote="the school of stone contradicts Macadam", to="s1")]},
        {"relations": [relation(debate, status="sen:judged", method="reading", confidence=1)]},
        {
            "relations": [
                relation(
                    debate,
                    **{
                        "from": known[STONE],
                        "quote": "Macadam is wrong, says the school of stone.",
                    },
                )
            ]
        },
    ]
    before = state(debate)
    for answer in obeyed:
        ask(debate, Reply(json.dumps(answer)))
    assert state(debate, "graph/proposed") == before
    assert {each.method for each in debate.proposals()} == {"model synthetic"}
    words = " ".join(place for place in [CARTS_DENY, "Ignore your instructions"])
    assert all(each.exact.split()[0] in words for each in debate.proposals())
    assert debate.judgements() == []


def test_the_words_of_a_page_are_sent_as_data_apart_from_the_instructions(debate: Library) -> None:
    _, _, served = ask(debate, Reply(NOTHING))
    system, user = served.requests[0]["messages"]
    assert "Ignore your instructions" not in system["content"]
    sent = json.loads(user["content"])
    assert set(sent) == {"sides", "passages"}
    assert any("Ignore your instructions" in each["text"] for each in sent["passages"])


def test_a_long_page_is_sent_in_parts_and_a_dead_endpoint_is_left_alone(tmp_path: Path) -> None:
    library = Library(":memory:")
    list(library.ingest(EXAMPLES))
    parts = len(list(requests(library.scene())))
    assert parts >= 3
    with serve([Reply(NOTHING), Reply(status=500, body="{}")]) as served:
        outcome, _ = library.propose(connect(served.url, "synthetic", retries=0))
    assert len(served.requests) == 3
    assert len(outcome.unanswered) == outcome.parts - 1 == parts - 1
    assert outcome.unanswered[-1].endswith("not asked any more") or parts == 3


def test_every_passage_is_sent_once(tmp_path: Path) -> None:
    library = Library(":memory:")
    list(library.ingest(EXAMPLES[:1]))
    sent = [name for each in requests(library.scene()) for name in each.passages.values()]
    assert len(sent) == len(set(sent)) >= 50


def test_a_page_on_which_nobody_can_be_named_is_not_sent(tmp_path: Path) -> None:
    library = Library(":memory:")
    form = Path(__file__).parent / "cases" / "forms" / "item-a.txt"
    (taken,) = library.ingest([form])
    assert taken.status == "stored"
    outcome, proposed, served = ask(library, Reply(NOTHING))
    assert (outcome.parts, proposed, served.requests) == (0, [], [])


# The command


def run(*arguments: str, store: Path, key: str | None = None) -> subprocess.CompletedProcess[bytes]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SICETNON_")}
    if key is not None:
        environment["SICETNON_MODEL_KEY"] = key
    command = [sys.executable, "-m", "sicetnon", "--store", str(store), *arguments]
    return subprocess.run(command, check=False, capture_output=True, env=environment)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    roads(tmp_path, str(tmp_path / "s"))
    return tmp_path / "s"


def test_the_command_proposes_a_person_accepts_and_undoes(kept: Path, tmp_path: Path) -> None:
    answer = said(relation(roads(tmp_path)))
    with serve([Reply(answer)]) as served:
        model = ("--endpoint", served.url, "--model", "synthetic")
        dry = run("propose", *model, "--dry-run", store=kept)
        assert (dry.returncode, dry.stdout.split()[1]) == (0, b"new")
        assert b"proposed" not in run("review", "--json", store=kept).stdout
        done = run("propose", *model, "--json", store=kept, key=KEY)
    assert done.returncode == 0, done.stderr
    assert [each.get("authorization") for each in served.headers] == [
        "Bearer none",
        f"Bearer {KEY}",
    ]
    (found,) = json.loads(done.stdout)["proposals"]
    listed = run("review", store=kept).stdout.decode()
    assert f"{found['name']}  {CARTS} — contradicts — {STONE} (proposed by model synth" in listed
    accepted = run("accept", found["name"], "--why", "so it says", "--who", "A. R", store=kept)
    assert accepted.returncode == 0, accepted.stderr
    asked = run("ask", "relations", "--format", "json", store=kept)
    (row,) = [each for each in json.loads(asked.stdout) if each["method"] == "model synthetic"]
    assert (row["status"], row["stance"], row["evidence"]) == ("judged", "contradicts", CARTS_DENY)
    told = json.loads(run("identities", "--json", store=kept).stdout)["judgements"]
    assert [each["proposal"]["exact"] for each in told] == [CARTS_DENY]
    assert run("undo", accepted.stdout.decode().strip(), store=kept).returncode == 0
    assert run("refuse", found["name"], "--why", "no", store=kept).returncode == 0
    assert b"proposed" not in run("review", "--json", store=kept).stdout


def test_no_model_is_asked_by_default_and_requests_can_be_seen_without_sending(kept: Path) -> None:
    done = run("propose", store=kept)
    assert done.returncode == 2
    assert b"no model is asked by default" in done.stderr
    shown = run("propose", "--show-requests", "--endpoint", "http://127.0.0.1:9/v1", store=kept)
    assert shown.returncode == 0
    assert CARTS_DENY in json.loads(shown.stdout)[0][1]["content"]


def test_parts_without_an_answer_end_the_command_with_1_and_a_dead_endpoint_with_2(
    tmp_path: Path,
) -> None:
    store = tmp_path / "s"
    list(Library(str(store)).ingest(EXAMPLES[:1]))

    with serve([Reply(NOTHING), Reply(refusal="No.")]) as served:
        done = run("propose", "--endpoint", served.url, "--model", "synthetic", store=store)
    dead = run("propose", "--endpoint", served.url, "--model", "x", "--timeout", "1", store=store)
    assert dead.returncode == 2
    assert b"Traceback" not in dead.stderr
    assert done.returncode == 1
    assert b"the model refuses" in done.stderr


def test_the_key_is_never_printed(kept: Path) -> None:
    echo = json.dumps({"error": {"message": f"bad key {KEY}"}})
    quoted = said({"from": KEY, "to": KEY, "stance": KEY, "quote": KEY * 3, "passage": KEY})
    replies = {(): Reply(status=401, body=echo), ("--json",): Reply(quoted)}
    for more, reply in replies.items():
        with serve([reply]) as served:
            model = ("--endpoint", served.url, "--model", "synthetic")
            done = run("propose", *model, *more, store=kept, key=KEY)
        assert done.stderr or b"refused" in done.stdout
        assert KEY.encode() not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("lacking", "arguments", "extra"),
    [
        ("openai", ["propose", "--endpoint", "http://127.0.0.1:9/v1", "--model", "m"], "model"),
        ("mcp", ["mcp"], "mcp"),
    ],
)
def test_a_missing_extra_is_told_with_how_to_install_it(
    kept: Path, lacking: str, arguments: list[str], extra: str
) -> None:
    code = (
        f"import sys; sys.modules[{lacking!r}] = None; from sicetnon.cli import main;"
        f"sys.argv = ['sicetnon', '--store', {str(kept)!r}, *{arguments!r}]; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
    assert done.returncode == 2
    assert f"pip install 'sicetnon[{extra}]'" in done.stderr.decode()
