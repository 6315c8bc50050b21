"""The server of sockets: requests in pieces, requests that are none, clients that are slow, and its end."""

import re
import signal
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.wire import BODY, FIELDS, HEAD, Reader, Refused, response_head
from tests.server_release import wait_for
from tests.server_sockets import CHUNKED, connect, connected, converse, echoing, read_all, request, told


@pytest.fixture(scope="module")
def port():
    with echoing() as (number, _):
        yield number


@pytest.mark.parametrize(("status", "data"), [
    (400, b"nonsense\r\n\r\n"), (400, b"GET /\r\n\r\n"), (400, b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n"),
    (400, b"\x16\x03\x01\x02\x00\x01\r\n\r\n"), (400, "GET /é HTTP/1.1\r\nHost: x\r\n\r\n".encode()),
    (400, b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n"), (400, b"G(T / HTTP/1.1\r\nHost: x\r\n\r\n"),
    (400, b"GET nowhere HTTP/1.1\r\nHost: x\r\n\r\n"), (400, b"CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n"),
    (400, b"GET http://[x HTTP/1.1\r\nHost: x\r\n\r\n"), (400, b"GET file:///etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n"),
    (400, b"GET / HTTP/1.1\r\nHost: x\r\nhost: y\r\n\r\n"), (400, b"GET / HTTP/1.0\r\nHost: x\r\nHost: x\r\n\r\n"),
    (505, b"GET / HTTP/2.0\r\nHost: x\r\n\r\n"), (505, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    (400, b"GET / HTTP/1.1\r\n\r\n"), (400, request("/", "Bad Header: x")), (400, request("/", " folded: x")),
    (400, request("/", "A: b", "\tfolded")), (400, request("/", "Name : x")), (400, request("/", ": x")),
    (400, request("/", "A: b\x00c")), (400, request("/", "A: b\rc")), (400, request("/", "A: b\nC: d")),
    (400, request("/", "nothing")), (400, request("/", "Content-Length: -1")),
    (400, request("/", "Content-Length: +1", body=b"x")), (400, request("/", "Content-Length: 1_0")),
    (400, request("/", "Content-Length: 1, 1", body=b"x")),
    (400, request("/", "Content-Length: 1", "Content-Length: 2", body=b"xx")),
    (400, request("/", "Content-Length: 3", CHUNKED, body=b"0\r\n\r\n")),
    (400, request("/", CHUNKED, version="1.0", body=b"0\r\n\r\n")),
    (501, request("/", "Transfer-Encoding: gzip, chunked")), (400, request("/", CHUNKED, CHUNKED)),
    (400, request("/", CHUNKED, body=b"x\r\n")), (400, request("/", CHUNKED, body=b"-1\r\n")),
    (400, request("/", CHUNKED, body=b"0x1\r\nx\r\n")), (400, request("/", CHUNKED, body=b"123456789\r\n")),
    (400, request("/", CHUNKED, body=b"1;" + b"x" * 400)), (400, request("/", CHUNKED, body=b"1\nx\n0\n\n")),
    (400, request("/", CHUNKED, body=b"1\r\nxx\r\n0\r\n\r\n")), (400, request("/", CHUNKED, body=b"0\r\nno\r\n\r\n")),
    (413, request("/", f"Content-Length: {BODY + 1}")), (413, request("/", CHUNKED, body=b"%x\r\n" % (BODY + 1))),
    (413, request("/", CHUNKED, body=b"100000\r\n" + b"x" * (1 << 20) + b"\r\nffffff\r\n")),
    (414, b"GET /" + b"a" * (HEAD + 9)), (431, request("/", "A: " + "b" * HEAD)),
    (431, request("/", CHUNKED, body=b"0\r\nA: " + b"b" * (HEAD + 9))),
    (417, request("/", "Expect: miracles")),
    (417, request("/", "Expect: 100-continue, miracles")), (505, b"GET / HTTP/0.9\r\n\r\n"),
    (400, request("/", "Transfer-Encoding: gzip")), (400, request("/", "Transfer-Encoding: chunked, gzip")),
    (400, request("/", "Transfer-Encoding: chunked, chunked")), (400, request("/", "Transfer-Encoding:")),
    (400, request("/", "Transfer-Encoding: ,chunked, ")), (400, request("/", "Transfer-Encoding: xchunked")),
    (400, request("/", CHUNKED, "Content-Length:", body=b"0\r\n\r\n")), (400, request("/", "Content-Length:")),
    (400, request("/", CHUNKED, body=b"1 \r\nx\r\n0\r\n\r\n")), (400, request("/", CHUNKED, body=b" 1\r\nx\r\n")),
    (400, request("/", CHUNKED, body=b"1;" + b"x" * 280 + b"\r\nx\r\n" + b"1;" + b"x" * 280 * 240)),
    (400, request("/", CHUNKED, body=(b"1;" + b"x" * 280 + b"\r\nx\r\n") * 240)),
    (400, b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n"), (400, b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
    (400, b"GET / HTTP/1.1\r\nHost: u@x\r\n\r\n"), (400, b"GET / HTTP/1.1\r\nHost: x:y\r\n\r\n"),
    (400, b"GET / HTTP/1.1\r\nHost: \xe9\r\n\r\n"), (400, request("http://u:p@x/")), (400, request("http://:80/")),
    (400, request("*")), (400, request("*", method="POST")), (400, request("http:///x")),
    (431, request("/", *(f"A{number}: b" for number in range(FIELDS)))), (400, request("/", "A" * 999 + ": b")),
], ids=lambda value: str(value)[:40] if isinstance(value, bytes) else None)
def test_what_is_no_request_is_told_so_in_a_line_and_ends_the_connection(port, status, data):
    head, _, body = converse(port, data).partition(b"\r\n\r\n")
    lines = head.decode().casefold().split("\r\n")
    assert lines[0].split()[:2] == ["http/1.1", str(status)]
    assert {"content-type: text/plain; charset=utf-8", f"content-length: {len(body)}", "connection: close"} <= {*lines}
    assert not any(line.startswith("server:") for line in lines)
    assert (body.startswith(b"%d " % status), body.count(b"\n")) == (True, 1)


@pytest.mark.parametrize(("data", "expected"), [
    (request("/a%20b?c=%20d"), {"PATH_INFO": "/a b", "QUERY_STRING": "c=%20d", "REQUEST_URI": "/a%20b?c=%20d"}),
    (request("//evil.example/x"), {"PATH_INFO": "/evil.example/x"}),
    (request("*", method="OPTIONS"), {"PATH_INFO": "*"}),
    (request("http://other.example/x?y"), {"PATH_INFO": "/x", "REQUEST_URI": "/x?y", "HTTP_HOST": "other.example"}),
    (request("/x#y"), {"PATH_INFO": "/x", "REQUEST_URI": "/x"}), (request("/%ff"), {"PATH_INFO": "/\xff"}),
    (request(method="BREW"), {"REQUEST_METHOD": "BREW"}), (b"\r\n\r\n" + request(), {"PATH_INFO": "/"}),
    (request("/", "a-B:  c \t", "A-b:d"), {"HTTP_A_B": "c, d"}),
    (request("/", "Content-Type: e/f"), {"CONTENT_TYPE": "e/f"}),
    (request("/", "Remote_Addr: 1.2.3.4", "X: \xfc"), {"REMOTE_ADDR": "127.0.0.1", "HTTP_X": "\xc3\xbc"}),
    (request("/", "X-Forwarded-For: 1.2.3.4, 192.0.2.9"), {"REMOTE_ADDR": "192.0.2.9"}),
    (request("/", "Content-Length: 3", body=b"abc"), {"body": 3, "CONTENT_LENGTH": "3"}),
    (request("/", CHUNKED, body=b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: u\r\n\r\n"), {"body": 5, "CONTENT_LENGTH": "5"}),
    (request("/", "Content-Length: 2000000", body=b"x" * 2_000_000), {"body": 2_000_000}),
    (request("/", CHUNKED, body=b"100000\r\n" + b"x" * (1 << 20) + b"\r\n0\r\n\r\n"), {"body": 1 << 20}),
    (request("/", "Accept: " + "a" * (HEAD // 2)), {"HTTP_ACCEPT": "a" * (HEAD // 2)}),
    (b"GET / HTTP/1.0\r\n\r\n", {"SERVER_PROTOCOL": "HTTP/1.0"}),
    (b"GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n", {"HTTP_HOST": ""}),
    (b"GET / HTTP/1.1\r\nHost: [::1]:8000\r\nConnection: close\r\n\r\n", {"HTTP_HOST": "[::1]:8000"}),
    (b"GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n", {"SERVER_PROTOCOL": "HTTP/1.0"}),
    (request("/", version="1.9"), {"SERVER_PROTOCOL": "HTTP/1.1"}),
    (request("/", "Transfer_Encoding: chunked", "Content_Length: 5"), {"body": 0}),
    (request("/", "Expect: 100-continue", "Content-Length: 3", version="1.0", body=b"abc"), {"body": 3}),
    (request("/", CHUNKED, body=b"3 ; a=\"b c\";d\r\nabc\r\n000\r\n\r\n"), {"body": 3}),
    (request("/", "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", "HTTP2-Settings: AAMAAABkAAQA"), {"body": 0}),
], ids=lambda value: str(value)[:40] if isinstance(value, bytes) else None)
def test_a_request_is_told_to_the_application_as_wsgi_says(port, data, expected):
    found = told(converse(port, data))
    assert {name: found.get(name) for name in expected} == expected


def test_a_request_may_come_byte_by_byte(port):
    with connect(port) as client:
        for byte in request("/slow", CHUNKED, body=b"3\r\nabc\r\n0\r\n\r\n"):
            client.sendall(bytes([byte]))
            time.sleep(0.001)
        assert told(read_all(client))["body"] == 3


def test_requests_that_come_together_are_answered_in_their_order(port):
    paths = [f"/{number}" for number in range(50)]
    data = b"".join(request(path, "Content-Length: 2", body=b"ab", last=path == paths[-1]) for path in paths)
    assert re.findall(rb'"PATH_INFO": "([^"]*)"', converse(port, data)) == [path.encode() for path in paths]


@pytest.mark.parametrize(("version", "header", "stays"), [
    ("1.1", "A: b", True), ("1.1", "Connection: Close", False), ("1.1", "Connection: x, close", False),
    ("1.0", "A: b", False), ("1.0", "Connection: Keep-Alive", True),
])
def test_a_connection_stays_as_long_as_its_client_likes(port, version, header, stays):
    with connect(port) as client:
        for _ in range(2):
            client.sendall(request("/", header, version=version, last=False))
            answer = client.recv(1 << 16)
            assert (b"Connection: close" in answer) is not stays
            assert (b"Connection: keep-alive" in answer) is (stays and version == "1.0")
            if not stays:
                assert client.recv(10) == b""
                break


def test_head_has_the_headers_of_get_and_no_body(port):
    answer = converse(port, request("/large", method="HEAD", last=False) + request("/large", method="HEAD"))
    assert answer.count(b"Content-Length: 100000000\r\n") == 2
    assert answer.endswith(b"\r\n\r\n")
    assert answer.count(b"\r\n\r\n") == 2


def test_who_waits_for_leave_to_send_a_body_is_told_to_go_on(port):
    with connect(port) as client:
        client.sendall(request("/", "Expect: 100-continue", "Content-Length: 3"))
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"abc")
        assert told(read_all(client))["body"] == 3
    at_once = request("/", "Expect: 100-continue", "Content-Length: 1", body=b"x")
    assert b"100 Continue" not in converse(port, at_once)


@pytest.mark.parametrize(("status", "data"), [
    (400, b"\x16\x03\x01\x02\x00\x01"), (400, b"\x00"), (400, b"GET /\r\n"), (400, b"GET / HTTP/1.1\nHost: x\n\n"),
    (400, b"GET / HTTP/1.1\r\nHost: x\n"), (400, b"GET /\xc3"), (505, b"GET / HTTP/3.0\r\n"), (400, b"\r\n\r\n\r\r"),
    (400, b"a" * 300), (501, b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"),
])
def test_what_cannot_become_a_request_is_told_so_before_it_ends(port, status, data):
    assert converse(port, data).startswith(b"HTTP/1.1 %d " % status)


def test_who_sends_more_than_is_taken_can_still_read_why(port):
    with connect(port) as client:
        client.sendall(request("/", f"Content-Length: {BODY + 1}"))
        with suppress(BrokenPipeError, ConnectionResetError):
            client.sendall(b"x" * (1 << 22))
        assert client.recv(100).startswith(b"HTTP/1.1 413 ")


def test_an_error_of_the_application_ends_one_request_and_no_more(port):
    for _ in range(10):  # there are four threads
        assert converse(port, request("/fails")).startswith(b"HTTP/1.1 500 ")
    assert converse(port, request("/split")).startswith(b"HTTP/1.1 500 ")
    assert told(converse(port, request("/")))


def test_an_answer_that_is_shorter_than_it_says_ends_its_connection(port):
    answer = converse(port, request("/short", last=False) + request("/after", last=False))
    assert (answer.startswith(b"HTTP/1.1 200"), b"/after" in answer) == (True, False)


def test_an_answer_is_whole_however_slowly_it_is_read(port):
    with connect(port) as client:
        client.sendall(request("/large"))
        time.sleep(0.5)
        head, _, body = read_all(client).partition(b"\r\n\r\n")
    assert (b"Content-Length: 100000000" in head, len(body), body.strip(b"x")) == (True, 100_000_000, b"")


def test_slow_clients_hold_no_thread_and_are_left_after_a_while():
    with echoing(idle=1.5) as (port, _), connected(port, 30) as clients:
        silent, halting, greedy = clients[:10], clients[10:20], clients[20:]
        for client in halting:
            client.sendall(b"GET / HT")
        for client in greedy:
            client.sendall(request("/large"))
        assert told(converse(port, request("/")))
        until = time.monotonic() + 5
        while time.monotonic() < until and halting:  # a byte now and then does not help
            for client in list(halting):
                try:
                    client.sendall(b"x")
                except OSError:
                    halting.remove(client)
            time.sleep(0.2)
        assert halting == []
        assert [read_all(client) for client in silent] == [b""] * 10
        assert max(len(read_all(client)) for client in greedy) < 50_000_000


def test_beyond_a_number_of_connections_new_ones_wait_while_all_are_answered():
    with echoing(connections=5) as (port, _), connected(port, 5) as first:
        for client in first:
            client.sendall(request("/sleeps"))
        time.sleep(0.1)
        with connect(port) as late:
            late.sendall(request("/"))
            late.settimeout(0.3)
            with pytest.raises(TimeoutError):
                late.recv(10)
            late.settimeout(5)
            assert told(read_all(late))
        assert all(told(read_all(client)) for client in first)


@pytest.mark.parametrize("data", [b"", b"GET / HT"])
def test_beyond_a_number_of_connections_idle_ones_make_room(data):
    with echoing(connections=5) as (port, _), connected(port, 5) as first:
        for client in first:
            client.sendall(data)
        time.sleep(1.1)  # a connection that has just begun is given time
        for _ in range(20):
            assert told(converse(port, request("/")))
        first[0].settimeout(2)
        assert first[0].recv(1) == b""


def test_the_application_can_tell_that_its_client_hung_up():
    with echoing() as (port, process):
        client = connect(port)
        client.sendall(request("/waits"))
        time.sleep(0.2)
        client.close()
        assert process.stdout.readline() == "gone\n"


@pytest.mark.parametrize("again", [False, True])
def test_a_signal_lets_answers_end_and_a_second_one_does_not(again):
    with echoing() as (port, process), connected(port, 2) as (idle, busy):
        busy.sendall(request("/sleeps", last=False))
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        wait_for(lambda: connects(port) is False)
        if again:
            process.send_signal(signal.SIGTERM)
        answer = read_all(busy)
        assert answer == b"" if again else b"Connection: close" in answer
        assert (read_all(idle), process.wait(timeout=5)) == (b"", 0)


def connects(port):
    try:
        connect(port).close()
    except ConnectionError:
        return False
    return True


@given(body=st.binary(max_size=300), sizes=st.lists(st.integers(1, 50), max_size=20), piece=st.integers(1, 80),
       chunked=st.booleans())
def test_a_body_is_the_same_however_it_is_cut(body, sizes, piece, chunked):
    if chunked:
        parts, rest = [], body
        for size in sizes:
            parts, rest = [*parts, rest[:size]], rest[size:]
        framed = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in [*parts, rest] if part) + b"0\r\n\r\n"
        data = request("/", CHUNKED, body=framed)
    else:
        data = request("/", f"Content-Length: {len(body)}", body=body)
    reader, found = Reader(), []
    for start in range(0, 2 * len(data), piece):
        reader.feed((data + data)[start:start + piece])
        while taken := reader.take():
            found.append(taken.body.read())
            taken.body.close()
    assert (found, reader.begun) == ([body, body], False)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_request_or_refused(data):
    reader = Reader()
    reader.feed(data + b"\r\n\r\n")
    with suppress(Refused):
        assert reader.take() is None or reader.take() is None


@pytest.mark.parametrize("value", ["a\r\nb", "a\nb", "a\rb"])
def test_a_header_never_holds_a_line_break(value):
    with pytest.raises(ValueError, match="line break"):
        response_head("200 OK", [("X", value)])
