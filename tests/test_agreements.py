"""Agreements: parties, status events, obligations, on sentences analysed by hand."""

import re
from datetime import date
from pathlib import Path

import pytest

import seeds
from kg.actors import find_actors, load_registry
from kg.agreements import find_agreements, load_terms
from kg.agreements.moods import Mood, mood_of
from kg.agreements.terms import read_terms
from kg.articles import read_article
from kg.dates import find_times
from kg.errors import OntologyError
from kg.language import load_parser
from kg.language.document import Doc
from kg.model import Actor, Agreement, Article, Block, Cast, Mention, Span
from tests.builders import analysed

TERMS = load_terms()
ACTORS = {
    "Chad": ("State", ()), "Peru": ("State", ()), "Kenya": ("State", ()), "Oman": ("State", ()),
    "Council": ("Organization", ()), "Senate": ("Organization", ("Peru",)), "Acme": ("Organization", ()),
    "Bolt": ("Organization", ()), "Roe": ("Person", ("Chad",)), "Diaz": ("Person", ("Peru",)),
    "rebels": ("ActorGroup", ()),
}
LEMMAS = {
    "signed": "sign", "sign": "sign", "agreed": "agree", "refused": "refuse", "failed": "fail", "vetoed": "veto",
    "adopted": "adopt", "ratified": "ratify", "expired": "expire", "left": "leave", "reached": "reach",
    "obliges": "oblige", "commits": "commit", "requires": "require",
    "abandoned": "abandon", "violating": "violate", "accused": "accuse", "was": "be", "agreements": "agreement",
    "resolutions": "resolution", "deals": "deal", "aimed": "aim", "extending": "extend", "rejected": "reject",
    "passed": "pass", "bought": "buy", "swapped": "swap", "prisoners": "prisoner", "is": "be", "are": "be",
    "has": "have",
    "announced": "announce", "were": "be", "said": "say", "sides": "side", "had": "have", "managed": "manage",
    "pays": "pay",
}


def cast_of(text: str) -> Cast:
    actors = {
        f"id/{name}": Actor(id=f"id/{name}", kind=kind, label=name, basis="article" if kind == "ActorGroup" else "name",
                            affiliations=tuple(f"id/{other}" for other in affiliations))
        for name, (kind, affiliations) in ACTORS.items()
    }
    mentions = [
        Mention(span=Span(start=found.start(), end=found.end()), actor=f"id/{name}", form="name")
        for name in ACTORS for found in re.finditer(rf"\b{name}\b", text)
    ]
    return Cast(actors=actors, mentions=tuple(sorted(mentions, key=lambda mention: mention.span)))


def parsed(*sentences: str) -> Doc:
    return analysed(*sentences, lemmas=LEMMAS)


def read(*sentences: str) -> tuple[Agreement, ...]:
    doc = parsed(*sentences)
    whole = Span(start=0, end=len(doc.text))
    article = Article(digest="0" * 64, source="a.txt", text=doc.text, published=date(2024, 6, 24),
                      blocks=(Block(span=whole, kind="paragraph"),))
    times = find_times(doc.text, published=article.published, spans=(whole,))
    return find_agreements(doc, article=article, cast=cast_of(doc.text), times=times, terms=TERMS)


def names(ids: tuple[str, ...]) -> list[str]:
    return [name.removeprefix("id/") for name in ids]


SIGNED = "Chad/PROPN/nsubj/4 and/CCONJ/cc/3 Peru/PROPN/conj/1 signed/VERB/root/0 a/DET/det/6 treaty/NOUN/obj/4"


@pytest.mark.parametrize(("sentence", "kind", "parties", "status"), [
    (f"{SIGNED} on/ADP/case/8 Friday/PROPN/obl/4 _./PUNCT/punct/4", "treaty", ["Chad", "Peru"], "signed"),
    ("Roe/PROPN/nsubj/4 and/CCONJ/cc/3 Diaz/PROPN/conj/1 signed/VERB/root/0 a/DET/det/6 deal/NOUN/obj/4", "deal",
     ["Chad", "Peru"], "signed"),
    ("Chad/PROPN/nsubj/2 signed/VERB/root/0 a/DET/det/5 trade/NOUN/compound/5 pact/NOUN/obj/2 with/ADP/case/7 "
     "Peru/PROPN/nmod/5", "trade", ["Chad", "Peru"], "signed"),
    ("The/DET/det/2 truce/NOUN/nsubj/7 between/ADP/case/4 Chad/PROPN/nmod/2 and/CCONJ/cc/6 Peru/PROPN/conj/4 "
     "expired/VERB/root/0", "ceasefire", ["Chad", "Peru"], "expired"),
    ("Kenya/PROPN/nsubj/2 announced/VERB/root/0 a/DET/det/4 ceasefire/NOUN/obj/2 between/ADP/case/6 Chad/PROPN/nmod/4 "
     "and/CCONJ/cc/8 Peru/PROPN/conj/6", "ceasefire", ["Chad", "Peru"], "announced"),
    ("The/DET/det/2 Council/PROPN/nsubj/3 adopted/VERB/root/0 a/DET/det/5 resolution/NOUN/obj/3",
    "resolution", ["Council"],
     "adopted"),
    ("Chad/PROPN/nsubj/2 vetoed/VERB/root/0 a/DET/det/5 Council/PROPN/compound/5 resolution/NOUN/obj/2", "resolution",
     ["Council"], "vetoed"),
    ("The/DET/det/2 Senate/PROPN/nsubj/3 ratified/VERB/root/0 the/DET/det/5 treaty/NOUN/obj/3 with/ADP/case/7 "
     "Chad/PROPN/nmod/5", "treaty", ["Peru", "Chad"], "ratified"),
    ("Oman/PROPN/nsubj/2 left/VERB/root/0 the/DET/det/6 Peru/PROPN/compound/6 nuclear/ADJ/amod/6 deal/NOUN/obj/2",
     "arms-control", ["Oman", "Peru"], "withdrawn"),
    ("The/DET/det/3 Peru/PROPN/compound/3 deal/NOUN/root/0 that/PRON/nsubj:pass/6 was/AUX/aux:pass/6 "
     "abandoned/VERB/acl:relcl/3 by/ADP/case/8 Chad/PROPN/obl:agent/6", "deal", ["Chad", "Peru"], "withdrawn"),
    ("Chad/PROPN/nsubj/2 refused/VERB/root/0 to/PART/mark/4 sign/VERB/xcomp/2 a/DET/det/6 treaty/NOUN/obj/4 "
     "with/ADP/case/8 "
     "Peru/PROPN/nmod/6", "treaty", ["Chad", "Peru"], "rejected"),
    ("Chad/PROPN/nsubj/2 accused/VERB/root/0 Peru/PROPN/obj/2 of/SCONJ/mark/5 violating/VERB/advcl/2 the/DET/det/7 "
     "truce/NOUN/obj/5", "ceasefire", ["Peru", "Chad"], "violated"),
    ("Acme/PROPN/nsubj/2 agreed/VERB/root/0 to/PART/mark/4 buy/VERB/xcomp/2 Bolt/PROPN/obj/4", "deal", ["Acme", "Bolt"],
     "agreed"),
    ("Chad/PROPN/nsubj/4 and/CCONJ/cc/3 Peru/PROPN/conj/1 swapped/VERB/root/0 prisoners/NOUN/obj/4", "exchange",
     ["Chad", "Peru"], "agreed"),
])
def test_an_agreement_has_its_kind_parties_and_status(sentence, kind, parties, status):
    [agreement] = read(sentence)
    assert (agreement.kind, names(agreement.parties), agreement.status) == (kind, parties, status)


@pytest.mark.parametrize(("verbs", "status"), [
    ("will/AUX/aux/5 sign/VERB/root/0", "proposed"), ("would/AUX/aux/5 sign/VERB/root/0", "proposed"),
    ("may/AUX/aux/5 sign/VERB/root/0", "proposed"), ("had/AUX/aux/5 signed/VERB/root/0", "signed"),
])
def test_a_plan_is_no_signature(verbs, status):
    [agreement] = read(f"Chad/PROPN/nsubj/5 and/CCONJ/cc/3 Peru/PROPN/conj/1 {verbs} a/DET/det/7 treaty/NOUN/obj/5")
    assert [event.status for event in agreement.events] == [status]
    assert agreement.status == status


@pytest.mark.parametrize("sentence", [
    "Chad/PROPN/nsubj/4 and/CCONJ/cc/3 Peru/PROPN/conj/1 failed/VERB/root/0 to/PART/mark/6 sign/VERB/xcomp/4 "
    "a/DET/det/8 "
    "treaty/NOUN/obj/6",
    "Chad/PROPN/nsubj/6 and/CCONJ/cc/3 Peru/PROPN/conj/1 had/AUX/aux/6 not/PART/advmod/6 signed/VERB/root/0 "
    "a/DET/det/8 "
    "deal/NOUN/obj/6",
    "Chad/PROPN/nsubj/4 and/CCONJ/cc/3 Peru/PROPN/conj/1 reached/VERB/root/0 no/DET/det/6 agreement/NOUN/obj/4",
    "There/PRON/expl/2 is/VERB/root/0 an/DET/det/4 agreement/NOUN/nsubj/2 among/ADP/case/6 experts/NOUN/nmod/4",
    "Chad/PROPN/nsubj/2 had/VERB/root/0 a/DET/det/4 problem/NOUN/obj/2 to/PART/mark/6 deal/VERB/acl/4 with/ADP/obl/6",
    "Chad/PROPN/nsubj/2 has/VERB/root/0 many/ADJ/amod/5 business/NOUN/compound/5 deals/NOUN/obj/2",
    "Chad/PROPN/nsubj/4 and/CCONJ/cc/3 Peru/PROPN/conj/1 agreed/VERB/root/0 to/PART/mark/6 meet/VERB/xcomp/4",
    "The/DET/det/2 Council/PROPN/nsubj/3 announced/VERB/root/0 sanctions/NOUN/obj/3 and/CCONJ/cc/6 Chad/PROPN/conj/2",
])
def test_what_binds_nobody_or_did_not_come_about_is_no_agreement(sentence):
    assert [agreement.status for agreement in read(sentence) if agreement.status in ("signed", "agreed")] == []


@pytest.mark.parametrize(("day", "earliest", "latest", "words"), [
    ("on/ADP/case/8 Friday/PROPN/obl/4", date(2024, 6, 21), date(2024, 6, 21), "on Friday"),
    ("last/ADJ/amod/8 week/NOUN/obl/4", date(2024, 6, 17), date(2024, 6, 23), "last week"),
    ("in/ADP/case/8 2019/NUM/obl/4", date(2019, 1, 1), date(2019, 12, 31), "in 2019"),
    ("in/ADP/case/8 secret/NOUN/obl/4", None, date(2024, 6, 24), ""),
])
def test_an_event_takes_the_day_of_its_clause_and_ends_with_publication(day, earliest, latest, words):
    [agreement] = read(f"{SIGNED} {day}")
    [event] = agreement.events
    assert (event.when.earliest, event.when.latest, event.when.words) == (earliest, latest, words)


def test_signers_are_the_agents_and_their_states_the_parties():
    [agreement] = read("Roe/PROPN/nsubj/4 and/CCONJ/cc/3 Diaz/PROPN/conj/1 signed/VERB/root/0 a/DET/det/6 "
     "pact/NOUN/obj/4")
    [event] = agreement.events
    assert names(event.agents) == ["Roe", "Diaz"]
    assert names(agreement.parties) == ["Chad", "Peru"]
    assert agreement.start == len("Roe and Diaz signed a ")
    assert event.start == len("Roe and Diaz ")
    assert event.label == "pact: signed by Roe and Diaz"


def test_a_veto_is_the_state_s_and_the_resolution_the_body_s():
    text = ("Chad/PROPN/nmod:poss/3 _'s/PART/case/1 veto/NOUN/root/0 of/ADP/case/7 a/DET/det/7 "
     "Council/PROPN/compound/7 "
            "resolution/NOUN/nmod/3 aimed/VERB/acl/7 at/SCONJ/mark/10 extending/VERB/advcl/8 the/DET/det/12 "
            "mandate/NOUN/obj/10")
    [agreement] = read(text)
    [event] = agreement.events
    [duty] = agreement.obligations
    words = "Chad's veto of a Council resolution aimed at extending the mandate"
    assert (names(agreement.parties), names(event.agents), agreement.status) == (["Council"], ["Chad"], "vetoed")
    assert event.evidence.of(words) == "Chad's veto of a Council resolution"
    assert (duty.gist, duty.bearers) == ("extending the mandate", ())


MUTUAL = (
    "Chad/PROPN/nsubj/4 and/CCONJ/cc/3 Peru/PROPN/conj/1 signed/VERB/root/0 an/DET/det/6 agreement/NOUN/obj/4 "
    "which/PRON/nsubj/8 obliges/VERB/acl:relcl/6 each/DET/det/10 side/NOUN/obj/8 to/PART/mark/12 provide/VERB/xcomp/8 "
    "military/ADJ/amod/14 aid/NOUN/obj/12 to/ADP/case/17 the/DET/det/17 other/ADJ/obl/12 in/ADP/case/19 "
    "case/NOUN/obl/12 "
    "of/ADP/case/21 attack/NOUN/nmod/19 _./PUNCT/punct/4"
)


def test_a_duty_of_each_side_is_one_obligation_for_each_party():
    [agreement] = read(MUTUAL)
    text = analysed(MUTUAL).text
    assert agreement.kind == "defence-pact"
    assert [(duty.number, names(duty.bearers), names(duty.beneficiaries)) for duty in agreement.obligations] == [
        (1, ["Chad"], ["Peru"]), (2, ["Peru"], ["Chad"]),
    ]
    for duty in agreement.obligations:
        assert duty.start == text.index("each side")
        assert duty.action.of(text) == "provide military aid to the other"
        assert [span.of(text) for span in duty.conditions] == ["attack"]
        assert duty.evidence.of(text) == duty.gist == "each side to provide military aid to the other in case of attack"


@pytest.mark.parametrize(("sentence", "bearers", "action", "conditions"), [
    ("Under/ADP/case/3 the/DET/det/3 deal/NOUN/obl/10 between/ADP/case/5 Chad/PROPN/nmod/3 and/CCONJ/cc/7 "
     "Peru/PROPN/conj/5 _,/PUNCT/punct/3 Chad/PROPN/nsubj/11 will/AUX/aux/11 supply/VERB/root/0 power/NOUN/obj/11 "
     "if/SCONJ/mark/15 Peru/PROPN/nsubj/15 pays/VERB/advcl/11", ["Chad"], "supply power", ["Peru pays"]),
    ("The/DET/det/2 treaty/NOUN/nsubj/8 between/ADP/case/4 Chad/PROPN/nmod/2 and/CCONJ/cc/6 Peru/PROPN/conj/4 "
     "also/ADV/advmod/8 obliges/VERB/root/0 Peru/PROPN/obj/8 to/PART/mark/11 disarm/VERB/xcomp/8 _./PUNCT/punct/8",
     ["Peru"], "disarm", []),
    ("Under/ADP/case/3 the/DET/det/3 deal/NOUN/obl/16 between/ADP/case/5 Chad/PROPN/nmod/3 and/CCONJ/cc/7 "
     "Peru/PROPN/conj/5 _,/PUNCT/punct/3 a/DET/det/10 copy/NOUN/appos/3 of/ADP/case/12 which/PRON/nmod/10 "
     "leaked/VERB/acl:relcl/10 _,/PUNCT/punct/3 Chad/PROPN/nsubj/17 will/AUX/aux/17 pay/VERB/root/0 Peru/PROPN/obj/17",
     ["Chad"], "pay Peru", []),
    (f"{SIGNED} to/PART/mark/8 end/VERB/acl/6 the/DET/det/10 war/NOUN/obj/8 _,/PUNCT/punct/13 Kenya/PROPN/nsubj/13 "
     "said/VERB/parataxis/4", ["Chad", "Peru"], "end the war", []),
])
def test_an_obligation_knows_who_is_bound_to_do_what_and_when(sentence, bearers, action, conditions):
    [agreement] = read(sentence)
    [duty] = agreement.obligations
    text = analysed(sentence).text
    assert (names(duty.bearers), duty.action.of(text)) == (bearers, action)
    assert [span.of(text) for span in duty.conditions] == conditions


@pytest.mark.parametrize("second", [
    "while/SCONJ/mark/12 Peru/PROPN/nsubj/12 pays/VERB/advcl/8 Chad/PROPN/obj/12",
    "while/SCONJ/mark/13 Peru/PROPN/nsubj/13 will/AUX/aux/13 leave/VERB/advcl/8",
    "_,/PUNCT/punct/14 and/CCONJ/cc/14 Peru/PROPN/nsubj/14 will/AUX/aux/14 pay/VERB/conj/8 Chad/PROPN/obj/14",
])
def test_each_side_has_its_own_duty_under_an_agreement(second):
    [agreement] = read("Under/ADP/case/3 their/PRON/nmod:poss/3 deal/NOUN/obl/8 of/ADP/case/5 2011/NUM/nmod/3 "
                       f"_,/PUNCT/punct/3 Chad/PROPN/nsubj/8 guards/VERB/root/0 Peru/PROPN/obj/8 {second}")
    assert [names(duty.bearers) for duty in agreement.obligations] == [["Chad"], ["Peru"]]


@pytest.mark.parametrize(("verb", "action"), [
    ("obliges", "disarm"), ("commits", "pay"), ("requires", "leave"),
])
def test_it_in_the_next_sentence_tells_what_the_agreement_lays_down(verb, action):
    [agreement] = read(f"{SIGNED} _./PUNCT/punct/4", f"It/PRON/nsubj/2 {verb}/VERB/root/0 Peru/PROPN/obj/2 "
                       f"to/PART/mark/5 {action}/VERB/xcomp/2 _./PUNCT/punct/2")
    [duty] = agreement.obligations
    assert (names(duty.bearers), duty.gist) == (["Peru"], f"Peru to {action}")


@pytest.mark.parametrize("verb", ["supply", "lend", "pay"])
def test_a_clause_that_ends_with_under_an_agreement_tells_a_duty(verb):
    [agreement] = read(f"Chad/PROPN/nsubj/3 will/AUX/aux/3 {verb}/VERB/root/0 power/NOUN/obj/3 to/ADP/case/6 "
                       "Peru/PROPN/obl/3 under/ADP/case/9 the/DET/det/9 pact/NOUN/obl/3")
    [duty] = agreement.obligations
    assert (names(agreement.parties), names(duty.bearers)) == (["Chad", "Peru"], ["Chad"])
    assert duty.gist == f"Chad will {verb} power to Peru"


AGAIN = "The/DET/det/2 treaty/NOUN/nsubj:pass/4 was/AUX/aux:pass/4 ratified/VERB/root/0 _./PUNCT/punct/4"
ANOTHER = ("They/PRON/nsubj/2 rejected/VERB/root/0 another/DET/det/4 treaty/NOUN/obj/2 between/ADP/case/6 "
 "Chad/PROPN/nmod/4 "
           "and/CCONJ/cc/8 Peru/PROPN/conj/6")


def test_mentions_of_one_agreement_are_one_and_another_is_another():
    first, second = read(f"{SIGNED} _./PUNCT/punct/4", AGAIN, ANOTHER)
    assert (first.status, [event.status for event in first.events]) == ("ratified", ["signed", "ratified"])
    assert len(first.mentions) == 2
    assert (second.status, names(second.parties)) == ("rejected", ["Chad", "Peru"])


def test_the_one_passed_earlier_is_an_agreement_of_its_own():
    first, second = read(
        "The/DET/det/2 Council/PROPN/nsubj/3 adopted/VERB/root/0 a/DET/det/5 resolution/NOUN/obj/3 like/ADP/case/8 "
        "the/DET/det/8 one/NOUN/nmod/5 passed/VERB/acl/8 in/ADP/case/11 March/PROPN/obl/9 _./PUNCT/punct/3"
    )
    assert [names(agreement.parties) for agreement in (first, second)] == [["Council"], ["Council"]]
    assert second.events[0].when.words == "in March"


def test_the_two_sides_are_the_parties_told_of_last():
    agreements = read(
        f"{SIGNED} _./PUNCT/punct/4",
        "A/DET/det/3 new/ADJ/amod/3 deal/NOUN/nsubj/8 between/ADP/case/7 the/DET/det/7 two/NUM/nummod/7 "
        "sides/NOUN/nmod/3 "
        "expired/VERB/root/0 _./PUNCT/punct/8",
    )
    assert [names(agreement.parties) for agreement in agreements] == [["Chad", "Peru"], ["Chad", "Peru"]]


@pytest.mark.parametrize(("sentence", "verb", "mood"), [
    ("They/PRON/nsubj/2 signed/VERB/root/0 it/PRON/obj/2", "signed", Mood.DONE),
    ("They/PRON/nsubj/3 never/ADV/advmod/3 signed/VERB/root/0", "signed", Mood.UNDONE),
    ("They/PRON/nsubj/3 could/AUX/aux/3 sign/VERB/root/0", "sign", Mood.PLANNED),
    ("They/PRON/nsubj/2 plan/VERB/root/0 to/PART/mark/4 sign/VERB/xcomp/2", "sign", Mood.PLANNED),
    ("They/PRON/nsubj/2 managed/VERB/root/0 to/PART/mark/4 sign/VERB/xcomp/2", "sign", Mood.DONE),
    ("They/PRON/nsubj/2 refused/VERB/root/0 to/PART/mark/4 sign/VERB/xcomp/2", "sign", Mood.REFUSED),
    ("They/PRON/nsubj/2 failed/VERB/root/0 to/PART/mark/4 sign/VERB/xcomp/2", "sign", Mood.FAILED),
    ("They/PRON/nsubj/2 left/VERB/root/0 without/SCONJ/mark/4 signing/VERB/advcl/2", "signing", Mood.UNDONE),
    ("They/PRON/nsubj/2 left/VERB/root/0 after/SCONJ/mark/4 signing/VERB/advcl/2", "signing", Mood.DONE),
    ("It/PRON/nsubj/2 ends/VERB/root/0 if/SCONJ/mark/5 they/PRON/nsubj/5 sign/VERB/advcl/2", "sign", Mood.PLANNED),
])
def test_the_words_before_a_verb_tell_whether_it_was_done(sentence, verb, mood):
    doc = parsed(sentence)
    assert mood_of(next(token for token in doc if token.text == verb), terms=TERMS) is mood


def test_an_unknown_status_in_the_lexicon_is_named():
    row = {"role": "verb", "term": "shake on", "value": "shaken", "frames": "object", "agents": "parties"}
    with pytest.raises(OntologyError, match="role 'verb' with value 'shaken'"):
        read_terms([row])


def test_every_row_of_the_lexicon_is_well_formed():
    assert all(term.agents in ("parties", "body", "assembly", "entrant", "other", "") for rows in TERMS.valued.values()
               for terms in rows.values() for term in terms)
    assert all(rows for rows in TERMS.plain.values())


@pytest.mark.parametrize(("seed", "parties", "kind", "status", "window"), [
    ("000_a8747e8f6435d86b.txt", ["id/org/un-security-council"], "resolution", "vetoed", (None, date(2024, 4, 24))),
    ("004_038f5d126ba7fa0a.txt", ["id/state/RUS", "id/state/PRK"], "defence-pact", "signed",
     (date(2024, 6, 17), date(2024, 6, 23))),
])
def test_the_seeds_give_their_agreement_with_parties_status_and_window(seed, parties, kind, status, window):
    article = read_article((Path(seeds.__path__[0]) / seed).read_bytes(), source=seed)
    doc = load_parser()(article.text, blocks=article.prose)
    cast = find_actors(doc, article=article, registry=load_registry())
    times = find_times(article.text, published=article.published, spans=article.prose)
    [agreement] = find_agreements(doc, article=article, cast=cast, times=times, terms=TERMS)
    [event] = agreement.events
    assert (sorted(agreement.parties), agreement.kind, agreement.status) == (sorted(parties), kind, status)
    assert (event.when.earliest, event.when.latest) == window


@pytest.mark.parametrize(("day", "label"), [
    ("On/ADP/case/2 Monday/PROPN/obl/6", "Pact of Chad and Peru on military aid (signed on 24 June 2024)"),
    ("In/ADP/case/2 March/PROPN/obl/6", "Pact of Chad and Peru on military aid (signed in March 2024)"),
    ("Now/ADV/advmod/6 _,/PUNCT/punct/6", "Pact of Chad and Peru on military aid"),
])
def test_a_bare_noun_is_told_by_parties_duty_and_day(day, label):
    sentence = (f"{day} Chad/PROPN/nsubj/6 and/CCONJ/cc/5 Peru/PROPN/conj/3 signed/VERB/root/0 a/DET/det/8 "
                "pact/NOUN/obj/6 which/PRON/nsubj/10 obliges/VERB/acl:relcl/8 each/DET/det/12 side/NOUN/obj/10 "
                "to/PART/mark/14 give/VERB/xcomp/10 military/ADJ/amod/16 aid/NOUN/obj/14 to/ADP/case/19 "
                "the/DET/det/19 other/ADJ/obl/14")
    assert [agreement.label for agreement in read(sentence)] == [label]
