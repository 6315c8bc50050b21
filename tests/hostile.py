"""Names and texts of people who mean harm, or only write another script, as a graph."""

from rdflib import RDF, RDFS, XSD, Graph, Literal, URIRef

from tests.server_release import BASE

TEXTS = {
    "script": "<script>alert(1)</script>",
    "image": "\"><img src=x onerror=alert(1)>",
    "quotes": "' onmouseover='alert(1) \" autofocus onfocus=\"alert(1)",
    "template": "{{ 7 * 7 }} {% include 'x' %} ${7*7}",
    "comment": "--> <!-- ]]> </title></style></textarea><svg onload=alert(1)>",
    "right-to-left": "شركة \u202eevil\u202c الأخبار",
    "hangul": "김정은 국무위원장",
    "cyrillic": "Дмитрий Сергеевич Песков",
    "control": "bell\u0007 tab\t line\n end",
    "long": "word" * 2500,
}
ARTICLE = f"{BASE}id/article/ffffffffffffffff"


def hostile_graph():
    """Return one article in which an actor of each name says its own name about an agreement of that name."""
    graph = Graph()

    def ns(name):
        return URIRef(f"{BASE}ns#{name}")

    article = URIRef(ARTICLE)
    graph.add((article, RDF.type, ns("Article")))
    graph.add((article, URIRef("https://schema.org/headline"), Literal(TEXTS["image"])))
    graph.add((article, URIRef("https://schema.org/datePublished"), Literal("2031-01-01", datatype=XSD.date)))
    graph.add((article, URIRef("https://schema.org/url"), URIRef("javascript:alert(1)")))
    start = 0
    for name, text in TEXTS.items():
        person, statement = URIRef(f"{BASE}id/person/{name}"), URIRef(f"{BASE}id/statement/ffffffffffffffff-{start}")
        agreement = URIRef(f"{BASE}id/agreement/ffffffffffffffff-{start}")
        mention = URIRef(f"{ARTICLE}#m-{start}-{start + len(text)}")
        selector = URIRef(f"{ARTICLE}#char={start},{start + len(text)}")
        start += len(text) + 2
        for triple in [
            (person, RDF.type, ns("Person")), (person, RDFS.label, Literal(text)),
            (statement, RDF.type, ns("Statement")), (statement, ns("speaker"), person),
            (statement, ns("about"), agreement),
            (statement, ns("stance"), URIRef(f"{BASE}ns/stance#asserts")), (statement, ns("gist"), Literal(text)),
            (statement, ns("polarity"), URIRef(f"{BASE}ns/polarity#positive")), (statement, ns("quote"), Literal(text)),
            (statement, ns("inArticle"), article), (statement, ns("evidence"), mention),
            (statement, ns("cue"), mention), (agreement, ns("evidence"), mention),
            (agreement, RDF.type, ns("Agreement")), (agreement, RDFS.label, Literal(text)),
            (agreement, ns("party"), person), (agreement, ns("inArticle"), article),
            (mention, RDF.type, ns("Mention")), (mention, URIRef("http://www.w3.org/ns/oa#hasSource"), article),
            (mention, URIRef("http://www.w3.org/ns/oa#hasSelector"), selector), (mention, ns("denotes"), person),
            (selector, URIRef("http://www.w3.org/ns/oa#exact"), Literal(text)),
        ]:
            graph.add(triple)
    return graph
