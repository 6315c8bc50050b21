import pytest

from kg.errors import OntologyError
from kg.language.document import Doc
from kg.statements.frames import BARE, READERS, SPECIAL
from kg.statements.lexicon import CUES, load_cues, read_entry
from kg.vocabulary import Vocabulary, table
from tests.builders import analysed

LEXICON = load_cues()
ENTRIES = [entry for entries in LEXICON.entries.values() for entry in entries]
GROUPS = {"assertive", "cognitive", "commissive", "directive", "evaluative"}
PREPOSITIONS = {
    "of", "about", "for", "on", "against", "over", "with", "to", "at", "by", "as", "in", "upon", "regarding",
}


def test_every_value_is_a_concept_of_its_scheme():
    vocabulary = Vocabulary()
    for scheme in ("stance", "polarity"):
        assert all(vocabulary.concept(scheme, getattr(entry, scheme)) for entry in ENTRIES)
    assert all(vocabulary.concept("certainty", entry.certainty) for entry in ENTRIES if entry.certainty)


def test_every_stance_has_cues():
    names = {str(iri).rsplit("#", 1)[-1] for iri in Vocabulary().concepts["stance"]} - GROUPS
    assert {entry.stance for entry in ENTRIES if entry.weight >= 0.5} == names


def test_every_frame_is_one_that_the_code_reads():
    frames = {frame for entry in ENTRIES for frame in entry.frames}
    assert {frame.removesuffix("+") for frame in frames - set(READERS) - BARE - SPECIAL} <= PREPOSITIONS


def test_weights_are_shares():
    assert all(0 <= entry.weight <= 1 for entry in ENTRIES)


def test_denials_are_negative():
    assert {entry.polarity for entry in ENTRIES if entry.stance == "denies"} == {"negative"}


def test_no_row_stands_twice():
    keys = [(row["lemma"], row["pos"], row["frames"]) for row in table("lexicon", CUES)]
    assert sorted(set(keys)) == sorted(keys)


@pytest.mark.parametrize(("row", "found"), [
    ({"lemma": "say", "pos": "VERB", "frames": "", "stance": "asserts", "polarity": "positive", "certainty": "",
      "weight": "1"}, "nothing under frames"),
    ({"lemma": "say", "pos": "VERBS", "frames": "clause", "stance": "asserts", "polarity": "positive", "certainty": "",
      "weight": "1"}, "pos 'VERBS'"),
    ({"lemma": "say", "pos": "VERB", "frames": "clause", "stance": "asserts", "polarity": "positive", "certainty": "",
      "weight": "high"}, "weight 'high'"),
    ({"lemma": "say", "pos": "VERB", "frames": "clause", "stance": "asserts", "polarity": "positive", "certainty": "",
      "weight": "7"}, "weight '7'"),
])
def test_a_broken_row_is_named(row, found):
    with pytest.raises(OntologyError) as caught:
        read_entry(row, "say")
    assert str(caught.value).startswith(f"ontology/lexicon/cues.csv, row 'say': {found}; ")


def matched(doc: Doc, number: int) -> list[tuple[str, str]]:
    return [(" ".join(match.entry.words), match.entry.stance) for match in LEXICON.matches(doc[number])]


def test_longer_phrases_come_first():
    doc = analysed("He/PRON/nsubj/2 pointed/VERB/root/0 out/ADP/compound:prt/2 that/SCONJ/mark/5 rain/VERB/ccomp/2",
                   lemmas={"pointed": "point"})
    assert matched(doc, 1)[0] == ("point out", "asserts")


def test_narrow_frames_come_first():
    doc = analysed("He/PRON/nsubj/2 suggested/VERB/root/0 talks/NOUN/obj/2", lemmas={"suggested": "suggest"})
    frames = [match.entry.frames for match in LEXICON.matches(doc[1])]
    assert frames[:2] == [("clause:should",), ("clause:modal",)]


@pytest.mark.parametrize("words", [
    "They/PRON/nsubj:pass/3 were/AUX/aux:pass/3 denied/VERB/root/0 access/NOUN/obj/3",
    "He/PRON/nsubj/2 called/VERB/root/0 an/DET/det/5 urgent/ADJ/amod/5 meeting/NOUN/obj/2",
])
def test_phrases_that_are_no_cue_stop_their_verb(words):
    doc = analysed(words, lemmas={"denied": "deny", "called": "call"})
    assert not any(LEXICON.matches(token) for token in doc if token.pos_ == "VERB")


@pytest.mark.parametrize(("sentence", "cue"), [
    ("He/PRON/nsubj/2 denied/VERB/root/0 that/SCONJ/mark/5 guards/NOUN/nsubj/5 gave/VERB/ccomp/2 access/NOUN/obj/5",
     ("deny", "denies")),
    ("He/PRON/nsubj/2 called/VERB/root/0 for/ADP/case/5 an/DET/det/5 election/NOUN/obl/2", ("call", "demands")),
    ("He/PRON/nsubj/2 called/VERB/root/0 _,/PUNCT/punct/2 election/NOUN/obj/2", ("call", "demands")),
])
def test_a_phrase_reaches_over_no_clause_preposition_or_mark(sentence, cue):
    assert cue in matched(analysed(sentence, lemmas={"denied": "deny", "called": "call", "gave": "give"}), 1)


@pytest.mark.parametrize(("spelling", "stance"), [("criticise", "criticises"), ("criticize", "criticises")])
def test_spellings_share_a_row(spelling, stance):
    doc = Doc(words=[spelling], pos=["VERB"], lemmas=[spelling])
    assert (spelling, stance) in matched(doc, 0)


def test_a_verb_is_not_the_adjective_of_its_lemma():
    doc = analysed("This/PRON/nsubj/2 concerns/VERB/root/0 us/PRON/obj/2", lemmas={"concerns": "concern"})
    assert matched(doc, 1) == []
