"""Accept headers, after RFC 9110."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.negotiation import choose, wants_gzip

OFFERS = ("application/json", "text/turtle", "text/html", "application/rdf+xml")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
RAPPER = "application/rdf+xml, text/rdf;q=0.6, application/x-turtle, text/turtle;q=0.9, */*;q=0.1"


@pytest.mark.parametrize(("accept", "chosen"), [
    (None, "application/json"),
    ("", "application/json"),
    ("*/*", "application/json"),
    ("*/*;q=0.1", "application/json"),
    ("text/*", "text/turtle"),
    ("application/*", "application/json"),
    ("text/html", "text/html"),
    ("TEXT/HTML", "text/html"),
    ("text/html;q=0.5, text/turtle", "text/turtle"),
    ("text/turtle;q=0.5, text/html;q=0.7", "text/html"),
    ("text/html, text/turtle", "text/turtle"),
    ("text/turtle;q=0, */*", "application/json"),
    ("application/json;q=0, */*;q=0.1", "text/turtle"),
    ("text/*;q=0, */*", "application/json"),
    ("text/*, text/turtle;q=0", "text/html"),
    ("*/*;q=0", ""),
    ("text/html;q=0", ""),
    ("text/html;q=0.000", ""),
    ("image/png", ""),
    ("application/pdf, image/*", ""),
    ("nonsense", "application/json"),
    ("nonsense, text/html", "text/html"),
    ("*/html", "application/json"),
    (",,,", "application/json"),
    (", text/html ,", "text/html"),
    ("text/html ; q=0.3 , text/turtle ; q = 0.2", "text/html"),
    ("text/html;q=1.000, text/turtle;q=1.0", "text/turtle"),
    ("text/html;q=2", ""),
    ("text/html;q=-1, text/turtle", "text/turtle"),
    ("text/html;q=abc, text/turtle;q=0.1", "text/turtle"),
    ("text/html;q=0.1234, text/turtle;q=0.1", "text/turtle"),
    ("text/html;level=1", "text/html"),
    ("text/turtle;charset=utf-8", "text/turtle"),
    ('text/turtle;note="a,b;q=0.1";q=0.4, text/html;q=0.3', "text/turtle"),
    ("text/turtle;Q=0.1, text/html;q=0.2", "text/html"),
    ("text/html;q=0.2, text/html;q=0.9, text/turtle;q=0.5", "text/html"),
    (BROWSER, "text/html"),
    (RAPPER, "application/rdf+xml"),
    ("application/rdf+xml;q=0.9, application/json;q=0.9", "application/json"),
    ("*/*;q=0.8, application/rdf+xml", "application/rdf+xml"),
    ("text/plain, text/*;q=0.3", "text/turtle"),
    ("application/ld+json, */*;q=0.01", "application/json"),
])
def test_the_best_type_for_an_accept_header(accept, chosen):
    assert choose(accept, OFFERS) == chosen


@pytest.mark.parametrize(("header", "wanted"), [
    (None, False), ("", False), ("gzip", True), ("GZIP", True), ("x-gzip", True), ("gzip;q=0", False),
    ("identity", False), ("*", True), ("*;q=0", False), ("gzip;q=0, *", False), ("gzip;q=0.5, identity", False),
    ("gzip, identity;q=0.5", True), ("br, zstd", False), ("br;q=1.0, gzip;q=0.8, *;q=0.1", True),
    ("deflate, gzip;q=1.0, *;q=0.5", True), ("nonsense/x", False),
])
def test_gzip_is_sent_to_those_who_prefer_it(header, wanted):
    assert wants_gzip(header) is wanted


@given(st.text(alphabet="text/html*;q=0.19, \"\\"))
def test_any_accept_header_gives_an_offer_or_nothing(accept):
    assert choose(accept, OFFERS) in ("", *OFFERS)
