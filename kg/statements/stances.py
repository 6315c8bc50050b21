"""How a speaker relates to what he says: stance, polarity and certainty of one reading.

A denial must never come out as an assertion: whatever the words leave open becomes polarity "unclear".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg.language.document import Doc, Token
from kg.model import Spans
from kg.statements import syntax
from kg.statements.frames import BARE, find_frame
from kg.statements.lexicon import Cues, Entry
from kg.statements.quotes import Quotation
from kg.statements.readings import Reading
from kg.statements.wording import quotes_in
from kg.statements.words import FIRST_PERSON, POINTERS, THIRD_PERSON, is_mark, low

SURENESS = ("certain", "probable", "possible")  # from most to least sure
NAMING = "object+"  # "called the test a violation": the words chosen judge
NO = re.compile(r"[\"“‘']?No[.!](?:\s|\Z)")  # an answer that begins so denies
_ASKED = (r"(?:what|who|whom|whose|which|when|where|why|how|am|is|are|was|were|do|does|did|has|have|had|can|could|will|"
          r"would|should|shall|may|might|must)(?:n['’]t)?\b")
QUESTION = re.compile(rf"[\"“‘']?(?:(?:and|but|so|then|or|well)\s|[^.!?]*?[,—–-]\s)?{_ASKED}[^.!?]*\?[\"”’']*", re.I)
TAG = re.compile(r",\s*(?:\w+n['’]t|is|are|was|were|do|does|did|has|have|will|would|can|right|ok|okay|no)"
                 r"(?:\s\w+)?\s*\?", re.I)
TRUE = frozenset({"true", "correct", "accurate"})
EXCLAIMED = 3  # words of a quotation that is no more than a judgement: “A lie!”
WRONG = frozenset({"wrong", "mistaken", "misleading", "erroneous", "incorrect", "inaccurate", "untrue", "false"})
# Words through which a claim is only presented: "it is CLEAR that he did not", "I THINK it will not".
PRESENTING = frozenset({"clear", "obvious", "evident", "plain", "true", "certain", "sure", "fact", "truth", "point",
                        "think", "believe", "know", "mean", "guess", "suppose", "feel", "say", "tell", "assure"})
SAYING = frozenset({"say", "tell", "assure"})
CLAIMED = frozenset({"number", "figure", "news", "information", "idea", "description", "narrative", "version", "theory",
                     "portrayal", "characterization", "characterisation", "all", "everything", "this", "that"})
# Things that are false by themselves: who says so denies nothing.
FORGED = frozenset({"passport", "note", "banknote", "money", "currency", "weapon", "gun", "bomb", "card", "licence",
                    "license", "plate", "alarm", "profile", "name", "identity", "drug", "pill", "product", "degree",
                    "diploma", "certificate", "painting", "signature", "address", "ticket", "paper", "papers", "visa"})
OF_THINGS = frozenset({"false", "fake", "fictitious", "fabricated", "bogus", "spurious", "inaccurate", "incorrect",
                       "fiction", "invention", "fantasy", "fable", "myth", "hoax"})  # said of things as well
MADE_UP = frozenset({"make", "invent", "fabricate", "concoct", "trump"})
PLAIN = frozenset({"asserts", "reports", "alleges"})
ASKING = PLAIN | {"requests"}
OWN = 0.6  # weight from which "we …" at the head of a quotation sets its stance


@dataclass(frozen=True, slots=True, kw_only=True)
class Attitude:
    """Concepts of the stance, polarity and certainty schemes."""

    stance: str
    polarity: str
    certainty: str


def attitude_of(doc: Doc, reading: Reading, *, content: Spans, cues: Cues) -> Attitude:
    """Return stance, polarity and certainty of a reading whose final words are `content`.

    The row of the cue gives all three; the speaker's own first words ("We urge …"), judging words, negation and modal
    words of the content then correct them.
    """
    entry = reading.entry
    found = Attitude(stance=entry.stance, polarity=entry.polarity, certainty=entry.certainty or "certain")
    if syntax.is_neither_nor(reading.head):
        return Attitude(stance="refuses", polarity="unclear", certainty="unclear")
    if entry.stance in PLAIN and content and NO.match(content[0].of(doc.text)):
        return Attitude(stance="denies", polarity="negative", certainty="certain")
    if entry.stance in ASKING and reading.quoted and _is_question(doc, content):
        return Attitude(stance="requests", polarity="unclear", certainty="certain")
    predicates = sorted(predicates_of(doc, content), key=lambda token: token.dep_ == "advcl")
    if entry.stance in PLAIN and not syntax.is_negated(reading.head) and any(
            _is_untrue(token, cues) for token in predicates):
        return Attitude(stance="denies", polarity="negative", certainty="certain")
    if found.stance == "asserts":
        found = _in_own_words(predicates, entry, found, cues, is_quoted=bool(reading.quoted))
    levels = [found.certainty, *(_sureness(token, cues) for token in predicates)]
    found = replace(found, certainty=max(levels, key=SURENESS.index))
    if predicates and _is_negative(predicates[0], is_quoted=bool(reading.quoted)) and not _names_only(predicates[0]):
        found = _turned(found)
    if syntax.is_negated(reading.head):
        found = _with_negated_cue(found)
    return found


def predicates_of(doc: Doc, content: Spans) -> Iterator[Token]:
    """Yield the main predicates of a content: the heads of its sentences and what is coordinated with them."""
    stretches = (doc.char_span(span.start, span.end, alignment_mode="expand") or () for span in content)
    words = {token.i: token for stretch in stretches for token in stretch}
    for token in words.values():
        if is_mark(token) or token.text.isspace() or token.dep_ in ("mark", "cc", "case", "punct", "det"):
            continue
        if syntax.is_root(token) or token.head.i not in words:
            yield token
            yield from (other for other in syntax.children(token, "conj") if other.i in words)


def _in_own_words(
    predicates: list[Token], entry: Entry, found: Attitude, cues: Cues, *, is_quoted: bool
) -> Attitude:
    """Return the stance that the speaker's own words show where the cue is neutral."""
    for token in predicates[:1]:
        own = _own_row(token, cues, persons=FIRST_PERSON)
        if own is None and not is_quoted:  # "said they doubted that": a denial, whoever else the pronoun could be
            own = _own_row(token, cues, persons=THIRD_PERSON)
            own = own if own is not None and own.polarity == "negative" else None
        if own is not None:
            return Attitude(stance=own.stance, polarity=own.polarity, certainty=own.certainty or found.certainty)
    named = [token for token in predicates if syntax.case_of(token) == "as"]  # "described the report as fantasy"
    scope = [token for head in (predicates if entry.takes(NAMING) else named) for token in head.subtree]
    scope = scope or [token for token in predicates[:1] if syntax.children(token, "cop", "aux:pass")
                      or token.dep_ == "xcomp"]
    if is_quoted and predicates and not scope:  # “Fake news,” she said
        alone = [token for token in predicates[0].subtree if not is_mark(token)]
        scope = alone if len(alone) <= EXCLAIMED else []
    for token in scope:
        for judged in cues.inner_words(token, "judgement"):
            if not syntax.is_negated(token) and (
                    judged.stance != "denies" or judged.words[0] not in OF_THINGS or _denies(token, cues)):
                return replace(found, stance=judged.stance, polarity=judged.polarity)
    return found


def _denies(token: Token, cues: Cues) -> bool:
    """Return whether "false" or "a lie" is said of a claim: not "a false conservative", not "the passport is false"."""
    if token.dep_ in ("amod", "compound") and token.head.i > token.i:
        return _is_claim(token.head, cues) or (token.head.dep_ == "xcomp" and token.pos_ == "NOUN")
    subjects = syntax.children(token, "nsubj", "nsubj:pass")
    if token.dep_ == "conj" and not subjects:
        subjects = syntax.children(token.head, "nsubj", "nsubj:pass")
    return not subjects or subjects[-1].lemma_.casefold() not in FORGED


def _is_claim(noun: Token, cues: Cues) -> bool:
    """Return whether a noun stands for what somebody said or showed: "the report", "these numbers"."""
    return noun.lemma_.casefold() in CLAIMED or any(
        match.entry.pos == "NOUN" and match.entry.takes("clause") for match in cues.matches(noun))


def _is_untrue(token: Token, cues: Cues) -> bool:
    """Return whether a predicate says of what others said that it is not true: "That is not correct", "was made up"."""
    subjects = syntax.children(token, "nsubj", "nsubj:pass")
    points = not subjects or low(subjects[-1]) in POINTERS or _is_claim(subjects[-1], cues)
    if token.lemma_.casefold() in TRUE:
        clauses = syntax.children(token, "csubj", "ccomp", "xcomp", "advcl")
        deed = any(low(mark) == "to" for clause in clauses for mark in syntax.children(clause, "mark"))  # "to say so"
        return points and not deed and syntax.is_negated(token) and not any(map(syntax.is_negated, clauses))
    if not subjects and token.dep_ == "ccomp":  # "said REPORTS that it left were wrong", torn by the parse
        subjects = [noun for noun in syntax.children(token.head, "obj") if noun.i < token.i]
    if token.lemma_.casefold() in WRONG and syntax.children(token, "cop") and not syntax.is_negated(token):
        return bool(subjects) and (low(subjects[-1]) in ("that", "this") or _is_claim(subjects[-1], cues))
    made_up = token.lemma_.casefold() in MADE_UP and syntax.is_passive(token) and bool(subjects)
    if token.lemma_.casefold() in ("make", "trump"):
        made_up = made_up and any(low(child) == "up" for child in token.children)
    return made_up and points and not syntax.is_negated(token)


def _is_question(doc: Doc, content: Spans) -> bool:
    """Return whether all that was said is one question, and not "we won, didn't we?"."""
    words = content[0].of(doc.text).strip() if len(content) == 1 else ""
    return bool(QUESTION.fullmatch(words)) and not TAG.search(words)


def _is_negative(predicate: Token, *, is_quoted: bool) -> bool:
    """Return whether a predicate is negated, or the clause that it only presents: "it is clear he did not"."""
    if syntax.is_negated(predicate):
        return True
    lemma, subjects = predicate.lemma_.casefold(), syntax.children(predicate, "nsubj", "expl", "nsubj:outer")
    presenters = FIRST_PERSON if lemma in SAYING else FIRST_PERSON | POINTERS | {"fact", "truth", "point"}
    presenters = presenters if is_quoted or lemma in SAYING else presenters | THIRD_PERSON
    if lemma not in PRESENTING or not subjects or low(subjects[0]) not in presenters:
        return False
    clauses = [child for child in syntax.children(predicate, "ccomp", "csubj") if child.i > predicate.i]
    return any(syntax.is_negated(clause) for clause in clauses[:1])


def _own_row(token: Token, cues: Cues, *, persons: frozenset[str]) -> Entry | None:
    """Return the row of "We urge", "I am concerned": a verb or adjective of such a person that is a cue itself."""
    subjects = syntax.children(token, "nsubj")
    if not subjects or low(subjects[0]) not in persons or syntax.is_negated(token):
        return None
    if syntax.auxiliaries(token) & {"would", "could", "might", "may", "can"}:
        return None
    matches = [match for match in cues.matches(token)
               if match.entry.pos in ("VERB", "ADJ") and not (BARE - {"hear"}) & set(match.entry.frames)]
    row = next((frame.match.entry for match in matches if (frame := find_frame(match, cues=cues)) is not None), None)
    if row is None and len({match.entry.stance for match in matches}) == 1:
        row = matches[0].entry
    return row if row is not None and row.weight >= OWN and row.stance not in PLAIN else None


def _sureness(token: Token, cues: Cues) -> str:
    """Return how sure a predicate is presented: by its auxiliaries, adverbs and adjectives, or by the word itself."""
    words = [token, *syntax.children(token, "aux", "advmod", "amod")]
    words += [word for word in syntax.children(token, "ccomp") for word in syntax.children(word, "aux", "advmod")
              if token.pos_ == "VERB" and cues.matches(token)]
    found = ["certain"]
    for word in words:
        if word.dep_ == "aux" and syntax.is_negated(token) and low(word) == "could":
            continue  # "could not" tells inability
        found.extend(row.certainty for row in cues.inner_words(word, "hedge"))
        if syntax.is_passive(word):
            found.extend(row.certainty for row in cues.inner_words(word, "hedge:passive"))
    return max(found, key=SURENESS.index)


def _names_only(token: Token) -> bool:
    """Return whether a predicate is a mere noun phrase: "no" in it denies nothing said."""
    return token.pos_ in syntax.NOMINAL and not syntax.children(token, "cop", "nsubj", "expl")


def _turned(found: Attitude) -> Attitude:
    """Return the attitude towards a negated content, phrased positively: "said that it did not" rejects it."""
    if found.polarity == "positive":
        return replace(found, polarity="negative")
    # "denied that it was not": neither a plain denial nor safe to publish as an assertion
    return Attitude(stance="asserts", polarity="unclear", certainty="unclear")


def _with_negated_cue(found: Attitude) -> Attitude:
    """Return the attitude of a negated cue: "did not rule out", "does not believe"."""
    if found.stance == "denies":
        return Attitude(stance="asserts", polarity="unclear", certainty="possible")
    if found.stance == "doubts":
        return Attitude(stance="believes", polarity="positive", certainty="probable")
    if found.polarity == "positive":
        return replace(found, polarity="negative")
    return replace(found, polarity="unclear", certainty="unclear")


def mode_of(text: str, reading: Reading, *, wording: Spans, quotations: tuple[Quotation, ...]) -> str:
    """Return the mode: direct, mixed, indirect, or narrated where the cue is a noun or adjective without a clause."""
    said = sum(_letters(span.of(text)) for span in wording)
    own = tuple(quotation for quotation in quotations if not quotation.inner.holds(reading.cue))
    quotes = quotes_in(wording, own)
    outer = [span for span in quotes if not any(other.holds(span) for other in quotes if other != span)]
    inside = sum(_letters(span.of(text)) for span in outer)
    if said and inside == said:
        return "direct"
    if inside:
        return "mixed"
    return "narrated" if reading.head.pos_ in ("NOUN", "ADJ") else "indirect"


def _letters(words: str) -> int:
    return sum(letter.isalnum() for letter in words)
