"""Each case is one text, analysed by hand, and its statements as `speaker [cue] stance polarity certainty: gist`."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.language.document import Doc
from kg.model import Actor, Cast, Interval, Mention, Span, TimeExpression
from kg.statements import find_statements
from kg.statements.chains import without_circles
from tests.builders import analysed, attribute
from tests.statement_cases import CUES, article, labels, lines, read

LEMMAS = {
    "said": "say", "says": "say", "told": "tell", "denied": "deny", "warned": "warn", "warning": "warn", "added": "add",
    "adding": "add", "noted": "note", "stressed": "stress", "called": "call", "urged": "urge", "ruled": "rule",
    "rejected": "reject", "claims": "claim", "reports": "report", "reported": "report", "voiced": "voice",
    "concerns": "concern", "expressed": "express", "raised": "raise", "cited": "cite", "quoting": "quote",
    "believes": "believe", "thinks": "think", "suggested": "suggest", "accused": "accuse", "vowed": "vow",
    "confirmed": "confirm", "According": "accord", "quoted": "quote", "saying": "say", "issued": "issue",
    "was": "be", "were": "be", "is": "be", "these": "this", "such": "such", "declined": "decline", "refused": "refuse",
    "expected": "expect", "insisted": "insist", "criticised": "criticise", "described": "describe", "did": "do",
    "talks": "talk", "asked": "ask", "stated": "state", "showed": "show", "thought": "think",
    "claiming": "claim", "leaving": "leave",
}
ACTORS = {
    "Pak": "P Pak", "Peskov": "P Peskov", "Modi": "P Modi", "Putin": "P Putin", "Moscow": "S Russia",
    "Kyiv": "S Ukraine", "Seoul": "S South Korea", "Tehran": "S Iran", "Reuters": "O Reuters", "Yonhap": "O Yonhap",
    "KCNA": "O KCNA", "Bloomberg": "O Bloomberg", "Messi": "P Messi",
}


def doc_of(*sentences: str) -> Doc:
    return analysed(*sentences, lemmas=LEMMAS)


def found_in(*sentences: str) -> list[str]:
    doc = doc_of(*sentences)
    return lines(read(doc, ACTORS), doc.text)


THAT = "that/SCONJ/mark/{0} Moscow/PROPN/nsubj/{0} left/VERB/ccomp/{1}"


def that(head: int, cue: int) -> str:
    return THAT.format(head, cue)


@pytest.mark.parametrize(("sentence", "expected"), [
    (f"Pak/PROPN/nsubj/2 said/VERB/root/0 {that(5, 2)} _./PUNCT/punct/2",
     "Pak [said] asserts positive certain: Moscow left"),
    (f"Peskov/PROPN/nsubj/2 denied/VERB/root/0 {that(5, 2)} _./PUNCT/punct/2",
     "Peskov [denied] denies negative certain: Moscow left"),
    ("Peskov/PROPN/nsubj/2 denied/VERB/root/0 the/DET/det/4 claims/NOUN/obj/2",
     "Peskov [denied] denies negative certain: the claims"),
    ("Pak/PROPN/nsubj/2 warned/VERB/root/0 of/ADP/case/4 war/NOUN/obl/2",
     "Pak [warned] warns positive possible: war"),
    ("Seoul/PROPN/nsubj/2 called/VERB/root/0 for/ADP/case/4 talks/NOUN/obl/2",
     "South Korea [called] demands positive certain: talks"),
    ("Seoul/PROPN/nsubj/2 called/VERB/root/0 on/ADP/case/4 Moscow/PROPN/obl/2 to/PART/mark/6 leave/VERB/advcl/2",
     "South Korea [called] urges positive certain: Moscow to leave"),
    ("Pak/PROPN/nsubj/2 urged/VERB/root/0 Moscow/PROPN/obj/2 to/PART/mark/5 leave/VERB/xcomp/2",
     "Pak [urged] urges positive certain: Moscow to leave"),
    ("Pak/PROPN/nsubj/2 urged/VERB/root/0 Moscow/PROPN/nsubj/5 to/PART/mark/5 leave/VERB/ccomp/2",
     "Pak [urged] urges positive certain: Moscow to leave"),
    ("Seoul/PROPN/nsubj/2 ruled/VERB/root/0 out/ADP/compound:prt/2 talks/NOUN/obj/2",
     "South Korea [ruled out] denies negative certain: talks"),
    ("Tehran/PROPN/nsubj/2 rejected/VERB/root/0 the/DET/det/4 claims/NOUN/obj/2",
     "Iran [rejected] denies negative certain: the claims"),
    ("Pak/PROPN/nsubj/2 vowed/VERB/root/0 to/PART/mark/4 leave/VERB/xcomp/2",
     "Pak [vowed] promises positive certain: to leave"),
    ("Pak/PROPN/nsubj/2 accused/VERB/root/0 Moscow/PROPN/obj/2 of/ADP/case/5 theft/NOUN/obl/2",
     "Pak [accused] criticises positive certain: Moscow of theft"),
    ("Pak/PROPN/nsubj/2 insisted/VERB/root/0 that/SCONJ/mark/5 Moscow/PROPN/nsubj/5 leave/VERB/ccomp/2",
     "Pak [insisted] demands positive certain: Moscow leave"),
    ("Pak/PROPN/nsubj/2 suggested/VERB/root/0 that/SCONJ/mark/6 Moscow/PROPN/nsubj/6 should/AUX/aux/6 "
     "leave/VERB/ccomp/2",
     "Pak [suggested] proposes positive certain: Moscow should leave"),
    ("Pak/PROPN/nsubj/2 suggested/VERB/root/0 that/SCONJ/mark/6 Moscow/PROPN/nsubj/6 could/AUX/aux/6 "
     "leave/VERB/ccomp/2",
     "Pak [suggested] expects positive possible: Moscow could leave"),
    ("Pak/PROPN/nsubj/2 cited/VERB/root/0 the/DET/det/4 veto/NOUN/obj/2 as/ADP/case/6 evidence/NOUN/obl/2 "
     "of/ADP/case/8 support/NOUN/nmod/6", "Pak [cited] asserts positive certain: support"),
    ("Pak/PROPN/nsubj/2 stressed/VERB/root/0 the/DET/det/4 importance/NOUN/obj/2 of/ADP/case/6 unity/NOUN/nmod/4",
     "Pak [stressed] urges positive certain: the importance of unity"),
    ("Seoul/PROPN/nsubj/2 expressed/VERB/root/0 deep/ADJ/amod/4 concern/NOUN/obj/2 over/ADP/case/6 ties/NOUN/nmod/4",
     "South Korea [expressed deep concern] concerned positive certain: ties"),
    ("Seoul/PROPN/nsubj/3 is/AUX/cop/3 sceptical/ADJ/root/0 about/ADP/case/5 talks/NOUN/obl/3",
     "South Korea [sceptical] doubts negative possible: talks"),
    (f"Pak/PROPN/nsubj/2 thinks/VERB/root/0 {that(5, 2)}", "Pak [thinks] believes positive probable: Moscow left"),
])
def test_the_frame_gives_the_content_and_the_row_the_stance(sentence, expected):
    assert found_in(sentence) == [expected]


@pytest.mark.parametrize(("sentence", "expected"), [
    ("Moscow/PROPN/nsubj/5 _,/PUNCT/punct/3 Pak/PROPN/nsubj/4 said/VERB/parataxis/5 left/VERB/root/0 "
     "early/ADV/advmod/5", ["Pak [said] asserts positive certain: Moscow left early"]),
    ("According/VERB/case/3 to/ADP/fixed/1 Reuters/PROPN/obl/6 _,/PUNCT/punct/3 Moscow/PROPN/nsubj/6 left/VERB/root/0",
     ["Reuters [According to] asserts positive certain: Moscow left"]),
    ("Moscow/PROPN/nsubj/3 reportedly/ADV/advmod/3 left/VERB/root/0",
     ["unnamed reports [reportedly] reports positive probable: Moscow reportedly left"]),
    ("Moscow/PROPN/nsubj/3 allegedly/ADV/advmod/3 left/VERB/root/0",
     ["unnamed source of an allegation [allegedly] alleges positive possible: Moscow allegedly left"]),
    ("It/PRON/expl/3 was/AUX/aux:pass/3 reported/VERB/root/0 that/SCONJ/mark/6 Moscow/PROPN/nsubj/6 left/VERB/ccomp/3",
     ["unnamed reports [reported] reports positive probable: Moscow left"]),
    ("Putin/PROPN/nsubj:pass/3 was/AUX/aux:pass/3 told/VERB/root/0 by/ADP/case/5 Modi/PROPN/obl:agent/3 "
     "that/SCONJ/mark/8 war/NOUN/nsubj/8 ended/VERB/ccomp/3", ["Modi [told] asserts positive certain: war ended"]),
    ("Pak/PROPN/nsubj:pass/3 was/AUX/aux:pass/3 quoted/VERB/root/0 as/SCONJ/mark/5 saying/VERB/advcl/3 "
     "Moscow/PROPN/nsubj/7 left/VERB/ccomp/5", ["Pak [saying] asserts positive certain: Moscow left"]),
    ("Moscow/PROPN/nsubj:pass/3 is/AUX/aux:pass/3 expected/VERB/root/0 to/PART/mark/5 leave/VERB/xcomp/3", []),
    (f"Modi/PROPN/appos/0 _,/PUNCT/punct/1 who/PRON/nsubj/4 said/VERB/acl:relcl/1 {that(7, 4)}",
     ["Modi [said] asserts positive certain: Moscow left"]),
    (f"Pak/PROPN/nsubj/2 issued/VERB/root/0 a/DET/det/4 statement/NOUN/obj/2 saying/VERB/acl/4 {that(8, 5)}",
     ["Pak [saying] asserts positive certain: Moscow left"]),
])
def test_the_cue_may_stand_anywhere_and_in_the_passive(sentence, expected):
    assert found_in(sentence) == expected


@pytest.mark.parametrize(("sentence", "expected"), [
    (f"Pak/PROPN/nsubj/2 left/VERB/root/0 _,/PUNCT/punct/4 warning/VERB/advcl/2 {that(7, 4)}",
     ["Pak [warning] warns positive possible: Moscow left"]),
    (f"Pak/PROPN/nsubj/2 noted/VERB/root/0 {that(5, 2)} and/CCONJ/cc/7 stressed/VERB/conj/2 unity/NOUN/obj/7",
     ["Pak [noted] asserts positive certain: Moscow left", "Pak [stressed] asserts positive certain: unity"]),
    ("Pak/PROPN/nsubj/2 stated/VERB/root/0 the/DET/det/4 pact/NOUN/nsubj/5 showed/VERB/ccomp/2 strength/NOUN/obj/5 "
     "and/CCONJ/cc/8 stressed/VERB/conj/5 unity/NOUN/obj/8",
     ["Pak [stated] asserts positive certain: the pact showed strength",
      "Pak [stressed] asserts positive certain: unity"]),
    (f"Pak/PROPN/nsubj/4 and/CCONJ/cc/3 Modi/PROPN/conj/1 said/VERB/root/0 {that(7, 4)}",
     ["Pak, Modi [said] asserts positive certain: Moscow left"]),
    (f"Fishermen/NOUN/nsubj/2 said/VERB/root/0 {that(5, 2)}",
     ["Fishermen [said] asserts positive certain: Moscow left"]),
    (f"Seoul/PROPN/nsubj/2 cited/VERB/root/0 reports/NOUN/obj/2 claiming/VERB/conj/2 {that(7, 4)}",
     ["reports [claiming] asserts positive certain: Moscow left"]),
])
def test_a_cue_finds_its_speaker_in_the_clause_around_it(sentence, expected):
    assert found_in(sentence) == expected


@pytest.mark.parametrize("sentence", [
    f"Pak/PROPN/nsubj/4 did/AUX/aux/4 not/PART/advmod/4 say/VERB/root/0 {that(7, 4)}",
    f"Nobody/PRON/nsubj/2 said/VERB/root/0 {that(5, 2)}",
    f"I/PRON/nsubj/2 said/VERB/root/0 {that(5, 2)}",
    f"If/SCONJ/mark/3 Pak/PROPN/nsubj/3 says/VERB/advcl/7 {that(6, 3)} talk/NOUN/root/0",
    f"Pak/PROPN/nsubj/3 may/AUX/aux/3 say/VERB/root/0 {that(6, 3)}",
    "Pak/PROPN/nsubj/2 declined/VERB/root/0 to/PART/mark/4 comment/VERB/xcomp/2",
    f"Pak/PROPN/nsubj/2 refused/VERB/root/0 to/PART/mark/4 say/VERB/xcomp/2 {that(7, 4)}",
    "Pak/PROPN/nsubj/2 noted/VERB/root/0 it/PRON/obj/2",
])
def test_what_was_not_said_is_no_statement(sentence):
    assert found_in(sentence) == []


@pytest.mark.parametrize(("sentence", "expected"), [
    ("Pak/PROPN/nsubj/2 said/VERB/root/0 Moscow/PROPN/nsubj/6 did/AUX/aux/6 not/PART/advmod/6 leave/VERB/ccomp/2",
     "Pak [said] asserts negative certain: Moscow did not leave"),
    ("Pak/PROPN/nsubj/2 said/VERB/root/0 there/PRON/expl/4 was/VERB/ccomp/2 no/DET/det/6 evidence/NOUN/nsubj/4",
     "Pak [said] asserts negative certain: there was no evidence"),
    ("Pak/PROPN/nsubj/2 said/VERB/root/0 Moscow/PROPN/nsubj/5 may/AUX/aux/5 leave/VERB/ccomp/2",
     "Pak [said] asserts positive possible: Moscow may leave"),
    ("Pak/PROPN/nsubj/2 said/VERB/root/0 Moscow/PROPN/nsubj/6 would/AUX/aux/6 probably/ADV/advmod/6 leave/VERB/ccomp/2",
     "Pak [said] asserts positive probable: Moscow would probably leave"),
    ("Pak/PROPN/nsubj/2 said/VERB/root/0 it/PRON/nsubj/6 was/AUX/cop/6 a/DET/det/6 sign/NOUN/ccomp/2 of/ADP/case/8 "
     "fear/NOUN/nmod/6", "Pak [said] asserts positive probable: it was a sign of fear"),
    ("Pak/PROPN/nsubj/2 said/VERB/root/0 the/DET/det/4 claims/NOUN/nsubj/6 were/AUX/cop/6 untrue/ADJ/ccomp/2",
     "Pak [said] denies negative certain: the claims were untrue"),
    ("Pak/PROPN/nsubj/2 said/VERB/root/0 Moscow/PROPN/nsubj/7 was/AUX/aux/7 not/PART/advmod/7 only/ADV/advmod/7 "
     "leaving/VERB/ccomp/2", "Pak [said] asserts positive certain: Moscow was not only leaving"),
    (f"Pak/PROPN/nsubj/4 did/AUX/aux/4 not/PART/advmod/4 deny/VERB/root/0 {that(7, 4)}",
     "Pak [deny] asserts unclear possible: Moscow left"),
    ("Pak/PROPN/nsubj/4 did/AUX/aux/4 not/PART/advmod/4 rule/VERB/root/0 out/ADP/compound:prt/4 talks/NOUN/obj/4",
     "Pak [rule out] asserts unclear possible: talks"),
    ("Pak/PROPN/nsubj/3 neither/CCONJ/cc:preconj/3 confirmed/VERB/root/0 nor/CCONJ/cc/5 denied/VERB/conj/3 "
     "talks/NOUN/obj/5", "Pak [confirmed] refuses unclear unclear: talks"),
    ("Pak/PROPN/nsubj/2 denied/VERB/root/0 that/SCONJ/mark/7 Moscow/PROPN/nsubj/7 did/AUX/aux/7 not/PART/advmod/7 "
     "leave/VERB/ccomp/2", "Pak [denied] asserts unclear unclear: Moscow did not leave"),
])
def test_negation_and_modality_set_polarity_and_certainty(sentence, expected):
    assert found_in(sentence) == [expected]


def test_what_a_denial_holds_stays_open():
    doc = doc_of("Pak/PROPN/nsubj/2 denied/VERB/root/0 that/SCONJ/mark/5 Kyiv/PROPN/nsubj/5 said/VERB/ccomp/2 "
                 "Moscow/PROPN/nsubj/7 left/VERB/ccomp/5")
    outer, inner = read(doc, ACTORS).statements
    assert (outer.polarity, outer.inner) == ("negative", (inner.cue.start,))
    assert (inner.polarity, inner.certainty) == ("unclear", "unclear")


def test_these_reports_are_those_of_the_sentence_before():
    doc = doc_of("Moscow/PROPN/nsubj/3 reportedly/ADV/advmod/3 left/VERB/root/0 _./PUNCT/punct/3",
                 "Pak/PROPN/nsubj/2 denied/VERB/root/0 these/DET/det/4 reports/NOUN/obj/2 _./PUNCT/punct/2")
    reported, denied = read(doc, ACTORS).statements
    assert denied.inner == (reported.cue.start,)


def test_a_relative_clause_takes_up_what_was_said():
    doc = doc_of("Kyiv/PROPN/nsubj/2 accused/VERB/root/0 Moscow/PROPN/obj/2 of/ADP/case/5 theft/NOUN/obl/2 "
                 "_,/PUNCT/punct/8 which/PRON/obj/9 Putin/PROPN/nsubj/9 denied/VERB/acl:relcl/5")
    accused, denied = read(doc, ACTORS).statements
    assert (denied.gist, denied.inner, denied.stance) == ("Moscow of theft", (accused.cue.start,), "denies")


def test_an_agency_that_quotes_another_passes_its_words_on():
    doc = doc_of("Yonhap/PROPN/nsubj/5 _,/PUNCT/punct/3 quoting/VERB/advcl/5 KCNA/PROPN/obj/3 said/VERB/root/0 "
                 "Moscow/PROPN/nsubj/7 left/VERB/ccomp/5")
    found = read(doc, ACTORS)
    quoted, outer = found.statements
    assert (labels(found, quoted.speakers), labels(found, outer.speakers)) == ("KCNA", "Yonhap")
    assert (outer.inner, quoted.inner, quoted.gist) == ((quoted.cue.start,), (), "Moscow left")


def test_an_interview_told_of_afterwards_adds_channel_time_and_evidence():
    doc = doc_of("Pak/PROPN/nsubj/2 raised/VERB/root/0 alarm/NOUN/obj/2 over/ADP/case/5 ties/NOUN/nmod/3 "
                 "_./PUNCT/punct/2",
                 "Pak/PROPN/nsubj/2 voiced/VERB/root/0 these/DET/det/4 concerns/NOUN/obj/2 in/ADP/case/7 an/DET/det/7 "
                 "interview/NOUN/obl/2 with/ADP/case/9 Bloomberg/PROPN/nmod/7 on/ADP/case/11 Monday/PROPN/obl/2 "
                 "_./PUNCT/punct/2")
    start = doc.text.index("on Monday")
    monday = TimeExpression(span=Span(start=start, end=start + 9), earliest=date(2024, 4, 22), latest=date(2024, 4, 22))
    found = read(doc, ACTORS, times=(monday,))
    [statement] = found.statements
    assert labels(found, statement.channels) == "Bloomberg"
    assert statement.when == Interval(earliest=date(2024, 4, 22), latest=date(2024, 4, 22), words="on Monday")
    assert len(statement.evidence) == 2


@pytest.mark.parametrize(("sentence", "hearers", "outlets"), [
    (f"Modi/PROPN/nsubj/2 told/VERB/root/0 Putin/PROPN/iobj/2 {that(6, 2)}", "Putin", ""),
    (f"Modi/PROPN/nsubj/2 told/VERB/root/0 Reuters/PROPN/iobj/2 {that(6, 2)}", "", "Reuters"),
    (f"Modi/PROPN/nsubj/2 said/VERB/root/0 to/ADP/case/4 Putin/PROPN/obl/2 {that(7, 2)}", "Putin", ""),
    (f"Modi/PROPN/nsubj/2 said/VERB/root/0 {that(5, 2)}", "", ""),
])
def test_who_hears_the_words_is_no_content(sentence, hearers, outlets):
    doc = doc_of(sentence)
    found = read(doc, ACTORS)
    [statement] = found.statements
    assert (labels(found, statement.addressees), labels(found, statement.channels)) == (hearers, outlets)
    assert statement.gist == "Moscow left"


QUOTED = "“/PUNCT/punct/4 _We/PRON/nsubj/4 will/AUX/aux/4 leave/VERB/ccomp/8 _,/PUNCT/punct/4 _”/PUNCT/punct/4"


@pytest.mark.parametrize(("sentences", "wording"), [
    ((f"{QUOTED} Pak/PROPN/nsubj/8 said/VERB/root/0 _./PUNCT/punct/8",), ["We will leave,"]),
    ((f"{QUOTED} said/VERB/dep/8 Pak/PROPN/root/0 _./PUNCT/punct/8",), ["We will leave,"]),
    ((f"{QUOTED} Pak/PROPN/nsubj/8 said/VERB/root/0 _./PUNCT/punct/8",
      "“/PUNCT/punct/3 _It/PRON/nsubj/3 rains/VERB/root/0 _./PUNCT/punct/3 _”/PUNCT/punct/3"),
     ["We will leave,", "It rains."]),
    (("Pak/PROPN/nsubj/2 said/VERB/root/0 _:/PUNCT/punct/2 “/PUNCT/punct/6 _It/PRON/nsubj/6 rains/VERB/ccomp/2 "
      "now/ADV/advmod/6 _./PUNCT/punct/6 _”/PUNCT/punct/2",), ["It rains now."]),
])
def test_quotations_go_to_the_cue_beside_them_or_the_running_speaker(sentences, wording):
    doc = doc_of(*sentences)
    [statement] = read(doc, ACTORS).statements
    assert [span.of(doc.text) for span in statement.wording] == wording
    assert (statement.mode, statement.quotes) == ("direct", statement.wording)


def test_a_borrowed_term_makes_the_words_mixed():
    doc = doc_of("Pak/PROPN/nsubj/2 described/VERB/root/0 a/DET/det/6 “/PUNCT/punct/6 _dramatic/ADJ/amod/6 "
                 "step/NOUN/obj/2 _”/PUNCT/punct/6 as/ADP/case/9 news/NOUN/obl/2")
    attribute(doc, cue="described", source="Pak", content="a “dramatic step” as news")
    [statement] = read(doc, ACTORS).statements
    assert (statement.mode, [span.of(doc.text) for span in statement.quotes]) == ("mixed", ["dramatic step"])
    assert statement.gist == "a “dramatic step” as news"


@pytest.mark.parametrize(("words", "stance"), [
    ("_We/PRON/nsubj/3 condemn/VERB/ccomp/8 this/PRON/obj/3", "criticises"),
    ("_We/PRON/nsubj/3 believe/VERB/ccomp/8 this/PRON/obj/3", "believes"),
    ("_They/PRON/nsubj/3 condemn/VERB/ccomp/8 this/PRON/obj/3", "asserts"),
])
def test_a_first_person_sets_the_stance_of_a_neutral_cue(words, stance):
    doc = doc_of(f"“/PUNCT/punct/3 {words} _,/PUNCT/punct/3 _”/PUNCT/punct/3 Pak/PROPN/nsubj/8 added/VERB/root/0")
    found = read(doc, ACTORS)
    [statement] = found.statements
    assert (statement.stance, labels(found, statement.speakers)) == (stance, "Pak")


def test_the_encoder_completes_what_the_tree_leaves_open():
    doc = doc_of("Messi/PROPN/root/0 criticised/VERB/dep/1 the/DET/det/4 pitch/NOUN/dep/1 _./PUNCT/punct/1")
    attribute(doc, cue="criticised", source="Messi", content="the pitch", score=0.8)
    assert lines(read(doc, ACTORS), doc.text) == ["Messi [criticised] criticises positive certain: the pitch"]


@pytest.mark.parametrize(("score", "expected"), [(0.1, 0), (0.4, 0), (0.6, 1)])
def test_a_weak_word_needs_a_sure_encoder(score, expected):
    doc = doc_of("Messi/PROPN/nsubj/2 backed/VERB/root/0 the/DET/det/4 plan/NOUN/obj/2")
    doc[1].lemma_ = "back"
    attribute(doc, cue="backed", source="Messi", content="the plan", score=score)
    assert len(read(doc, ACTORS).statements) == expected


def test_offices_speak_for_their_bodies_and_these_for_their_states():
    doc = doc_of(f"Peskov/PROPN/nsubj/2 said/VERB/root/0 {that(5, 2)}")
    kremlin = Actor(id="id/org/kremlin", kind="Organization", label="Kremlin", basis="registry",
                    affiliations=("id/state/RUS",))
    russia = Actor(id="id/state/RUS", kind="State", label="Russia", basis="registry")
    peskov = Actor(id="id/person/p", kind="Person", label="Peskov", basis="name", affiliations=(kremlin.id,))
    mention = Mention(span=Span(start=0, end=6), actor=peskov.id, form="name")
    known = Cast(actors={actor.id: actor for actor in (kremlin, russia, peskov)}, mentions=(mention,))
    found = find_statements(doc, article=article(doc.text), cast=known, times=(), cues=CUES)
    assert found.statements[0].on_behalf_of == (kremlin.id, russia.id)


def test_a_speaker_that_nobody_can_name_is_an_issue():
    doc = doc_of(f"They/PRON/nsubj/2 said/VERB/root/0 {that(5, 2)}")
    found = read(doc, {})
    assert (found.statements, [issue.where.of(doc.text) for issue in found.issues]) == ((), ["said"])


def test_evidence_holds_cue_and_wording_and_features_explain_the_confidence():
    doc = doc_of(f"Pak/PROPN/nsubj/2 said/VERB/root/0 {that(5, 2)} _./PUNCT/punct/2")
    attribute(doc, cue="said", source="Pak", content="that Moscow left", score=0.9)
    found = read(doc, ACTORS)
    [statement] = found.statements
    assert statement.evidence == (Span(start=0, end=len(doc.text)),)
    assert labels(found, statement.about) == "Russia"
    features = found.features[statement.cue.start]
    assert (features.score, features.weight, features.ruled, features.known) == (0.9, 0.9, True, True)
    assert statement.confidence == features.confidence == 0.81


@pytest.mark.parametrize(("answer", "expected"), [
    ("Tehran/PROPN/nsubj/2 denied/VERB/root/0 it/PRON/obj/2 _./PUNCT/punct/2",
     ["Iran [denied] denies negative certain: it"]),
    ("Tehran/PROPN/nsubj/2 thinks/VERB/root/0 so/ADV/advmod/2 _./PUNCT/punct/2",
     ["Iran [thinks] believes positive probable: so"]),
    ("Tehran/PROPN/nsubj/2 reported/VERB/root/0 it/PRON/obj/2 _./PUNCT/punct/2", []),
])
def test_a_pronoun_is_content_where_it_answers_what_was_said(answer, expected):
    found = found_in(f"Pak/PROPN/nsubj/2 said/VERB/root/0 {that(5, 2)} _./PUNCT/punct/2", answer)
    assert found == ["Pak [said] asserts positive certain: Moscow left", *expected]


def test_a_denial_of_it_points_to_what_the_other_one_said():
    doc = doc_of(f"Pak/PROPN/nsubj/2 said/VERB/root/0 {that(5, 2)} _./PUNCT/punct/2",
                 "Tehran/PROPN/nsubj/2 denied/VERB/root/0 it/PRON/obj/2 _./PUNCT/punct/2")
    said, denied = read(doc, ACTORS).statements
    assert denied.inner == (said.cue.start,)


def test_reports_are_what_was_reported_and_claims_all_that_was_put_forward():
    said = "Moscow/PROPN/nsubj/3 reportedly/ADV/advmod/3 left/VERB/root/0 _,/PUNCT/punct/6 Pak/PROPN/nsubj/6 " \
        "said/VERB/parataxis/3 _./PUNCT/punct/3"
    for word, count in (("reports", 1), ("claims", 2)):
        doc = doc_of(said, f"Tehran/PROPN/nsubj/2 denied/VERB/root/0 these/DET/det/4 {word}/NOUN/obj/2")
        *_, denied = read(doc, ACTORS).statements
        assert len(denied.inner) == count


@pytest.mark.parametrize(("score", "cues"), [(0.9, ["said", "intention"]), (0.3, ["said"])])
def test_attitudes_of_named_ones_count_within_words_that_somebody_surely_said(score, cues):
    doc = doc_of("Pak/PROPN/nsubj/2 said/VERB/root/0 that/SCONJ/mark/5 this/PRON/nsubj/5 showed/VERB/ccomp/2 "
                 "Moscow/PROPN/nmod:poss/8 _'s/PART/case/6 intention/NOUN/obj/5 to/PART/mark/10 leave/VERB/acl/8")
    attribute(doc, cue="said", source="Pak", content="that this showed Moscow's intention to leave", score=score)
    assert [statement.cue.of(doc.text) for statement in read(doc, ACTORS).statements] == cues


def test_the_second_of_two_cues_reaches_as_far_as_the_first_was_marked():
    doc = doc_of(f"Pak/PROPN/nsubj/2 said/VERB/root/0 {that(5, 2)} and/CCONJ/cc/7 stressed/VERB/conj/2 "
                 "talks/NOUN/obj/7 with/ADP/case/10 Tehran/PROPN/obl/2")
    attribute(doc, cue="said", source="Pak", content="that Moscow left and stressed talks with Tehran", score=0.9)
    assert lines(read(doc, ACTORS), doc.text) == ["Pak [said] asserts positive certain: Moscow left",
                                                  "Pak [stressed] asserts positive certain: talks with Tehran"]


@pytest.mark.parametrize(("opening", "expected"), [
    ("Asked/VERB/advcl/6 about/ADP/case/3 talks/NOUN/obl/1 _,/PUNCT/punct/1", []),
    ("Asked/VERB/advcl/6 by/ADP/case/3 Reuters/PROPN/obl:agent/1 _,/PUNCT/punct/1", []),
    ("Told/VERB/advcl/6 of/ADP/case/3 talks/NOUN/obl/1 _,/PUNCT/punct/1", []),
])
def test_who_was_asked_did_not_ask(opening, expected):
    found = found_in(f"{opening} Pak/PROPN/nsubj/6 said/VERB/root/0 {that(9, 6)}")
    assert [line for line in found if "[said]" not in line] == expected


def test_the_encoder_s_slips_into_other_sentences_are_left_alone():
    doc = doc_of("Peskov/PROPN/nsubj/2 left/VERB/root/0 _./PUNCT/punct/2",
                 f"Pak/PROPN/nsubj/2 said/VERB/root/0 {that(5, 2)} _./PUNCT/punct/2")
    text = doc.text
    attribute(doc, cue="said", source="Peskov", content="Peskov left", score=0.9)
    [given] = doc.user_data["attributions"]
    start = text.index("Moscow")
    more = Span(start=start, end=start + len("Moscow left"))
    doc.user_data["attributions"] = (replace(given, content=(*given.content, more)),)
    assert lines(read(doc, ACTORS), text) == ["Pak [said] asserts positive certain: Moscow left"]


def test_who_hears_does_not_speak_even_where_the_tree_says_so():
    doc = doc_of(f"Pak/PROPN/nsubj/5 _,/PUNCT/punct/5 smiling/VERB/advcl/5 _,/PUNCT/punct/5 told/VERB/root/0 "
                 f"Reuters/PROPN/nsubj/5 {that(9, 5)}")
    attribute(doc, cue="told", source="Pak", content="Moscow left", score=0.9)
    [statement] = read(doc, ACTORS).statements
    assert (labels(read(doc, ACTORS), statement.speakers), len(statement.channels)) == ("Pak", 1)


@given(st.lists(st.lists(st.integers(0, 6), max_size=4), min_size=7, max_size=7))
def test_no_statement_becomes_its_own_content(links):
    [plain] = read(doc_of(f"Pak/PROPN/nsubj/2 said/VERB/root/0 {that(5, 2)}"), ACTORS).statements
    statements = [replace(plain, cue=Span(start=number, end=number + 1), inner=tuple(dict.fromkeys(inner)))
                  for number, inner in enumerate(links)]
    kept = {statement.cue.start: statement.inner for statement in without_circles(statements)}
    for start in kept:
        waiting, seen = list(kept[start]), set()
        while waiting:
            below = waiting.pop()
            assert below != start
            if below not in seen:
                seen.add(below)
                waiting.extend(kept[below])
    assert all(set(inner) <= set(links[start]) for start, inner in kept.items())
