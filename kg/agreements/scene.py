"""What the readers of agreements look at, and how they look up actors, days and sentences in it."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.agreements.terms import Terms, lemma
from kg.language.document import Doc, Token
from kg.model import Actor, Article, Cast, Mention, Span, TimeExpression

JOINERS = frozenset({"and", "&", ",", "or", "as", "well"})
TITLES = frozenset({"NOUN", "PROPN", "ADJ", "DET", "NUM", "PUNCT", "PART", "X"})
TOGETHER = re.compile(r"(?:['’]s(?: [a-z]+){1,3})? (?:and|with) (?:the |its )?(?:[a-z-]+ ){0,3}")
SIDES = (("compan", ("Organization",)), ("firm", ("Organization",)), ("club", ("Organization",)),
         ("countr", ("State",)), ("nation", ("State",)), ("government", ("State",)), ("neighb", ("State",)),
         ("president", ("State",)), ("premier", ("State",)), ("candidate", ("Person",)), ("contender", ("Person",)),
         ("politician", ("Person",)))
COUNTS = {"both": 2, "two": 2, "three": 3, "four": 4, "five": 5}
BRACKET = 6  # words of a name in brackets, with the brackets
PARLIAMENTS = frozenset({"parliament", "congress", "senate", "knesset", "duma", "bundestag", "assembly", "legislature"})
POSSESSIVES = frozenset({"its", "their", "his", "her"})
ANY_SIDES = frozenset({"sides", "parties", "leaders", "presidents"})
RECENT = 60  # mentions before "the two countries" among which two named together count
SIDE_WORDS = 5  # between "the two" and the noun: "the two Horn of Africa neighbours"
COMMA = re.compile(r"(?:['’]s(?: [a-z]+){1,3})?, (?:the )?(?:[a-z-]+ ){0,2}")
APOSTROPHES = frozenset({"'s", "’s", "'", "’"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One analysed article with its actors and days, and the lexicon to read it with.

    `pair` are the two parties of the agreement told of last: whom "the two sides" mean.
    """

    doc: Doc
    article: Article
    cast: Cast
    times: tuple[TimeExpression, ...]
    terms: Terms
    pair: tuple[str, ...] = ()

    def actor(self, actor: str) -> Actor:
        """Return an actor of the cast."""
        return self.cast.actors[actor]

    def mentions_from(self, token: Token) -> tuple[Mention, ...]:
        """Return the longest mention that starts at a token: several where it stands for several actors ("them")."""
        starting = [
            mention for mention in self.cast.mention_at(token.idx)
            if mention.span.start == token.idx and mention.actor in self.cast.actors
        ]
        return tuple(mention for mention in starting if mention.span == starting[-1].span)

    def sides_at(self, index: int) -> tuple[int, tuple[str, ...]]:
        """Return, where words such as "the two countries" start, how many they are and which two actors they mean."""
        for width in (3, 2, 1):
            words = " ".join(token.lower_ for token in self.doc[index : index + width])
            words = words if words in self.terms.plain["sides"] else words.removeprefix("the ")
            is_them = words == "them" and self.doc[max(index - 1, 0)].lower_ != "between"
            if words in self.terms.plain["sides"] and not is_them:
                return width, self.sides_meant(words, self.doc[index].idx)
        return self._counted_sides(index)

    def _counted_sides(self, index: int) -> tuple[int, tuple[str, ...]]:
        """Return the same for a number of them in other words: "the three states", "both Andean neighbours"."""
        words = [token.lower_ for token in self.doc[index : index + SIDE_WORDS + 3]]
        number = 1 if words[:1] and words[0] in ("the", "these", "all", "its") else 0
        if len(words) <= number or words[number] not in COUNTS or (not number and words[0] != "both"):
            return 0, ()
        for place in range(number + 1, min(len(words), number + 1 + SIDE_WORDS)):
            token = self.doc[index + place]
            if token.lower_ in self.terms.plain["side"]:
                return place + 1, self.sides_meant(words[place], self.doc[index].idx, count=COUNTS[words[number]],
                                                   is_sure=words[place] not in ANY_SIDES)
            if token.pos_ not in ("ADJ", "NOUN", "PROPN", "PUNCT") and token.lower_ != "of":
                break
        return 0, ()

    def sides_meant(self, words: str, offset: int, *, count: int = 2, is_sure: bool = False) -> tuple[str, ...]:
        """Return the actors that words such as "the two countries" or "bilateral" mean at an offset."""
        known = next((kinds for word, kinds in SIDES if word in words), ())
        kinds = known or ("State", "Organization")
        if len(self.pair) == count and all(self.actor(party).kind in kinds for party in self.pair):
            return self.pair
        return self._named_before(offset, kinds=kinds, count=count, is_sure=is_sure and not known)

    def _named_before(self, offset: int, *, kinds: tuple[str, ...], count: int, is_sure: bool) -> tuple[str, ...]:
        """Return the actors that alone were named just before an offset, or together ("Chile and Peru"), or most.

        Leaders and ministries count for their states. None where no such number stands out; the most named only where
        the words tell of what kind they are, not where they may be any (`is_sure`).
        """
        before = [
            mention for mention in self.cast.mentions
            if mention.span.end <= offset and mention.form != "demonym" and mention.actor in self.cast.actors
            and self.actor(self._side_of_kind(mention.actor, kinds)).kind in kinds
        ]
        start = self._start_before(offset)
        close = self._sides_of((mention for mention in before if mention.span.start >= start), kinds)
        if len(close) == count:
            return close
        recent = before[-RECENT:]
        for last in range(len(recent), 0, -1):
            named = self._sides_of(_coordinated(self, recent[:last]), kinds)
            if len(named) == count:
                return named
        ranked = Counter(self._side_of_kind(mention.actor, kinds) for mention in before).most_common(count + 1)
        if is_sure or len(ranked) < count or (len(ranked) > count and ranked[count - 1][1] == ranked[count][1]):
            return ()
        return tuple(party for party, _ in ranked[:count])

    def _sides_of(self, mentions: Iterable[Mention], kinds: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._side_of_kind(mention.actor, kinds) for mention in mentions))

    def _side_of_kind(self, actor: str, kinds: tuple[str, ...]) -> str:
        return actor if kinds == ("Person",) else self.side_of(actor)

    def _start_before(self, offset: int) -> int:
        """Return where the sentence before that at an offset begins."""
        starts = [sentence.start_char for sentence in self.doc.sents if sentence.start_char <= offset]
        return starts[-2] if len(starts) > 1 else 0

    def is_unnamed(self, actor: str) -> bool:
        """Return whether an actor is a group that the article only describes ("the ministers of", "rebels")."""
        found = self.actor(actor)
        return found.kind == "ActorGroup" and found.basis == "article"

    def is_crowd(self, actor: str) -> bool:
        """Return whether an actor is many of no common will: "voters", "most nations"."""
        found = self.actor(actor)
        words = [word.removesuffix("s") for word in found.label.casefold().split()]
        return found.kind == "ActorGroup" and not found.affiliations and any(
            word in self.terms.plain["crowd"] for word in (words[:1] + words[-1:]))

    def is_body(self, actor: str) -> bool:
        """Return whether an actor decides by vote, as its name or that of its office tells."""
        found = self.actor(actor)
        names = " ".join((found.label, *found.aliases)).casefold().split()
        return found.kind == "Organization" and any(name.strip("().,") in self.terms.plain["body"] for name in names)

    def owners_of(self, actors: tuple[str, ...]) -> tuple[str, ...]:
        """Return for whom the government of somebody acts: of one whose state is not told, for the state named most."""
        if any(self.actor(self.party_of(actor)).kind != "Person" for actor in actors):
            return actors
        return self.state_named_most() or actors

    def state_named_most(self) -> tuple[str, ...]:
        """Return the state that the article names most, none where two are named as often."""
        named = Counter(mention.actor for mention in self.cast.mentions
                        if mention.actor in self.cast.actors and self.actor(mention.actor).kind == "State")
        ranked = named.most_common(2)
        is_clear = bool(ranked) and (len(ranked) == 1 or ranked[0][1] > ranked[1][1])
        return (ranked[0][0],) if is_clear else ()

    def is_several(self, actor: str) -> bool:
        """Return whether an unnamed group is several sides, as its nouns tell ("rival camps", "ministers of Mali")."""
        found = self.actor(actor)
        words = found.label.casefold().split()
        return found.kind == "ActorGroup" and len(words) > 1 and any(word in self.terms.plain["side"] for word in words)

    def is_union(self, actor: str) -> bool:
        """Return whether an actor is a known body of several states."""
        return self.is_international(actor) and self.is_body(actor)

    def is_international(self, actor: str) -> bool:
        """Return whether an actor is a known body of no state: a union of several, a fund, a court."""
        found = self.actor(actor)
        has_state = any(name.startswith("id/state/") for name in found.affiliations)
        return found.kind == "Organization" and found.basis == "registry" and not has_state

    def state_of(self, actor: str) -> str:
        """Return the state whose parliament or council an actor is, or the actor itself."""
        behind = (name for name in self.actor(actor).affiliations if name in self.cast.actors)
        return next((name for name in behind if self.actor(name).kind == "State"), actor)

    def party_of(self, actor: str) -> str:
        """Return who is bound when an actor signs: the state or else the organisation that it acts for.

        People act for theirs, and so do unnamed officials ("EU ministers"); rebels and unions act for themselves.
        """
        found = self.actor(actor)
        if found.kind != "Person" and not (found.kind == "ActorGroup" and self._is_organ(found)):
            return actor
        behind = [name for name in found.affiliations if name in self.cast.actors]
        states = [name for name in behind if self.actor(name).kind == "State"]
        organizations = [name for name in behind if self.actor(name).kind == "Organization"]
        return (*states, *organizations, actor)[0]

    def parties_of(self, actors: Iterable[str]) -> tuple[str, ...]:
        """Return who is bound when some actors sign, each once; two states where a group acts for both."""
        found: list[str] = []
        for actor in actors:
            known = self.actor(actor)
            states = [name for name in known.affiliations if name.startswith("id/state/") and name in self.cast.actors]
            if known.kind == "Organization" and PARLIAMENTS.intersection(known.label.casefold().split()):
                actor = self.state_of(actor)
            is_joint = known.kind == "ActorGroup" and len(states) > 1
            found += states if is_joint else (self.party_of(actor),)
        return tuple(dict.fromkeys(found))

    def side_of(self, actor: str) -> str:
        """Return whom "the two sides" mean when somebody or a ministry was named: the state behind it, if any."""
        party = self.party_of(actor)
        return self.state_of(party) if self._is_organ(self.actor(party)) else party


    def _is_organ(self, actor: Actor) -> bool:
        """Return whether a group or ministry is of those who act for a state or body, by the nouns of its name."""
        words = actor.label.casefold().split()
        return any(word.strip("().,").removesuffix("s") in self.terms.plain["organ"] for word in words)


def _coordinated(scene: Scene, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the last mentions that stand in one enumeration: "Chad", "Niger" and "Mali" of "Chad, Niger and Mali"."""
    start = len(mentions) - 1
    joints: list[re.Pattern[str]] = [TOGETHER]
    while start > 0:
        between = scene.article.text[mentions[start - 1].span.end : mentions[start].span.start]
        if not joints[-1].fullmatch(between):
            break
        joints.append(COMMA)
        start -= 1
    return tuple(mentions[start:])


def span_of(first: Token, last: Token) -> Span:
    """Return the characters from the first token to the end of the last."""
    return Span(start=first.idx, end=last.idx + len(last.text))


def names_from(scene: Scene, *, start: int, end: int, most: int = 6) -> tuple[str, ...]:
    """Return the actors of a coordination that begins at token `start`: "Russia's Rosneft, X and Y" gives three.

    Of the mentions between two joints the last counts ("Russian leader Putin" is Putin). The reading stops at the first
    word that cannot belong to the coordination, and after the partner that "and" introduces; in headlines a comma is an
    "and". It needs no tree, because coordinations of names are where parsers err most.
    """
    found: list[str] = []
    pending: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    has_and = is_last = is_owned = is_adjective = False
    index = start
    while index < end and len(found) < most:
        token = scene.doc[index]
        width, sides = scene.sides_at(index)
        if sides:
            pending = tuple(actor for actor in pending if not scene.is_unnamed(actor))  # "the boards of the two firms"
            found.extend(sides)
            has_and = True
            index += width
            continue
        mentions = scene.mentions_from(token)
        if mentions:
            pending = tuple(mention.actor for mention in mentions)
            if token.lower_ in POSSESSIVES:
                owner, pending, is_owned = pending, (), False
            is_adjective = mentions[0].form == "demonym"
            has_and = has_and or len(pending) > 1
            index = _index_after(scene, token, mentions[0])
            continue
        if token.lower_ == "government" and not pending and not owner and scene.doc[index - 1].lower_ == "the":
            pending = scene.state_named_most() or pending
            index += 1
            continue
        if token.lower_ == "in" and pending and _is_seat(scene, index, end):
            index += 2  # "the government in Khartoum and the Front"
            continue
        if token.text == "(" and pending:  # "the Fisheries Board (NFB)"
            closing = next((other.i for other in scene.doc[index : index + BRACKET] if other.text == ")"), index)
            if closing == index:
                break
            index = closing + 1
            continue
        if token.lower_ in JOINERS:
            if token.lower_ == "as" and is_last and pending:
                break  # "between Chad and Mali as well as the convention"
            if token.text == "," and (is_last if pending else not found):
                break
            found.extend(pending)
            pending = ()
            is_last = is_last or token.lower_ in ("and", "&")
            has_and = has_and or is_last
            owner = ()
        elif token.text in APOSTROPHES and pending:
            owner, pending, is_owned = pending, (), False
        else:
            is_open = not found and not owner and all(scene.is_unnamed(actor) for actor in pending)
            if not _belongs(token, is_open=is_open, has_name=bool(pending)):
                break
            if owner and scene.terms.has("organ", token):
                pending = scene.owners_of(owner)  # "Chad's government" acts for Chad, "Chad's rebels" do not
            is_one = token.pos_ == "NOUN" and lemma(token) == token.lower_ and not scene.terms.has("organ", token)
            if is_adjective and pending and is_one and _ends_phrase(scene.doc, token):
                pending, is_owned = (), True  # "the German carrier" is not Germany
            is_owned = is_owned or token.pos_ in ("NOUN", "PROPN")
        index += 1
    found.extend(pending or (() if is_owned else owner))
    is_title = start < len(scene.doc) and any(
        title.start <= scene.doc[start].idx < title.end for title in scene.article.title)
    return tuple(dict.fromkeys(found if has_and or is_title else found[:1]))


def _is_seat(scene: Scene, index: int, end: int) -> bool:
    """Whether "in" and one name follow a party, and then "and" and the next one."""
    following = scene.doc[index + 1 : min(index + 3, end)]
    return len(following) == 2 and following[0].pos_ == "PROPN" and following[1].lower_ == "and"


def _ends_phrase(doc: Doc, token: Token) -> bool:
    """Whether a noun is the last of its phrase."""
    return token.i + 1 >= len(doc) or doc[token.i + 1].pos_ not in ("NOUN", "PROPN", "ADJ")


def _belongs(token: Token, *, is_open: bool, has_name: bool) -> bool:
    """Whether a word can stand in a coordination of names besides the names: titles, possessives, "leaders of"."""
    if token.lower_ in ("of", "from"):
        return is_open
    if token.lower_ in POSSESSIVES:
        return not has_name
    if token.pos_ not in TITLES or token.text in "()[];:–—":
        return False
    return not has_name or token.pos_ != "PUNCT" or token.text in APOSTROPHES or token.text in "-\"'“”‘’"


def _index_after(scene: Scene, token: Token, mention: Mention) -> int:
    """Return the index of the first token behind a mention that starts at `token`."""
    index = token.i + 1
    while index < len(scene.doc) and scene.doc[index].idx < mention.span.end:
        index += 1
    return index
