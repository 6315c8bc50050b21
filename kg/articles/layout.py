"""Where the parts of a plain news text stand: headline, dates, byline, captions, labels and prose.

The rules look at the form of a line and at its place, never at who wrote it. A line that fits no form is prose: a
stray caption read as a sentence does less harm than a lost sentence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from kg.articles.forms import (
    DateLine,
    is_bare_byline,
    is_byline,
    is_caption,
    is_masthead,
    is_notice,
    is_outlet,
    is_sentence,
    names_place,
    read_agency,
    read_credits,
    read_date_line,
    read_dateline,
    read_label,
    read_names,
    span_of,
)
from kg.articles.lines import STOP, WORD, Line, split_lines
from kg.dates.calendar import WrittenDay, written_days, written_months
from kg.errors import ArticleError, DateError
from kg.model import Block, Span, Spans

TITLE_WORDS = 30  # a longer first line is the lead
STOPPED_TITLE_WORDS = 20  # the same for one that ends like a sentence
SECTION_WORDS = 4
HEADING_WORDS = 8
BETWEEN_FIELDS = frozenset({"|", "/", "•", "·", "–", "—", "-"})  # of a line such as "News | Europe | 3 May 2021"
OPENING = 3  # paragraphs in which a day without a line of its own may be that of publication
HEADER_LINES = 15  # how far down a date of publication may stand
AMERICAN = re.compile(r"\bU\.S\.|\(AP\)|\b[ap]\.?m\.? (?:[ECMP][SD]?T)\b", re.IGNORECASE)
DATE_REPAIR = "write the date as YYYY-MM-DD"


@dataclass(slots=True, kw_only=True)
class Layout:
    """What was read so far of one text, from its first line down.

    `has_prose`: the body has begun; `has_sentences`: with a full sentence, so that the header has ended.
    """

    text: str
    blocks: list[Block] = field(default_factory=list)
    dates: list[tuple[int, DateLine]] = field(default_factory=list)
    dateline_days: list[tuple[int, WrittenDay]] = field(default_factory=list)
    title: Spans = ()
    publisher: Spans = ()
    outlets: Spans = ()
    authors: Spans = ()
    has_prose: bool = False
    has_sentences: bool = False

    def add(self, kind: str, *spans: Span) -> None:
        """Append blocks of one kind."""
        self.blocks.extend(Block(span=span, kind=kind) for span in spans)

    def published(self, source: str) -> tuple[date, Spans]:
        """Return the day of publication, and the words that give it.

        That is the first date line that is no update, else a dateline. Where there is none, a day in the name of the
        file ("2024-04-24-talks.txt", no words) counts, then one above the text ("Press release No. 3, 24 April 2024"),
        one that the opening paragraphs name, one below the text, the latest day that the text names, and last the end
        of the latest month. "3/4/2024" is read day first, save in American texts.

        Raises: ArticleError: nothing gives it, or the day of a date line does not exist.
        """
        firsts = [(number, line.written, line.date) for number, line in self.dates if not line.is_update]
        updates = [(number, line.written, line.date) for number, line in self.dates if line.is_update]
        datelines = [(number, written, written.span) for number, written in self.dateline_days]
        for number, written, span in (*firsts, *updates, *datelines):
            try:
                return written.chosen(month_first=self._is_american()).resolve(), (span,)
            except DateError as error:
                raise ArticleError(f"{source}:{number}", found=f"the day {written.words.strip()} does not exist",
                                   repair=DATE_REPAIR) from error
        for named in _days_of(re.split(r"[/\\]", source)[-1]):
            return named[0], ()
        prose = [block.span for block in self.blocks if block.kind in ("lead", "paragraph")]
        first, last = (prose[0].start, prose[-1].end) if prose else (len(self.text), len(self.text))
        for above in self._days(0, first):
            return above[0], (above[1],)
        opening = [found for span in prose[:OPENING] for found in self._days(span.start, span.end)]
        if opening:
            return opening[0][0], (opening[0][1],)
        for below in self._days(last, len(self.text)):
            return below[0], (below[1],)
        if everywhere := [found for span in prose for found in self._days(span.start, span.end)]:
            return max(everywhere)[0], (max(everywhere)[1],)
        if months := list(written_months(self.text)):
            return max(months)[0], (max(months)[1],)
        raise ArticleError(f"{source}:1", found="no date of publication",
                           repair="start the file with 'date YYYY-MM-DD'")

    def _days(self, start: int, end: int) -> Iterator[tuple[date, Span]]:
        """Yield the days between two places, with those whose numbers can be read in two ways."""
        if start < end:
            yield from _days_of(self.text, Span(start=start, end=end), month_first=self._is_american())

    def _is_american(self) -> bool:
        """Whether a text is written as Americans do, who put the month first."""
        return AMERICAN.search(self.text) is not None


def _days_of(text: str, span: Span | None = None, *, month_first: bool | None = None) -> Iterator[tuple[date, Span]]:
    """Yield the days that exist, of those that a stretch of text names in full."""
    start, end = (span.start, span.end) if span else (0, len(text))
    for written in written_days(text, start=start, end=end):
        try:
            chosen = written if month_first is None else written.chosen(month_first=month_first)
            yield chosen.resolve(), written.span
        except DateError:
            continue


def read_layout(text: str) -> Layout:
    """Return the parts of `text`, in text order."""
    layout = Layout(text=text)
    lines = split_lines(text)
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else None
        _read_line(layout, line, index=index, is_last=following is None, following=following)
    layout.publisher = layout.publisher or layout.outlets[:1]
    return layout


def _read_line(layout: Layout, line: Line, *, index: int, is_last: bool, following: Line | None) -> None:
    if WORD.search(line.text) is None:
        return
    if (not layout.has_sentences and index < HEADER_LINES) or is_last:
        found = read_date_line(line)
        if found and _read_date(layout, line, found):
            return
    label = read_label(line)
    if is_caption(line):
        layout.add("caption", line.span)
    elif label:
        _read_labelled(layout, line, *label)
    elif is_notice(line):
        layout.add("credit", line.span)
        layout.authors = layout.authors or read_credits(layout.text, line.span)
    elif _names_writers(layout, line, is_last=is_last):
        _read_byline(layout, line.span)
    elif is_masthead(line) and not layout.blocks:
        layout.add("agency", line.span)
        layout.publisher = (line.span,)
    else:
        _read_words(layout, line, following=following)


def _names_writers(layout: Layout, line: Line, *, is_last: bool) -> bool:
    """Whether a line is a byline where one can stand: above the text, with "By" also as its last line."""
    if is_byline(line):
        return not layout.has_sentences or is_last
    return bool(layout.title) and not layout.has_prose and is_bare_byline(line)


def _read_date(layout: Layout, line: Line, found: DateLine) -> bool:
    """Take a date line apart; return False for a headline or sentence that only names a day."""
    is_byline_too = bool(found.before) and _is_byline_before_date(layout, found)
    place = found.before if not is_byline_too and _is_place_before_date(layout, found) else ()
    heading = found.before if not is_byline_too and not place and _is_heading_before_date(layout, found) else ()
    if found.before and not is_byline_too and not place and not heading:
        return False
    layout.dates.append((line.number, found))
    layout.add("dateline", *place)
    layout.add("section", *heading)
    if found.before and not place and not heading:
        _read_byline(layout, found.before[0])
    layout.add("date", found.date)
    for rest in found.after:
        agency = read_agency(layout.text, rest)
        if agency:
            bracket, name, after = agency
            layout.add("agency", bracket)
            layout.publisher = layout.publisher or name
            for words in after:
                _read_rest(layout, words, line, is_section=False)
        else:
            _read_rest(layout, rest, line, is_section=True)
    return True


def _is_place_before_date(layout: Layout, found: DateLine) -> bool:
    """Return whether a line below the title gives place and day: "Conakry, 27 September 2003"."""
    if not layout.title or not found.before or found.before[0].end >= found.date.start:
        return False
    words = found.before[0].of(layout.text)
    return names_place(words) and not is_outlet(words)


def _is_heading_before_date(layout: Layout, found: DateLine) -> bool:
    """Return whether a line below the title gives section and day: "Press release – Budget – 14-03-2014"."""
    if not layout.title or not found.before:
        return False
    is_short = len(found.before[0].of(layout.text).split()) <= HEADING_WORDS
    return is_short and layout.text[found.before[0].end : found.date.start].strip() in BETWEEN_FIELDS


def _is_byline_before_date(layout: Layout, found: DateLine) -> bool:
    words = found.before[0].of(layout.text)
    is_glued = found.before[0].end == found.date.start
    authors, outlets = read_names(layout.text, found.before[0])
    has_by = re.match(r"by\b", words, re.IGNORECASE) is not None
    return is_glued or has_by or bool(layout.title and (authors or outlets))


def _read_rest(layout: Layout, span: Span, line: Line, *, is_section: bool) -> None:
    """Read what stands on the date's own line after the date: a section, or already the headline or the body."""
    rest = Line(span=span, text=span.of(layout.text), number=line.number, follows_blank=False)
    if is_section and rest.words <= SECTION_WORDS and not rest.has_stop and not re.search(r"\d", rest.text):
        layout.add("section", span)
    else:
        _read_words(layout, rest, following=None)


def _read_byline(layout: Layout, span: Span) -> None:
    layout.add("byline", span)
    authors, outlets = read_names(layout.text, span)
    layout.authors = layout.authors or authors
    layout.outlets = layout.outlets or outlets


def _read_labelled(layout: Layout, line: Line, label: Span, rest: Spans, names_source: bool) -> None:
    layout.add("label", label)
    for words in rest:
        if names_source and not is_sentence(words.of(layout.text)):
            layout.add("credit", words)
            first = re.split(r",|;|\bwith\b|\bciting\b|\bin\b|\bon\b|\bby\b|\(", words.of(layout.text))[0]
            if is_outlet(first.strip()):
                layout.outlets = layout.outlets or span_of(words.start, first)
        else:
            _add_prose(layout, words, line.number)


def _read_words(layout: Layout, line: Line, *, following: Line | None) -> None:
    if not layout.title and not layout.has_prose and _is_title(layout, line, following):
        layout.title = (line.span,)
        layout.add("title", line.span)
    elif layout.has_sentences and _is_heading(line):
        layout.add("section", line.span)
    elif layout.title and not layout.has_sentences and not line.has_stop and line.words <= SECTION_WORDS:
        layout.add("byline" if layout.blocks[-1].kind == "byline" else "section", line.span)
    else:
        _add_prose(layout, line.span, line.number)


def _is_title(layout: Layout, line: Line, following: Line | None) -> bool:
    if line.words > TITLE_WORDS or following is None:
        return False
    if not line.has_stop:
        return True
    is_shorter = line.words <= STOPPED_TITLE_WORDS and len(line.text) < len(following.text)
    return is_shorter and not read_dateline(layout.text, line.span, is_first=True)


def _is_heading(line: Line) -> bool:
    """Whether a line of the body names what follows: few words, no stop, no speech in quotation marks, no list."""
    is_name = line.words <= HEADING_WORDS and not line.text.endswith((":", ";", ","))
    return is_name and STOP.search(line.text.rstrip("\"'”’")) is None and line.text[:1] not in "-–—•*·"


def _add_prose(layout: Layout, span: Span, number: int) -> None:
    found = read_dateline(layout.text, span, is_first=not layout.has_prose)
    rest: Spans = (span,)
    if found:
        dateline, name, rest = found
        layout.add("dateline", dateline)
        layout.publisher = layout.publisher or (name if not layout.has_prose else ())
        layout.dateline_days.extend(
            (number, day) for day in written_days(layout.text, start=dateline.start, end=dateline.end)
        )
    for words in rest:
        layout.add("paragraph" if layout.has_prose else "lead", words)
        layout.has_prose = True
        layout.has_sentences = layout.has_sentences or STOP.search(words.of(layout.text)) is not None
