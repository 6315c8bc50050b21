"""What operators ask: whether the server lives, whether it is ready, and what it has done."""

import json
import time
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, request

from server.entities import raw_path
from server.execution import FACTS
from server.monitoring import ENDPOINT, MEDIA_TYPE, STARTED, Monitor
from server.publication import Publication

blueprint = Blueprint("operations", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Say that the process lives."""
    return _state({"status": "ok"})


@blueprint.get("/readyz")
def readyz() -> Response:
    """Say whether queries are answered, and which release they are asked of."""
    publication: Publication = g.publication
    release, pool = publication.release, publication.queries
    ready = pool.ready
    age = datetime.now(UTC) - datetime.fromisoformat(release.made_at)
    return _state({
        "status": "ready" if ready else "no query worker",
        "release": release.id,
        "made_at": release.made_at,
        "age_seconds": int(age.total_seconds()),
        "triples": release.counts["triples"],
        "workers": ready,
        "workers_wanted": pool.size,
        "queries_waiting": pool.waiting,
        "workers_without_network": pool.isolated,
    }, status=200 if ready else 503)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Answer with the metrics for Prometheus."""
    monitor: Monitor = current_app.extensions["monitor"]
    response = Response(monitor.exposition(g.publication), content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


def _state(state: dict[str, Any], *, status: int = 200) -> Response:
    response = Response(json.dumps(state) + "\n", status=status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def install(app: Flask, monitor: Monitor) -> None:
    """Let every request of an application be counted by a monitor."""
    app.extensions["monitor"] = monitor

    def start() -> None:
        request.environ.setdefault(STARTED, time.monotonic())

    def finish(response: Response) -> Response:
        environ = request.environ
        environ[ENDPOINT] = request.endpoint
        monitor.observe(
            endpoint=request.endpoint or "none", method=request.method, path="/" + raw_path(),
            status=response.status_code, seconds=time.monotonic() - environ[STARTED], size=response.content_length,
            facts=environ.get(FACTS, {}),
        )
        return response

    app.before_request_funcs.setdefault(None, []).insert(0, start)
    app.after_request(finish)
