"""An endpoint that never ends, by size or by time, is left; served as raw bytes on the loopback."""

from __future__ import annotations

import gzip
import itertools
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec

import pytest

from sicetnon.errors import ModelError
from sicetnon.propose import connect
from sicetnon.propose.client import Silence

pytestmark = pytest.mark.skipif(not find_spec("openai"), reason="sicetnon[model] is not installed")

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
MESSAGES = [{"role": "user", "content": "?"}]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in os.environ if each.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


@contextmanager
def sending(pieces: Callable[[], Iterator[bytes]]) -> Iterator[tuple[str, list[int]]]:
    """Send pieces to whoever connects, as long as they are taken; count the bytes of each."""
    sent: list[int] = []

    def serve(taken: socket.socket) -> None:
        sent.append(0)
        with taken, suppress(OSError):
            taken.recv(1 << 16)
            for piece in pieces():
                taken.sendall(piece)
                sent[-1] += len(piece)
            taken.shutdown(socket.SHUT_WR)
            while taken.recv(1 << 16):  # what is not read would reset the connection
                pass

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listening.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1", sent
        listening.shutdown(socket.SHUT_RDWR)


def dripping(begin: bytes, drop: bytes) -> Iterator[bytes]:
    yield begin
    while True:
        time.sleep(0.1)
        yield drop


@pytest.mark.parametrize(
    ("begin", "drop"),
    [(CHUNKED, b"1\r\n \r\n"), (HEAD + b"X: ", b"x"), (HEAD + b"Content-Length: 99\r\n\r\n", b" ")],
    ids=["chunks", "a header", "a body of a known length"],
)
def test_an_answer_that_drips_is_left_when_its_time_is_over(begin: bytes, drop: bytes) -> None:
    with sending(lambda: dripping(begin, drop)) as (url, sent):
        model = connect(url, "synthetic", timeout=1.0, retries=2)
        began = time.monotonic()
        with pytest.raises(Silence, match="no whole answer in"):
            model.answer(MESSAGES)
        assert time.monotonic() - began < 2
    assert len(sent) == 1


def test_all_tries_of_a_question_have_one_time() -> None:
    """The first try is turned away at once; the second has what is left, and there is no third."""
    busy = b"HTTP/1.1 503 Later\r\nRetry-After-Ms: 600\r\nContent-Length: 0\r\n\r\n"
    tries = itertools.chain([iter([busy])], (dripping(HEAD, b"X") for _ in itertools.count()))
    with sending(lambda: next(tries)) as (url, sent):
        model = connect(url, "synthetic", timeout=1.5, retries=5)
        began = time.monotonic()
        with pytest.raises(Silence, match="no whole answer in"):
            model.answer(MESSAGES)
        assert 1.0 < time.monotonic() - began < 2.5
    assert len(sent) == 2


def test_no_try_is_made_that_would_begin_too_late() -> None:
    busy = b"HTTP/1.1 429 Later\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n"
    with sending(lambda: iter([busy])) as (url, sent):
        model = connect(url, "synthetic", timeout=2.0, retries=5)
        began = time.monotonic()
        with pytest.raises(Silence, match="429"):
            model.answer(MESSAGES)
        assert time.monotonic() - began < 2
    assert len(sent) == 1


def test_an_answer_without_end_is_left_when_it_is_too_long() -> None:
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    with sending(lambda: itertools.chain([CHUNKED], itertools.repeat(chunk))) as (url, sent):
        model = connect(url, "synthetic", timeout=30.0, retries=0)
        with pytest.raises(ModelError, match="expected at most 8388608 bytes, found more"):
            model.answer(MESSAGES)
    assert sent[0] < 64 << 20


def test_an_answer_that_would_unfold_is_not_unfolded() -> None:
    body = gzip.compress(b" " * (1 << 20))
    head = HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body)
    with sending(lambda: iter([head + body])) as (url, _):
        model = connect(url, "synthetic", timeout=5.0, retries=0)
        with pytest.raises(ModelError, match="found it as gzip"):
            model.answer(MESSAGES)


def test_brackets_without_end_are_told() -> None:
    body = b"[" * 1_000_000
    head = HEAD + b"Content-Length: %d\r\n\r\n" % len(body)
    with sending(lambda: iter([head + body])) as (url, _):
        model = connect(url, "synthetic", timeout=5.0, retries=0)
        with pytest.raises(Silence, match="expected JSON"):
            model.answer(MESSAGES)
