"""The nouns that can name an agreement: their phrase, kind, and the parties that the phrase itself gives."""

from collections.abc import Iterable
from dataclasses import dataclass

from kg.agreements.scene import APOSTROPHES, Scene, names_from, span_of
from kg.agreements.terms import Term, lemma
from kg.language.document import Token
from kg.model import Span

PHRASE = frozenset({"DET", "ADJ", "NOUN", "PROPN", "NUM", "X"})  # classes of the words before a noun in its phrase
INNER_PUNCT = frozenset("-–'\"‘“’”")
BACK_REFERENCES = frozenset({"the", "this", "that", "these", "those", "such", "its", "their", "his", "her", "latest"})
ABSENT = frozenset({"no", "any", "without"})
TOPIC = frozenset({"on", "for", "to", "of", "in", "regarding", "concerning", "covering", "over"})
ABOUT = frozenset({"on", "for", "against", "between", "with", "regarding", "concerning"})  # behind "convention"
PARTICIPLES = ("ed", "en", "ck", "ut")
DEEDS = frozenset({"signed", "ratified", "rejected", "suspended", "violated", "withdrawn", "terminated"})  # to "it"
MEETINGS = frozenset({"call", "conference", "conversation", "interview", "line", "meeting", "summit", "talk", "talks"})
SIDES_OF = frozenset({"of", "by", "from", "with", "between"})
PLANS = frozenset({"plan", "initiative", "package"})
NEAR = 5  # words from a verb to what makes an agreement of it
CLAUSE = 16  # words from the noun to the end of a clause about it
REACH = 12  # words from the noun to the preposition before its parties


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """One mention of an agreement.

    `first` is the first word of the phrase before the head; `parties` are those that the phrase names, `year` the year
    in it, `number` that of a resolution. `is_taken_up`: it points back ("the agreement"); `is_echo`: it does nothing
    else ("the draft"); `is_new`: its article is "a"; `is_parted`: it is set off from those before ("a new agreement",
    any pronoun); `is_absent`: it is denied ("no deal"); `is_many`: a plural, `is_uncounted`: of no given number;
    `is_pronoun`: "the one passed in May"; `is_verb`: the head is "agreed", no noun names the agreement; `names_all`:
    the parties stand behind "between", so that whoever signs beside them is none.
    """

    head: Token
    first: Token
    term: Term
    kind: str
    parties: tuple[str, ...] = ()
    is_taken_up: bool = False
    is_parted: bool = False
    is_absent: bool = False
    is_many: bool = False
    is_uncounted: bool = False
    is_pronoun: bool = False
    is_verb: bool = False
    names_all: bool = False
    is_echo: bool = False
    is_new: bool = False
    number: str = ""
    year: Span | None = None

    @property
    def is_general(self) -> bool:
        """Whether an agreement of any kind can be called so."""
        return "general" in self.term.frames or self.is_verb

    @property
    def span(self) -> Span:
        """The words of its phrase, without article, up to the head."""
        start = self.first
        while start.i < self.head.i and (start.pos_ in ("DET", "PRON") or start.text in INNER_PUNCT):
            start = start.doc[start.i + 1]
        end = self.head
        for token in self.head.doc[self.head.i + 1 : self.head.i + 1 + len(self.term.words)]:
            end = token if token.lower_ in self.term.words and self.term.words[-1] != lemma(self.head) else end
        return span_of(start, end)


def noun_of(scene: Scene, head: Token) -> Noun | None:
    if head.pos_ not in ("NOUN", "PROPN", "X", "ADJ"):
        return None
    term = next((term for term in scene.terms.of("noun", head) if _matches(head, term)), None)
    if term is None or _is_manner(head) or _is_inside_compound(scene, head) or _is_idiom(scene, head):
        return None
    first = _phrase_start(head)
    if _is_candidacy(scene, head, first) or _is_gathering(scene, head, first):
        return None
    modifiers = _modifiers(scene, head, first)
    kind = next((modifier for modifier in modifiers if _specialises(modifier, term.value)), term.value)
    is_body = "body" in term.frames
    is_name = head.i > first.i and (head.text[:1].isupper() or (scene.doc[head.i - 1].pos_ == "PROPN" and not is_body))
    is_many = head.text.casefold().endswith("s") and lemma(head) != head.text.casefold()
    is_taken_up = first.lower_ in BACK_REFERENCES
    deal = counterpart(scene, head)
    is_bare = not deal and _is_bare(scene, head, first, term, modifiers)
    is_uncounted = is_many and not is_name and not deal and "measure" not in term.frames and not _is_counted(
        scene.doc[first.i : head.i])
    if is_bare and not is_taken_up and "mutual" not in term.frames:
        return None
    parties = deal or _parties_after(scene, head, term)
    before = scene.doc[first.i : head.i]
    parties = tuple(dict.fromkeys((*_parties_before(scene, head, before), *parties)))
    return Noun(
        head=head, first=first, term=term, kind=kind,
        parties=parties,
        is_taken_up=is_taken_up or any(token.lower_ == "latest" for token in before),
        is_parted=any(scene.terms.has("parted", token) for token in before),
        is_absent=first.lower_ in ABSENT or (first.i > 0 and scene.doc[first.i - 1].lower_ in ABSENT),
        is_echo="echo" in term.frames or (is_bare and not ("mutual" in term.frames and parties)),
        is_new=first.lower_ in ("a", "an"), number=_number(head) if is_body else "",
        is_many=is_many, is_uncounted=is_uncounted, names_all=_is_between(scene, head),
        year=_year(before, head),
    )


def _is_bare(scene: Scene, head: Token, first: Token, term: Term, modifiers: tuple[str, ...]) -> bool:
    """Whether a noun that alone may name other things lacks the words that make an agreement of it."""
    if "topical" in term.frames and first.i < head.i and _is_treatys(scene, head, first):
        return False
    if "topical" in term.frames:
        following = scene.doc[head.i + 1 : head.i + 2].text
        before = scene.doc[first.i : head.i]
        # "the 1892 extradition convention", but not "the 2012 convention"
        is_dated = any(token.text.isdigit() for token in before) and (
            head.text[:1].isupper() or any(token.pos_ in ("NOUN", "ADJ") for token in before))
        return following not in ABOUT and not modifiers and not is_dated
    if "certain" in term.frames:
        return first.pos_ != "DET"
    if "modified" not in term.frames or (term.value != "exchange" and _is_papers(scene, head, first)):
        return False
    return term.value not in modifiers if term.value == "exchange" else not modifiers


def _is_treatys(scene: Scene, head: Token, first: Token) -> bool:
    """Whether what is done to a convention is only done to treaties: "ratified the whaling convention"."""
    named = any(token.pos_ in ("NOUN", "PROPN") for token in scene.doc[first.i : head.i])
    before = scene.doc[max(first.i - NEAR, head.sent.start) : first.i]
    terms = [term for word in before for term in scene.terms.of("verb", word)]
    return named and any(term.value in ("signed", "ratified", "violated") or (
        term.value == "withdrawn" and "object" not in term.frames) for term in terms)


def _is_papers(scene: Scene, head: Token, first: Token) -> bool:
    """Whether something is done to it that is only done to agreements: "a package that both signed"."""
    around = (*scene.doc[max(first.i - NEAR, head.sent.start) : first.i], *scene.doc[head.i + 1 : head.i + 1 + CLAUSE])
    words = [word for word in around if word.pos_ == "VERB" and any(
        term.value in ("signed", "ratified") and len(term.words) == 1 and "object" in term.frames
        for term in scene.terms.of("verb", word))]
    return any(not any(other.text in ",;:" for other in scene.doc[head.i + 1 : word.i]) for word in words)


def _year(before: Iterable[Token], head: Token) -> Span | None:
    """Return the year of "the 1960 treaty" or "the treaty of 1960"."""
    after = list(head.doc[head.i + 1 : head.i + 3])
    named = after[1:] if after and after[0].lower_ == "of" else []
    return next((span_of(token, token) for token in (*before, *named)
                 if token.text.isdigit() and len(token.text) == 4), None)


def _number(head: Token) -> str:
    """Return the number of "Resolution 1147" or "resolution No. 5"; "" for none."""
    following = [token.text for token in head.doc[head.i + 1 : head.i + 3]]
    if following[:1] == ["No."]:
        following.pop(0)
    return following[0] if following and following[0][:1].isdigit() else ""


def pronoun_of(scene: Scene, token: Token, earlier: Noun | None) -> Noun | None:
    """Return the mention in "the one passed in May", "similar to that concluded between X and Y", "and scrapped it"."""
    if earlier is not None and token.lower_ == "it" and token.dep_ == "obj" and any(
            term.value in DEEDS for term in scene.terms.of("verb", token.head)):
        return Noun(head=token, first=token, term=earlier.term, kind=earlier.kind, is_taken_up=True, is_pronoun=True)
    if earlier is None or token.lower_ not in ("one", "that", "those") or token.i + 1 >= len(scene.doc):
        return None
    following = scene.doc[token.i + 1]
    is_participle = following.pos_ == "VERB" and following.text.casefold().endswith(PARTICIPLES)
    if not is_participle or not scene.terms.of("verb", following):
        return None
    first = scene.doc[token.i - 1] if token.lower_ == "one" else token
    return Noun(head=token, first=first, term=earlier.term, kind=earlier.kind, parties=_parties_after(scene, token),
                is_parted=True, is_pronoun=True)


def _is_in_force(scene: Scene, index: int) -> bool:
    """Whether "in force" or "in effect" follows ("that has been in force between them")."""
    words = [word.lower_ for word in scene.doc[index : index + NEAR]]
    return "in" in words and bool({"force", "effect"} & set(words))


def _is_between(scene: Scene, head: Token) -> bool:
    following = scene.doc[head.i + 1 : min(head.sent.end, head.i + REACH)]
    return next((token.lower_ for token in following if token.lower_ in ("between", "among", "with")), "") in (
        "between", "among")


def counterpart(scene: Scene, head: Token) -> tuple[str, ...]:
    """Return the other party of "a deal to buy X", "agreed to merge with X" and "a plan to merge X with Y"."""
    following = list(scene.doc[head.i + 1 : min(head.sent.end, head.i + 1 + NEAR)])
    place = next((index for index, word in enumerate(following) if word.lower_ == "to"), len(following))
    if place + 1 >= len(following) or not _is_with_other(scene, following[place + 1]):
        return ()
    after = following[place + 1].i + 1
    start = after + (scene.doc[after : after + 1].text in ("with", "over", "to"))
    found = names_from(scene, start=start, end=head.sent.end)[:1]
    for token in scene.doc[after : min(after + REACH, head.sent.end)]:
        if token.pos_ == "VERB" or token.text in ",;:":
            break
        if token.lower_ in ("with", "to"):
            found = (*found, *names_from(scene, start=token.i + 1, end=head.sent.end)[:1])
    return scene.parties_of(found)


def names_agreement(scene: Scene, token: Token) -> bool:
    """Return whether a word, with those around it, can name an agreement."""
    return any(_matches(token, term) for term in scene.terms.of("noun", token))


def _is_with_other(scene: Scene, verb: Token) -> bool:
    """Whether the object of a verb is the other party: "buy", "take over"."""
    words = f"{lemma(verb)} {verb.doc[verb.i + 1 : verb.i + 2].text}"
    return scene.terms.has("counterpart", verb) or words in scene.terms.plain["counterpart"]


def _matches(head: Token, term: Term) -> bool:
    """Whether the other words of a term stand around its head."""
    place = next((index for index, word in enumerate(term.words) if word in (lemma(head), head.lower_)), None)
    if place is None or head.i < place:
        return False
    around = head.doc[head.i - place : head.i - place + len(term.words)]
    return len(around) == len(term.words) and all(
        word in (lemma(token), token.lower_) for word, token in zip(term.words, around, strict=True)
    )


def _is_inside_compound(scene: Scene, head: Token) -> bool:
    """Whether the noun only modifies the next one ("treaty talks"), which then is no agreement itself."""
    if head.i + 1 >= len(scene.doc):
        return False
    following = scene.doc[head.i + 1]
    if following.text == "-" and following.idx == head.idx + len(head.text):
        return True
    is_agreement = any(_matches(following, term) for term in scene.terms.of("noun", following))
    return is_agreement and following.pos_ in ("NOUN", "PROPN")


def _is_manner(head: Token) -> bool:
    """Whether a bare noun behind a preposition only tells how: "in partnership with", "by agreement"."""
    is_bare = head.i > head.sent.start and head.text[:1].islower()
    return is_bare and head.doc[head.i - 1].lower_ in ("in", "by", "under")


def _is_idiom(scene: Scene, head: Token) -> bool:
    """Whether "deal" is an affair or an amount: "a big deal", "a great deal of work"."""
    if lemma(head) != "deal" or head.i == 0 or not scene.terms.has("idiom", scene.doc[head.i - 1]):
        return False
    return not any(token.lower_ in ("with", "between") for token in scene.doc[head.i + 1 : head.i + NEAR])


def _is_candidacy(scene: Scene, head: Token, first: Token) -> bool:
    """Whether a bid is for an office or a prize: "his bid for the White House", "an Olympic bid"."""
    around = scene.doc[first.i : min(head.i + NEAR, head.sent.end)]
    words = list(scene.doc[head.i + 1 : min(head.i + 3, head.sent.end)])
    is_attempt = len(words) == 2 and words[0].lower_ == "to" and words[1].pos_ == "VERB" and not _is_with_other(
        scene, words[1])  # "a bid to block a law"
    return lemma(head) == "bid" and (is_attempt or any(scene.terms.has("office", token) for token in around))


def _is_gathering(scene: Scene, head: Token, first: Token) -> bool:
    """Whether a convention is where people meet: "the Republican convention"."""
    return lemma(head) == "convention" and any(
        scene.terms.has("gathering", token) for token in scene.doc[first.i : head.i])


def _phrase_start(head: Token) -> Token:
    """Return the first word of the phrase, by the classes of the words before the head."""
    index = head.i
    while index > head.sent.start:
        token = head.doc[index - 1]
        is_modifier = token.pos_ == "VERB" and token.dep_ in ("amod", "compound")
        is_possessive = token.text in APOSTROPHES or (token.pos_ == "PRON" and token.lower_ in BACK_REFERENCES)
        if not (token.pos_ in (*PHRASE, "SYM") or is_modifier or is_possessive or token.text in INNER_PUNCT):
            break
        index -= 1
        if token.pos_ == "DET" or (token.pos_ == "PRON" and token.lower_ in BACK_REFERENCES):
            break
    return head.doc[index]


def _modifiers(scene: Scene, head: Token, first: Token) -> tuple[str, ...]:
    """Return the kinds that the words of the phrase tell, and those of "agreement on trade", "swap of prisoners"."""
    after: list[Token] = []
    has_topic = head.i + 2 < len(scene.doc) and scene.doc[head.i + 1].lower_ in TOPIC
    if has_topic and lemma(head) not in PLANS:  # "a plan for peace" is none
        after = [token for token in scene.doc[head.i + 2 : head.i + 5] if token.pos_ in PHRASE]
    before = [token for token in scene.doc[first.i : head.i] if token.pos_ in PHRASE or token.pos_ == "VERB"]
    found = []
    for token in (*reversed(before), *after):
        for term in scene.terms.of("modifier", token):
            around = scene.doc[token.i : token.i + len(term.words)]
            if all(word in (lemma(other), other.lower_) for word, other in zip(term.words, around, strict=False)):
                found.append(term.value)
                break
    return tuple(found)


def _specialises(kind: str, general: str) -> bool:
    return general in ("deal", "treaty", "memorandum") or (general, kind) == ("exchange", "exchange")


def _is_counted(before: Iterable[Token]) -> bool:
    """Whether a plural is a number of certain agreements ("74 agreements")."""
    return any(token.pos_ == "NUM" for token in before)


def _parties_before(scene: Scene, head: Token, before: Iterable[Token]) -> tuple[str, ...]:
    """Return the actors named in the phrase ("the Iran nuclear deal", "a US-Japan treaty", "Chile's pact")."""
    found: list[str] = []
    end = -1
    for token in before:
        if token.lower_ == "bilateral":
            found.extend(scene.sides_meant("bilateral", token.idx))
        here = scene.mentions_from(token)
        mentions = [mention for mention in here if end <= mention.span.start and mention.span.end <= head.idx]
        end = max((end, *(mention.span.end for mention in mentions)))
        # The Paris agreement was made in Paris, not by France.
        found.extend(scene.party_of(mention.actor) for mention in mentions if mention.form != "metonym")
    return tuple(dict.fromkeys(found))


def _parties_after(scene: Scene, head: Token, term: Term | None = None) -> tuple[str, ...]:
    """Return the parties that "between X and Y", "with X" or "among X, Y and Z" name.

    The preposition may stand behind a topic ("on energy"), a place, a day or a participle ("signed between"). Behind
    "merger" and "offer" also "of X and Y", "by X", "from X" and "for Y" name them.
    """
    end = head.sent.end
    if term is not None and "mutual" in term.frames:
        return _sides_after(scene, head, lent="lent" in term.frames)
    for index in range(head.i + 1, min(end, head.i + REACH)):
        token = scene.doc[index]
        if token.lower_ in ("between", "among", "with") and lemma(scene.doc[index - 1]) not in MEETINGS:
            found = scene.parties_of(names_from(scene, start=index + 1, end=end))
            if len(found) > 1 or (found and token.lower_ == "with"):
                return found
        is_finite = token.pos_ == "VERB" and not token.text.casefold().endswith(("ed", "ing"))
        opens_clause = token.pos_ in ("AUX", "SCONJ", "PRON") and not _is_in_force(scene, index)
        if is_finite or opens_clause or token.text in ".;:":
            break
    return ()


def _sides_after(scene: Scene, head: Token, *, lent: bool = False) -> tuple[str, ...]:
    """Return all that the prepositions behind a merger, bid or offer name; behind "for" and "to" only firms.

    What is `lent` may be lent to a state, too.
    """
    found: list[str] = []
    for token in scene.doc[head.i + 1 : min(head.sent.end, head.i + REACH)]:
        if token.pos_ in ("VERB", "AUX", "SCONJ") or token.text in ".,;:":
            break
        if token.lower_ in SIDES_OF or token.lower_ in ("for", "to"):
            names = scene.parties_of(names_from(scene, start=token.i + 1, end=head.sent.end))
            found.extend(name for name in names if token.lower_ in SIDES_OF or lent
                         or scene.actor(name).kind == "Organization")
    return tuple(dict.fromkeys(found))
