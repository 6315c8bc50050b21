"""What statements and obligations say, from sentences analysed by hand."""

from dataclasses import replace
from datetime import date

import pytest

from kg.language.document import Doc
from kg.model import Actor, Agreement, Article, Block, Cast, Mention, Obligation, Span, Statement
from kg.propositions import load_acts, read_contents, read_duties, read_propositions
from tests.builders import analysed
from tests.test_propositions import LEMMAS, cast_of, written

ACTS = load_acts()


def stretch(doc: Doc, words: str, *, after: int = 0) -> Span:
    """Return where words stand in a doc."""
    start = doc.text.index(words, after)
    return Span(start=start, end=start + len(words))


def article_of(doc: Doc) -> Article:
    """Return a doc's text as an article."""
    whole = Block(span=Span(start=0, end=len(doc.text)), kind="paragraph")
    return Article(digest="0" * 64, source="a.txt", text=doc.text, blocks=(whole,), published=date(2024, 5, 6))


def said(doc: Doc, *, cue: str, wording: str, speaker: str, stance: str = "asserts", polarity: str = "positive",
         after: int = 0) -> Statement:
    """Return a statement of `doc` as the stage before would hand it on."""
    anchor = stretch(doc, cue, after=after)
    found = stretch(doc, wording, after=after)
    return Statement(cue=anchor, evidence=(anchor,), speakers=(speaker,), stance=stance, polarity=polarity,
                     certainty="certain", mode="indirect", wording=(found,), gist=wording)


def contents(doc: Doc, *statements: Statement) -> list[tuple[list[str], list[str], tuple[int, ...]]]:
    """Return contents, premises and inner statements of each statement."""
    found = read_contents(statements, doc=doc, article=article_of(doc), cast=cast_of(doc), acts=ACTS)
    return [([written(p) for p in one.contents], [written(p) for p in one.premises], one.inner) for one in found]


CLAIM = ("Kyiv/PROPN/nsubj/2 alleged/VERB/root/0 that/SCONJ/mark/5 Iran/PROPN/nsubj/5 supplied/VERB/ccomp/2 "
         "drones/NOUN/obj/5 to/ADP/case/8 Russia/PROPN/obl/5")
DENIAL = "Iran/PROPN/nsubj/2 {}/VERB/root/0 {}/DET/det/4 {}/NOUN/obj/2"


@pytest.mark.parametrize(("cue", "determiner", "noun", "found"), [
    ("denied", "these", "claims", True),
    ("rejected", "the", "allegations", True),
    ("dismissed", "such", "accusations", True),
    ("denied", "a", "claim", False),
    ("denied", "these", "promises", False),
])
def test_a_denial_takes_up_the_claim_before_it(cue: str, determiner: str, noun: str, found: bool) -> None:
    doc = analysed(CLAIM, DENIAL.format(cue, determiner, noun), lemmas={
        **LEMMAS, "claims": "claim", "allegations": "allegation", "accusations": "accusation", "promises": "promise",
        "these": "this"})
    claim = said(doc, cue="alleged", wording="Iran supplied drones to Russia", speaker="UKR", stance="alleges")
    denial = said(doc, cue=cue, wording=f"{determiner} {noun}", speaker="IRN", stance="denies", polarity="negative")
    _, (denied, _, inner) = contents(doc, claim, denial)
    assert denied == (["IRN: supply-arms -> RUS"] if found else [])
    assert inner == ((claim.cue.start,) if found else ())


@pytest.mark.parametrize(("pronoun", "stance", "expected"), [
    ("it", "denies", ["IRN: supply-arms -> RUS"]), ("this", "confirms", ["IRN: supply-arms -> RUS"]),
])
def test_a_pronoun_alone_takes_up_the_statement_before_it(pronoun: str, stance: str, expected: list[str]) -> None:
    doc = analysed(CLAIM, f"Beijing/PROPN/nsubj/2 answered/VERB/root/0 {pronoun}/PRON/obj/2", lemmas=LEMMAS)
    claim = said(doc, cue="alleged", wording="Iran supplied drones to Russia", speaker="UKR", stance="alleges")
    reply = said(doc, cue="answered", wording=pronoun, speaker="CHN", stance=stance, after=len(CLAIM) // 3)
    _, (found, _, inner) = contents(doc, claim, reply)
    assert found == expected
    assert inner == (claim.cue.start,)


def test_a_statement_does_not_say_what_the_statement_inside_it_says() -> None:
    doc = analysed("Paris/PROPN/nsubj/2 said/VERB/root/0 that/SCONJ/mark/5 Kyiv/PROPN/nsubj/5 feared/VERB/ccomp/2 "
                   "an/DET/det/8 Russian/ADJ/amod/8 attack/NOUN/obj/5", lemmas=LEMMAS)
    outer = said(doc, cue="said", wording="Kyiv feared an Russian attack", speaker="FRA")
    inner = said(doc, cue="feared", wording="an Russian attack", speaker="UKR", stance="concerned")
    (told, _, _), (feared, _, _) = contents(doc, outer, inner)
    assert told == []
    assert feared == ["RUS: assault"]


def test_what_is_cited_as_evidence_is_the_ground() -> None:
    doc = analysed("Kyiv/PROPN/nsubj/2 cited/VERB/root/0 Russia/PROPN/nmod:poss/5 _'s/PART/case/3 veto/NOUN/obj/2 "
                   "as/ADP/case/7 evidence/NOUN/obl/2 of/ADP/case/11 its/PRON/nmod:poss/11 Russian/ADJ/amod/11 "
                   "support/NOUN/nmod/7 for/ADP/case/13 Cuba/PROPN/nmod/11", lemmas=LEMMAS)
    cited = said(doc, cue="cited", wording="Russia's veto as evidence of its Russian support for Cuba", speaker="UKR")
    assert contents(doc, cited) == [(["RUS: support -> CUB"], ["RUS: veto"], ())]


def test_concern_about_consequences_is_concern_about_what_brings_them() -> None:
    doc = analysed("Kyiv/PROPN/nsubj/2 feared/VERB/root/0 the/DET/det/4 consequences/NOUN/obj/2 of/ADP/case/7 "
                   "Russian/ADJ/amod/7 support/NOUN/nmod/4 for/ADP/case/9 Cuba/PROPN/nmod/7",
                   lemmas={**LEMMAS, "consequences": "consequence"})
    words = "the consequences of Russian support for Cuba"
    concerned = said(doc, cue="feared", wording=words, speaker="UKR", stance="concerned")
    warned = said(doc, cue="feared", wording=words, speaker="UKR", stance="warns")
    assert contents(doc, concerned) == [(["RUS: support -> CUB"], [], ())]
    assert contents(doc, warned) == [([], ["RUS: support -> CUB"], ())]


@pytest.mark.parametrize(("noun", "relation", "expected"), [
    ("claims", "acl", ["IRN: assault -> ISR"]), ("ships", "acl:relcl", []), ("ships", "acl", []),
])
def test_a_denial_leaves_alone_what_only_tells_what_is_meant(noun: str, relation: str, expected: list[str]) -> None:
    doc = analysed(f"Tehran/PROPN/nsubj/2 denied/VERB/root/0 the/DET/det/4 {noun}/NOUN/obj/2 that/SCONJ/mark/7 "
                   f"Iran/PROPN/nsubj/7 attacked/VERB/{relation}/4 Israel/PROPN/obj/7",
                   lemmas={**LEMMAS, "claims": "claim", "ships": "ship"})
    denial = said(doc, cue="denied", wording=f"the {noun} that Iran attacked Israel", speaker="IRN", stance="denies",
                  polarity="negative")
    [(denied, _, _)] = contents(doc, denial)
    assert denied == expected


@pytest.mark.parametrize(("verb", "expected"), [("think", ["IRN: assault -> ISR"]), ("know", [])])
def test_not_to_know_a_deed_is_not_to_deny_it(verb: str, expected: list[str]) -> None:
    doc = analysed(f"Tehran/PROPN/nsubj/2 said/VERB/root/0 it/PRON/nsubj/6 did/AUX/aux/6 not/PART/advmod/6 "
                   f"{verb}/VERB/ccomp/2 whether/SCONJ/mark/9 Iran/PROPN/nsubj/9 attacked/VERB/ccomp/6 "
                   f"Israel/PROPN/obj/9", lemmas={**LEMMAS, "said": "say"})
    wording = f"it did not {verb} whether Iran attacked Israel"
    [(found, _, _)] = contents(doc, said(doc, cue="said", wording=wording, speaker="IRN", polarity="negative"))
    assert found == expected


@pytest.mark.parametrize(("stance", "expected"), [
    ("demands", ["IRN: release -> PER"]), ("promises", ["UKR: release -> PER"]),
])
def test_a_demand_is_to_be_met_by_the_one_it_names(stance: str, expected: list[str]) -> None:
    doc = analysed("Kyiv/PROPN/nsubj/2 called/VERB/root/0 for/ADP/case/4 Iran/PROPN/obl/2 to/PART/mark/6 "
                   "release/VERB/xcomp/2 Peru/PROPN/obj/6", lemmas=LEMMAS)
    called = said(doc, cue="called", wording="Iran to release Peru", speaker="UKR", stance=stance)
    assert contents(doc, called)[0][0] == expected


def test_it_takes_up_the_event_told_just_before() -> None:
    doc = analysed("Kyiv/PROPN/nsubj/2 feared/VERB/root/0 Russian/ADJ/amod/4 support/NOUN/obj/2 for/ADP/case/6 "
                   "Cuba/PROPN/nmod/4 saying/VERB/advcl/2 that/SCONJ/mark/11 that/PRON/nsubj/11 could/AUX/aux/11 "
                   "embolden/VERB/ccomp/7 Cuba/PROPN/obj/11 to/PART/mark/14 attack/VERB/xcomp/11 Peru/PROPN/obj/14",
                   lemmas={**LEMMAS, "saying": "say"})
    first = said(doc, cue="feared", wording="Russian support for Cuba", speaker="UKR", stance="concerned")
    second = said(doc, cue="saying", wording="that could embolden Cuba to attack Peru", speaker="UKR", stance="warns")
    assert contents(doc, first, second)[1] == (["CUB: assault -> PER"], ["RUS: support -> CUB"], ())


def test_statements_come_back_in_the_order_they_came() -> None:
    doc = analysed(CLAIM, DENIAL.format("denied", "these", "claims"), lemmas=LEMMAS)
    claim = said(doc, cue="alleged", wording="Iran supplied drones to Russia", speaker="UKR")
    denial = said(doc, cue="denied", wording="these claims", speaker="IRN")
    found = read_contents((denial, claim), doc=doc, article=article_of(doc), cast=cast_of(doc), acts=ACTS)
    assert [statement.cue for statement in found] == [denial.cue, claim.cue]


DENIALS = [
    # a noun without a doer: the deniers' own deed
    ("the/DET/det/4 attack/NOUN/obj/2 on/ADP/case/6 Israel/PROPN/nmod/4", "IRN", ["IRN: assault -> ISR"]),
    ("any/DET/det/4 role/NOUN/obj/2 in/ADP/case/7 the/DET/det/7 attack/NOUN/nmod/4 on/ADP/case/9 Israel/PROPN/nmod/7",
     "IRN", ["IRN: assault -> ISR"]),
    # one side of a joint act
    ("any/DET/det/4 talks/NOUN/obj/2 with/ADP/case/6 Israel/PROPN/nmod/4", "IRN", ["IRN ISR: consult"]),
    # nobody but the deniers is named
    ("support/NOUN/obj/2 for/ADP/case/5 Cuba/PROPN/nmod/3", "IRN", ["IRN: support -> CUB"]),
    # what was done to the denier was not done by him
    ("the/DET/det/4 attack/NOUN/obj/2 on/ADP/case/6 Iran/PROPN/nmod/4", "IRN", [": assault -> IRN"]),
    # somebody unknown is said to have done it
    ("that/SCONJ/mark/6 a/DET/det/5 guard/NOUN/nsubj/6 killed/VERB/ccomp/2 Maduro/PROPN/obj/6", "IRN", []),
    ("that/SCONJ/mark/6 Maduro/PROPN/nsubj:pass/6 was/AUX/aux:pass/6 killed/VERB/ccomp/2", "IRN", [": kill -> maduro"]),
]


@pytest.mark.parametrize(("words", "speaker", "expected"), DENIALS)
def test_a_denial_names_whose_deed_it_denies(words: str, speaker: str, expected: list[str]) -> None:
    doc = analysed(f"Tehran/PROPN/nsubj/2 denied/VERB/root/0 {words}", lemmas=LEMMAS)
    wording = doc.text.partition("denied ")[2]
    [(found, _, _)] = contents(doc, said(doc, cue="denied", wording=wording, speaker=speaker, stance="denies",
                                         polarity="negative"))
    assert found == expected


@pytest.mark.parametrize(("pronoun", "behalf", "expected"), [
    ("us", ("ISR",), ["IRN: assault -> ISR"]), ("me", (), ["IRN: assault -> maduro"]), ("us", (), ["IRN: assault"]),
])
def test_we_are_those_for_whom_the_speaker_speaks(pronoun: str, behalf: tuple[str, ...], expected: list[str]) -> None:
    doc = analysed("Maduro/PROPN/nsubj/2 said/VERB/root/0 Iran/PROPN/nsubj/4 attacked/VERB/ccomp/2 "
                   f"{pronoun}/PRON/obj/4", lemmas={**LEMMAS, "said": "say"})
    wording = f"Iran attacked {pronoun}"
    quoted = replace(said(doc, cue="said", wording=wording, speaker="maduro"), mode="direct",
                     quotes=(stretch(doc, wording),), on_behalf_of=behalf)
    assert contents(doc, quoted)[0][0] == expected


def test_to_deny_an_accusation_is_not_to_deny_that_somebody_accused() -> None:
    doc = analysed("Kyiv/PROPN/nsubj/2 accused/VERB/root/0 Iran/PROPN/obj/2",
                   "Iran/PROPN/nsubj/2 denied/VERB/root/0 the/DET/det/4 accusation/NOUN/obj/2", lemmas=LEMMAS)
    accused = said(doc, cue="accused", wording="Iran", speaker="UKR", stance="criticises")
    denied = said(doc, cue="denied", wording="the accusation", speaker="IRN", stance="denies", polarity="negative")
    (told, _, _), (found, _, inner) = contents(doc, accused, denied)
    assert (told, found, inner) == (["UKR: accuse -> IRN"], [], (accused.cue.start,))


@pytest.mark.parametrize(("words", "polarity", "expected"), [
    # I know that it did not attack: nothing is put forward
    ("knows/VERB/ccomp/2 that/SCONJ/mark/7 Iran/PROPN/nsubj/7 did/AUX/aux/7 attack/VERB/ccomp/3 Peru/PROPN/obj/7",
     "positive", ["IRN: assault -> PER"]),
    ("knows/VERB/ccomp/2 that/SCONJ/mark/7 Iran/PROPN/nsubj/7 not/PART/advmod/7 attack/VERB/ccomp/3 Peru/PROPN/obj/7",
     "positive", []),
    # "did not sleep, and Iran attacked Peru" denies no attack; "did not sleep or attack" does
    ("not/PART/advmod/4 sleep/VERB/ccomp/2 and/CCONJ/cc/7 Iran/PROPN/nsubj/7 attacked/VERB/conj/4 Peru/PROPN/obj/7",
     "negative", []),
    ("Iran/PROPN/nsubj/5 not/PART/advmod/5 sleep/VERB/ccomp/2 or/CCONJ/cc/7 attack/VERB/conj/5 Peru/PROPN/obj/7",
     "negative", ["IRN: assault -> PER"]),
    # what cannot or should not be done is not said not to have been done
    ("Iran/PROPN/nsubj/6 should/AUX/aux/6 not/PART/advmod/6 attack/VERB/ccomp/2 Peru/PROPN/obj/6", "negative", []),
    # to have no word for an attack is not to deny it
    ("France/PROPN/nsubj/5 not/PART/advmod/5 recalled/VERB/ccomp/2 the/DET/det/8 Iranian/ADJ/amod/8 attack/NOUN/obj/5 "
     "on/ADP/case/10 Peru/PROPN/nmod/8", "negative", []),
    ("France/PROPN/nsubj/5 not/PART/advmod/5 saw/VERB/ccomp/2 any/DET/det/8 Iranian/ADJ/amod/8 attack/NOUN/obj/5 "
     "on/ADP/case/10 Peru/PROPN/nmod/8", "negative", ["IRN: assault -> PER"]),
])
def test_an_event_has_the_polarity_of_its_statement(words: str, polarity: str, expected: list[str]) -> None:
    doc = analysed(f"Kyiv/PROPN/nsubj/2 said/VERB/root/0 {words}", lemmas={**LEMMAS, "said": "say", "knows": "know"})
    spoken = said(doc, cue="said", wording=doc.text.partition("said ")[2], speaker="UKR", polarity=polarity)
    assert contents(doc, spoken)[0][0] == expected


@pytest.mark.parametrize(("stance", "expected"), [("praises", ["maduro: support -> merkel"]), ("asserts", [])])
def test_to_endorse_somebody_is_a_deed(stance: str, expected: list[str]) -> None:
    doc = analysed("Maduro/PROPN/nsubj/2 endorsed/VERB/root/0 Merkel/PROPN/obj/2",
                   lemmas={**LEMMAS, "endorsed": "endorse"})
    endorsed = said(doc, cue="endorsed", wording="Merkel", speaker="maduro", stance=stance)
    assert contents(doc, endorsed)[0][0] == expected


def test_what_a_state_s_troops_do_the_state_does() -> None:
    doc = analysed("army/NOUN/nsubj/2 attacked/VERB/root/0 Peru/PROPN/obj/2", lemmas=LEMMAS)
    cast = cast_of(doc)
    army = Actor(id="army", kind="Organization", label="army", basis="name", affiliations=("IRN",))
    mention = Mention(span=Span(start=0, end=4), actor="army", form="name")
    cast = replace(cast, actors={**cast.actors, "army": army}, mentions=(mention, *cast.mentions))
    found = read_propositions(doc, Span(start=0, end=len(doc.text)), cast=cast, acts=ACTS)
    assert [written(one) for one in found] == ["IRN: assault -> PER"]


def test_an_analysis_of_another_text_is_refused() -> None:
    doc = analysed(CLAIM, lemmas=LEMMAS)
    other = article_of(analysed("Peace/NOUN/root/0"))
    with pytest.raises(ValueError, match=r"a\.txt: the analysis is of another text"):
        read_contents((), doc=doc, article=other, cast=Cast(actors={}, mentions=()), acts=ACTS)


def obliged(doc: Doc, *, bearer: str, other: str, action: str, condition: str) -> Agreement:
    """Return an agreement with one obligation, as the stage before would hand it on."""
    whole = Span(start=0, end=len(doc.text))
    duty = Obligation(start=0, number=1, gist=action, evidence=whole, bearers=(bearer,), action=stretch(doc, action),
                      beneficiaries=(other,), conditions=(stretch(doc, condition),) if condition else ())
    return Agreement(start=0, label="pact", kind="treaty", status="signed", parties=(bearer, other), evidence=(whole,),
                     obligations=(duty,))


@pytest.mark.parametrize(("sentence", "action", "condition", "duty", "trigger"), [
    ("each/DET/det/2 side/NOUN/nsubj/4 shall/AUX/aux/4 provide/VERB/root/0 military/ADJ/amod/6 aid/NOUN/obj/4 "
     "if/SCONJ/mark/11 aggression/NOUN/nsubj:pass/11 is/AUX/aux:pass/11 then/ADV/advmod/11 unleashed/VERB/advcl/4 "
     "against/ADP/case/13 one/NUM/obl/11", "provide military aid", "aggression is then unleashed against one",
     ["ESP: aid-military -> PER"], [": assault -> PER"]),
    ("both/DET/nsubj/3 will/AUX/aux/3 cooperate/VERB/root/0", "cooperate", "", ["ESP PER: cooperate"], []),
    ("Spain/PROPN/nsubj/3 will/AUX/aux/3 release/VERB/root/0 Peru/PROPN/obj/3 if/SCONJ/mark/7 Kenya/PROPN/nsubj/7 "
     "attacks/VERB/advcl/3 Sudan/PROPN/obj/7", "release Peru", "Kenya attacks Sudan", ["ESP: release -> PER"],
     ["KEN: assault -> SDN"]),
    ("Spain/PROPN/nsubj/3 will/AUX/aux/3 sing/VERB/root/0", "sing", "", [], []),
])
def test_a_duty_is_done_by_its_bearer_for_its_beneficiary(sentence: str, action: str, condition: str, duty: list[str],
                                                          trigger: list[str]) -> None:
    doc = analysed(sentence, lemmas={**LEMMAS, "unleashed": "unleash", "attacks": "attack"})
    agreement = obliged(doc, bearer="ESP", other="PER", action=action, condition=condition)
    [found] = read_duties((agreement,), doc=doc, cast=cast_of(doc), acts=ACTS)
    assert [written(one) for one in found.obligations[0].duty] == duty
    assert [written(one) for one in found.obligations[0].triggers] == trigger
