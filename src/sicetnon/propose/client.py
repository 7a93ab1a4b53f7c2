"""The one client for language models: any endpoint that speaks the OpenAI chat completions API."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Sequence
from typing import Protocol
from urllib.parse import urlsplit

import tenacity

from sicetnon.errors import ModelError, UsageError
from sicetnon.proposals.admission import shown

Message = dict[str, str]

_TOLD = 200
_PASSING, _FAULT = {408, 409, 429}, 500
_SHORTEST = 0.01  # seconds
_LONGEST_WAIT = 60.0
_backoff = tenacity.wait_exponential_jitter(multiplier=0.5, max=8, jitter=0.5)


class Silence(Exception):  # noqa: N818 - no error of the user's: one request went unanswered
    """One request that stayed without a usable answer, with the reason."""


class Model(Protocol):
    """What can be asked: `name` says who proposes."""

    name: str

    def answer(self, messages: Sequence[Message]) -> str:
        """Return the answer to a conversation; raises Silence or ModelError."""


def connect(
    endpoint: str, name: str, key: str = "", *, timeout: float = 120.0, retries: int = 2
) -> Model:
    """Return a model of an OpenAI-compatible endpoint, such as http://localhost:11434/v1.

    `timeout` is in seconds for each question, over all its tries: one that is cut off or turned
    away for now (408, 409, 429, 5xx) is asked again up to `retries` times while there is time, and
    each try has what is left of it. Raises UsageError where the call cannot be meant.
    """
    address = urlsplit(endpoint)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise UsageError(f"expected the address of an endpoint (https://…), found {endpoint!r}")
    if address.username or address.password or address.query:
        raise UsageError("expected an endpoint without a key in it; set SICETNON_MODEL_KEY")
    if key and address.scheme == "http" and not _is_loopback(address.hostname):
        raise UsageError(
            f"expected https for an endpoint that gets a key, found http://{address.hostname}"
        )
    if not name.strip() or not name.isprintable():
        raise UsageError(f"expected the name of a model, found {name!r}")
    return _Chat(endpoint, name, key, timeout, retries)


def _wait(state: tenacity.RetryCallState) -> float:
    """Return for how long to wait before the next try: what the endpoint says, within reason."""
    error = state.outcome.exception() if state.outcome else None
    response = getattr(error, "response", None)
    headers = {} if response is None else response.headers
    for name, seconds in (("Retry-After-Ms", 0.001), ("Retry-After", 1.0)):
        told = headers.get(name, "")
        if told.isdecimal() and told.isascii() and 0 < float(told) * seconds <= _LONGEST_WAIT:
            return float(told) * seconds
    return _backoff(state)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _Chat:
    """A model behind an endpoint."""

    def __init__(self, endpoint: str, name: str, key: str, timeout: float, retries: int) -> None:
        try:
            import openai

            from sicetnon.propose.bounded import BoundedClient
        except ImportError:
            raise UsageError(
                "expected the client for language models; install it with:"
                " pip install 'sicetnon[model]'"
            ) from None
        self.name = name
        self._key = key
        self._sdk = openai
        self._http = BoundedClient(timeout)
        self._timeout, self._retries = timeout, retries
        self._client = openai.OpenAI(
            base_url=endpoint,
            api_key=key or "none",
            timeout=timeout,
            max_retries=0,  # its own tries have a time each, and none for all of them
            # A redirect would send the page to an address that the user did not name.
            http_client=self._http,
        )
        # What the environment holds for one provider is not for whatever endpoint this is.
        self._client.organization = self._client.project = self._client.admin_api_key = None

    def answer(self, messages: Sequence[Message]) -> str:
        """Return the answer to a conversation; raises Silence or ModelError."""
        sdk = self._sdk
        try:
            found = self._tried(messages)
        except (sdk.APITimeoutError, sdk.RateLimitError, sdk.InternalServerError) as error:
            raise Silence(self._told(error)) from None
        except sdk.OpenAIError as error:
            raise ModelError(f"{self._client.base_url}: {self._told(error)}") from None
        except RecursionError:
            raise Silence("expected JSON of the API, found brackets without end") from None
        except (ValueError, TypeError) as error:
            raise Silence(f"expected JSON of the API: {self._told(error)}") from None
        return self._text(found)

    def _tried(self, messages: Sequence[Message]) -> object:
        """Return what the endpoint sends, asked as often as there are tries and time."""
        end = time.monotonic() + self._timeout
        for attempt in tenacity.Retrying(
            stop=tenacity.stop_after_attempt(self._retries + 1)
            | tenacity.stop_before_delay(self._timeout),
            wait=_wait,
            retry=tenacity.retry_if_exception(self._is_passing),
            reraise=True,
        ):
            with attempt:
                self._http.seconds = max(end - time.monotonic(), _SHORTEST)
                return self._client.chat.completions.create(
                    model=self.name,
                    messages=list(messages),  # type: ignore[arg-type]
                    temperature=0,
                )
        raise AssertionError("unreachable: the last try returns or raises")

    def _is_passing(self, error: BaseException) -> bool:
        if isinstance(error, self._sdk.APIStatusError):
            return error.status_code in _PASSING or error.status_code >= _FAULT
        return isinstance(error, self._sdk.APIConnectionError)

    def _text(self, found: object) -> str:
        """Return the text of an answer; an endpoint may send anything, whatever the types say."""
        choices = getattr(found, "choices", None)
        message = (
            getattr(choices[0], "message", None) if isinstance(choices, list) and choices else None
        )
        refusal, text = getattr(message, "refusal", None), getattr(message, "content", None)
        if refusal:
            raise Silence(f"the model refuses: {self._clean(str(refusal))}")
        if not isinstance(text, str) or not text.strip():
            raise Silence("expected the text of an answer, found none")
        return text

    def _told(self, error: Exception) -> str:
        status = getattr(error, "status_code", None)
        said = f"{type(error).__name__}{f' {status}' if status else ''}: {self._clean(str(error))}"
        return f"{said} ({self._clean(str(error.__cause__))})" if error.__cause__ else said

    def _clean(self, text: str) -> str:
        """Return a stranger's words as they may be shown: an endpoint may echo the key."""
        return shown(text.replace(self._key, "…") if self._key else text, _TOLD)
