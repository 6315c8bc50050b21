"""No analysis may stop the reading of an article: random trees with random labels over words that rules look for."""

import random
from datetime import date

import pytest

from kg.extraction import Knowledge, read
from kg.graph import describe
from kg.language.document import Doc
from kg.model import Attribution, Span
from kg.vocabulary import Vocabulary
from tests.statement_cases import article

WORDS = {
    "VERB": "said told denied urged accused signed agreed attacked supplied stop join asked quoted saying used refused"
            " held received accepted took",
    "NOUN": "minister talks arms deal report claims war ceasefire sanctions officials resolution attack visit",
    "PROPN": "Moscow Kyiv NATO Putin Ruiz Iran Reuters Geneva Kremlin Council",
    "PRON": "he she they it who which that this each", "ADP": "of to in by for with against between from as",
    "ADJ": "Russian military former senior armed", "ADV": "reportedly allegedly not never so only",
    "AUX": "has was will would is", "SCONJ": "that if as to", "CCONJ": "and or but nor", "PUNCT": ", . “ ” \" — :",
    "DET": "the a no these both neither", "PART": "to not 's", "NUM": "two 2024", "X": "…",
}
LEMMAS = {"said": "say", "told": "tell", "denied": "deny", "urged": "urge", "accused": "accuse", "signed": "sign",
          "agreed": "agree", "attacked": "attack", "supplied": "supply", "asked": "ask", "quoted": "quote",
          "saying": "say", "used": "use", "refused": "refuse", "has": "have", "was": "be", "is": "be"}
RELATIONS = [
    "nsubj", "nsubj:pass", "obj", "iobj", "obl", "obl:agent", "ccomp", "xcomp", "advcl", "acl", "acl:relcl", "conj",
    "cc", "cc:preconj", "mark", "case", "det", "amod", "compound", "flat", "appos", "nmod", "nmod:poss", "nmod:desc",
    "parataxis", "advmod", "aux", "aux:pass", "cop", "punct", "csubj", "expl", "fixed", "dep",
]
SENTENCES, LONGEST = 5, 16


def crooked(seed: int) -> Doc:
    """Return a text of random words, tags, trees, names and attributions."""
    draw = random.Random(seed)
    words: list[str] = []
    tags: list[str] = []
    heads: list[int] = []
    relations: list[str] = []
    names: list[str] = []
    for _ in range(SENTENCES):
        first, size = len(words), draw.randint(2, LONGEST)
        order = draw.sample(range(size), size)  # each hangs on one that comes before it in this order: a tree
        for number in range(size):
            tag = draw.choice(list(WORDS))
            words.append(draw.choice(WORDS[tag].split()))
            tags.append(tag)
            names.append(f"B-{draw.choice(('PERSON', 'ORG', 'LOC'))}" if tag == "PROPN" else "O")
            place = order.index(number)
            heads.append(first + (draw.choice(order[:place]) if place else number))
            relations.append(draw.choice(RELATIONS) if place else "ROOT")
    doc = Doc(words=words, spaces=[True] * (len(words) - 1) + [False], pos=tags, heads=heads, deps=relations,
              lemmas=[LEMMAS.get(word, word.casefold()) for word in words], ents=names)
    doc.user_data["attributions"] = tuple(_attribution(draw, doc) for _ in range(SENTENCES))
    return doc


def _attribution(draw: random.Random, doc: Doc) -> Attribution:
    def stretch(longest: int) -> tuple[Span, ...]:
        start = draw.randrange(len(doc))
        last = doc[min(len(doc) - 1, start + draw.randrange(longest))]
        return (Span(start=doc[start].idx, end=last.idx + len(last.text)),)

    return Attribution(cue=stretch(1), source=stretch(4), content=stretch(12), score=draw.random())


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.load()


@pytest.mark.parametrize("batch", range(10))
def test_no_tree_stops_the_reading(batch, knowledge):
    for seed in range(batch * 60, batch * 60 + 60):
        doc = crooked(seed)
        found = read(doc, article=article(doc.text, published=date(2024, 4, 24)), knowledge=knowledge)
        starts = [statement.cue.start for statement in found.statements]
        assert starts == sorted(set(starts)), seed
        assert describe(found, vocabulary=Vocabulary())  # with concepts that the schemes have, and no others
        assert all(0.0 < statement.confidence < 1.0 for statement in found.statements), seed
