"""On which day something happened to an agreement."""

from kg.agreements.moods import Mood
from kg.agreements.nouns import Noun
from kg.agreements.scene import Scene
from kg.agreements.terms import lemma
from kg.language.document import Stretch, Token
from kg.model import Interval, Span, TimeExpression

CLAUSE_OPENERS = frozenset({"after", "before", "because", "although", "while", "when", "since", "which", "who", "if"})
UNTIL = ("until", "till", "by", "from", "before")


def when_of(scene: Scene, token: Token, noun: Noun, mood: Mood) -> Interval:
    time = _time_of(scene, token, noun, mood)
    published = scene.article.published
    if time is not None:
        return Interval(earliest=time.earliest, latest=time.latest, words=time.span.of(scene.article.text))
    return Interval(latest=published) if mood is Mood.DONE else Interval(earliest=published)


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
