"""Phrases that stand for actors: the head counts, not what stands around it."""

import pytest

from kg.model import Actor, Cast, Mention, Span
from kg.resolution import actors_of, actors_within, speakers_of
from tests.builders import analysed


def cast_of(text, *mentions):
    """Return a cast from (words, actor, kind, form) rows; the words are searched from left to right."""
    found, actors, last = [], {}, 0
    for words, actor, kind, form in mentions:
        start = text.find(words, last)
        start = text.index(words) if start < 0 else start
        last = start + 1 if form != "role" else last
        found.append(Mention(span=Span(start=start, end=start + len(words)), actor=actor, form=form))
        if kind:
            basis = "article" if kind == "ActorGroup" else "registry"
            actors[actor] = Actor(id=actor, kind=kind, label=words, basis=basis)
    return Cast(actors=actors, mentions=tuple(sorted(found, key=lambda mention: mention.span)))


STOLTENBERG = analysed(
    "Jens/PROPN/nsubj/7 Stoltenberg/PROPN/flat/1 _,/PUNCT/punct/5 NATO/PROPN/compound/5 Secretary/PROPN/appos/1 "
    "_,/PUNCT/punct/5 stated/VERB/root/0"
)
ADMINISTRATION = analysed(
    "The/DET/det/2 administration/NOUN/nsubj/7 of/ADP/case/6 the/DET/det/6 US/PROPN/compound/6 President/PROPN/nmod/2 "
    "agreed/VERB/root/0"
)
MINISTER = analysed(
    "Foreign/ADJ/amod/2 minister/NOUN/nsubj/5 Ana/PROPN/flat/2 Vega/PROPN/flat/2 spoke/VERB/root/0"
)
MEMBERS = analysed(
    "members/NOUN/nsubj/5 of/ADP/case/4 the/DET/det/4 Council/PROPN/nmod/1 agreed/VERB/root/0",
    lemmas={"members": "member"},
)
STATEMENT = analysed(
    "a/DET/det/2 statement/NOUN/nsubj/6 by/ADP/case/5 the/DET/det/5 Ministry/PROPN/nmod/2 denied/VERB/root/0"
)
WIFE = analysed(
    "The/DET/det/2 wife/NOUN/nsubj/5 of/ADP/case/4 Vega/PROPN/nmod/2 spoke/VERB/root/0"
)
PAIR = analysed("Vega/PROPN/nsubj/4 and/CCONJ/cc/3 Sato/PROPN/conj/1 met/VERB/root/0")


@pytest.mark.parametrize(
    ("doc", "words", "mentions", "expected"),
    [
        (STOLTENBERG, "Jens Stoltenberg, NATO Secretary",
         [("Jens Stoltenberg", "p", "Person", "name"), ("NATO", "o", "Organization", "name"),
          ("NATO Secretary", "office", "", "role")], ("p",)),
        (ADMINISTRATION, "The administration of the US President",
         [("The administration of the US President", "a", "Organization", "nominal"), ("US", "u", "State", "name")],
         ("a",)),
        (MINISTER, "Foreign minister Ana Vega",
         [("Foreign minister", "office", "", "role"), ("Ana Vega", "v", "Person", "name")], ("v",)),
        (MEMBERS, "members of the Council", [("the Council", "c", "Organization", "name")], ("c",)),
        (STATEMENT, "a statement by the Ministry", [("the Ministry", "m", "Organization", "name")], ("m",)),
        (WIFE, "The wife of Vega", [("Vega", "v", "Person", "name")], ()),
        (WIFE, "The wife of Vega",
         [("The wife of Vega", "w", "ActorGroup", "nominal"), ("Vega", "v", "Person", "name")], ("w",)),
        (PAIR, "Vega and Sato", [("Vega", "v", "Person", "name"), ("Sato", "s", "Person", "name")], ("v", "s")),
        (PAIR, "Vega", [("Vega", "v", "Person", "name"), ("Sato", "s", "Person", "name")], ("v",)),
    ],
)
def test_the_head_of_a_phrase_decides_who_speaks(doc, words, mentions, expected):
    start = doc.text.index(words)
    cast = cast_of(doc.text, *mentions)
    assert speakers_of(doc, Span(start=start, end=start + len(words)), cast=cast) == expected


def test_a_group_gives_way_to_the_name_beside_it():
    doc = analysed("A/DET/det/2 diplomat/NOUN/nsubj/5 _,/PUNCT/punct/4 Vega/PROPN/appos/2 spoke/VERB/root/0")
    cast = cast_of(doc.text, ("A diplomat", "g", "ActorGroup", "nominal"), ("Vega", "v", "Person", "name"))
    assert speakers_of(doc, Span(start=0, end=len("A diplomat, Vega")), cast=cast) == ("v",)


def test_a_relative_pronoun_stands_for_its_antecedent():
    doc = analysed("Vega/PROPN/nsubj/4 who/PRON/nsubj/3 spoke/VERB/acl:relcl/1 left/VERB/root/0")
    cast = cast_of(doc.text, ("Vega", "v", "Person", "name"))
    assert actors_of(doc[1], cast=cast) == ("v",)


def test_everybody_inside_is_listed_once_in_text_order():
    doc = analysed("Russian/ADJ/amod/2 officials/NOUN/nsubj/3 met/VERB/root/0 Vega/PROPN/obj/3 in/ADP/case/6 "
                   "Russia/PROPN/obl/3")
    cast = cast_of(
        doc.text, ("Russian officials", "g", "ActorGroup", "nominal"), ("Russian", "r", "State", "demonym"),
        ("Vega", "v", "Person", "name"), ("Russia", "r", "State", "name"),
    )
    assert actors_within(doc, Span(start=0, end=len(doc.text)), cast=cast) == ("g", "r", "v")


def test_an_office_is_no_actor():
    doc = analysed("The/DET/det/2 president/NOUN/nsubj/3 spoke/VERB/root/0")
    cast = cast_of(doc.text, ("The president", "id/office/president", "", "role"))
    assert speakers_of(doc, Span(start=0, end=13), cast=cast) == ()
    assert actors_within(doc, Span(start=0, end=13), cast=cast) == ()
