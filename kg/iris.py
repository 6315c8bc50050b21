"""Mints IRIs: the same source gives the same IRI, on every machine and for ever.

All functions return relative IRIs (`id/statement/5e900040bec38a6c-62`); `Vocabulary.iri` makes them absolute.
"""

import hashlib

from kg.model import Agreement, Article, Obligation, Proposition, Span, Statement, StatusEvent, Tenure


def article_id(article: Article) -> str:
    """Return the IRI of an article: content-based, so the same text from two feeds is one article."""
    return f"id/article/{article.key}"


def mention_id(article: Article, span: Span) -> str:
    """Return the IRI of a stretch of an article's text."""
    return f"id/article/{article.key}#m-{span.start}-{span.end}"


def selector_id(article: Article, span: Span) -> str:
    """Return the IRI of the characters of a stretch of text: an RFC 5147 fragment of the article."""
    return f"id/article/{article.key}#char={span.start},{span.end}"


def statement_id(article: Article, statement: Statement) -> str:
    """Return the IRI of a statement: it stays put when speaker, stance or wording are read better."""
    return statement_at(article, statement.cue.start)


def statement_at(article: Article, offset: int) -> str:
    """Return the IRI of the statement whose cue starts at `offset`."""
    return f"id/statement/{article.key}-{offset}"


def agreement_id(article: Article, agreement: Agreement) -> str:
    """Return the IRI of an agreement as one article describes it."""
    return f"id/agreement/{article.key}-{agreement.start}"


def event_id(article: Article, event: StatusEvent) -> str:
    """Return the IRI of a change in an agreement's life as one article tells it."""
    return f"id/status-event/{article.key}-{event.start}"


def obligation_id(article: Article, obligation: Obligation) -> str:
    """Return the IRI of a duty as one article tells it."""
    return f"id/obligation/{article.key}-{obligation.start}-{obligation.number}"


def tenure_id(article: Article, tenure: Tenure) -> str:
    """Return the IRI of a person shown in an office by one article."""
    return f"id/tenure/{article.key}-{tenure.evidence.start}-{tenure.evidence.end}"


def proposition_id(proposition: Proposition) -> str:
    """Return the IRI of a proposition: the same meaning is the same node in every article, run and machine.

    The hash is taken over relative IRIs, so it does not depend on the host of the deployment.

    >>> both = Proposition(agents=("id/state/RUS", "id/state/PRK"), act="cooperate")
    >>> proposition_id(both)
    'id/proposition/17efba33f9e01775f9a5'
    >>> proposition_id(both) == proposition_id(Proposition(agents=("id/state/PRK", "id/state/RUS"), act="cooperate"))
    True
    """
    key = "|".join((" ".join(proposition.agents), proposition.act, " ".join(proposition.targets), proposition.topic))
    return f"id/proposition/{hashlib.sha256(key.encode()).hexdigest()[:20]}"


def is_name_based(identifier: str) -> bool:
    """Return whether a relative IRI was minted from a name, so that the registry does not describe it.

    >>> is_name_based("id/person/n.ana-ruiz.1f2e3d"), is_name_based("id/person/jens-stoltenberg")
    (True, False)
    """
    return identifier.rsplit("/", 1)[-1].startswith("n.")
