"""What an agreement is called: its own words, completed by parties, subject and date where these say little."""

import re
from collections.abc import Sequence

from kg.agreements.nouns import Noun
from kg.agreements.scene import APOSTROPHES, Scene, span_of
from kg.agreements.terms import lemma
from kg.dates import in_words
from kg.model import Obligation, Span, StatusEvent

LABEL_WORDS = 9  # of an agreement that only a verb names
SUBJECT_WORDS = 6  # of what its first duty is about


def label_of(
    scene: Scene,
    nouns: Sequence[Noun],
    *,
    parties: Sequence[str],
    duties: Sequence[Obligation],
    latest: StatusEvent | None,
) -> str:
    """Return a readable name: the longest phrase for it, its topic, and the parties that these do not name.

    "An agreement" alone would be one of many: it is told by its parties, by what it obliges to and by the day of its
    latest status: "Agreement of Chad and Niger on joint patrols (signed on 3 May 2021)".

    Args:
        scene: The article.
        nouns: The mentions.
        parties: Ids of the parties.
        duties: What it obliges to.
        latest: The dated event of its latest status, if there is one.
    """
    titles = scene.article.title
    apart = [noun for noun in nouns if not any(title.holds(noun.span) for title in titles)] or list(nouns)
    noun = max(apart, key=lambda one: (one.span.end - one.span.start, -one.head.i))
    words = _without_day(scene, noun, _without_superlative(noun)).of(scene.article.text) + _topic(noun)
    if noun.is_verb:
        words = _deed(noun)
    elif noun.is_pronoun:
        words = " ".join(noun.term.words)
    names = [scene.actor(party).label for party in parties]
    words = words[:1].upper() + words[1:]
    if all(_is_in(scene, party, words) for party in parties):
        return words
    words = _without_owner(scene, noun, words)
    listed = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    if noun.is_general and len(words.split()) == 1 and not noun.is_many and len(names) > 1:
        return f"{words} of {listed}{_subject(scene, duties)}{_dated(latest)}"
    return f"{words} {'between' if len(names) > 1 else 'of'} {listed}"


def _is_in(scene: Scene, party: str, words: str) -> bool:
    """Whether words name a party by any of its names: "US-UK trade deal"."""
    actor = scene.actor(party)
    said = re.split(r"[^\w.]+", words.casefold())
    return actor.label.casefold() in words.casefold() or any(
        alias.casefold() in said for alias in actor.aliases if " " not in alias)


def _without_owner(scene: Scene, noun: Noun, words: str) -> str:
    """Return the words without a party in front, who will be named behind: "[Mercosur's] deal"."""
    start = re.match(r".{2,40}?(?:['’]s?) +(?=\w)", words)
    is_party = start is not None and any(
        mention.span.start == noun.span.start for mention in scene.cast.mentions_in(noun.span))
    rest = words[start.end() :] if start is not None and is_party and not noun.is_verb else words
    return rest[:1].upper() + rest[1:]


def _without_day(scene: Scene, noun: Noun, span: Span) -> Span:
    """Return the words of a phrase without the day that it opens with: "[Friday's] tentative agreement"."""
    end = next((time.span.end for time in scene.times if time.span.start <= span.start < time.span.end <= span.end), 0)
    start = next((token.idx for token in noun.head.doc[noun.first.i : noun.head.i + 1]
                  if token.idx >= end and token.text not in APOSTROPHES), span.start)
    is_year = noun.year is not None and noun.year.end == end
    return Span(start=start, end=span.end) if end and not is_year else span


def _without_superlative(noun: Noun) -> Span:
    """Return the words of a phrase, "largest takeover" without its judgement."""
    start = noun.span.start
    word = next((token for token in noun.head.doc[noun.first.i : noun.head.i] if token.idx == start), noun.head)
    is_superlative = word.pos_ == "ADJ" and word.lower_.endswith("est")
    return Span(start=noun.head.doc[word.i + 1].idx, end=noun.span.end) if is_superlative else noun.span


def _subject(scene: Scene, duties: Sequence[Obligation]) -> str:
    """Return " on urgent military aid" for the duty to "provide urgent military aid to the other", else mostly ""."""
    for duty in duties[:1]:
        action = scene.doc.char_span(duty.action.start, duty.action.end, alignment_mode="expand")
        things = [] if action is None else [child for child in action[0].children if child.dep_ == "obj"]
        for thing in things[:1]:
            words = [token for token in thing.subtree if token.i <= thing.i and token.dep_ != "det"]
            if thing.pos_ == "NOUN" and len(words) <= SUBJECT_WORDS and words[-1].i - words[0].i == len(words) - 1:
                return f" on {span_of(words[0], thing).of(scene.article.text)}"
    return ""


def _dated(latest: StatusEvent | None) -> str:
    """Return " (signed on 3 May 2021)"; "" where the first or last possible day is open."""
    if latest is None or latest.when.earliest is None or latest.when.latest is None:
        return ""
    return f" ({latest.status} {in_words(latest.when.earliest, latest.when.latest)})"


def _deed(noun: Noun) -> str:
    """Return "agreement to lift tariffs" for "agreed on Monday to lift tariffs"; for other deeds their kind."""
    thing = next((child for child in noun.head.children if child.dep_ == "obj" and child.i > noun.head.i), None)
    following = list(noun.head.doc[noun.head.i + 1 : noun.head.sent.end])
    if "to" not in noun.term.frames and "counterpart" not in noun.term.frames:
        return noun.term.value
    start = next((index for index, word in enumerate(following) if word.lower_ == "to"), 0)
    words = following[start : start + LABEL_WORDS]
    end = next((index for index, word in enumerate(words) if index > 1 and (
        word.text in ".,;:" or word.lower_ in ("in", "under", "as", "after", "during"))), len(words))
    if not start and thing is not None:  # "offered Peru a pullback"
        words = list(noun.head.doc[thing.left_edge.i : max(thing.i, thing.right_edge.i) + 1])[:LABEL_WORDS]
        name = "agreement on" if lemma(noun.head) != "offer" else "offer of"
        return f"{name} {span_of(words[0], words[-1]).of(noun.head.doc.text)}"
    is_cut = end == len(words) == LABEL_WORDS
    if is_cut and words[-1].pos_ in ("NOUN", "PROPN", "ADJ", "PUNCT"):  # "a high-speed[ railway]"
        rest = list(noun.head.doc[words[-1].i + 1 : noun.head.sent.end])[:LABEL_WORDS]
        more = next((index for index, word in enumerate(rest) if word.pos_ not in ("NOUN", "PROPN") and (
            word.text != "-")), len(rest))
        words, end = [*words, *rest[:more]], end + more
        is_cut = more < len(rest) and rest[more].pos_ in ("ADP", "PART", "CCONJ")
    first = next((index for index, word in enumerate(words) if word.pos_ in ("NOUN", "PROPN")), end)
    joints = [index for index in range(first + 1, end) if words[index].pos_ in ("ADP", "PART", "CCONJ", "SCONJ")]
    joint = next((index for index in reversed(joints) if words[index].lower_ != "of"), end)  # "at the level of …"
    end = joint if is_cut or words[end - 1].pos_ == "VERB" else end
    if is_cut and end > 2 and words[end - 1].pos_ == "VERB":
        end -= 2  # "to form a team [to carry out studies …]"
    while end > 2 and words[end - 1].pos_ not in ("NOUN", "PROPN", "NUM", "VERB", "PRON"):
        end -= 1
    name = "agreement" if "to" in noun.term.frames else lemma(noun.head)
    return f"{name} " + span_of(words[0], words[end - 1]).of(noun.head.doc.text)


def _topic(noun: Noun) -> str:
    """Return " on energy co-operation" after "memorandum of understanding"; "" where no topic follows."""
    doc, index = noun.head.doc, noun.head.i + 1
    while index < noun.head.sent.end and doc[index].idx < noun.span.end:
        index += 1
    if index + 1 >= noun.head.sent.end or doc[index].lower_ != "on":
        return ""
    last = index
    while last + 1 < noun.head.sent.end and (doc[last + 1].pos_ in ("ADJ", "NOUN", "DET") or doc[last + 1].text == "-"):
        last += 1
    is_named = doc[last].pos_ == "NOUN" and doc[last + 1 : last + 2].text not in ("of", "'s", "’s")
    return " " + span_of(doc[index], doc[last]).of(doc.text) if is_named else ""
