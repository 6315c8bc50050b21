"""Through whom words came: "told Reuters", "in an interview with Bloomberg", "a memo seen by the Post"."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from kg.language.document import Doc, Token
from kg.model import Article, Cast, Mention, Span
from kg.resolution import actors_of, actors_within
from kg.statements import syntax
from kg.statements.lexicon import Cues
from kg.statements.readings import Reading
from kg.statements.words import CARRIERS, CARRYING, QUOTED, QUOTING, low

TOLD = frozenset({"told", "tells", "telling"})
# "a letter SEEN by the Post", "officials QUOTED by the agency".
CITING = frozenset({"quote", "cite", "see", "obtain", "carry", "publish", "report", "review", "broadcast", "air",
                    "hear", "interview", "leak", "release", "post"})
_NOUN = (r"newspaper|daily|weekly|broadcaster|magazine|tabloid|newswire|news(?:wire|paper)?\s(?:agency|site|website|"
         r"portal|outlet|channel|network|service)|press\s(?:agency|service)|(?:radio|tv|television)(?:\s(?:station|channel|"
         r"network|programme|program|show))?|channel|network|website|portal|outlet|podcast")
OUTLET = re.compile(rf"\b(?:{_NOUN})$", re.I)  # the noun of an outlet without a name: "a French radio station"
BEFORE = re.compile(rf"\b(?:{_NOUN}),?\s[\"“‘']?$", re.I)  # "the daily Al-Wadi"
BEHIND = re.compile(rf"[\"”’']?\s(?:{_NOUN})\b", re.I)  # "the Rustavi 2 television channel"
NAME = re.compile(r"[Rr]adio|TV\b|\bTele")  # in the name itself: MedRadio, Rhein-TV
PLURAL = re.compile(r"[A-Z]{2,}s")  # "told MPs": people
BESIDE = 32  # characters beside a name within which its noun stands


@dataclass(slots=True)
class Outlets:
    """Finds the outlets and go-betweens of a reading; `make` adds one that has no name."""

    doc: Doc
    article: Article
    cast: Cast
    cues: Cues
    make: Callable[[Span, str], str]
    described: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.described = frozenset(mention.actor for mention in self.cast.mentions if self._is_called_so(mention))

    def _is_called_so(self, mention: Mention) -> bool:
        """Return whether the noun beside a name tells that it is an outlet's."""
        known, text, span = self.cast.actors.get(mention.actor), self.article.text, mention.span
        if known is None or known.kind != "Organization" or mention.form != "name":
            return False
        return bool(BEFORE.search(text[max(0, span.start - BESIDE) : span.start])
                    or BEHIND.match(text[span.end : span.end + BESIDE]) or OUTLET.search(span.of(text)))

    def of(self, reading: Reading) -> tuple[str, ...]:
        """Return the outlets through which the words of a reading came."""
        found = self._told(reading)
        above = reading.head.head
        if above.lemma_.casefold() in QUOTING and not syntax.is_passive(above) and reading.head.dep_ != "conj":
            quoting = syntax.subject_of(above)  # "the agency quoted an official as saying"
            found += actors_of(quoting, cast=self.cast) if quoting is not None else ()
        for verb in (reading.head, *([reading.head.head] if reading.head.dep_ in ("advcl", "xcomp", "ccomp") else [])):
            found += self._carried(verb, reading)
        found += [*self._cited(reading), *self._quoting(reading)]
        return tuple(dict.fromkeys(found))

    def is_outlet(self, actor: str) -> bool:
        """Return whether an actor is a news outlet or a platform, by the words of its name or by what it is called."""
        known = self.cast.actors.get(actor)
        if known is None or known.kind not in ("Organization", "ActorGroup"):
            return False
        names = (known.label, *known.aliases)
        if actor in self.described or any(NAME.search(name) for name in names):
            return True
        words = {word for name in names for word in re.findall(r"\w+", name.casefold())}
        return any(entry.takes("outlet") for word in words for entry in self.cues.entries.get(word, ()))

    def _told(self, reading: Reading) -> list[str]:
        """Return the outlet that heard the words: "told Reuters", "told a French radio station"."""
        if reading.heard is None:
            return []
        torn = [child for child in syntax.children(reading.head, "obj", "iobj") if child.i > reading.heard.i]
        named = [actor for noun in (reading.heard, *torn) for actor in actors_of(noun, cast=self.cast)
                 if self.is_outlet(actor) or self._is_told_paper(reading, actor)]
        return named or [actor for actor in self._inside(reading.heard) if self.is_outlet(actor)] or (
            list(self._unnamed(reading.heard)))

    def _is_told_paper(self, reading: Reading, actor: str) -> bool:
        """Return whether a body that nobody knows hears as a paper does: "told Market Courier", "told the daily X".

        Bodies of state are told things with an article: "told the Senate"; that of a paper is part of its name.
        """
        known, heard = self.cast.actors.get(actor), reading.heard
        if known is None or heard is None or known.kind != "Organization" or known.basis != "name":
            return False
        words = heard.doc[heard.left_edge.i : heard.right_edge.i + 1]
        if any(entry.takes("outlet") for word in words for entry in self.cues.entries.get(low(word), ())):
            return True
        bare = not any(child.dep_ == "det" and child.text.islower() for child in heard.children)
        bare = bare and not PLURAL.fullmatch(heard.text)
        return bare and not known.affiliations and reading.entry.hears and heard.pos_ == "PROPN" and (
            low(reading.head) in TOLD)

    def _unnamed(self, noun: Token) -> Iterator[str]:
        """Yield an outlet that only a noun with something before it tells of: "a French radio station"."""
        words = [token for token in self.doc[noun.left_edge.i : noun.i + 1] if token.dep_ not in ("case", "det")]
        span = Span(start=words[0].idx, end=noun.idx + len(noun.text))
        if len(words) > 1 and noun.pos_ == "NOUN" and OUTLET.search(span.of(self.article.text)):
            yield self.make(span, span.of(self.article.text))

    def _quoting(self, reading: Reading) -> Iterator[str]:
        """Yield the outlets behind "was quoted as SAYING by", however the parse hangs them."""
        head, above = reading.head, reading.head.head
        if above.lemma_.casefold() not in QUOTED or not syntax.is_passive(above):
            return
        ties = [token for token in head.subtree if low(token) == "by" and token.i > head.i]
        for tie in ties[:1]:
            span = Span(start=tie.idx, end=head.right_edge.idx + len(head.right_edge.text))
            yield from (actor for actor in actors_within(self.doc, span, cast=self.cast) if self.is_outlet(actor))

    def _cited(self, reading: Reading) -> Iterator[str]:
        """Yield the outlets that quoted a speaker or saw a paper: "officials quoted by the state news agency"."""
        subject = reading.subject
        for verb in () if subject is None else subject.subtree:
            agent = syntax.agent_of(verb) if verb.dep_ in ("acl", "conj") and (
                verb.lemma_.casefold() in CITING) else None
            if agent is not None:
                named = [actor for actor in self._inside(agent) if self.is_outlet(actor)]
                yield from named or self._unnamed(agent)

    def _carried(self, verb: Token, reading: Reading) -> list[str]:
        found: list[str] = []
        subject = reading.subject
        source = [span for span in reading.source if subject is None or span.start <= subject.idx < span.end]
        taken = () if reading.points_back else (*reading.content, *source)
        for child in verb.subtree:
            inside = any(span.start <= child.idx < span.end for span in taken)
            if inside or child.dep_ not in ("obl", "nmod", "obl:agent") or syntax.case_of(child) not in CARRYING:
                continue
            names = [actor for actor in self._inside(child) if actor in self.cast.actors
                     and self.cast.actors[actor].kind == "Organization"]
            found += [actor for actor in names if child.lemma_.casefold() in CARRIERS or (
                self.is_outlet(actor) and child.head.i == verb.i)]
        return found

    def _inside(self, token: Token) -> tuple[str, ...]:
        span = Span(start=token.left_edge.idx, end=token.right_edge.idx + len(token.right_edge.text))
        return actors_within(self.doc, span, cast=self.cast)
