"""Scoring against hand-made gold: the gold itself is perfect, and damaged gold is as bad as the damage."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyoxigraph
import pytest

from kg.articles import read_article
from kg.errors import ArticleError
from kg.evaluation import (
    Published,
    expected_calibration_error,
    figures,
    read_gold,
    read_published,
    reliability,
    score_articles,
    score_published,
)
from kg.evaluation.gold import GoldArticle
from kg.evaluation.published import PublishedActor, PublishedAgreement, PublishedStatement
from kg.graph import describe
from kg.iris import agreement_id
from kg.model import Actor, Agreement, Cast, Extraction, Interval, Mention, Span, Statement, StatusEvent
from kg.vocabulary import Vocabulary

DEVELOPMENT = Path(__file__).parent / "data" / "development"
PERFECT = (1.0, 1.0, 1.0)
STANCE_OF = {"announces": "asserts", "asks": "requests", "other": "doubts"}  # labels without a concept of that name


@pytest.fixture(scope="module")
def articles() -> tuple[GoldArticle, ...]:
    return read_gold(DEVELOPMENT / "gold", DEVELOPMENT / "texts")


def as_published(articles: Iterable[GoldArticle], *, optional: bool = False) -> Published:
    """Return the gold as if it had been published."""
    actors, statements, agreements = [], [], []
    for article in articles:
        actors += [
            PublishedActor(article=article.name, names=(actor.name,), kind=actor.kind, wikidata=actor.wikidata)
            for actor in article.actors.values() if optional or not actor.optional
        ]
        statements += [
            PublishedStatement(
                article=article.name, speakers=gold.speakers[:1],
                pieces=tuple(span.of(article.text) for span in gold.content), stance=gold.stance, mode=gold.mode,
                polarity=gold.polarity, certainty=gold.certainty, about=tuple(sorted(gold.about)),
                reported_by=(gold.reported_by,) * bool(gold.reported_by), said_on=gold.said_on,
                cue=(gold.cue.start, gold.cue.end), confidence=1.0,
            )
            for gold in article.statements if optional or not gold.optional
        ]
        agreements += [
            PublishedAgreement(
                article=article.name, title=gold.title, parties=tuple(sorted(gold.parties)), kind=gold.kind,
                status=gold.status, date=gold.date,
                duties=tuple((duty.words, duty.bearers) for duty in gold.obligations),
            )
            for gold in article.agreements if optional or not gold.optional
        ]
    return Published(actors=tuple(actors), statements=tuple(statements), agreements=tuple(agreements))


def each(published: Published, change: Callable[[PublishedStatement], PublishedStatement]) -> Published:
    return replace(published, statements=tuple(map(change, published.statements)))


def shortened(statement: PublishedStatement, *, tenths: int) -> PublishedStatement:
    kept = " ".join(statement.pieces).split()
    return replace(statement, pieces=(" ".join(kept[: -(-len(kept) * tenths // 10)]),))


def split(published: Published) -> Published:
    pieces = [replace(statement, pieces=(piece,)) for statement in published.statements for piece in statement.pieces]
    return replace(published, statements=tuple(pieces))


@pytest.mark.parametrize("optional", [False, True], ids=["what counts", "with what is optional"])
def test_the_gold_itself_is_perfect(articles, optional):
    result = score_published(as_published(articles, optional=optional), gold=articles)
    imperfect = {name: value for name, value in figures(result.total).items() if value not in (PERFECT, 1.0, None)}
    assert imperfect == {}
    assert (result.errors, result.flips) == ((), ())


def test_nothing_published_finds_nothing(articles):
    result = score_published(Published(), gold=articles)
    assert figures(result.total)["statements"] == (0.0, 0.0, 0.0)
    assert set(result.mistakes) == {"missed: no statement at the cue"}


DAMAGES = {
    "every second statement lost": lambda one: replace(one, statements=one.statements[::2]),
    "no speaker right": lambda one: each(one, lambda statement: replace(statement, speakers=("Nobody Whatsoever",))),
    "content cut to 70 %": lambda one: each(one, lambda statement: shortened(statement, tenths=7)),
    "content cut to 20 %": lambda one: each(one, lambda statement: shortened(statement, tenths=2)),
    "split quotes apart": split,
    "everything twice": lambda one: replace(one, statements=one.statements * 2),
    "labels lost": lambda one: each(one, lambda statement: replace(
        statement, stance="nonsense", polarity="unheard", about=(), said_on="1900-01-01", reported_by=())),
    "somebody else spoken about": lambda one: each(one, lambda statement: replace(
        statement, about=(*statement.about, "Atlantis"))),
    "a third of the actors lost, others invented": lambda one: replace(one, actors=tuple(
        replace(actor, names=("Atlantis",), wikidata="") if number % 3 == 0 else actor
        for number, actor in enumerate(one.actors))),
    "agreements with strangers and wrong days": lambda one: replace(one, agreements=tuple(
        replace(agreement, date="1900-01-01", parties=(*agreement.parties[:1], "Atlantis"))
        for agreement in one.agreements)),
    "agreements of strangers only": lambda one: replace(one, agreements=tuple(
        replace(agreement, parties=("Atlantis", "Lemuria")) for agreement in one.agreements)),
}


def is_perfect_but_for(names):
    return lambda measured: {name for name, value in measured.items() if value not in (PERFECT, 1.0, None)} == names


@pytest.mark.parametrize(("damage", "holds"), [
    ("every second statement lost", lambda measured: measured["statements"][0] == 1.0
     and measured["statements"][1] == pytest.approx(0.5, abs=0.05)),
    ("no speaker right", lambda measured: measured["statements"][2] == 0.0 and measured["content"] == PERFECT),
    ("content cut to 70 %", lambda measured: measured["statements"][1] > 0.97),
    ("content cut to 20 %", lambda measured: measured["statements"][1] < 0.15),
    ("split quotes apart", lambda measured: measured["statements"] == PERFECT),
    ("everything twice", lambda measured: measured["statements"][:2] == pytest.approx((0.5, 1.0), abs=0.01)),
    ("labels lost", is_perfect_but_for(
        {"stance", "stance_strict", "polarity", "polarity_strict", "about", "said_on", "reported_by"})),
    ("somebody else spoken about", lambda measured: measured["about"][1] == 1.0 and measured["about"][0] < 0.7),
    ("a third of the actors lost, others invented", lambda measured: measured["actors"][1] == pytest.approx(
        2 / 3, abs=0.05)),
    ("agreements with strangers and wrong days", lambda measured: measured["agreements"] == PERFECT
     and measured["parties"][2] < 0.7 and measured["agreement_date"] == 0.0),
    ("agreements of strangers only", lambda measured: measured["agreements"] == (0.0, 0.0, 0.0)),
])
def test_damaged_gold_is_as_bad_as_the_damage(damage, holds, articles):
    damaged = DAMAGES[damage](as_published(articles))
    assert holds(figures(score_published(damaged, gold=articles).total))


@pytest.mark.parametrize(("mistake", "damage"), [
    ("missed: wrong speaker", lambda one: (replace(one, speakers=("Atlantis",)),)),
    ("missed: content too short", lambda one: (replace(one, pieces=(" ".join(one.pieces[0].split()[:2]),)),)),
    ("missed: content elsewhere", lambda one: (replace(one, pieces=("Lemuria",)),)),
    ("missed: speaker and content", lambda one: (replace(one, speakers=("Atlantis",), pieces=("Lemuria",)),)),
    ("missed: no statement at the cue", lambda one: ()),
    ("wrong: duplicate", lambda one: (one, one)),
    ("wrong: speaker", lambda one: (one, replace(one, speakers=("Atlantis",)))),
    ("wrong: content", lambda one: (one, replace(one, pieces=("Lemuria",)))),
    ("wrong: content too short", lambda one: (replace(one, pieces=(" ".join(one.pieces[0].split()[:2]),)),)),
    ("wrong: nothing was said", lambda one: (one, replace(one, pieces=("Lemuria",), cue=(0, 1)))),
])
def test_a_mistake_has_its_class(mistake, damage, articles):
    [article] = [article for article in articles if article.name == "ceasefire_nairobi"]
    published = as_published([article])
    statements = (*damage(published.statements[0]), *published.statements[1:])
    result = score_published(replace(published, statements=statements), gold=[article])
    assert result.mistakes.get(mistake) == 1
    assert any(line.startswith(f"ceasefire_nairobi: {mistake}: ") for line in result.errors)


def test_a_denial_published_as_an_assertion_is_counted(articles):
    denials = sum(gold.polarity not in ("", "positive") and "positive" not in gold.polarity_ok
                  for article in articles for gold in article.statements)
    asserted = each(as_published(articles, optional=True), lambda statement: replace(statement, polarity="positive"))
    result = score_published(asserted, gold=articles)
    assert len(result.flips) == result.total["flips"] == denials > 60


def test_a_headline_that_is_published_counts_neither_way(articles):
    published = as_published(articles)
    headlines = tuple(
        PublishedStatement(article=article.name, speakers=("Somebody",), pieces=(article.ignored[0].of(article.text),))
        for article in articles
    )
    result = score_published(replace(published, statements=published.statements + headlines), gold=articles)
    assert figures(result.total)["statements"] == PERFECT


def test_stances_are_broken_down(articles):
    stances = score_published(as_published(articles), gold=articles).stances
    assert set(stances) >= {"asserts", "denies", "warns", "promises", "demands", "proposes", "believes", "praises",
                            "criticises", "asks", "announces"}
    assert all(wanted == found == right > 0 for wanted, found, right in stances.values())


@pytest.mark.parametrize("name", ["ceasefire_nairobi", "debt_accra", "rail_strike", "treaty_caucasus"])
def test_what_a_graph_publishes_is_scored_like_the_records_it_was_made_of(name, articles):
    [article] = [article for article in articles if article.name == name]
    store, vocabulary = pyoxigraph.Store(), Vocabulary()
    for graph in describe(extraction_of(article), vocabulary=vocabulary, mentions="all").values():
        store.bulk_load(graph.serialize(format="nt").encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    result = score_published(read_published(store, vocabulary=vocabulary), gold=[article])
    measured = figures(result.total)
    del measured["stance"], measured["stance_strict"], measured["obligations"], measured["agreement_kind"]
    assert {key: value for key, value in measured.items() if value not in (PERFECT, 1.0, None)} == {}
    assert result.judged == ((0.8, True),) * len(result.judged) != ()


def test_only_actors_are_compared_with_those_spoken_about_and_an_interval_is_a_day_of_saying(articles):
    [article] = [article for article in articles if article.name == "treaty_caucasus"]
    told = extraction_of(article)
    agreement = agreement_id(told.article, told.agreements[0])
    dated = replace(article.statements[0], said_on="2008-12")
    statements = (replace(told.statements[0], about=(*told.statements[0].about, agreement),
                          when=Interval(earliest=date(2008, 12, 1), latest=date(2008, 12, 31))), *told.statements[1:])
    store, vocabulary = pyoxigraph.Store(), Vocabulary()
    for graph in describe(replace(told, statements=statements), vocabulary=vocabulary, mentions="all").values():
        store.bulk_load(graph.serialize(format="nt").encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    gold = replace(article, statements=(dated, *article.statements[1:]))
    measured = figures(score_published(read_published(store, vocabulary=vocabulary), gold=[gold]).total)
    assert (measured["about"], measured["said_on"]) == (PERFECT, 1.0)


def extraction_of(article: GoldArticle) -> Extraction:
    """Return records that say what the gold says, under identifiers made of the names."""
    kinds = {"person": "Person", "state": "State", "organization": "Organization"}
    actors = {
        actor_id(name): Actor(id=actor_id(name), kind=kinds.get(actor.kind, "ActorGroup"), label=name, basis="name")
        for name, actor in article.actors.items() if not actor.optional or is_spoken_of(name, article)
    }
    whole = Span(start=0, end=len(article.text))
    counted = [gold for gold in article.statements if not gold.optional]
    return Extraction(
        article=read_article(article.text.encode(), source=f"{article.name}.txt"),
        cast=Cast(actors=actors, mentions=tuple(Mention(span=whole, actor=actor, form="name") for actor in actors)),
        statements=tuple(
            Statement(
                cue=gold.cue, evidence=gold.content, speakers=tuple(map(actor_id, gold.speakers)),
                stance=STANCE_OF.get(gold.stance, gold.stance), polarity=gold.polarity, certainty=gold.certainty,
                mode=gold.mode, wording=gold.content, gist="gist", about=tuple(map(actor_id, sorted(gold.about))),
                channels=(actor_id(gold.reported_by),) * bool(gold.reported_by), when=when(gold.said_on),
                confidence=0.8,
            )
            for gold in counted
        ),
        agreements=tuple(
            Agreement(
                start=number, label=gold.title, kind="treaty", status=gold.status.replace("_", "-"),
                parties=tuple(map(actor_id, sorted(gold.parties))), evidence=(whole,),
                events=(
                    StatusEvent(start=number, status=gold.status.replace("_", "-"), label="event", agents=(),
                                when=when(gold.date), evidence=whole),
                    StatusEvent(start=9000 + number, status="proposed", label="earlier", agents=(),
                                when=when("1900-01-01"), evidence=whole),
                ),
            )
            for number, gold in enumerate(article.agreements) if not gold.optional
        ),
    )


def is_spoken_of(name: str, article: GoldArticle) -> bool:
    return any(name in (*gold.speakers, *gold.about, gold.reported_by) for gold in article.statements)


def actor_id(name: str) -> str:
    return "id/group/" + re.sub(r"\W+", "-", name)


def when(words: str) -> Interval:
    """Return the days of "2021-03-02", of "2021-03", of "2021" (their first and last day), or of "first/last"."""
    if not words:
        return Interval()
    first, _, last = words.partition("/")
    return Interval(earliest=date.fromisoformat(f"{first}-01-01"[:10]),
                    latest=date.fromisoformat(f"{last or first}-01-01"[:10]))


@pytest.mark.parametrize("damage", [None, *DAMAGES], ids=lambda damage: damage or "none")
def test_the_figures_are_those_of_the_shared_scorer(damage, articles, tmp_path):
    scorer = Path(os.environ.get("COMMUNIQUE_SHARED", "nowhere")) / "tools" / "score_gold.py"
    if not scorer.is_file():
        pytest.skip("COMMUNIQUE_SHARED names no folder with tools/score_gold.py")
    published = as_published(articles, optional=True)
    if damage:
        published = DAMAGES[damage](published)
    theirs = shared_figures(published, scorer=scorer, folder=tmp_path)
    ours = figures(score_published(published, gold=articles).total)
    names = {"kind": "mode"} | {name: name for name in ours if name not in (
        "content", "mode", "polarity", "polarity_strict", "certainty", "obligations", "obligation_bearer")}
    assert {name: theirs[name] for name in names} == {
        name: pytest.approx(ours[own]) if ours[own] is not None else None for name, own in names.items()}


def shared_figures(published: Published, *, scorer: Path, folder: Path) -> dict[str, object]:
    rows = {
        "actors": [{"article": actor.article, "names": actor.names, "type": actor.kind, "wikidata": actor.wikidata}
                   for actor in published.actors],
        "statements": [
            {"article": one.article, "speaker": one.speakers, "content": one.pieces, "kind": one.mode,
             "stance": one.stance, "about": one.about, "reportedBy": one.reported_by, "saidOn": one.said_on}
            for one in published.statements
        ],
        "agreements": [{"article": one.article, "title": one.title, "party": one.parties, "date": one.date,
                        "status": one.status, "kind": one.kind} for one in published.agreements],
    }
    (folder / "rows.json").write_text(json.dumps(rows), encoding="utf-8")
    subprocess.run([sys.executable, scorer, DEVELOPMENT / "gold", DEVELOPMENT / "texts", folder / "rows.json",
                    "--json", folder / "figures.json"], check=True, capture_output=True)
    total = json.loads((folder / "figures.json").read_text(encoding="utf-8"))["total"]
    return {name: tuple(value) if isinstance(value, list) and None not in value else None if isinstance(value, list)
            else value for name, value in total.items()}


def test_gold_of_another_text_is_refused(tmp_path):
    for name in ("gold", "texts"):
        (tmp_path / name).mkdir()
    (tmp_path / "gold" / "rail_strike.json").write_bytes((DEVELOPMENT / "gold" / "rail_strike.json").read_bytes())
    (tmp_path / "texts" / "rail_strike.txt").write_text("Another text.", encoding="utf-8")
    with pytest.raises(ArticleError, match=r"rail_strike\.txt: not the text that was annotated; restore it"):
        read_gold(tmp_path / "gold", tmp_path / "texts")


@pytest.mark.parametrize(("missing", "message"), [
    ("texts", "no such text; put the text of rail_strike.json there"),
    ("gold", "no gold; name a folder of NAME.json"),
])
def test_what_is_missing_is_named(missing, message, tmp_path):
    folder = tmp_path / "gold"
    folder.mkdir()
    if missing == "texts":
        (folder / "rail_strike.json").write_bytes((DEVELOPMENT / "gold" / "rail_strike.json").read_bytes())
    with pytest.raises(ArticleError, match=message):
        score_articles(pyoxigraph.Store(), gold=folder, texts=tmp_path, vocabulary=Vocabulary())


@pytest.mark.parametrize(("judged", "error"), [
    ([(1.0, True)] * 4, 0.0),
    ([(1.0, False)] * 4, 1.0),
    ([(0.9, True)] * 9 + [(0.9, False)], 0.0),
    ([(0.5, True), (0.5, False), (0.8, True), (0.8, True)], 0.1),
])
def test_confidences_that_are_no_probabilities_are_off(judged, error):
    assert expected_calibration_error(judged) == pytest.approx(error)


def test_without_confidences_there_is_no_calibration_error():
    with pytest.raises(ValueError, match="no confidence was judged"):
        expected_calibration_error([])


def test_the_reliability_rows_hold_every_confidence_once():
    judged = [(number / 100, number % 3 == 0) for number in range(101)]
    assert sum(row.count for row in reliability(judged)) == 101
    assert all(row.low <= row.confidence <= row.high for row in reliability(judged))
