"""HTTP to a SPARQL service: credentials, timeouts, repeats, and errors that say what to do."""

from __future__ import annotations

import http.client
import io
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import IO, TYPE_CHECKING, NoReturn, TypeVar
from urllib.parse import unquote, urlsplit, urlunsplit

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from sicetnon.errors import StoreError, UsageError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

TIMEOUT = 60.0
_ATTEMPTS = 4
FIRST_WAIT = 0.2
_LONGEST_WAIT = 30.0
_CREDENTIALS = "give SICETNON_USER and SICETNON_PASSWORD, or SICETNON_TOKEN"
_BUSY = {429, 503}
_GATEWAY = {502, 504}
_T = TypeVar("_T")


class RequestError(StoreError):
    """A request that failed; `passing` if it may succeed later, `undone` if it surely did nothing.

    `after` is how many seconds the server asks to be left alone.
    """

    def __init__(
        self, said: str, *, passing: bool = False, undone: bool = False, after: float | None = None
    ) -> None:
        super().__init__(said)
        self.passing, self.undone, self.after = passing, undone, after


@dataclass(frozen=True, slots=True)
class Access:
    """Who asks: a user with a password, or a bearer of a token. Never shown."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    @classmethod
    def found(cls, url: str, environment: Mapping[str, str]) -> tuple[Access, str]:
        """Take credentials from a URL or else the environment; return them and the URL without."""
        parts = urlsplit(url)
        bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        if parts.username is not None:
            return cls(unquote(parts.username), unquote(parts.password or "")), bare
        token = environment.get("SICETNON_TOKEN", "")
        user = environment.get("SICETNON_USER", "")
        if token and user:
            raise UsageError("expected SICETNON_TOKEN or SICETNON_USER, found both")
        return cls(user, environment.get("SICETNON_PASSWORD", ""), token), bare


class Connection:
    """Requests to the endpoints of one service; credentials are sent nowhere else."""

    def __init__(self, location: str, access: Access, timeout: float = TIMEOUT) -> None:
        self.location, self.timeout, self._access = location, timeout, access
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        if access.user:
            origin = urlsplit(location)
            root = f"{origin.scheme}://{origin.netloc}/"
            passwords.add_password(None, root, access.user, access.password)
        self._digest = _Digest(passwords)
        self._opener = urllib.request.build_opener(
            _NoRedirect, self._digest, urllib.request.HTTPBasicAuthHandler(passwords)
        )

    def open(self, request: urllib.request.Request) -> Answer:
        """Send a request once; raises RequestError for whatever is not an answer."""
        if self._access.token:
            request.add_unredirected_header("Authorization", f"Bearer {self._access.token}")
        try:
            return Answer(self._opener.open(request, timeout=self.timeout), self)
        except urllib.error.HTTPError as error:
            with error:
                raise self._refusal(error) from None
        except (OSError, http.client.HTTPException) as error:
            raise self.lost(error) from error
        except ValueError as error:
            if "scheme" not in str(error):
                raise self.lost(error) from error
            told = f"{self.location}: expected an answer, found that it wants credentials"
            raise RequestError(f"{told} ({error}); {_CREDENTIALS}") from error

    def challenged(self, url: str) -> None:
        """Be asked for credentials on a small request, so that a large one is sent with them."""
        if self._access.user and self._digest.challenge is None:
            try:
                self.open(urllib.request.Request(url, method="GET")).close()  # noqa: S310
            except RequestError:
                return

    def repeating(self, work: Callable[[], _T], *, safe: bool) -> _T:
        """Do a piece of work, again after passing failures; unsafe work only if it did nothing."""

        def again(error: BaseException) -> bool:
            return isinstance(error, RequestError) and error.passing and (safe or error.undone)

        attempts = Retrying(
            stop=stop_after_attempt(_ATTEMPTS),
            retry=retry_if_exception(again),
            wait=_wait,
            reraise=True,
        )
        try:
            return attempts(work)
        except RequestError as error:
            failed = error
        # Its frames would hold half-read answers in a cycle, and those must die in this thread.
        failed.__traceback__ = failed.__context__ = failed.__cause__ = None
        raise failed

    def lost(self, error: Exception) -> RequestError:
        """Say what became of a connection that gave no answer, or not all of it."""
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(reason, TimeoutError):
            said = f"expected an answer within {self.timeout:g} s, found none"
            return RequestError(f"{self.location}: {said}; SICETNON_TIMEOUT sets another time")
        if isinstance(reason, ConnectionRefusedError):
            said = f"{self.location}: expected a server, found nothing that listens there"
            return RequestError(said, passing=True, undone=True)
        passing = isinstance(reason, ConnectionError | http.client.HTTPException)
        said = f"expected a whole answer, found the connection cut ({reason or type(error)})"
        return RequestError(f"{self.location}: {said}", passing=passing)

    def _refusal(self, error: urllib.error.HTTPError) -> RequestError:
        code, after = error.code, _seconds(error.headers)
        told = f"{self.location}: expected an answer, found {code} {error.reason}"
        if code in {401, 403}:
            return RequestError(f"{told}; {_CREDENTIALS}")
        if code in _BUSY:
            return RequestError(f"{told}; try later", passing=True, undone=True, after=after)
        if code in _GATEWAY:
            return RequestError(told, passing=True, after=after)
        if code in {404, 405, 415}:
            return RequestError(f"{told}; is this the right URL?")
        return RequestError(f"{told}{_said(error)}")


class Answer(io.RawIOBase):
    """The body of an answer as a file to read from, whose faults are those of the store."""

    def __init__(self, response: IO[bytes], connection: Connection) -> None:
        super().__init__()
        assert isinstance(response, http.client.HTTPResponse)
        self._response, self._connection = response, connection
        self.headers: Message = response.headers

    @property
    def media_type(self) -> str:
        """The media type of the body, without parameters."""
        return self.headers.get_content_type()

    def readable(self) -> bool:
        """Say that this can be read from."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer as far as the answer goes; raises RequestError where it is cut."""
        view = memoryview(buffer)
        try:
            data = self._response.read(len(view))
        except (OSError, http.client.HTTPException) as error:
            raise self._connection.lost(error) from error
        if not data and self._response.length:
            raise self._connection.lost(http.client.IncompleteRead(b"", self._response.length))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """End the answer, read or not."""
        self._response.close()
        super().close()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Refuses redirects: what is sent, credentials too, goes nowhere but where the user said."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message,  # noqa: ARG002 - the signature of the library
        newurl: str,
    ) -> NoReturn:
        """Refuse to follow; the message says where it would have led."""
        fp.close()
        said = f"expected an answer, found a redirect ({code} {msg}) to {newurl}"
        raise RequestError(f"{req.full_url}: {said}; name that URL")


class _Digest(urllib.request.HTTPDigestAuthHandler):
    """Digest authentication that answers a known challenge without being asked again."""

    challenge: Mapping[str, str] | None = None

    def get_authorization(self, req: urllib.request.Request, chal: Mapping[str, str]) -> str | None:
        """Answer a challenge, and remember it."""
        self.challenge = chal
        return super().get_authorization(req, chal)

    def http_request(self, request: urllib.request.Request) -> urllib.request.Request:
        """Sign a request if the server has shown its challenge before."""
        if self.challenge is not None and not request.has_header("Authorization"):
            signed = super().get_authorization(request, self.challenge)
            request.add_unredirected_header("Authorization", f"Digest {signed}")
        return request

    https_request = http_request


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.after if isinstance(error, RequestError) else None
    if asked is not None:
        return min(asked, _LONGEST_WAIT)
    return FIRST_WAIT * 2.0 ** (state.attempt_number - 1)


def _seconds(headers: Message) -> float | None:
    """Read Retry-After (RFC 9110, 10.2.3): seconds, or a date beside the answer's own."""
    asked = headers.get("Retry-After", "").strip()
    if asked.isdecimal():
        return float(asked)
    try:
        later = parsedate_to_datetime(asked) - parsedate_to_datetime(headers.get("Date", ""))
    except (TypeError, ValueError):
        return None
    return max(0.0, later.total_seconds())


def _said(error: urllib.error.HTTPError) -> str:
    """Return the first line of what a server says in plain words."""
    if error.headers.get_content_maintype() != "text" or "html" in error.headers.get_content_type():
        return ""
    try:
        text = error.read(2000).decode("utf-8", errors="replace")
    except (OSError, http.client.HTTPException):
        return ""
    words = " ".join(text.partition("\n")[0].split())
    return f": {''.join(c for c in words if c.isprintable())[:300]}" if words else ""
