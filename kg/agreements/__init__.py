"""Who agreed, signed, adopted, vetoed or broke what, when, and what it obliges them to."""


from kg.agreements.grouping import agreements
from kg.agreements.scene import Scene
from kg.agreements.terms import Terms, load_terms
from kg.language.document import Doc
from kg.model import Agreement, Article, Cast, TimeExpression

__all__ = ["Terms", "find_agreements", "load_terms"]


def find_agreements(doc: Doc, *, article: Article, cast: Cast, times: tuple[TimeExpression, ...],
                    terms: Terms) -> tuple[Agreement, ...]:
    """Return the agreements that an article tells of, in the order of their first mention.

    Plans, negations and refusals never become a signature; mentions of one agreement are one `Agreement`; what names
    no party ("a great deal of work", "agreement among experts") is none. The propositions of the obligations are left
    empty.

    Args:
        doc: The analysed article, with Universal Dependencies.
        article: The article; only its prose is read.
        cast: Its actors.
        times: Its time expressions.
        terms: The lexicon of agreements.
    """
    return agreements(Scene(doc=doc, article=article, cast=cast, times=times, terms=terms))
