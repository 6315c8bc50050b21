"""The server of sockets against bytes that nobody planned, and clients that leave, wait or read as they like.

Answers are read by h11, a reader of HTTP that is not ours.
"""

import os
import random
import socket
import struct
import time
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import h11
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from server.wire import Reader, Refused
from tests.server_release import fetch, memory, wait_for
from tests.server_sockets import CHUNKED, connect, connected, converse, echoing, read_all, request, told

STATUSES = {200, 400, 413, 414, 417, 431, 501, 505}
VALID = (
    request("/a?b=c", "Accept: text/turtle;q=0.5, */*"), request("http://other.example:80/x?y"),
    request("/", "Content-Length: 11", method="POST", body=b"query=ASK{}"),
    request("/", CHUNKED, "Trailer: T", method="POST", body=b"5\r\nquery\r\n6;a=b\r\n=ASK{}\r\n0\r\nT: u\r\n\r\n"),
    request("/", "Expect: 100-continue", "Content-Length: 3", body=b"abc"), request("*", method="OPTIONS"),
    request("/", version="1.0"), request("/", "Connection: keep-alive", version="1.0"), request("/", method="HEAD"),
    request("/first", last=False) + request("/second", "Content-Length: 2", body=b"ab", last=False) + request("/third"),
)
PIECES = (b"\r\n", b"\n", b"\r", b"\0", b" ", b"\t", b":", b",", b";", b"\xff", b"0", b"+", b"-", b"0\r\n\r\n",
          b"Content-Length: 3\r\n", b"Content-Length: 30\r\n", b"Transfer-Encoding: chunked\r\n", b"Host: y\r\n",
          b"Transfer-Encoding: identity\r\n", b"Connection: close\r\n", b"Expect: x\r\n", b" folded\r\n", b"HTTP/1.1",
          b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")


@pytest.fixture(scope="module")
def port():
    with echoing() as (number, _):
        yield number


@st.composite
def mutants(draw):
    """Yield valid requests in which some bytes are lost, doubled, changed, or have others among them."""
    data = draw(st.sampled_from(VALID))
    for _ in range(draw(st.integers(1, 4))):
        place, length = draw(st.integers(0, len(data))), draw(st.integers(0, 20))
        piece = draw(st.sampled_from((b"", *PIECES, data[place:place + length])) | st.binary(max_size=3))
        data = data[:place] + piece + data[place + draw(st.sampled_from((0, 0, len(piece), length))):]
    return data


def answers(data, *, heads=()):
    """Return status and body of each final answer in bytes, as h11 reads them; all must be whole.

    Args:
        data: What a server sent until it ended the connection.
        heads: The places of answers that are to HEAD.
    """
    found = []
    while data:
        client = h11.Connection(h11.CLIENT)
        client.send(h11.Request(method="HEAD" if len(found) in heads else "GET", target="/", headers=[("Host", "x")]))
        client.send(h11.EndOfMessage())
        client.receive_data(data)
        client.receive_data(b"")
        body = b""
        while not isinstance(event := client.next_event(), h11.EndOfMessage):
            if isinstance(event, h11.Response):
                status = event.status_code
                assert status != 200 or dict(event.headers).keys() & {b"content-length", b"connection"}
            elif isinstance(event, h11.Data):
                body += event.data
            else:
                assert isinstance(event, h11.InformationalResponse)
        found.append((status, body))
        data = client.trailing_data[0]
    return found


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mutants(), st.booleans())
def test_whatever_is_sent_gets_whole_answers_and_an_end(port, data, halves):
    with connect(port) as client:
        cut = len(data) // 2 if halves else len(data)
        with suppress(ConnectionError):
            client.sendall(data[:cut])
            client.sendall(data[cut:])
            client.shutdown(socket.SHUT_WR)
        heads = {place for place, line in enumerate(data.split(b"HTTP/1.")) if line.endswith(b"HEAD / ")}
        answer = read_all(client)
    if not heads:
        assert {status for status, _ in answers(answer)} <= STATUSES


def ours(data):
    """Return the requests that our reader finds in bytes, up to where it refuses."""
    reader, found = Reader(), []
    reader.feed(data)
    with closing(reader), suppress(Refused):
        while taken := reader.take():
            found.append((taken.method, taken.target, taken.body.read()))
            taken.body.close()
            if not taken.lasting:
                break
    return found


def theirs(data, *, most):
    """Return the first requests that h11 finds in bytes."""
    found = []
    for _ in range(most):
        while data.startswith(b"\r\n"):  # h11 takes no empty line before a request
            data = data[2:]
        server, body = h11.Connection(h11.SERVER, max_incomplete_event_size=1 << 20), b""
        server.receive_data(data)
        asked = server.next_event()
        assert isinstance(asked, h11.Request)
        while not isinstance(event := server.next_event(), h11.EndOfMessage):
            assert isinstance(event, h11.Data)
            body += event.data
        found.append((asked.method.decode(), asked.target.decode(), body))
        data = server.trailing_data[0]
    return found


@settings(max_examples=1500, deadline=None)
@given(mutants())
@example(request("/", "Content-Length: 3", "Content-Length: 3", body=b"abc"))
def test_what_is_taken_is_what_another_reader_takes(data):
    """Two servers that see different requests in the same bytes are what request smuggling needs."""
    found = ours(data)
    for (method, target, body), (method2, target2, body2) in zip(found, theirs(data, most=len(found)), strict=True):
        assert (method, body) == (method2, body2)
        assert target2.partition("#")[0].endswith(target) or target2.startswith(("http", "HTTP"))


@pytest.mark.parametrize("data", VALID[:6])
def test_a_request_may_be_cut_anywhere(port, data):
    whole = [status for status, _ in answers(converse(port, data))]
    with connected(port, len(data) - 1) as clients:
        for cut, client in enumerate(clients, 1):
            client.sendall(data[:cut])
        time.sleep(0.05)
        for cut, client in enumerate(clients, 1):
            client.sendall(data[cut:])
        assert all([status for status, _ in answers(read_all(client))] == whole for client in clients)


@pytest.mark.parametrize("path", ["/", "/sleeps", "/large", "/asks"])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_who_says_that_it_sends_no_more_gets_its_answer(port, path, version):
    with connect(port) as client:
        client.sendall(request(path, version=version, last=False))
        client.shutdown(socket.SHUT_WR)
        [(status, body)] = answers(read_all(client))
    assert (status, len(body) > 100, b"gone" in body) == (200, True, False)


def test_a_request_that_ends_too_early_is_told_so(port):
    for data in (request("/", "Content-Length: 3", body=b"ab"), request()[:-2],
                 request("/", CHUNKED, body=b"3\r\nabc")):
        with connect(port) as client:
            client.sendall(data)
            client.shutdown(socket.SHUT_WR)
            assert [status for status, _ in answers(read_all(client))] == [400]
    with connect(port) as client:
        client.shutdown(socket.SHUT_WR)
        assert read_all(client) == b""


def test_what_still_comes_takes_no_answer_from_a_client(port):
    """A socket that is closed with bytes unread resets the connection, and the client loses what it has not read."""
    more = b"x" * (1 << 22)
    for data, expected in ((request("/"), 200), (b"\0", 400), (request("/", "Content-Length: 999999999"), 413)):
        with connect(port) as client, suppress(ConnectionError):
            client.settimeout(0.5)
            client.sendall(data)
            with suppress(TimeoutError):
                client.sendall(more)
            time.sleep(0.2)
            assert [status for status, _ in answers(read_all(client))] == [expected]
            continue
        pytest.fail("the connection was reset")


def cpu(pid):
    """Return the seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def open_files(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def reset(client):
    """Close a connection so that its other end is told of a reset."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def test_clients_that_leave_at_any_moment_leave_nothing_behind():
    draw, large = random.Random(5), request("/", "Content-Length: 600000", body=b"x" * 550_000)
    with echoing(connections=500) as (port, process):
        told(converse(port, request("/")))
        files = open_files(process.pid)
        for _ in range(10):
            for data in (*VALID, request("/large"), request("/waits", last=False), large):
                client = connect(port)
                client.sendall(data[: draw.randint(0, len(data))] if draw.random() < 0.7 else data)
                if draw.random() < 0.3:
                    time.sleep(0.002)
                reset(client) if draw.random() < 0.5 else client.close()
        wait_for(lambda: open_files(process.pid) == files)
        assert told(converse(port, request("/")))
        process.kill()
        assert "Traceback" not in process.stderr.read()


def test_more_clients_than_open_files_keep_no_processor_busy_and_get_answers():
    with echoing(connections=1000, files=80) as (port, process), ExitStack() as stack:
        idle = [stack.enter_context(connect(port)) for _ in range(300)]
        for client in idle[::2]:
            client.sendall(b"GET / HT")
        time.sleep(0.5)
        before = cpu(process.pid)
        time.sleep(1.5)
        assert cpu(process.pid) - before < 0.3
        stack.close()
        assert told(converse(port, request("/")))
        wait_for(lambda: open_files(process.pid) < 20)


def test_idle_clients_do_not_keep_others_out():
    with echoing(connections=20) as (port, process), connected(port, 100):
        time.sleep(1.1)
        begun = time.monotonic()
        assert told(converse(port, request("/")))
        assert time.monotonic() - begun < 6
        assert "Traceback" not in str(process.stderr)


def test_clients_that_read_slowly_fill_no_memory_and_keep_nobody_waiting():
    with echoing() as (port, process), connected(port, 30) as clients:
        told(converse(port, request("/")))
        before = memory(process.pid)
        for client in clients:
            client.sendall(request("/large"))
        time.sleep(0.3)
        begun = time.monotonic()
        assert told(converse(port, request("/")))
        assert (time.monotonic() - begun < 1, memory(process.pid) - before < 30) == (True, True)
        used = cpu(process.pid)
        time.sleep(0.5)
        assert cpu(process.pid) - used < 0.1


@contextmanager
def slow_reader(port, path, *, room):
    """Give a connection whose client takes few bytes at once, with a request on its way."""
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
        client.connect(("127.0.0.1", port))
        client.settimeout(10)
        client.sendall(request(path))
        yield client


def test_a_client_that_reads_steadily_is_not_taken_for_one_that_does_not_read():
    """The system has room for megabytes: that it takes no more for a while does not say that nobody reads."""
    with echoing(idle=1.0) as (port, _), slow_reader(port, "/large", room=1 << 18) as client:
        taken, until = 0, time.monotonic() + 3
        while time.monotonic() < until:
            data = client.recv(5_000)
            assert data
            taken += len(data)
            time.sleep(0.05)
    assert taken > 200_000


PATHS = ("/", "/sparql", "/sparql?query=ASK%7B%7D", "/data/state/RUS", "/page/state/RUS", "/id/state/RUS", "/ns",
         "/explore", "/search?q=a", "/api/search?q=a", "/graph/registry", "/graph-store?default", "/dumps/", "/metrics",
         "/void", "/feed/statements.atom", "/release/0/x", "/static/style.css", "/q/", "/dataset.jsonld")
PARTS = ("%00", "%ff", "%0d%0a", "..", "%2e%2e", "/", "?", "&", "=", ";", "%", "#", "*", "'", "<", "{", "\\", "a",
         "1", "-1", "%F0%9F%98%80", "%ED%A0%80", "query=", "said=", "page=", "from=", "view=", "default-graph-uri=",
         "%C2%85", "99999999999999999999")
NAMES = ("Accept", "Accept-Encoding", "Accept-Language", "Accept-Profile", "Content-Type", "If-None-Match", "Range",
         "If-Modified-Since", "If-Range", "Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers",
         "Cookie", "Authorization", "X-Forwarded-For", "X-Forwarded-Prefix", "Forwarded", "Prefer", "Content-Encoding")
VALUES = ("*", "*/*;q=x", "text/turtle;q=0", "gzip;q=nan", "\xff", "bytes=0-", "bytes=-1", "bytes=5-2,7-", '"', 'W/"a"',
          "multipart/form-data", "multipart/form-data; boundary=", "text/plain; charset=x", "application/sparql-query",
          "application/x-www-form-urlencoded; charset=utf-16", "Thu, 32 Feb 99999 99:99:99", "", ",", "a" * 5000, "0")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(PATHS), st.lists(st.sampled_from(PARTS), max_size=4), st.integers(0, 30),
       st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES), max_size=4),
       st.sampled_from(("GET", "GET", "GET", "HEAD", "POST", "QUERY", "OPTIONS", "PUT", "TRACE", "get", "BREW")),
       st.none() | st.sampled_from((b"", b"query=ASK{}", b"ASK{}", b"query=%ff", b"\0\xff", b"--\r\n", b"update=x")))
def test_no_request_is_answered_with_a_failure(site, path, parts, place, headers, method, body):
    address = path[:place] + "".join(parts) + path[place:]
    place = address if address.startswith("/") else "/" + address
    assert fetch(site, place, method=method, headers=headers, body=body).status not in {500, 502, 505}
