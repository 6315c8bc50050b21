"""A server of sockets with an application that tells what it was told, and clients that send bytes."""

import json
import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

ECHO = '''
import json, resource, signal, socket, sys, time
from server import listener

def end(*_):
    raise KeyboardInterrupt

def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/fails":
        raise LookupError("as asked")
    body = environ["wsgi.input"].read()
    told = {name: value for name, value in environ.items() if isinstance(value, str)} | {"body": len(body)}
    answer = [json.dumps(told).encode()]
    headers = [("Content-Type", "application/json")]
    if path == "/large":
        answer = (b"x" * 100_000 for _ in range(1000))
        headers.append(("Content-Length", "100000000"))
    elif path == "/short":
        headers.append(("Content-Length", "5000"))
    elif path == "/split":
        headers.append(("X-Split", "a\\r\\nX-Forged: b"))
    elif path == "/waits":
        until = time.monotonic() + 10
        while not environ["communique.gone"]() and time.monotonic() < until:
            time.sleep(0.05)
        print("gone" if time.monotonic() < until else "late", flush=True)
    elif path == "/asks":
        time.sleep(0.1)
        looks = [environ["communique.gone"]() or time.sleep(0.1) for _ in range(3)]
        answer = [b"gone" if any(looks) else b"here" * 100]
    elif path == "/sleeps":
        time.sleep(1)
    start_response("200 OK", headers)
    return answer

listener.IDLE = listener.LAST = float(sys.argv[1])
listener.CONNECTIONS = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[3]), int(sys.argv[3])))
signal.signal(signal.SIGTERM, end)
with socket.socket() as bound:
    bound.bind(("127.0.0.1", 0))
    server = listener.Listener(application, bound, threads=4, proxy="127.0.0.1")
    print(bound.getsockname()[1], flush=True)
    server.run(patience=3)
'''


@contextmanager
def echoing(*, idle=20.0, connections=100, files=1000):
    """Run a server that answers with the environment of each request; give its port and its process."""
    with subprocess.Popen([sys.executable, "-c", ECHO, str(idle), str(connections), str(files)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent) as process:
        try:
            yield int(process.stdout.readline()), process
        finally:
            process.kill()


def connect(port):
    return socket.create_connection(("127.0.0.1", port), timeout=10)


@contextmanager
def connected(port, number):
    """Give some connections."""
    with ExitStack() as stack:
        yield [stack.enter_context(connect(port)) for _ in range(number)]


def read_all(client):
    found = []
    with suppress(ConnectionResetError):
        while data := client.recv(1 << 16):
            found.append(data)
    return b"".join(found)


def converse(port, data):
    """Send bytes, and return all that comes until the connection ends."""
    with connect(port) as client:
        client.sendall(data)
        return read_all(client)


def request(path="/", *headers, method="GET", version="1.1", body=b"", last=True):
    lines = [f"{method} {path} HTTP/{version}", "Host: x", *headers, *(["Connection: close"] if last else [])]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


CHUNKED = "Transfer-Encoding: chunked"


def told(answer):
    """Return what the application was told, of an answer with one of its environments."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n"), head
    return json.loads(body)
