"""On which day something happened to an agreement."""

from datetime import date

from kg.agreements.duties import SPEECH
from kg.agreements.moods import Mood
from kg.agreements.nouns import Noun
from kg.agreements.scene import Scene
from kg.agreements.terms import lemma
from kg.dates import find_times
from kg.language.document import Stretch, Token
from kg.model import Interval, Span, TimeExpression

CLAUSE_OPENERS = frozenset({"after", "before", "because", "although", "while", "when", "since", "which", "who", "if"})
UNTIL = ("until", "till", "by", "from", "before")


def when_of(scene: Scene, token: Token, noun: Noun, mood: Mood) -> Interval:
    time = _time_of(scene, token, noun, mood)
    published = scene.article.published
    if time is not None:
        words = time.span.of(scene.article.text)
        if words.casefold().startswith("since "):  # it came about then, and has lasted
            time = next(iter(find_times(f"in {words[6:]}", published=published, spans=(
                Span(start=0, end=len(words)),))), time)
        return Interval(earliest=time.earliest, latest=time.latest, words=words)
    return Interval(latest=_told_on(scene, token)) if mood is Mood.DONE else Interval(earliest=published)


def _told_on(scene: Scene, token: Token) -> date:
    """Return the last day on which it can have been done: when somebody told of it, else that of publication."""
    sentence = Span(start=token.sent.start_char, end=token.sent.end_char)
    days = [scene.article.published]
    for time in scene.times:
        stretch = scene.doc.char_span(time.span.start, time.span.end, alignment_mode="expand")
        if sentence.holds(time.span) and stretch is not None and _is_telling(stretch.root.head, token):
            days.append(time.latest)
    return min(days)


def _is_telling(verb: Token, token: Token) -> bool:
    """Whether a verb of speech tells what another one says: above it in the tree, or beside it behind a comma."""
    if lemma(verb) not in SPEECH or verb.i == token.i:
        return False
    words = token.doc[min(verb.i, token.i) : max(verb.i, token.i)]
    is_above = verb.i in {word.i for word in token.ancestors} or verb.head.i == token.i
    return is_above and not any(word.text == ";" for word in words)


def is_future(scene: Scene, token: Token, noun: Noun) -> bool:
    """Return whether a verb in the present tense is told of a day to come ("expires next year")."""
    if token.pos_ != "VERB" or token.lower_ not in (lemma(token), f"{lemma(token)}s", f"{lemma(token)}es"):
        return False
    time = _time_of(scene, token, noun, Mood.PLANNED)
    return time is not None and time.earliest > scene.article.published


def _time_of(scene: Scene, token: Token, noun: Noun, mood: Mood) -> TimeExpression | None:
    """Return the day that belongs to an event: one that hangs on it in the tree, else one with no verb between."""
    sentence = Span(start=token.sent.start_char, end=token.sent.end_char)
    inside = [time for time in scene.times if sentence.holds(time.span) and not _is_year_of(noun, time)]
    near: list[tuple[int, TimeExpression]] = []
    if mood is Mood.PLANNED:
        inside = [time for time in inside if time.latest >= scene.article.published]
    if mood is Mood.DONE:
        inside = [time for time in inside if time.earliest <= scene.article.published and not (
            time.latest > scene.article.published and time.span.of(scene.article.text).casefold().startswith(UNTIL))]
    for time in inside:
        stretch = scene.doc.char_span(time.span.start, time.span.end, alignment_mode="expand")
        if stretch is None:
            continue
        if stretch.root.head.i == token.i:
            return time
        if _is_telling(stretch.root.head, token):
            continue  # "said on Monday that they had signed"
        if token.dep_ == "conj" and stretch.root.head.i == token.head.i and stretch.start < token.i:
            continue  # "which they signed in 2011 and suspended later"
        low, high = (stretch.end - 1, token.i) if stretch.start < token.i else (token.i, _start_of(stretch))
        is_first = stretch.start <= token.sent.start + 1 or stretch.root.i > token.i
        if not any(_parts(word, is_first=is_first) for word in scene.doc[low + 1 : high]):
            near.append((high - low, time))
    return min(near, key=lambda found: found[0])[1] if near else None


def _start_of(stretch: Stretch) -> int:
    """Return the index of the first word of a time, or of the preposition before it ("since August")."""
    before = stretch.doc[stretch.start - 1]
    return before.i if before.lower_ in CLAUSE_OPENERS else stretch.start


def _parts(word: Token, *, is_first: bool) -> bool:
    """Whether a word between a day and a verb shows that they belong to two clauses."""
    if word.pos_ == "VERB" and word.dep_ != "amod":
        return True
    return word.text in ";:“”\"" or (not is_first and word.text == ",") or word.lower_ in CLAUSE_OPENERS


def _is_year_of(noun: Noun, time: TimeExpression) -> bool:
    return noun.year is not None and time.span.overlaps(noun.year)
