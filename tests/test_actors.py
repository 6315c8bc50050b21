"""Who acts in an article: each case is one or two sentences, analysed by hand, and what its words stand for."""

import hashlib
from datetime import date

import pytest

from kg.actors import find_actors, load_registry
from kg.model import Article, Block, Cast, Span
from tests.builders import analysed, attribute

REGISTRY = load_registry()
LABELS = {"P": "PERSON", "O": "ORG", "L": "LOC"}
LEMMAS = {
    "said": "say", "denied": "deny", "ties": "tie", "officials": "official", "talks": "talk", "told": "tell",
    "met": "meet", "warned": "warn", "refused": "refuse", "urged": "urge", "fell": "fall", "flew": "fly",
    "villagers": "villager", "countries": "country", "sides": "side", "agreed": "agree", "was": "be", "were": "be",
    "ruled": "rule", "woke": "wake", "flooded": "flood", "controls": "control",
    "spoke": "speak", "left": "leave", "reports": "report", "diplomats": "diplomat", "gathered": "gather",
    "calls": "call",
}


def read(*sentences: str, names: str = "", published: date = date(2024, 4, 24), source: str = "",
         once: bool = False) -> tuple[str, Cast]:
    """Return the text and cast of an article of hand-made sentences.

    `names` are the encoder's: "P:Ana Vega, O:Acme", each marked `once` or wherever it stands; `source` is a phrase
    that it marks as the source of words.
    """
    doc = analysed(*sentences, lemmas=LEMMAS)
    found = []
    for entry in filter(None, names.split(", ")):
        label, words = entry.split(":")
        start = doc.text.find(words)
        while start >= 0:
            found.append(doc.char_span(start, start + len(words), label=LABELS[label]))
            start = -1 if once else doc.text.find(words, start + len(words))
    longest = sorted(found, key=lambda stretch: -len(stretch.text))
    doc.ents = [span for number, span in enumerate(longest) if not any(
        span.start < other.end and other.start < span.end for other in longest[:number]
    )]
    if source:
        attribute(doc, cue=sentences[0].split("/")[0].lstrip("_"), source=source)
    article = Article(
        digest=hashlib.sha256(doc.text.encode()).hexdigest(), source="case.txt", text=doc.text, published=published,
        blocks=(Block(span=Span(start=0, end=len(doc.text)), kind="lead"),),
    )
    return doc.text, find_actors(doc, article=article, registry=REGISTRY)


def meanings(text: str, cast: Cast, words: str, *, nth: int = 1) -> set[str]:
    """Return the labels of the actors that the n-th occurrence of some words stands for."""
    start = -1
    for _ in range(nth):
        start = text.index(words, start + 1)
    span = Span(start=start, end=start + len(words))
    return {cast.actors[mention.actor].label for mention in cast.mentions if mention.span == span}


@pytest.mark.parametrize(
    ("sentence", "words", "label", "form"),
    [
        ("Peru/PROPN/nsubj/2 agreed/VERB/root/0", "Peru", "Peru", "name"),
        ("Kenyan/ADJ/amod/2 arms/NOUN/nsubj/3 fell/VERB/root/0", "Kenyan", "Kenya", "demonym"),
        ("Nairobi/PROPN/nsubj/2 denied/VERB/root/0 it/PRON/obj/2", "Nairobi", "Kenya", "metonym"),
        ("ties/NOUN/nsubj/4 with/ADP/case/3 Nairobi/PROPN/nmod/1 fell/VERB/root/0", "Nairobi", "Kenya", "metonym"),
        ("Nairobi/PROPN/nmod:poss/3 _'s/PART/case/1 calls/NOUN/nsubj/4 fell/VERB/root/0", "Nairobi", "Kenya",
         "metonym"),
        ("Peru/PROPN/nsubj/2 urged/VERB/root/0 Nairobi/PROPN/obj/2", "Nairobi", "Kenya", "metonym"),
        ("Nairobi/PROPN/nsubj/2 controls/VERB/root/0 ports/NOUN/obj/2", "Nairobi", "Kenya", "metonym"),
        ("Nairobi/PROPN/compound/3 _-/PUNCT/punct/3 _backed/VERB/amod/4 rebels/NOUN/nsubj/5 fell/VERB/root/0",
         "Nairobi", "Kenya", "metonym"),
        ("trade/NOUN/nsubj/4 between/ADP/case/3 Nairobi/PROPN/nmod/1 fell/VERB/root/0", "Nairobi", "Kenya", "metonym"),
        ("aid/NOUN/nsubj/4 to/ADP/case/3 Nairobi/PROPN/nmod/1 fell/VERB/root/0", "Nairobi", "Kenya", "metonym"),
        ("Lyon/PROPN/compound/3 city/NOUN/compound/3 council/NOUN/nsubj/4 spoke/VERB/root/0", "Lyon city council",
         "Lyon city council", "name"),
        ("the/DET/det/3 White/PROPN/compound/3 House/PROPN/nsubj/4 spoke/VERB/root/0", "White House", "White House",
         "metonym"),
        ("the/DET/det/3 Kenyan/ADJ/amod/3 government/NOUN/nsubj/4 spoke/VERB/root/0", "the Kenyan government", "Kenya",
         "nominal"),
        ("authorities/NOUN/nsubj/4 in/ADP/case/3 Nairobi/PROPN/nmod/1 spoke/VERB/root/0", "authorities", "Kenya",
         "nominal"),
        ("the/DET/det/3 Kenyan/ADJ/amod/3 navy/NOUN/nsubj/4 spoke/VERB/root/0", "the Kenyan navy", "Kenyan navy",
         "name"),
        ("Kenya/PROPN/nmod:poss/4 _'s/PART/case/1 mines/NOUN/compound/4 ministry/NOUN/nsubj/5 spoke/VERB/root/0",
         "mines ministry", "Ministry of Mines of Kenya", "name"),
        ("Kenyan/ADJ/amod/2 officials/NOUN/nsubj/3 spoke/VERB/root/0", "Kenyan officials", "Kenyan officials",
         "nominal"),
        ("villagers/NOUN/nsubj/2 spoke/VERB/root/0", "villagers", "villagers", "nominal"),
        ("NATO/PROPN/nmod:poss/3 _'s/PART/case/1 secretary/NOUN/nsubj/5 general/ADJ/amod/3 spoke/VERB/root/0",
         "NATO's secretary general", "NATO's secretary general", "nominal"),
        ("he/PRON/nsubj/2 told/VERB/root/0 the/DET/det/5 Evening/PROPN/compound/5 Mail/PROPN/iobj/2", "Evening Mail",
         "Evening Mail", "name"),
        ("the/DET/det/2 newspaper/NOUN/nsubj/5 Le/PROPN/flat/2 Jour/PROPN/flat/2 spoke/VERB/root/0", "Le Jour",
         "Le Jour", "name"),
    ],
)
def test_words_stand_for_actors(sentence, words, label, form):
    text, cast = read(sentence, names="L:Lyon")
    start = text.index(words)
    [mention] = [
        found for found in cast.mentions if found.span == Span(start=start, end=start + len(words))
    ]
    assert (cast.actors[mention.actor].label, mention.form) == (label, form)


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("snow/NOUN/nsubj/2 fell/VERB/root/0 in/ADP/case/4 Nairobi/PROPN/obl/2", "Nairobi"),
        ("they/PRON/nsubj/2 flew/VERB/root/0 to/ADP/case/4 Nairobi/PROPN/obl/2", "Nairobi"),
        ("trains/NOUN/nsubj/4 between/ADP/case/3 Nairobi/PROPN/nmod/1 fell/VERB/root/0", "Nairobi"),
        ("Nairobi/PROPN/nsubj/2 woke/VERB/root/0 to/ADP/case/4 snow/NOUN/obl/2", "Nairobi"),
        ("Nairobi/PROPN/nsubj:pass/3 was/AUX/aux:pass/3 flooded/VERB/root/0", "Nairobi"),
        ("Nairobi/PROPN/nmod:poss/3 _'s/PART/case/1 weather/NOUN/nsubj/4 fell/VERB/root/0", "Nairobi"),
        ("crowds/NOUN/nsubj/2 gathered/VERB/root/0 outside/ADP/case/6 the/DET/det/6 White/PROPN/compound/6 "
         "House/PROPN/obl/2", "White House"),
        ("he/PRON/nsubj/2 told/VERB/root/0 us/PRON/obj/2", "us"),
        ("New/PROPN/compound/2 Mexico/PROPN/nsubj/3 spoke/VERB/root/0", "Mexico"),
        ("villagers/NOUN/obj/2 met/VERB/root/0", "villagers"),
        ("Georgia/PROPN/nsubj/2 spoke/VERB/root/0 near/ADP/case/4 Atlanta/PROPN/obl/2", "Georgia"),
    ],
)
def test_places_and_bystanders_are_no_actors(sentence, words):
    text, cast = read(sentence)
    assert meanings(text, cast, words) == set()


VEGA = "Ana/PROPN/nsubj/3 Vega/PROPN/flat/1 spoke/VERB/root/0 _./PUNCT/punct/3"
SATO = "Emi/PROPN/nsubj/3 Vega/PROPN/flat/1 left/VERB/root/0 _./PUNCT/punct/3"
ALONE = "Vega/PROPN/nsubj/2 left/VERB/root/0 _./PUNCT/punct/2"
MISTER = "Mr/PROPN/nsubj/3 Vega/PROPN/flat/1 left/VERB/root/0 _./PUNCT/punct/3"
WHO = "P:Ana Vega, P:Emi Vega, P:Vega"


@pytest.mark.parametrize(
    ("sentences", "label"),
    [
        ((VEGA, ALONE), "Ana Vega"),
        ((ALONE, VEGA), "Ana Vega"),
        ((VEGA, SATO, ALONE), "Emi Vega"),
        ((VEGA, MISTER), "Vega"),  # Ana is a woman's name
    ],
)
def test_a_surname_goes_to_the_one_who_bears_it(sentences, label):
    text, cast = read(*sentences, names=WHO)
    alone = [mention for mention in cast.mentions if mention.span.of(text) == "Vega"]
    assert {cast.actors[mention.actor].label for mention in alone} == {label}


@pytest.mark.parametrize(("names", "labels"), [
    ("P:Ana Vega masks", {"Ana Vega"}), ("P:Ana Vega rallies", {"Ana Vega"}), ("P:Ana Vega‘s", {"Ana Vega"}),
    ("P:Ana al-Vega", {"Ana al-Vega"}), ("P:Ana d'Vega", {"Ana d'Vega"}),
])
def test_small_words_and_wrong_apostrophes_are_no_part_of_a_name(names, labels):
    _, name = names.split(":")
    first, *rest = name.split()
    words = " ".join(f"{word}/PROPN/flat/1" for word in rest)
    _, cast = read(f"{first}/PROPN/nsubj/{len(rest) + 2} {words} spoke/VERB/root/0", names=names)
    assert {actor.label for actor in cast.actors.values() if actor.kind == "Person"} == labels


@pytest.mark.parametrize("name", ["German Ortega", "Jordan Sato", "Israel Vega"])
def test_a_full_name_is_the_persons_also_where_it_holds_a_state(name):
    first, last = name.split()
    again = f"{first}/PROPN/nsubj/3 {last}/PROPN/flat/1 left/VERB/root/0 _./PUNCT/punct/3"
    text, cast = read(again, again, names=f"P:{name}", once=True)
    assert meanings(text, cast, name) == meanings(text, cast, name, nth=2) == {name}
    assert [actor.kind for actor in cast.actors.values()] == ["Person"]


@pytest.mark.parametrize("title", ["Gov.", "Sen.", "Rep."])
def test_a_state_with_a_title_is_no_body(title):
    _, cast = read(f"Ohio/PROPN/compound/3 {title}/PROPN/compound/3 Ana/PROPN/nsubj/5 Vega/PROPN/flat/3 "
                   "spoke/VERB/root/0", names=f"O:Ohio {title}, P:Ana Vega")
    assert {actor.label for actor in cast.actors.values()} == {"Ana Vega"}


@pytest.mark.parametrize(("first", "second"), [
    ("executive", "candidate"), ("founder", "chairman"), ("singer", "activist"),
])
def test_two_roles_before_one_name_are_one_person(first, second):
    _, cast = read(f"{first}/NOUN/nsubj/6 and/CCONJ/cc/3 {second}/NOUN/conj/1 Ana/PROPN/flat/3 Vega/PROPN/flat/3 "
                   "spoke/VERB/root/0", names="P:Ana Vega")
    assert {actor.label for actor in cast.actors.values()} == {"Ana Vega"}


def test_a_couple_is_no_one_person():
    text, cast = read(
        VEGA, "Mr/PROPN/nsubj/5 and/CCONJ/cc/3 Mrs/PROPN/conj/1 Vega/PROPN/flat/3 left/VERB/root/0", names=WHO,
    )
    [couple] = [mention for mention in cast.mentions if mention.span.of(text) == "Vega"]
    assert cast.actors[couple.actor].basis == "article"


@pytest.mark.parametrize(
    ("published", "actor"),
    [(date(2015, 3, 2), "id/person/francois-hollande"), (date(2010, 3, 2), ""), (date(2003, 1, 5), "")],
)
def test_a_leaders_surname_alone_is_known_while_in_office(published, actor):
    _, cast = read(
        "Hollande/PROPN/nsubj/2 left/VERB/root/0 France/PROPN/obj/2", names="P:Hollande", published=published,
    )
    people = [found.id for found in cast.actors.values() if found.kind == "Person"]
    assert [person for person in people if person.startswith("id/person/")] == ([actor] if actor else [])


@pytest.mark.parametrize(
    ("sentence", "office", "affiliation"),
    [
        ("Kenyan/ADJ/amod/3 foreign/ADJ/amod/3 minister/NOUN/nsubj/6 Ana/PROPN/flat/3 Vega/PROPN/flat/3 "
         "left/VERB/root/0", "Foreign Minister of Kenya", "id/state/KEN"),
        ("NATO/PROPN/compound/2 spokeswoman/NOUN/nsubj/5 Ana/PROPN/flat/2 Vega/PROPN/flat/2 left/VERB/root/0",
         "Spokesman of NATO", "id/org/nato"),
        ("Ana/PROPN/nsubj/9 Vega/PROPN/flat/1 _,/PUNCT/punct/5 the/DET/det/5 head/NOUN/appos/1 of/ADP/case/7 "
         "NATO/PROPN/nmod/5 _,/PUNCT/punct/5 left/VERB/root/0", "Head of NATO", "id/org/nato"),
        ("Kenya/PROPN/nmod:poss/4 _'s/PART/case/1 finance/NOUN/compound/4 minister/NOUN/nsubj/9 _,/PUNCT/punct/6 "
         "Ana/PROPN/appos/4 Vega/PROPN/flat/6 _,/PUNCT/punct/6 left/VERB/root/0", "Finance Minister of Kenya",
         "id/state/KEN"),
    ],
)
def test_the_article_shows_people_in_offices(sentence, office, affiliation):
    text, cast = read(sentence, names="P:Ana Vega, O:NATO")
    [tenure] = cast.tenures
    assert (cast.actors[tenure.person].label, tenure.office.label) == ("Ana Vega", office)
    assert cast.actors[tenure.person].affiliations == tenure.office.affiliations == (affiliation,)
    assert "Ana Vega" in tenure.evidence.of(text)


def test_a_known_office_is_the_registrys():
    _, cast = read(
        "Russian/ADJ/amod/2 president/NOUN/nsubj/5 Vladimir/PROPN/flat/2 Putin/PROPN/flat/2 left/VERB/root/0",
        names="P:Vladimir Putin",
    )
    assert [tenure.office.id for tenure in cast.tenures] == ["id/office/president-of-russia"]


def test_what_somebody_was_is_no_office_of_today():
    _, cast = read(
        "Former/ADJ/amod/3 Kenyan/ADJ/amod/3 minister/NOUN/nsubj/6 Ana/PROPN/flat/3 Vega/PROPN/flat/3 left/VERB/root/0",
        names="P:Ana Vega",
    )
    [person] = [actor for actor in cast.actors.values() if actor.kind == "Person"]
    assert cast.tenures == ()
    assert person.affiliations == ()


@pytest.mark.parametrize(
    ("published", "affiliations"),
    [(date(2012, 5, 1), ("id/state/NOR",)), (date(2024, 6, 24), ("id/org/nato",)), (date(2014, 6, 1), ())],
)
def test_the_date_tells_whom_a_known_person_speaks_for(published, affiliations):
    _, cast = read(
        "Jens/PROPN/nsubj/3 Stoltenberg/PROPN/flat/1 spoke/VERB/root/0", names="P:Jens Stoltenberg",
        published=published,
    )
    assert cast.actors["id/person/jens-stoltenberg"].affiliations == affiliations


def test_whoever_speaks_for_a_leader_speaks_for_the_leaders_body_that_no_text_names():
    _, cast = read(
        "Jens/PROPN/flat/2 Stoltenberg/PROPN/nmod:poss/4 _'s/PART/case/2 spokeswoman/NOUN/nsubj/9 _,/PUNCT/punct/6 "
        "Ana/PROPN/appos/4 Vega/PROPN/flat/6 _,/PUNCT/punct/6 left/VERB/root/0", names="P:Jens Stoltenberg, P:Ana Vega",
        published=date(2024, 6, 24),
    )
    [tenure] = cast.tenures
    assert cast.actors[tenure.person].label == "Ana Vega"
    assert (tenure.office.label, cast.actors[tenure.person].affiliations) == ("Spokesman of NATO", ("id/org/nato",))


@pytest.mark.parametrize(
    ("sentences", "names", "words", "label"),
    [
        (("Blue/PROPN/compound/3 River/PROPN/compound/3 Agency/PROPN/nsubj/7 (/PUNCT/punct/5 _BRA/PROPN/appos/3 "
          "_)/PUNCT/punct/5 spoke/VERB/root/0", "BRA/PROPN/nsubj/2 left/VERB/root/0"),
         "O:Blue River Agency, O:BRA", "BRA left", "Blue River Agency"),
        (("House/PROPN/compound/3 Rules/PROPN/compound/3 Committee/PROPN/nsubj/4 spoke/VERB/root/0",
          "Rules/PROPN/compound/2 Committee/PROPN/nsubj/3 left/VERB/root/0"),
         "O:House Rules Committee, O:Rules Committee", "Rules Committee left", "House Rules Committee"),
        (("Acme/PROPN/compound/2 Holdings/PROPN/nsubj/3 spoke/VERB/root/0", "Acme/PROPN/nsubj/2 left/VERB/root/0"),
         "O:Acme Holdings, O:Acme", "Acme left", "Acme Holdings"),
        (("Bank/PROPN/nsubj/4 of/ADP/case/3 Peru/PROPN/nmod/1 spoke/VERB/root/0",), "O:Bank of Peru",
         "Bank of Peru spoke", "Bank of Peru"),
        (("Russian/ADJ/amod/3 Security/PROPN/compound/3 Council/PROPN/nsubj/4 spoke/VERB/root/0",),
         "O:Russian Security Council", "Russian Security Council spoke", "Russian Security Council"),
    ],
)
def test_spellings_of_a_body_are_one_actor(sentences, names, words, label):
    text, cast = read(*sentences, names=names)
    assert meanings(text, cast, words.rsplit(" ", 1)[0], nth=text.count(words.rsplit(" ", 1)[0])) == {label}


def test_a_body_that_every_state_may_have_is_known_here_only():
    _, cast = read("the/DET/det/3 Supreme/PROPN/compound/3 Court/PROPN/nsubj/4 ruled/VERB/root/0",
                   names="O:Supreme Court")
    assert [(actor.label, actor.basis) for actor in cast.actors.values()] == [("Supreme Court", "article")]


def test_a_body_that_every_state_may_have_belongs_to_the_state_at_hand():
    _, cast = read(
        "Kenya/PROPN/nsubj/2 spoke/VERB/root/0",
        "the/DET/det/3 Supreme/PROPN/compound/3 Court/PROPN/nsubj/4 ruled/VERB/root/0", names="O:Supreme Court",
    )
    assert "Kenyan Supreme Court" in {actor.label for actor in cast.actors.values()}


SHE = "She/PRON/nsubj/2 left/VERB/root/0 _./PUNCT/punct/2"


@pytest.mark.parametrize(
    ("sentences", "names", "pronoun", "labels"),
    [
        ((VEGA, SHE), "P:Ana Vega", "She", {"Ana Vega"}),
        (("Ana/PROPN/nsubj/3 Vega/PROPN/flat/1 met/VERB/root/0 Mr/PROPN/obj/3 Sato/PROPN/flat/4 _./PUNCT/punct/3",
          "He/PRON/nsubj/2 left/VERB/root/0"), "P:Ana Vega, P:Sato", "He", {"Sato"}),
        (("Peru/PROPN/nsubj/2 spoke/VERB/root/0", "It/PRON/nsubj/2 denied/VERB/root/0 that/PRON/obj/2"), "", "It",
         {"Peru"}),
        (("Peru/PROPN/nsubj/2 spoke/VERB/root/0", "It/PRON/nsubj/2 fell/VERB/root/0"), "", "It", set()),
        (("Acme/PROPN/nsubj/2 said/VERB/root/0 it/PRON/nsubj/4 fell/VERB/ccomp/2",), "O:Acme", "it", {"Acme"}),
        (("Ana/PROPN/nsubj/3 Vega/PROPN/flat/1 said/VERB/root/0 it/PRON/nsubj/5 fell/VERB/ccomp/3",), "P:Ana Vega",
         "it", set()),
        (("Peru/PROPN/nsubj/4 and/CCONJ/cc/3 Chile/PROPN/conj/1 spoke/VERB/root/0",
          "They/PRON/nsubj/2 agreed/VERB/root/0"), "", "They", {"Peru", "Chile"}),
        (("villagers/NOUN/nsubj/2 spoke/VERB/root/0", "They/PRON/nsubj/2 left/VERB/root/0"), "", "They", {"villagers"}),
        (("Voicing/VERB/advcl/5 her/PRON/nmod:poss/3 anger/NOUN/obj/1 _,/PUNCT/punct/1 spoke/VERB/root/0 "
          "Ana/PROPN/nsubj/5 Vega/PROPN/flat/6",), "P:Ana Vega", "her", {"Ana Vega"}),
    ],
)
def test_pronouns_take_up_the_likeliest_actor(sentences, names, pronoun, labels):
    text, cast = read(*sentences, names=names)
    assert meanings(text, cast, pronoun) == labels


@pytest.mark.parametrize(
    ("sentences", "names", "words", "labels"),
    [
        (("NATO/PROPN/compound/2 spokeswoman/NOUN/nsubj/5 Ana/PROPN/flat/2 Vega/PROPN/flat/2 left/VERB/root/0",
          "The/DET/det/2 spokeswoman/NOUN/nsubj/3 spoke/VERB/root/0"), "P:Ana Vega, O:NATO", "The spokeswoman",
         {"Ana Vega"}),
        ((VEGA, "The/DET/det/2 billionaire/NOUN/nsubj/3 spoke/VERB/root/0"), "P:Ana Vega", "The billionaire",
         {"Ana Vega"}),
        ((VEGA, "The/DET/det/3 Texas/PROPN/compound/3 Republican/NOUN/nsubj/4 spoke/VERB/root/0"), "P:Ana Vega",
         "The Texas Republican", {"Ana Vega"}),
        ((VEGA, "A/DET/det/2 billionaire/NOUN/nsubj/3 spoke/VERB/root/0"), "P:Ana Vega", "A billionaire",
         {"billionaire"}),
        (("Acme/PROPN/nsubj/2 left/VERB/root/0", "The/DET/det/2 company/NOUN/nsubj/3 spoke/VERB/root/0"), "O:Acme",
         "The company", {"Acme"}),
        (("Acme/PROPN/nsubj/2 left/VERB/root/0", "The/DET/det/2 committee/NOUN/nsubj/3 spoke/VERB/root/0"), "O:Acme",
         "The committee", set()),
        (("Peru/PROPN/nsubj/2 left/VERB/root/0", "The/DET/det/2 country/NOUN/nsubj/3 spoke/VERB/root/0"), "",
         "The country", {"Peru"}),
        (("Kenyan/ADJ/amod/2 minister/NOUN/nsubj/5 Ana/PROPN/flat/2 Vega/PROPN/flat/2 spoke/VERB/root/0",
          "Her/PRON/nmod:poss/2 country/NOUN/nsubj/3 agreed/VERB/root/0"), "P:Ana Vega", "Her country", {"Kenya"}),
        (("Acme/PROPN/nsubj/4 and/CCONJ/cc/3 Initech/PROPN/conj/1 spoke/VERB/root/0",
          "Neither/DET/det/2 company/NOUN/nsubj/3 agreed/VERB/root/0"), "O:Acme, O:Initech", "Neither company",
         {"Acme", "Initech"}),
        (("Peru/PROPN/nsubj/2 met/VERB/root/0 Chile/PROPN/obj/2",
          "Both/DET/det/2 countries/NOUN/nsubj/3 agreed/VERB/root/0"), "", "Both countries", {"Peru", "Chile"}),
        (("North/PROPN/compound/2 Korea/PROPN/nsubj/3 urged/VERB/root/0 its/PRON/nmod:poss/6 southern/ADJ/amod/6 "
          "neighbour/NOUN/obj/3",), "", "its southern neighbour", {"South Korea"}),
    ],
)
def test_descriptions_take_up_who_was_named(sentences, names, words, labels):
    text, cast = read(*sentences, names=names)
    assert meanings(text, cast, words) == labels


UNNAMED = "A/DET/det/3 Kenyan/ADJ/amod/3 diplomat/NOUN/nsubj/4 warned/VERB/root/0 _./PUNCT/punct/4"


@pytest.mark.parametrize(
    ("after", "label"),
    [
        ("Kenyan/ADJ/amod/2 ambassador/NOUN/nsubj/5 Ana/PROPN/flat/2 Vega/PROPN/flat/2 spoke/VERB/root/0", "Ana Vega"),
        ("Peruvian/ADJ/amod/2 ambassador/NOUN/nsubj/5 Ana/PROPN/flat/2 Vega/PROPN/flat/2 spoke/VERB/root/0",
         "Kenyan diplomat"),
        ("they/PRON/nsubj/2 met/VERB/root/0 Kenyan/ADJ/amod/4 ambassador/NOUN/obj/2 Ana/PROPN/flat/4 Vega/PROPN/flat/4",
         "Kenyan diplomat"),
    ],
)
def test_somebody_unnamed_may_be_named_in_the_next_sentence(after, label):
    text, cast = read(UNNAMED, after, names="P:Ana Vega")
    assert meanings(text, cast, "A Kenyan diplomat") == {label}


@pytest.mark.parametrize(("name", "words", "labels"), [
    ("Acme Union", "The union", {"Acme Union"}), ("Acme Federation", "The federation", {"Acme Federation"}),
    ("Acme Board", "The board", {"Acme Board"}), ("Acme Board", "A board", set()), ("Board Acme", "The board", set()),
])
def test_the_last_word_of_a_name_takes_it_up_however_long_ago(name, words, labels):
    first, last = name.split()
    article, noun = words.split()
    named = f"{first}/PROPN/compound/2 {last}/PROPN/nsubj/3 spoke/VERB/root/0"
    between = ["It/PRON/nsubj/2 rained/VERB/root/0 _./PUNCT/punct/2"] * 9
    text, cast = read(named, *between, f"{article}/DET/det/2 {noun}/NOUN/nsubj/3 spoke/VERB/root/0", names=f"O:{name}")
    assert meanings(text, cast, words) == labels


@pytest.mark.parametrize(("first", "second", "states"), [
    ("Kenyan", "Peruvian", ("id/state/KEN", "id/state/PER")), ("French", "Chilean", ("id/state/FRA", "id/state/CHL")),
])
def test_officials_of_two_states_belong_to_both(first, second, states):
    _, cast = read(f"{first}/ADJ/amod/4 and/CCONJ/cc/3 {second}/ADJ/conj/1 diplomats/NOUN/nsubj/5 spoke/VERB/root/0")
    assert [actor.affiliations for actor in cast.actors.values() if actor.kind == "ActorGroup"] == [states]


def test_unnamed_people_belong_to_their_state():
    text, cast = read(UNNAMED)
    [group] = [actor for actor in cast.actors.values() if actor.kind == "ActorGroup"]
    start = text.index("A Kenyan diplomat")
    assert group.affiliations == ("id/state/KEN",)
    assert group.id.endswith(f"-{start}-{start + len('A Kenyan diplomat')}")


def test_every_mention_is_of_an_actor_of_the_cast_and_sorted():
    _, cast = read(UNNAMED, VEGA, SHE, "Peru/PROPN/nsubj/2 spoke/VERB/root/0", names="P:Ana Vega")
    spans = [mention.span for mention in cast.mentions]
    assert spans == sorted(spans)
    assert {mention.actor for mention in cast.mentions} == set(cast.actors)


def test_a_name_gives_the_same_id_in_every_article():
    _, first = read(VEGA, names="P:Ana Vega")
    _, second = read(SHE, VEGA, names="P:Ana Vega")
    assert set(first.actors) == set(second.actors)
    assert next(iter(first.actors)).startswith("id/person/n.ana-vega.")


def test_a_complement_that_is_only_a_clause_adds_nothing_to_a_description():
    text, cast = read("Kenyan/ADJ/amod/2 officials/NOUN/nsubj/5 for/SCONJ/mark/4 leaving/VERB/acl/2 spoke/VERB/root/0")
    assert meanings(text, cast, "Kenyan officials") == {"Kenyan officials"}
