"""Each case is one sentence, analysed by hand, and what it puts forward as `agents: act -> targets (topic)`."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.language.document import Doc
from kg.model import Actor, Cast, Mention, Proposition, Span
from kg.propositions import load_acts, negated, read_propositions
from kg.propositions.clauses import surface_subject
from tests.builders import analysed

ACTS = load_acts()
ACTORS = {
    "Russia": "RUS", "Moscow": "RUS", "Russian": "RUS", "Kremlin": "RUS", "Pyongyang": "PRK", "Iran": "IRN",
    "Iranian": "IRN", "Tehran": "IRN", "Israel": "ISR", "Israeli": "ISR", "Ukraine": "UKR", "Kyiv": "UKR",
    "Germany": "DEU", "Berlin": "DEU", "German": "DEU", "Japan": "JPN", "Tokyo": "JPN", "India": "IND", "Delhi": "IND",
    "China": "CHN", "Beijing": "CHN", "Chinese": "CHN", "Kenya": "KEN", "Kenyan": "KEN", "Sudan": "SDN",
    "Brazil": "BRA", "France": "FRA", "French": "FRA", "Paris": "FRA", "Turkey": "TUR", "Cuba": "CUB", "Spain": "ESP",
    "Peru": "PER", "Apple": "apple", "Boeing": "boeing", "Airbus": "airbus", "Toyota": "toyota", "UN": "un",
    "EU": "eu", "NATO": "nato", "FIFA": "fifa", "Red-Cross": "icrc", "Maduro": "maduro", "Merkel": "merkel",
    "Macron": "macron", "Lula": "lula", "Ruto": "ruto", "Hamas": "hamas", "Xi": "xi", "it": "IRN", "she": "merkel",
    "they": "farc",
}
KINDS = {
    "farc": "ActorGroup", "apple": "Organization", "boeing": "Organization", "airbus": "Organization",
    "toyota": "Organization", "fifa": "Organization", "maduro": "Person", "merkel": "Person", "macron": "Person",
    "lula": "Person", "ruto": "Person", "xi": "Person",
}
LEMMAS = {
    "supplied": "supply", "sent": "send", "sold": "sell", "bought": "buy", "received": "receive", "gave": "give",
    "given": "give", "arms": "arm", "weapons": "weapon", "missiles": "missile", "drones": "drone", "tanks": "tank",
    "shipments": "shipment", "deliveries": "delivery", "sales": "sale", "supplying": "supply", "attacked": "attack",
    "invaded": "invade", "bombed": "bomb", "launched": "launch", "fired": "fire", "held": "hold", "talks": "talk",
    "carried": "carry", "met": "meet", "signed": "sign", "agreed": "agree", "visited": "visit", "flew": "fly",
    "imposed": "impose", "sanctions": "sanction", "lifted": "lift", "accused": "accuse", "expelled": "expel",
    "diplomats": "diplomat", "arrested": "arrest", "released": "release", "hostages": "hostage", "elected": "elect",
    "resigned": "resign", "appointed": "appoint", "sued": "sue", "fined": "fine", "acquired": "acquire",
    "merged": "merge", "beat": "beat", "lost": "lose", "hosted": "host", "vetoed": "veto", "rejected": "reject",
    "calls": "call", "refused": "refuse", "threatened": "threaten", "promised": "promise", "forces": "force",
    "troops": "troop", "withdrew": "withdraw", "tested": "test", "deployed": "deploy", "rescued": "rescue",
    "hacked": "hack", "recognised": "recognise", "ties": "tie", "relations": "relation", "led": "lead",
    "killed": "kill", "reports": "report", "strikes": "strike", "exercises": "exercise", "trained": "train",
    "armed": "arm", "soldiers": "soldier", "wants": "want", "provides": "provide", "provided": "provide",
    "was": "be", "were": "be", "is": "be",
    "used": "use",
    "cut": "cut", "joined": "join", "left": "leave", "emboldened": "embolden", "adopt": "adopt", "actions": "action",
    "helped": "help", "meetings": "meeting", "has": "have", "had": "have", "did": "do", "been": "be", "failed": "fail",
    "extradited": "extradite", "donated": "donate", "nurses": "nurse", "demanded": "demand", "asked": "ask",
    "apologised": "apologise", "invested": "invest", "showed": "show", "goods": "good", "them": "they",
    "benefits": "benefit", "backed": "back", "announced": "announce", "engaged": "engage",
    "planes": "plane", "blankets": "blanket", "paid": "pay", "bribes": "bribe", "took": "take", "bribed": "bribe",
    "involved": "involve", "planned": "plan", "plans": "plan", "named": "name", "says": "say", "broke": "break",
    "approved": "approve", "computers": "computer",
}


def cast_of(doc: Doc) -> Cast:
    """Return a cast with a mention for each word of ACTORS."""
    actors = {
        name: Actor(id=name, kind=KINDS.get(name, "State"), label=name, basis="registry") for name in ACTORS.values()
    }
    mentions = tuple(
        Mention(span=Span(start=token.idx, end=token.idx + len(token.text)), actor=ACTORS[token.text], form="name")
        for token in doc if token.text in ACTORS
    )
    return Cast(actors=actors, mentions=mentions)


def written(proposition: Proposition) -> str:
    """Return a proposition as the cases write it."""
    line = f"{' '.join(proposition.agents)}: {proposition.act}"
    line += f" -> {' '.join(proposition.targets)}" if proposition.targets else ""
    return line + (f" ({proposition.topic})" if proposition.topic else "")


def read(*sentences: str) -> list[str]:
    """Return what the last of some sentences puts forward."""
    doc = analysed(*sentences, lemmas=LEMMAS)
    last = list(doc.sents)[-1]
    span = Span(start=last.start_char, end=last.end_char)
    return [written(found) for found in read_propositions(doc, span, cast=cast_of(doc), acts=ACTS)]


VERBS = [
    ("Russia/PROPN/nsubj/2 attacked/VERB/root/0 Ukraine/PROPN/obj/2", ["RUS: assault -> UKR"]),
    ("Ukraine/PROPN/nsubj:pass/3 was/AUX/aux:pass/3 attacked/VERB/root/0 by/ADP/case/5 Russia/PROPN/obl:agent/3",
     ["RUS: assault -> UKR"]),
    ("Ukraine/PROPN/nsubj:pass/3 was/AUX/aux:pass/3 invaded/VERB/root/0", [": invade -> UKR"]),
    ("Russian/ADJ/amod/2 forces/NOUN/nsubj/3 bombed/VERB/root/0 Kyiv/PROPN/obj/3", ["RUS: strike -> UKR"]),
    ("Iran/PROPN/nsubj/2 fired/VERB/root/0 missiles/NOUN/obj/2 at/ADP/case/5 Israel/PROPN/obl/2",
     ["IRN: strike -> ISR"]),
    ("Iran/PROPN/nsubj/2 tested/VERB/root/0 a/DET/det/4 missile/NOUN/obj/2", ["IRN: test-weapon"]),
    ("Germany/PROPN/nsubj/2 sent/VERB/root/0 tanks/NOUN/obj/2 to/ADP/case/5 Ukraine/PROPN/obl/2",
     ["DEU: supply-arms -> UKR"]),
    ("Germany/PROPN/nsubj/2 gave/VERB/root/0 Kyiv/PROPN/iobj/2 tanks/NOUN/obj/2", ["DEU: supply-arms -> UKR"]),
    ("Kyiv/PROPN/nsubj:pass/3 was/AUX/aux:pass/3 given/VERB/root/0 tanks/NOUN/obj/3 by/ADP/case/6 "
     "Germany/PROPN/obl:agent/3", ["DEU: supply-arms -> UKR"]),
    ("Ukraine/PROPN/nsubj/2 received/VERB/root/0 German/ADJ/amod/4 tanks/NOUN/obj/2", ["DEU: supply-arms -> UKR"]),
    ("India/PROPN/nsubj/2 bought/VERB/root/0 missiles/NOUN/obj/2 from/ADP/case/5 Russia/PROPN/obl/2",
     ["RUS: supply-arms -> IND"]),
    ("India/PROPN/nsubj/2 bought/VERB/root/0 oil/NOUN/obj/2 from/ADP/case/5 Russia/PROPN/obl/2", ["RUS: sell -> IND"]),
    ("Brazil/PROPN/nsubj/2 sold/VERB/root/0 planes/NOUN/obj/2 to/ADP/case/5 Kenya/PROPN/obl/2", ["BRA: sell -> KEN"]),
    ("Pyongyang/PROPN/nsubj/2 sold/VERB/root/0 weapons/NOUN/obj/2 abroad/ADV/advmod/2", ["PRK: export-arms"]),
    ("Japan/PROPN/nsubj/2 donated/VERB/root/0 blankets/NOUN/obj/2 to/ADP/case/5 Peru/PROPN/obl/2",
     ["JPN: aid-humanitarian -> PER"]),
    ("China/PROPN/nsubj/2 lent/VERB/root/0 Kenya/PROPN/iobj/2 money/NOUN/obj/2", []),
    ("Macron/PROPN/nsubj/2 visited/VERB/root/0 Berlin/PROPN/obj/2", ["macron: visit -> DEU"]),
    ("Macron/PROPN/nsubj/2 flew/VERB/root/0 to/ADP/case/4 Beijing/PROPN/obl/2", ["macron: visit -> CHN"]),
    ("Macron/PROPN/nsubj/2 flew/VERB/root/0 home/ADV/advmod/2", []),
    ("Macron/PROPN/nsubj/2 met/VERB/root/0 Lula/PROPN/obj/2", ["lula macron: consult"]),
    ("Lula/PROPN/nsubj/4 and/CCONJ/cc/3 Macron/PROPN/conj/1 met/VERB/root/0", ["lula macron: consult"]),
    ("Macron/PROPN/nsubj/2 met/VERB/root/0 nurses/NOUN/obj/2", []),
    ("The/DET/det/2 EU/PROPN/nsubj/3 imposed/VERB/root/0 sanctions/NOUN/obj/3 on/ADP/case/6 Russia/PROPN/obl/3",
     ["eu: impose-sanctions -> RUS"]),
    ("The/DET/det/2 EU/PROPN/nsubj/3 lifted/VERB/root/0 sanctions/NOUN/obj/3 against/ADP/case/6 "
     "Cuba/PROPN/nmod/4",
     ["eu: ease-sanctions -> CUB"]),
    ("Spain/PROPN/nsubj/2 expelled/VERB/root/0 Russian/ADJ/amod/4 diplomats/NOUN/obj/2",
     ["ESP: expel-diplomats -> RUS"]),
    ("Sudan/PROPN/nsubj/2 cut/VERB/root/0 ties/NOUN/obj/2 with/ADP/case/5 Kenya/PROPN/obl/2", ["SDN: cut-ties -> KEN"]),
    ("Hamas/PROPN/nsubj/2 released/VERB/root/0 Israeli/ADJ/amod/4 hostages/NOUN/obj/2", ["hamas: release -> ISR"]),
    ("Apple/PROPN/nsubj:pass/3 was/AUX/aux:pass/3 fined/VERB/root/0 by/ADP/case/6 the/DET/det/6 EU/PROPN/obl:agent/3",
     ["eu: convict -> apple"]),
    ("Airbus/PROPN/nsubj/2 sued/VERB/root/0 Boeing/PROPN/obj/2", ["airbus: sue -> boeing"]),
    ("Toyota/PROPN/nsubj/2 merged/VERB/root/0 with/ADP/case/4 Boeing/PROPN/obl/2", ["boeing toyota: merge"]),
    ("Toyota/PROPN/nsubj/2 invested/VERB/root/0 in/ADP/case/4 Kenya/PROPN/obl/2", ["toyota: invest -> KEN"]),
    ("Spain/PROPN/nsubj/2 beat/VERB/root/0 Brazil/PROPN/obj/2", ["ESP: defeat -> BRA"]),
    ("Brazil/PROPN/nsubj/2 lost/VERB/root/0 to/ADP/case/4 Spain/PROPN/obl/2", ["ESP: defeat -> BRA"]),
    ("Lula/PROPN/nsubj:pass/3 was/AUX/aux:pass/3 elected/VERB/root/0", [": elect -> lula"]),
    ("Merkel/PROPN/nsubj/2 resigned/VERB/root/0", ["merkel: resign"]),
    ("Red-Cross/PROPN/nsubj/2 rescued/VERB/root/0 people/NOUN/obj/2 from/ADP/case/5 Sudan/PROPN/obl/2",
     ["icrc: rescue -> SDN"]),
    ("Cuba/PROPN/nsubj/2 left/VERB/root/0 the/DET/det/4 union/NOUN/obj/2", []),
    ("Japan/PROPN/nsubj/2 apologised/VERB/root/0 to/ADP/case/4 China/PROPN/obl/2", ["JPN: apologise -> CHN"]),
    ("France/PROPN/nsubj/2 trained/VERB/root/0 Kenyan/ADJ/amod/4 soldiers/NOUN/obj/2", ["FRA: train-forces -> KEN"]),
    ("Peru/PROPN/nsubj/4 and/CCONJ/cc/3 Cuba/PROPN/conj/1 attacked/VERB/root/0 each/DET/det/6 other/ADJ/obj/4",
     ["PER: assault -> CUB", "CUB: assault -> PER"]),
    ("Russian/ADJ/amod/2 troops/NOUN/nsubj/3 withdrew/VERB/root/0 from/ADP/case/5 Sudan/PROPN/obl/3",
     ["RUS: withdraw-forces -> SDN"]),
    ("Israeli/ADJ/amod/2 forces/NOUN/nsubj/3 bombed/VERB/root/0 camps/NOUN/obj/3 in/ADP/case/6 Sudan/PROPN/nmod/4",
     ["ISR: strike -> SDN"]),
    ("Lula/PROPN/nsubj/2 attacked/VERB/root/0 Macron/PROPN/obj/2", ["lula: criticise -> macron"]),
    ("Iran/PROPN/nsubj/2 fired/VERB/root/0 missiles/NOUN/obj/2 at/ADP/case/6 a/DET/det/6 village/NOUN/obl/2",
     ["IRN: strike"]),
    ("Xi/PROPN/nsubj/2 attacked/VERB/root/0 India/PROPN/obj/2", ["xi: assault -> IND"]),
    ("Lula/PROPN/nsubj/2 backed/VERB/root/0 down/ADP/compound:prt/2 before/ADP/case/5 Macron/PROPN/obl/2",
     ["lula: concede"]),
    ("Russia/PROPN/nsubj/2 rejected/VERB/root/0 Kyiv/PROPN/nmod:poss/5 _'s/PART/case/3 proposal/NOUN/obj/2",
     ["RUS: reject -> UKR"]),
]

CLAUSES = [
    # control: who does the infinitive
    ("Germany/PROPN/nsubj/2 agreed/VERB/root/0 to/PART/mark/4 supply/VERB/xcomp/2 arms/NOUN/obj/4 to/ADP/case/7 "
     "Ukraine/PROPN/obl/4", ["DEU: supply-arms -> UKR"]),
    ("Iran/PROPN/nsubj:pass/3 was/AUX/aux:pass/3 accused/VERB/root/0 of/SCONJ/mark/5 supplying/VERB/advcl/3 "
     "drones/NOUN/obj/5 to/ADP/case/8 Russia/PROPN/obl/5", [": accuse -> IRN", "IRN: supply-arms -> RUS"]),
    ("Kyiv/PROPN/nsubj/2 accused/VERB/root/0 Iran/PROPN/obj/2 of/SCONJ/mark/5 supplying/VERB/advcl/2 "
     "drones/NOUN/obj/5 to/ADP/case/8 Russia/PROPN/obl/5", ["UKR: accuse -> IRN", "IRN: supply-arms -> RUS"]),
    ("Paris/PROPN/nsubj/2 asked/VERB/root/0 Israel/PROPN/obj/2 to/PART/mark/5 attack/VERB/xcomp/2 Iran/PROPN/obj/5",
     ["FRA: request -> ISR", "ISR: assault -> IRN"]),
    ("Paris/PROPN/nsubj/2 promised/VERB/root/0 Israel/PROPN/obj/2 to/PART/mark/5 attack/VERB/xcomp/2 Iran/PROPN/obj/5",
     ["FRA: assault -> IRN"]),
    # the doer before "to", wherever the parse attaches it
    ("Paris/PROPN/nsubj/3 could/AUX/aux/3 ask/VERB/root/0 Israel/PROPN/obj/6 to/PART/mark/6 attack/VERB/ccomp/3 "
     "Iran/PROPN/obj/6", ["ISR: assault -> IRN"]),
    # undone deeds are not told as done
    ("China/PROPN/nsubj/2 refused/VERB/root/0 to/PART/mark/4 attack/VERB/xcomp/2 India/PROPN/obj/4", []),
    ("Turkey/PROPN/nsubj/2 threatened/VERB/root/0 to/PART/mark/4 attack/VERB/xcomp/2 Kenya/PROPN/obj/4",
     ["TUR: threaten -> KEN"]),
    # coordination shares the subject
    ("Russia/PROPN/nsubj/2 attacked/VERB/root/0 Ukraine/PROPN/obj/2 and/CCONJ/cc/5 threatened/VERB/conj/2 "
     "Japan/PROPN/obj/5", ["RUS: assault -> UKR", "RUS: threaten -> JPN"]),
    ("Paris/PROPN/nsubj/3 could/AUX/aux/3 ask/VERB/root/0 Israel/PROPN/obj/3 to/PART/mark/6 attack/VERB/xcomp/3 "
     "Iran/PROPN/obj/6 threaten/VERB/conj/6 Cuba/PROPN/obj/8 and/CCONJ/cc/11 bomb/VERB/conj/3 Kenya/PROPN/obj/11",
     ["FRA: request -> ISR", "ISR: assault -> IRN", "ISR: threaten -> CUB", "ISR: strike -> KEN"]),
    ("Paris/PROPN/nsubj/4 and/CCONJ/cc/3 Berlin/PROPN/conj/1 armed/VERB/root/0 Ukraine/PROPN/obj/4",
     ["DEU FRA: aid-military -> UKR"]),
    # relative clauses and participles
    ("weapons/NOUN/root/0 that/PRON/obj/4 Iran/PROPN/nsubj/4 sent/VERB/acl:relcl/1 to/ADP/case/6 Russia/PROPN/obl/4",
     ["IRN: supply-arms -> RUS"]),
    ("Iran/PROPN/root/0 which/PRON/nsubj/3 attacked/VERB/acl:relcl/1 Israel/PROPN/obj/3", ["IRN: assault -> ISR"]),
    ("drones/NOUN/root/0 supplied/VERB/acl/1 by/ADP/case/4 Iran/PROPN/obl:agent/2 to/ADP/case/6 Russia/PROPN/obl/2",
     ["IRN: supply-arms -> RUS"]),
    # carriers: the object names the act
    ("Israel/PROPN/nsubj/2 carried/VERB/root/0 out/ADP/compound:prt/2 an/DET/det/5 attack/NOUN/obj/2 "
     "on/ADP/case/7 Iran/PROPN/obl/2", ["ISR: assault -> IRN"]),
    ("Lula/PROPN/nsubj/2 held/VERB/root/0 talks/NOUN/obj/2 with/ADP/case/5 Macron/PROPN/obl/2",
     ["lula macron: consult"]),
    ("talks/NOUN/nsubj:pass/3 were/AUX/aux:pass/3 held/VERB/root/0 between/ADP/case/5 Cuba/PROPN/obl/3 and/CCONJ/cc/7 "
     "Peru/PROPN/conj/5", ["CUB PER: consult"]),
    ("Japan/PROPN/nsubj/2 provided/VERB/root/0 military/ADJ/amod/4 aid/NOUN/obj/2 to/ADP/case/6 Ukraine/PROPN/obl/2",
     ["JPN: aid-military -> UKR"]),
    ("Cuba/PROPN/nsubj/2 received/VERB/root/0 support/NOUN/obj/2 from/ADP/case/5 China/PROPN/obl/2",
     ["CHN: support -> CUB"]),
    ("Lula/PROPN/nsubj/2 held/VERB/root/0 talks/NOUN/obj/2 with/ADP/case/7 his/PRON/nmod:poss/7 Chinese/ADJ/amod/7 "
     "counterpart/NOUN/obl/2", ["CHN lula: consult"]),
    ("Spain/PROPN/nsubj/2 beat/VERB/root/0 Brazil/PROPN/obj/2 2-1/NUM/obj/2", ["ESP: defeat -> BRA"]),
    ("Cuba/PROPN/nsubj/2 engaged/VERB/root/0 in/ADP/case/4 reform/NOUN/obl/2 and/CCONJ/cc/6 received/VERB/conj/4 "
     "praise/NOUN/obj/6", []),
    ("Lula/PROPN/nsubj/2 engaged/VERB/root/0 in/ADP/case/4 talks/NOUN/obl/2 with/ADP/case/6 Xi/PROPN/nmod/4",
     ["lula xi: consult"]),
    ("Japan/PROPN/nsubj/2 provided/VERB/root/0 millions/NOUN/obj/2 in/ADP/case/6 economic/ADJ/amod/6 aid/NOUN/obl/2 "
     "to/ADP/case/8 Peru/PROPN/nmod/6", ["JPN: aid-economic -> PER"]),
    ("Hamas/PROPN/compound/2 fighters/NOUN/nsubj/3 attacked/VERB/root/0 Israel/PROPN/obj/3",
     ["hamas: assault -> ISR"]),
    ("France/PROPN/nsubj/2 has/VERB/root/0 cooperation/NOUN/obj/2 with/ADP/case/5 India/PROPN/nmod/3 and/CCONJ/cc/7 "
     "aggression/NOUN/conj/3", ["FRA IND: cooperate"]),
    ("Lula/PROPN/nsubj/2 announced/VERB/root/0 an/DET/det/4 attack/NOUN/obj/2 by/ADP/case/6 Russia/PROPN/nmod/4 "
     "on/ADP/case/8 Kyiv/PROPN/nmod/4", ["RUS: assault -> UKR"]),
    ("Pyongyang/PROPN/nsubj/2 adopt/VERB/root/0 provocative/ADJ/amod/4 actions/NOUN/obj/2", ["PRK: threaten"]),
    # an event in the place of the doer
    ("Lula/PROPN/nmod:poss/3 _'s/PART/case/1 visit/NOUN/nsubj/7 to/ADP/case/5 Cuba/PROPN/nmod/3 had/AUX/aux/7 "
     "led/VERB/root/0 to/ADP/case/9 cooperation/NOUN/obl/7 between/ADP/case/11 Brazil/PROPN/nmod/9 and/CCONJ/cc/13 "
     "Cuba/PROPN/conj/11", ["lula: visit -> CUB", "BRA CUB: cooperate"]),
]

NOUNS = [
    ("arms/NOUN/compound/2 shipments/NOUN/root/0 from/ADP/case/4 Pyongyang/PROPN/nmod/2 to/ADP/case/6 "
     "Moscow/PROPN/nmod/2", ["PRK: supply-arms -> RUS"]),
    ("shipments/NOUN/root/0 of/ADP/case/3 weapons/NOUN/nmod/1 from/ADP/case/5 Iran/PROPN/nmod/1 to/ADP/case/7 "
     "Sudan/PROPN/nmod/1", ["IRN: supply-arms -> SDN"]),
    ("Russian/ADJ/amod/2 aggression/NOUN/root/0 against/ADP/case/4 Ukraine/PROPN/nmod/2", ["RUS: assault -> UKR"]),
    ("Sudan/PROPN/nsubj/2 used/VERB/root/0 the/DET/det/4 drones/NOUN/obj/2 in/ADP/case/7 the/DET/det/7 war/NOUN/obl/2 "
     "in/ADP/case/9 Kenya/PROPN/nmod/7", ["SDN: assault -> KEN"]),
    ("Aid/NOUN/nsubj:pass/8 sent/VERB/acl/1 to/ADP/case/4 Moscow/PROPN/obl/2 has/AUX/aux/8 been/AUX/aux:pass/8 "
     "openly/ADV/advmod/8 used/VERB/root/0 in/ADP/case/11 the/DET/det/11 war/NOUN/obl/8 on/ADP/case/13 "
     "Kyiv/PROPN/nmod/11", ["RUS: assault -> UKR"]),
    ("Arms/NOUN/root/0 from/ADP/case/3 Cuba/PROPN/nmod/1 to/ADP/case/5 Sudan/PROPN/nmod/1 _,/PUNCT/punct/7 "
     "used/VERB/advcl/1 in/ADP/case/10 the/DET/det/10 conflict/NOUN/obl/7 in/ADP/case/12 Kenya/PROPN/nmod/10",
     ["SDN: assault -> KEN"]),
    ("Israel/PROPN/nmod:poss/3 _'s/PART/case/1 strikes/NOUN/root/0 on/ADP/case/5 Iran/PROPN/nmod/3",
     ["ISR: strike -> IRN"]),
    ("Moscow/PROPN/nmod:poss/3 _'s/PART/case/1 support/NOUN/root/0 for/ADP/case/5 Cuba/PROPN/nmod/3",
     ["RUS: support -> CUB"]),
    ("talks/NOUN/root/0 with/ADP/case/5 Russia/PROPN/nmod/1 over/ADP/case/5 Cuba/PROPN/nmod/1 by/ADP/case/7 "
     "Macron/PROPN/nmod/1", ["RUS macron: consult"]),
    ("the/DET/det/2 meeting/NOUN/root/0 between/ADP/case/4 Xi/PROPN/nmod/2 and/CCONJ/cc/6 Lula/PROPN/conj/4",
     ["lula xi: consult"]),
    ("ties/NOUN/root/0 between/ADP/case/3 India/PROPN/nmod/1 and/CCONJ/cc/5 Japan/PROPN/conj/3",
     ["IND JPN: cooperate"]),
    ("economic/ADJ/amod/2 cooperation/NOUN/root/0 between/ADP/case/4 India/PROPN/nmod/2 and/CCONJ/cc/6 "
     "Japan/PROPN/conj/4", ["IND JPN: cooperate (economic)"]),
    ("its/PRON/nmod:poss/2 relations/NOUN/root/0 with/ADP/case/4 Russia/PROPN/nmod/2", []),
    ("Iranian/ADJ/amod/3 nuclear/ADJ/amod/3 test/NOUN/root/0", ["IRN: test-weapon"]),
    ("Russia/PROPN/nmod:poss/3 _'s/PART/case/1 veto/NOUN/root/0 of/ADP/case/7 a/DET/det/7 UN/PROPN/compound/7 "
     "resolution/NOUN/nmod/3", ["RUS: veto -> un"]),
    ("the/DET/det/2 invasion/NOUN/root/0 of/ADP/case/4 Ukraine/PROPN/nmod/2", [": invade -> UKR"]),
    ("Maduro/PROPN/nmod:poss/3 _'s/PART/case/1 arrest/NOUN/root/0", [": detain -> maduro"]),
    ("the/DET/det/2 resignation/NOUN/root/0 of/ADP/case/4 Ruto/PROPN/nmod/2", ["ruto: resign"]),
    ("Macron/PROPN/nmod:poss/3 _'s/PART/case/1 visit/NOUN/root/0 to/ADP/case/5 Kyiv/PROPN/nmod/3",
     ["macron: visit -> UKR"]),
    ("EU/PROPN/compound/2 sanctions/NOUN/root/0 on/ADP/case/4 Iran/PROPN/nmod/2", ["eu: impose-sanctions -> IRN"]),
    ("Iran/PROPN/compound/2 sanctions/NOUN/root/0", [": impose-sanctions -> IRN"]),
    ("the/DET/det/2 merger/NOUN/root/0 of/ADP/case/4 Boeing/PROPN/nmod/2 and/CCONJ/cc/6 Airbus/PROPN/conj/4",
     ["airbus boeing: merge"]),
    ("France/PROPN/nmod:poss/3 _'s/PART/case/1 victory/NOUN/root/0 over/ADP/case/5 Spain/PROPN/nmod/3",
     ["FRA: defeat -> ESP"]),
    ("Macron/PROPN/nmod:poss/3 _'s/PART/case/1 call/NOUN/root/0 for/ADP/case/6 a/DET/det/6 withdrawal/NOUN/nmod/3 "
     "from/ADP/case/8 Sudan/PROPN/nmod/6", []),
    ("Japan/PROPN/nmod:poss/3 _'s/PART/case/1 ally/NOUN/root/0", []),
    ("Iran/PROPN/nmod:poss/4 _'s/PART/case/1 latest/ADJ/amod/4 test/NOUN/root/0", ["IRN: test-weapon"]),
    ("Apple/PROPN/nmod:poss/4 _'s/PART/case/1 latest/ADJ/amod/4 test/NOUN/root/0", []),
    ("unity/NOUN/root/0 between/ADP/case/3 they/PRON/nmod/1", ["farc: cooperate"]),
]

PARTICIPATION = [
    ("Iran/PROPN/nsubj/2 had/VERB/root/0 a/DET/det/4 role/NOUN/obj/2 in/ADP/case/7 the/DET/det/7 attack/NOUN/nmod/4 "
     "on/ADP/case/9 Israel/PROPN/nmod/7", ["IRN: assault -> ISR"]),
    ("Iran/PROPN/nsubj/3 was/AUX/cop/3 responsible/ADJ/root/0 for/ADP/case/6 the/DET/det/6 attack/NOUN/obl/3 "
     "on/ADP/case/8 Israel/PROPN/nmod/6", ["IRN: assault -> ISR"]),
    ("Iran/PROPN/nsubj:pass/3 was/AUX/aux:pass/3 involved/VERB/root/0 in/ADP/case/6 the/DET/det/6 attack/NOUN/obl/3 "
     "on/ADP/case/8 Israel/PROPN/nmod/6", ["IRN: assault -> ISR"]),
    ("Iran/PROPN/nsubj/5 was/AUX/cop/5 behind/ADP/case/5 the/DET/det/5 attack/NOUN/root/0 on/ADP/case/7 "
     "Israel/PROPN/nmod/5", ["IRN: assault -> ISR"]),
    ("Paris/PROPN/nsubj/2 accused/VERB/root/0 Iran/PROPN/obj/2 of/ADP/case/6 an/DET/det/6 attack/NOUN/obl/2 "
     "on/ADP/case/8 Israel/PROPN/nmod/6", ["FRA: accuse -> IRN", "IRN: assault -> ISR"]),
    ("Iran/PROPN/nsubj/2 planned/VERB/root/0 an/DET/det/4 attack/NOUN/obj/2 on/ADP/case/6 Israel/PROPN/nmod/4",
     ["IRN: assault -> ISR"]),
    ("Iran/PROPN/nsubj/2 had/VERB/root/0 plans/NOUN/obj/2 to/PART/mark/5 attack/VERB/acl/3 Israel/PROPN/obj/5",
     ["IRN: assault -> ISR"]),
    ("Toyota/PROPN/nsubj/4 is/AUX/cop/4 in/ADP/case/4 talks/NOUN/root/0 with/ADP/case/6 Boeing/PROPN/nmod/4",
     ["boeing toyota: negotiate"]),
    ("Toyota/PROPN/nsubj/2 bribed/VERB/root/0 Maduro/PROPN/obj/2", ["toyota: bribe -> maduro"]),
    ("Toyota/PROPN/nsubj/2 paid/VERB/root/0 bribes/NOUN/obj/2 to/ADP/case/5 Maduro/PROPN/obl/2",
     ["toyota: bribe -> maduro"]),
    ("Maduro/PROPN/nsubj/2 took/VERB/root/0 bribes/NOUN/obj/2 from/ADP/case/5 Toyota/PROPN/obl/2",
     ["toyota: bribe -> maduro"]),
    ("Toyota/PROPN/nsubj/2 bought/VERB/root/0 Boeing/PROPN/obj/2", ["toyota: acquire -> boeing"]),
    ("Macron/PROPN/nsubj/2 named/VERB/root/0 Peru/PROPN/obj/2", []),
    ("Paris/PROPN/nsubj/2 says/VERB/root/0 Iran/PROPN/nsubj/4 hacked/VERB/ccomp/2 its/PRON/nmod:poss/6 "
     "computers/NOUN/obj/4", ["IRN: hack -> FRA"]),
    # whom they attacked is not known: any attack would do
    ("Iran/PROPN/nsubj/2 attacked/VERB/root/0 a/DET/det/4 hotel/NOUN/obj/2", []),
    # they fight side by side
    ("Macron/PROPN/nsubj/4 and/CCONJ/cc/3 Lula/PROPN/conj/1 fight/VERB/root/0 crime/NOUN/obj/4", []),
    # who approves a deal is no side of it
    ("Macron/PROPN/nsubj/2 approved/VERB/root/0 the/DET/det/4 deal/NOUN/obj/2 between/ADP/case/6 Iran/PROPN/nmod/4 "
     "and/CCONJ/cc/8 Peru/PROPN/conj/6", ["IRN PER: agree"]),
    ("Peru/PROPN/nsubj/2 broke/VERB/root/0 the/DET/det/4 truce/NOUN/obj/2", ["PER: violate (military)"]),
]
GROUNDS = [
    ("trade/NOUN/nsubj/8 between/ADP/case/3 Iran/PROPN/nmod/1 and/CCONJ/cc/5 India/PROPN/conj/3 _,/PUNCT/punct/1 "
     "could/AUX/aux/8 embolden/VERB/root/0 Tehran/PROPN/obj/8 to/PART/mark/11 attack/VERB/xcomp/8 Israel/PROPN/obj/11",
     ["IRN: assault -> ISR", "IND IRN: trade"]),
    ("Spain/PROPN/nsubj/2 attacked/VERB/root/0 Peru/PROPN/obj/2 because/ADP/case/8 of/ADP/fixed/4 its/PRON/nmod:poss/8 "
     "Cuban/ADJ/amod/8 attack/NOUN/obl/2 on/ADP/case/10 Kenya/PROPN/nmod/8",
     ["ESP: assault -> PER", ": assault -> KEN"]),
    ("Iran/PROPN/nsubj/2 sent/VERB/root/0 drones/NOUN/obj/2 to/ADP/case/5 Russia/PROPN/obl/2 in/ADP/case/7 "
     "exchange/NOUN/obl/2 for/ADP/case/10 military/ADJ/amod/10 aid/NOUN/nmod/7",
     ["IRN: supply-arms -> RUS", "RUS: aid-military -> IRN"]),
    ("trade/NOUN/nsubj/6 between/ADP/case/3 Iran/PROPN/nmod/1 and/CCONJ/cc/5 India/PROPN/conj/3 grew/VERB/root/0 "
     "as/ADP/case/9 a/DET/det/9 result/NOUN/obl/6 of/ADP/case/11 which/PRON/obl/13 Tehran/PROPN/nsubj/13 "
     "received/VERB/acl:relcl/9 Indian/ADJ/amod/15 drones/NOUN/obj/13 from/ADP/case/17 Delhi/PROPN/obl/13",
     ["IND IRN: trade", "IND: supply-arms -> IRN"]),
    ("the/DET/det/2 visit/NOUN/nsubj/8 of/ADP/case/4 Xi/PROPN/nmod/2 to/ADP/case/6 Cuba/PROPN/nmod/2 is/AUX/cop/8 "
     "sign/NOUN/root/0 of/ADP/case/10 support/NOUN/nmod/8 by/ADP/case/12 China/PROPN/nmod/10 "
     "for/ADP/case/14 Cuba/PROPN/nmod/10", ["CHN: support -> CUB", "xi: visit -> CUB"]),
]


@pytest.mark.parametrize(("sentence", "expected"), [*VERBS, *CLAUSES, *NOUNS, *PARTICIPATION, *GROUNDS])
def test_a_sentence_puts_forward_who_does_what_to_whom(sentence: str, expected: list[str]) -> None:
    assert read(sentence) == expected


def test_a_proposition_knows_the_words_it_was_read_from() -> None:
    doc = analysed("Yesterday/NOUN/obl/3 Russia/PROPN/nsubj/3 attacked/VERB/root/0 Ukraine/PROPN/obj/3 "
                   "again/ADV/advmod/3", lemmas=LEMMAS)
    [found] = read_propositions(doc, Span(start=0, end=len(doc.text)), cast=cast_of(doc), acts=ACTS)
    assert found.read_from is not None
    assert found.read_from.of(doc.text) == "Russia attacked Ukraine"


@pytest.mark.parametrize(("earlier", "later", "expected"), [
    ("arms/NOUN/compound/2 shipments/NOUN/root/0 from/ADP/case/4 Pyongyang/PROPN/nmod/2 to/ADP/case/6 "
     "Moscow/PROPN/nmod/2", "arms/NOUN/compound/2 deliveries/NOUN/root/0 to/ADP/case/4 Russia/PROPN/nmod/2",
     ["PRK: supply-arms -> RUS"]),
    ("Iran/PROPN/nsubj/2 attacked/VERB/root/0 Israel/PROPN/obj/2", "this/DET/det/2 attack/NOUN/root/0",
     ["IRN: assault -> ISR"]),
    ("Iran/PROPN/nsubj/2 attacked/VERB/root/0 Israel/PROPN/obj/2", "an/DET/det/2 attack/NOUN/root/0", []),
    ("Iran/PROPN/nsubj/2 attacked/VERB/root/0 Israel/PROPN/obj/2", "attack/NOUN/root/0 on/ADP/case/3 "
     "Kenya/PROPN/nmod/1", [": assault -> KEN"]),
    ("Lula/PROPN/nsubj/2 met/VERB/root/0 Xi/PROPN/obj/2", "the/DET/det/2 meeting/NOUN/root/0", ["lula xi: consult"]),
])
def test_a_noun_takes_its_participants_from_what_was_told_before(earlier: str, later: str, expected: list[str]) -> None:
    assert read(earlier, later) == expected


@pytest.mark.parametrize(("sentence", "expected"), [
    ("Iran/PROPN/nsubj/4 did/AUX/aux/4 not/PART/advmod/4 send/VERB/root/0 drones/NOUN/obj/4", True),
    ("no/DET/det/2 arms/NOUN/nsubj:pass/4 were/AUX/aux:pass/4 sent/VERB/root/0", True),
    ("there/PRON/expl/2 is/VERB/root/0 no/DET/det/4 evidence/NOUN/nsubj/2", True),
    ("the/DET/det/2 reports/NOUN/nsubj/4 were/AUX/cop/4 false/ADJ/root/0", True),
    ("the/DET/det/2 reports/NOUN/nsubj/5 were/AUX/cop/5 not/PART/advmod/5 false/ADJ/root/0", False),
    ("Iran/PROPN/nsubj/2 sent/VERB/root/0 drones/NOUN/obj/2", False),
    ("Iran/PROPN/nsubj/2 sent/VERB/root/0 drones/NOUN/obj/2 that/PRON/nsubj/7 did/AUX/aux/7 not/PART/advmod/7 "
     "explode/VERB/acl:relcl/3", False),
    ("Iran/PROPN/nsubj/2 failed/VERB/root/0 to/PART/mark/4 send/VERB/xcomp/2 drones/NOUN/obj/4", True),
])
def test_only_the_head_of_a_clause_is_negated(sentence: str, expected: bool) -> None:
    doc = analysed(sentence, lemmas=LEMMAS)
    assert negated(doc, Span(start=0, end=len(doc.text))) is expected


def test_a_denied_deed_is_still_phrased_positively() -> None:
    assert read("Iran/PROPN/nsubj/4 did/AUX/aux/4 not/PART/advmod/4 attack/VERB/root/0 Israel/PROPN/obj/4") == [
        "IRN: assault -> ISR"]


STATES = st.sampled_from(["Russia", "Iran", "Israel", "India", "Japan", "Kenya", "Sudan", "Brazil", "Cuba", "Peru"])
THINGS = st.sampled_from(["weapons", "missiles", "drones", "tanks"])


@settings(deadline=None)
@given(giver=STATES, taker=STATES, thing=THINGS)
def test_giving_and_receiving_are_one_proposition(giver: str, taker: str, thing: str) -> None:
    given_ = read(f"{giver}/PROPN/nsubj/2 sent/VERB/root/0 {thing}/NOUN/obj/2 to/ADP/case/5 {taker}/PROPN/obl/2")
    received = read(f"{taker}/PROPN/nsubj/2 received/VERB/root/0 {thing}/NOUN/obj/2 from/ADP/case/5 "
                    f"{giver}/PROPN/obl/2")
    passive = read(f"{thing}/NOUN/nsubj:pass/3 were/AUX/aux:pass/3 sent/VERB/root/0 to/ADP/case/5 {taker}/PROPN/obl/3 "
                   f"by/ADP/case/7 {giver}/PROPN/obl:agent/3")
    if giver != taker:
        assert given_ == received == passive == [f"{ACTORS[giver]}: supply-arms -> {ACTORS[taker]}"]


@settings(deadline=None)
@given(one=STATES, other=STATES)
def test_the_order_of_the_sides_of_a_joint_act_does_not_matter(one: str, other: str) -> None:
    between = "talks/NOUN/root/0 between/ADP/case/3 {}/PROPN/nmod/1 and/CCONJ/cc/5 {}/PROPN/conj/3"
    with_ = "{}/PROPN/nsubj/2 held/VERB/root/0 talks/NOUN/obj/2 with/ADP/case/5 {}/PROPN/obl/2"
    readings = {tuple(read(form.format(*sides))) for form in (between, with_) for sides in ((one, other), (other, one))}
    assert len(readings) == 1


@settings(deadline=None)
@given(one=STATES, other=STATES)
def test_active_and_passive_are_one_proposition(one: str, other: str) -> None:
    active = read(f"{one}/PROPN/nsubj/2 attacked/VERB/root/0 {other}/PROPN/obj/2")
    passive = read(f"{other}/PROPN/nsubj:pass/3 was/AUX/aux:pass/3 attacked/VERB/root/0 by/ADP/case/5 "
                   f"{one}/PROPN/obl:agent/3")
    noun = read(f"attack/NOUN/root/0 by/ADP/case/3 {one}/PROPN/nmod/1 on/ADP/case/5 {other}/PROPN/nmod/1")
    if one != other:
        assert active == passive == noun


RELATIONS = st.sampled_from(["case", "nmod", "compound", "conj", "obl", "obj", "flat", "acl", "acl:relcl", "nsubj",
                             "mark", "xcomp", "advcl", "ccomp", "nsubj:pass", "aux:pass", "nmod:poss"])
WORDS = st.sampled_from(["attack/NOUN", "attack/VERB", "by/ADP", "Iran/PROPN", "that/PRON", "to/PART", "Kyiv/PROPN",
                         "led/VERB", "result/NOUN", "which/PRON", "call/VERB", "each/DET", "other/ADJ", "arms/NOUN"])


@settings(deadline=None)
@given(tokens=st.lists(st.tuples(WORDS, RELATIONS, st.integers(min_value=0, max_value=20)), min_size=1, max_size=12))
def test_reading_ends_whatever_the_parse(tokens: list[tuple[str, str, int]]) -> None:
    parse = [f"{word}/{relation}/{head % number + 1 if number else 0}"
             for number, (word, relation, head) in enumerate(tokens)]
    assert isinstance(read(" ".join(parse)), list)


def test_a_list_that_is_no_sentence_is_not_read() -> None:
    rows = [f"Iran/PROPN/conj/{number}" for number in range(1, 300)]
    assert read(" ".join(["attack/NOUN/root/0", *rows])) == []


def test_a_tree_that_leads_back_to_its_verb_has_no_subject_to_give():
    sentence = "wants/VERB/root/0 bombed/VERB/advcl/5 sent/VERB/conj/2 and/CCONJ/cc/5 attacked/VERB/conj/1"
    doc = analysed(sentence, lemmas=LEMMAS)
    assert surface_subject(doc[4]) is None
