"""The deeds that name an agreement without a noun: "agreed to lift tariffs", "swapped prisoners", "will buy Bolt"."""

from kg.agreements.doers import doers_of
from kg.agreements.moods import verb_group
from kg.agreements.nouns import INNER_PUNCT, REACH, Noun, counterpart, names_agreement, noun_of, pronoun_of
from kg.agreements.scene import Scene, names_from
from kg.agreements.terms import Term, lemma
from kg.language.document import Token

AWAY = frozenset({"away", "off", "up", "out", "in"})  # behind "sign": nothing is agreed
DUE = frozenset({"will", "would", "shall"})
NEAR = 5  # words from a verb to what makes an agreement of it


def noun_at(scene: Scene, token: Token, *, earlier: Noun | None) -> Noun | None:
    """Return the mention of an agreement whose head is `token`; `earlier` is the one before it in its sentence."""
    found = noun_of(scene, token) or pronoun_of(scene, token, earlier) or deed_of(scene, token, earlier)
    return None if found and earlier and found.head.idx < earlier.span.end else found


def deed_of(scene: Scene, token: Token, earlier: Noun | None) -> Noun | None:
    """Return the mention in "X and Y agreed to lift tariffs" or "swapped prisoners", where no noun names it."""
    if token.pos_ != "VERB":
        return None
    for term in scene.terms.of("deed", token):
        is_told, parties = _told(scene, token, term, earlier)
        if is_told:
            return Noun(head=token, first=token, term=term, kind=term.value, is_verb=True, parties=parties)
    return None


def _told(scene: Scene, token: Token, term: Term, earlier: Noun | None) -> tuple[bool, tuple[str, ...]]:
    """Return whether the words behind a verb make an agreement of its deed, and the parties that they name."""
    following = list(scene.doc[token.i + 1 : token.sent.end])
    named = counterpart(scene, token)
    if "to" in term.frames:
        if _is_opinion(scene, token):
            return False, ()
        named = named or _partner(scene, following) or _receiver(scene, following)
        clause = _clause_agreed(token)
        if clause is not None and not named:
            return True, scene.parties_of(doers_of(scene, clause, clause))
        return _leads_to_deed(scene, following) or _leads_to_thing(scene, token), named
    if "joint" in term.frames:
        return earlier is None and _leads_to_deed(scene, following, reach=NEAR) and not _is_no_deed(scene, token), ()
    if "thing" in term.frames:
        is_told = earlier is None and _leads_to_thing(scene, token) and following[0].lower_ not in AWAY
        return is_told, _beside(scene, following) if is_told else ()
    if "dispute" in term.frames:
        return _ends_dispute(scene, token)
    if "assembly" in term.frames:
        return any(word.lower_ == "to" and word.head.pos_ == "VERB" for word in following[:NEAR]), ()
    if "firms" in term.frames:
        named = _bought(scene, token)
        if any(scene.actor(doer).kind == "Person" for doer in doers_of(scene, token, token)):
            return False, ()
        return earlier is None and (bool(named) or lemma(token) == "merge"), named
    if "counterpart" in term.frames:
        named = named or _offered(scene, token)
        return bool(named) or _names_thing(scene, following), named
    words = _until_stop(following)
    return any(kind.value == term.value for word in words for kind in scene.terms.of("modifier", word)), ()


def _is_opinion(scene: Scene, token: Token) -> bool:
    """Whether "agree" is told of a mind: a bare present tense outside of headlines ("they agree on a lot")."""
    is_bare = token.lower_ in ("agree", "agrees") and len(verb_group(token)) == 1
    return is_bare and not any(title.start <= token.idx < title.end for title in scene.article.title)


def _until_stop(following: list[Token]) -> list[Token]:
    """Return the words up to the next verb or mark that ends what a verb says of its object."""
    end = next((index for index, word in enumerate(following) if word.text in ",;:." or word.pos_ == "SCONJ" or (
        word.pos_ == "VERB" and word.dep_ != "amod")), len(following))
    return following[:end]


def _clause_agreed(token: Token) -> Token | None:
    """Return the verb of what "agreed" stands behind: "Chad and Mali will link their grids, their leaders agreed"."""
    clause = token.head if token.dep_ == "parataxis" else next(
        (child for child in token.children if child.dep_ in ("ccomp", "parataxis")), None)
    if clause is None or clause.pos_ != "VERB" or clause.i > token.i:
        return None
    return clause if any(word.lower_ in DUE for word in verb_group(clause)) else None


def _is_no_deed(scene: Scene, token: Token) -> bool:
    """Whether what is pledged is only that relations be good ("pledged to deepen cooperation"), or to keep a pact."""
    words = _until_stop(list(scene.doc[token.i + 3 : token.sent.end]))
    return any(scene.terms.has("goodwill", word) or names_agreement(scene, word) for word in words)


def _ends_dispute(scene: Scene, token: Token) -> tuple[bool, tuple[str, ...]]:
    """Return whether a dispute is settled, and with whom: "settled a lawsuit with Bolt", "settled with Bolt"."""
    words = _until_stop(list(scene.doc[token.i + 1 : token.sent.end]))
    place = next((index for index, word in enumerate(words) if word.lower_ == "with"), None)
    partners = () if place is None else scene.parties_of(
        names_from(scene, start=words[place].i + 1, end=token.sent.end))
    thing = next((child for child in token.children if child.dep_ in ("obj", "nsubj:pass")), None)
    is_dispute = thing is not None and scene.terms.has("dispute", thing)
    return is_dispute or (place == 0 and bool(partners) and lemma(token) == "settle"), partners


def _offered(scene: Scene, verb: Token) -> tuple[str, ...]:
    """Return to whom something is offered ("offered Peru a pullback", "offered to lease a port to Peru").

    Help, sympathy and talks are no deal.
    """
    following = list(scene.doc[verb.i + 1 : verb.sent.end])
    place = next((index for index, word in enumerate(following[:NEAR]) if word.lower_ == "to"), len(following))
    if place + 1 < len(following) and following[place + 1].pos_ == "VERB":
        deed = following[place + 1]
        end = next((word.i for word in following[place:] if word.text in ",;:" or word.pos_ == "SCONJ"), verb.sent.end)
        is_vague = scene.terms.has("courtesy", deed) or scene.terms.has("vague", deed)
        names = () if is_vague else tuple(
            actor for word in scene.doc[verb.i + 1 : end] for actor in names_from(scene, start=word.i, end=word.i + 1)
            if scene.actor(actor).kind == "State" and scene.mentions_from(word)[0].form != "demonym")
        return names[:1]
    found = names_from(scene, start=verb.i + 1, end=verb.sent.end)[:1]
    thing = next((child for child in verb.children if child.dep_ == "obj" and child.pos_ == "NOUN"), None)
    is_deal = thing is not None and not scene.terms.has("courtesy", thing) and not names_agreement(scene, thing)
    return found if is_deal and found and scene.actor(found[0]).kind in ("State", "Organization") else ()


def _bought(scene: Scene, verb: Token) -> tuple[str, ...]:
    """Return the firm that is bought or merged with ("to acquire Bolt"), or sold to ("is selling a mill to Bolt")."""
    start = verb.i + 1
    if lemma(verb) == "sell":
        words = _until_stop(list(scene.doc[start : verb.sent.end]))
        place = next((word.i for word in words if word.lower_ == "to"), None)
        return () if place is None else names_from(scene, start=place + 1, end=verb.sent.end)[:1]
    if scene.doc[start : start + 1].text in ("with", "over", "out"):
        start += 1
    return names_from(scene, start=start, end=verb.sent.end)[:1]


def _names_thing(scene: Scene, following: list[Token]) -> bool:
    """Whether a deal's verb is followed by a name, if only of somebody unknown ("offered to buy Nordfisk")."""
    place = next((index for index, word in enumerate(following[:NEAR]) if scene.terms.has("counterpart", word)), None)
    return place is not None and any(word.pos_ == "PROPN" for word in following[place + 1 : place + 1 + NEAR])


def _leads_to_thing(scene: Scene, verb: Token) -> bool:
    """Whether they agree on, or sign, what no noun of agreements names: "agreed on a price", "signed a long lease"."""
    thing = next((child for child in verb.children if child.i > verb.i and child.pos_ == "NOUN" and (
        child.dep_ == "obj" or (child.dep_ in ("obl", "obl:arg") and _case_of(child) in ("on", "upon")))), None)
    if thing is None or any(
            names_agreement(scene, word) for word in scene.doc[thing.left_edge.i : thing.right_edge.i + 1]):
        return False
    return not any(scene.terms.has("vague", word) or scene.terms.of("event", word)
                   for word in scene.doc[thing.left_edge.i : thing.i + 1])


def _case_of(token: Token) -> str:
    return next((child.lower_ for child in token.children if child.dep_ == "case" and child.i < token.i), "")


def _partner(scene: Scene, following: list[Token]) -> tuple[str, ...]:
    """Return the other party of "agreed with Peru to do"."""
    if not following or following[0].lower_ != "with":
        return ()
    return names_from(scene, start=following[0].i + 1, end=following[-1].i + 1)


def _beside(scene: Scene, following: list[Token]) -> tuple[str, ...]:
    """Return with whom something was signed or concluded: "concluded a claim worth millions with the Cree Nation"."""
    for word in following[:REACH]:
        if word.lower_ == "with":
            return scene.parties_of(names_from(scene, start=word.i + 1, end=following[-1].i + 1))
        if word.pos_ in ("SCONJ", "VERB") or word.text in ",;:.":
            break
    return ()


def _receiver(scene: Scene, following: list[Token]) -> tuple[str, ...]:
    """Return the state that the deed agreed to is done with or for: "agreed to provide river data to Peru"."""
    place = next((index for index, word in enumerate(following[:NEAR]) if word.lower_ == "to"), len(following))
    for word in following[place + 2 :]:
        if word.pos_ == "SCONJ" or (word.pos_ == "VERB" and word.dep_ != "amod") or word.text in ",;:.":
            break
        if word.lower_ in ("to", "with"):
            found = scene.parties_of(names_from(scene, start=word.i + 1, end=following[-1].i + 1))
            return tuple(party for party in found if scene.actor(party).kind == "State")
    return ()


def _leads_to_deed(scene: Scene, following: list[Token], *, reach: int = REACH) -> bool:
    """Whether an infinitive follows that says more than that they will talk, or make an agreement that has a noun."""
    place = next((index for index, word in enumerate(following[:reach]) if word.lower_ == "to"), None)
    while place is not None and place + 2 < len(following) and _is_between_to_and_verb(following[place + 1]):
        place += 1
    if place is None or place + 1 >= len(following) or following[place + 1].pos_ != "VERB":
        return False
    has_clause = any(word.pos_ in ("VERB", "SCONJ") for word in following[:place])
    if has_clause or scene.terms.has("vague", following[place + 1]):
        return False
    for word in following[place + 2 : place + REACH]:
        if word.lower_ in ("in", "under", "as", "by") or word.pos_ == "VERB":
            break
        if names_agreement(scene, word) and not _is_compounded(word):
            return False
    return True


def _is_compounded(word: Token) -> bool:
    """Whether a noun only tells the kind of the next one: "their swap line"."""
    following = word.doc[word.i + 1 : word.i + 2]
    return any(other.pos_ == "NOUN" for other in following)


def _is_between_to_and_verb(word: Token) -> bool:
    """Whether a word may part "to" from its verb: "to jointly develop", "to “share the costs”"."""
    return word.pos_ == "ADV" or word.text in INNER_PUNCT
