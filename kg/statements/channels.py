"""Channels told elsewhere than beside the cue: a "Source:" line, and an interview that the article rests on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from kg.language.document import Doc
from kg.model import Article, Cast, Span, Statement
from kg.resolution import actors_within
from kg.statements.speakers import Speakers


def credit_source(
    article: Article, doc: Doc, statements: Sequence[Statement], *, cast: Cast, speakers: Speakers
) -> tuple[Statement, ...]:
    """Return the statements, with the outlet of a "Source:" line as channel of the speakers whom the line names.

    "Source: European Pravda with reference to the statement by the US Deputy Secretary of State" is about that
    speaker's statements only; a line that names an outlet alone says where the article comes from.
    """
    found = list(statements)
    for line in _source_lines(article):
        named = {*actors_within(doc, line, cast=cast), *_by_office(article, line, cast)}
        outlets = tuple(actor for actor in sorted(named) if speakers.is_outlet(actor))
        for number, statement in enumerate(found):
            if outlets and set(statement.speakers) & named - set(outlets) and not statement.channels:
                found[number] = replace(statement, channels=outlets, evidence=(*statement.evidence, line))
    return tuple(found)


def credit_asker(statements: Sequence[Statement], questions: Sequence[tuple[Span, str]]) -> tuple[Statement, ...]:
    """Return the statements, those that an interviewer tells of in a question with who asks it as their channel."""
    found = []
    for statement in statements:
        asker = next((actor for words, actor in questions if words.holds(statement.cue)), "")
        takes = asker and asker not in statement.speakers and not statement.channels
        found.append(replace(statement, channels=(asker,)) if takes else statement)
    return tuple(found)


def carry_interview(
    statements: Sequence[Statement], channels: Mapping[str, tuple[int, tuple[str, ...]]]
) -> tuple[Statement, ...]:
    """Return the statements, later ones of a speaker with the channel of the interview told of before.

    Args:
        statements: All statements of the article.
        channels: Speaker → offset of the interview and its channels.
    """
    found = []
    for statement in statements:
        start, carried = next((channels[actor] for actor in statement.speakers if actor in channels), (0, ()))
        takes = carried and start < statement.cue.start and not statement.channels and not statement.when.words
        found.append(replace(statement, channels=carried) if takes else statement)
    return tuple(found)


def _by_office(article: Article, line: Span, cast: Cast) -> Iterator[str]:
    """Yield the people whose office, in the words that the article gives it, stands in a line."""
    words = line.of(article.text).casefold()
    for tenure in cast.tenures:
        person = cast.actors.get(tenure.person)
        names = (person.label, *person.aliases) if person is not None else ()
        office = tenure.evidence.of(article.text)
        for name in sorted(names, key=len, reverse=True):
            office = office.replace(name, "")
        office = office.strip(" ,").casefold()
        if len(office.split()) > 1 and office in words:
            yield tenure.person


def _source_lines(article: Article) -> list[Span]:
    """Return the prose that follows a "Source:" label on its line."""
    found = []
    for number, block in enumerate(article.blocks):
        if block.kind != "label" or not block.span.of(article.text).casefold().startswith("source"):
            continue
        following = article.blocks[number + 1 : number + 2]
        if following and "\n" not in article.text[block.span.end : following[0].span.start]:
            found.append(following[0].span)
    return found
