"""The forms of the lines that are not prose: dates, bylines, captions, labels, notices and datelines.

Each function looks at one line alone; what its place in the article says is the business of `layout`.
"""

import re
from dataclasses import dataclass

from kg.articles.lines import STOP, Line
from kg.dates.calendar import MONTH, WEEKDAY, WrittenDay, written_days
from kg.model import Span, Spans

BYLINE_WORDS = 14
CAPTION_WORDS = 70

_UPPER = r"[^\W\d_a-zß-öø-ÿ]"
_PERSON = re.compile(
    rf"{_UPPER}[\w’'-]*\.?(?:\s(?:(?:de|da|di|do|dos|du|van|von|der|den|del|della|la|le|bin|ibn|al|el|ter)\s)*"
    rf"{_UPPER}[\w’'-]*\.?){{1,4}}"
)
_OUTLET = re.compile(
    r"\b(?:Press|News|Agency|Times|Post|Pravda|Herald|Tribune|Journal|Gazette|Daily|Weekly|Today|Observer|Guardian"
    r"|Telegraph|Chronicle|Globe|Mail|Independent|Standard|Mirror|Courier|Bulletin|Review|Magazine|Media|Radio|TV"
    r"|Television|Broadcasting|Network|Newswire|Newsroom|Wire|Online|Reuters|Bloomberg)\b|\w(?i:news|press)\b"
)
_INITIALS = re.compile(r"[A-Z]{2,6}")
_STAFF = re.compile(
    r"\b(?:staff|reporters?|correspondents?|desk|editors?|bureau|writers?|agencies|team)\b", re.IGNORECASE
)
_BETWEEN_NAMES = re.compile(r"[,&|/•·\n]|\b(?:and|for|in)\b")

_DATE_LABEL = re.compile(
    r"(?:page\s+)?(?:date|dated|(?:first\s+)?(?:published|posted)|issued|created|release\s+date"
    r"|(?P<later>(?:last\s+)?(?:updated|modified)|last\s+update))(?:\s+(?:on|at|date))?\b\s*[:|-]?\s*",
    re.IGNORECASE,
)
_ZONE = r"(?:\s*\(?(?:UTC|GMT|BST|[A-Z]{1,3}[SD]T|Z|[A-Z]{3,4})\)?(?!\w))?(?:\s?[+-]\d{1,2}(?::?\d\d)?)?"
_TIME = rf"(?:(?:at|T)\s*)?\d{{1,2}}(?:[:.]\d{{2}}){{1,2}}(?:\.\d+)?(?:\s*[ap]\.?m\b\.?|\s*[AP]\.?M\b\.?)?{_ZONE}"
_CLOCK = rf"(?:{_TIME}|(?:at\s+)?\d{{1,2}}\s*[apAP]\.?[mM]\b\.?{_ZONE})"
_BEFORE = re.compile(rf"(?:{_CLOCK}\s*,?\s*(?:on\s+)?)?(?:{WEEKDAY},?\s+)?")
_AFTER = re.compile(rf"(?:\s*[,|•·–—-]?\s*{_CLOCK})?[\s,|•·]*(?:\(?(?i:last\s+)?(?i:updated|modified)\b.*)?")
_AGENCY = re.compile(r"\(([^()\n]{2,60})\)\s*(?:[-–—:]+\s*)?")
_JOINT = re.compile(r"[\s,|•·–—:-]*\Z")

_BY = re.compile(
    rf"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s*)?(?i:by|authors?|(?:written|reported|text|story)\s+by)(?::\s*|\s+(?={_UPPER}))"
)
_CAPTION = re.compile(
    r"\b(?:file\s+)?(?:photo|photograph|image|picture|illustration|screenshot|video|credit)s?(?:\s+(?:credit|courtesy))?"
    r"\s*(?::|\bby\b|/|©)|\bGetty Images\b|\((?:\w+\s+)?(?:file\s+)?photo\b[^)]*\)|\bREUTERS/\w|\bAP Photo/"
    r"|\w/(?:AFP|AP|EPA)\b"
    r"|\A(?:file\s+)?photo\b.{0,30}\Z|\A(?:image|photo|picture)\s+caption\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:(?P<credit>sources?)|details|more\s+details|quote|background|reminder|previously|context|literally|updated?|summary"
    r"|key\s+points|what\s+happened|why\s+(?:it|this)\s+matters|editor['’]?s?\s+note|in\s+brief)\s*:(?!\d)\s*",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"©|\(c\)\s|copyright\b|all\s+rights\s+reserved|(?:read|see)\s+(?:more|also|next)\b|also\s+read\b|related\b[^.]{0,20}:"
    r"|for\s+immediate\s+release|(?:media\s+|press\s+)?contacts?:|advertisement\b|subscribe\b|sign\s+up\b|follow\s+us\b|share\s+this\b|contact\s+the\s+(?:writers?|editors?|reporters?)\b"
    r"|(?:ends?|###)\.?\Z|this\s+(?:article|story)\s+(?:was|is|has)\b.{0,40}\b(?:published|updated|republished)\b"
    r"|\(?(?:additional\s+|with\s+)?(?:reporting|writing|editing)\s+by\b|\S+@\S+\.\w+\Z|https?://\S+\Z|(?:source|via):?\s+\S+\Z",
    re.IGNORECASE,
)
_CREDITED = re.compile(r"(?:reporting|writing|written|editing)\s+by\s+([^;)]+)", re.IGNORECASE)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|says?|said|told|tells|reports|reported|wrote"
    r"|writes|announced|stated|states|confirmed|claims|claimed)\b"
)

_CITY = rf"{_UPPER}{_UPPER}[^\W\d_a-z.’'-]+(?:[\s-]{_UPPER}[^\W\d_a-z.’'-]*){{0,3}}"
_PLACE = rf"{_UPPER}[\w.’'-]*(?:[\s-]{_UPPER}[\w.’'-]*){{0,3}}"
_DAY = rf"(?:(?:{WEEKDAY},?\s*)?(?:{MONTH}\s+\d{{1,2}}|\d{{1,2}}\s+{MONTH})(?:,?\s+\d{{4}})?)"
_DASH = r"\s*(?:—|–|--?)\s*"
_OPENING = r"(?=[\"“‘'(]?[^\W_a-z])"
_DATELINES = tuple(re.compile(form) for form in (
    rf"(?:{_PLACE}(?:,\s*{_PLACE})?[,.]?\s*)?(?:{_DAY}[,.]?\s*)?\((?P<agency>[^()\n]{{2,40}})\)\s?(?:{_DASH}|:\s*)",
    rf"{_PLACE}(?:,\s*{_PLACE})?[,.]?\s*{_DAY},?\s*\((?P<agency>[^()\n]{{2,40}})\)\s+{_OPENING}",
    rf"{_PLACE}(?:,\s*{_PLACE})?[,.]?\s*{_DAY}[,.]?(?:{_DASH}|:\s*){_OPENING}",
    rf"{_CITY}(?:,\s*{_PLACE})?{_DASH}(?<![A-Z]-){_OPENING}",
))
_FIRST_DATELINE = re.compile(rf"{_PLACE},\s*{_PLACE}\s+(?:—|–|--?)\s+{_OPENING}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DateLine:
    """A line that gives the day of publication: the words before and after the date that are not part of it."""

    written: WrittenDay
    date: Span
    before: Spans
    after: Spans
    is_update: bool


def span_of(start: int, words: str) -> Spans:
    """Return the span of `words`, which begin at `start`, without the blanks around them; nothing if all is blank."""
    inner = words.strip()
    return (Span(start=(first := start + words.index(inner)), end=first + len(inner)),) if inner else ()


def read_date_line(line: Line) -> DateLine | None:
    """Return the date that a line consists of or starts with, as "date 2024-04-24 …" or "Ana Roe24 April 2024, 18:53".

    None for a line without a full date, and for a sentence that names one.
    """
    written = next(written_days(line.text), None)
    if written is None:
        return None
    label = _DATE_LABEL.match(line.text)
    start = label.end() if label else 0
    head = line.text[start : written.span.start]
    clock = _BEFORE.fullmatch(head)
    tail = _AFTER.match(line.text, written.span.end)
    end = tail.end() if tail else written.span.end
    before = () if clock else span_of(start, _JOINT.sub("", head))
    after = span_of(end, line.text[end:])
    if before and (after or line.has_stop or len(head.split()) > BYLINE_WORDS):
        return None
    if after and not before and not label and not re.match(r"[\"“‘(A-Z–—|-]", line.text[end:]):
        return None
    base = line.span.start
    day_end = written.span.end + len(_JOINT.sub("", line.text[written.span.end : end]))
    return DateLine(
        written=written,
        date=Span(start=base + (written.span.start if before else 0), end=base + day_end),
        before=tuple(Span(start=base + span.start, end=base + span.end) for span in before),
        after=tuple(Span(start=base + span.start, end=base + span.end) for span in after),
        is_update=bool(label and label["later"]),
    )


def read_agency(text: str, span: Span) -> tuple[Span, Spans, Spans] | None:
    """Return, for words that start with "(Agency)", the bracket, the agency's name in it, and the rest."""
    found = _AGENCY.match(text, span.start, span.end)
    if found is None:
        return None
    name = found[1].split("- ")[0].split(" -")[0]
    bracket = Span(start=found.start(), end=found.end(1) + 1)
    return bracket, span_of(found.start(1), name), span_of(found.end(), text[found.end() : span.end])


def read_dateline(text: str, span: Span, *, is_first: bool) -> tuple[Span, Spans, Spans] | None:
    """Return, for prose that starts with "CITY (Agency) —", the dateline, the agency's name in it, and the rest.

    Only the first sentence of a text may start with a dateline in small letters ("Newswire, Geneva - The …").
    """
    for form in (*_DATELINES, *([_FIRST_DATELINE] if is_first else [])):
        found = form.match(text, span.start, span.end)
        if found and found.end() < span.end:
            agency = found.groupdict().get("agency")
            name = span_of(found.start("agency"), agency) if agency else ()
            return span_of(found.start(), found.group())[0], name, span_of(found.end(), text[found.end() : span.end])
    return None


def read_label(line: Line) -> tuple[Span, Spans, bool] | None:
    """Return, for a line that starts with "Details:" or the like, the label, the rest, and whether it names sources."""
    found = _LABEL.match(line.text)
    if found is None:
        return None
    base = line.span.start
    rest = span_of(base + found.end(), line.text[found.end() :])
    return span_of(base, found.group())[0], rest, found["credit"] is not None


def is_sentence(words: str) -> bool:
    """Return whether words after "Source:" tell something rather than name a channel.

    >>> is_sentence("Reuters, citing two officials"), is_sentence("The ministry said that talks had begun.")
    (False, True)
    """
    return STOP.search(words) is not None and _FINITE.search(words) is not None


def is_caption(line: Line) -> bool:
    """Return whether a line describes or credits a picture."""
    return line.words <= CAPTION_WORDS and _CAPTION.search(line.text) is not None


def is_notice(line: Line) -> bool:
    """Return whether a line is the publisher's own: copyright, contact, links to other pages, credits at the end."""
    return _NOTICE.match(line.text) is not None and line.words <= CAPTION_WORDS


def is_byline(line: Line) -> bool:
    """Return whether a line names who wrote the text: "By …" without a stop."""
    return _BY.match(line.text) is not None and line.words <= BYLINE_WORDS and not line.has_stop


def read_names(text: str, span: Span) -> tuple[Spans, Spans]:
    """Return the persons and the outlet that a byline names.

    A name is two to five capitalised words; one that speaks of press, news or staff is no person.
    """
    by = _BY.match(text, span.start, span.end)
    start, end = by.end() if by else span.start, span.end
    authors: list[Span] = []
    outlets: list[Span] = []
    while start < end:
        joint = _BETWEEN_NAMES.search(text, start, end)
        stop, following = joint.span() if joint else (end, end)
        for name in span_of(start, text[start:stop]):
            words = name.of(text)
            if _STAFF.search(words):
                continue
            if is_outlet(words) or _INITIALS.fullmatch(words):
                outlets.append(name)
            elif _PERSON.fullmatch(words):
                authors.append(name)
        start = following
    return tuple(authors), tuple(outlets[:1])


def is_bare_byline(line: Line) -> bool:
    """Return whether a line is nothing but names of persons, perhaps with places ("Ana Roe and Jo Doe in Lima")."""
    if line.has_stop or line.words > BYLINE_WORDS or line.words < 2:
        return False
    names = re.split(r"\s+in\s+", line.text)[0]
    pieces = re.split(r"\s*,\s*|\s+and\s+|\s*&\s*", names)
    places = re.split(r"\s*,\s*|\s+and\s+|\s+in\s+", line.text[len(names) :])
    is_of_persons = all(_PERSON.fullmatch(piece) for piece in pieces)
    return is_of_persons and all(re.fullmatch(_PLACE, name) for name in places if name)


def read_credits(text: str, span: Span) -> Spans:
    """Return the persons that a notice such as "(Reporting by …; editing by …)" names first."""
    credited = _CREDITED.search(text, span.start, span.end)
    return read_names(text, Span(start=credited.start(1), end=credited.end(1)))[0] if credited else ()


def names_place(words: str) -> bool:
    """Return whether words can name a town, with what it lies in: one to three capitalised words, again after a comma.

    >>> names_place("Conakry, Guinea"), names_place("By Ana Roe"), names_place("the town")
    (True, False, False)
    """
    return re.fullmatch(rf"{_PLACE}(?:,\s*{_PLACE})?", words) is not None and _BY.match(words) is None


def is_masthead(line: Line) -> bool:
    """Return whether a line is nothing but the name of an outlet or agency."""
    is_name = is_outlet(line.text) or _INITIALS.fullmatch(line.text) is not None
    return is_name and not line.has_stop and line.words <= 3


def is_outlet(words: str) -> bool:
    """Return whether a name is that of a newspaper, agency or station, as far as its words tell.

    >>> is_outlet("Kyiv Post"), is_outlet("Jane Roe"), is_outlet("Wikinews"), is_outlet("US State Department")
    (True, False, True, False)
    """
    return words[:1].isupper() and len(words.split()) <= 4 and _OUTLET.search(words) is not None
