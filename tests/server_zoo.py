"""Queries that no endpoint should survive by luck: what each one costs grows faster than its text.

`ZOO` maps the name of each to its text, by kinds: cross products, sorts, groups, nesting of every construct, long
lists, strings that grow, paths, regular expressions, and texts of a megabyte.
"""

CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
PAIRS = "?a ?b ?c . ?d ?e ?f"
DIGITS = " ".join(str(number) for number in range(50))
LISTS = " ".join(f"VALUES ?v{number} {{ {DIGITS} }}" for number in range(8))
LONG = "x" * 100_000


def nested(before: str, inner: str, after: str, levels: int = 190) -> str:
    """Return a text in brackets of its own kind, as deep as the endpoint takes it."""
    return before * levels + inner + after * levels


def repeated(template: str, times: int, between: str = " ") -> str:
    """Return a template filled with 0, 1, 2 …"""
    return between.join(template.format(number) for number in range(times))


PRODUCTS = {
    "count of a cross product": f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}",
    "distinct count of a cross product": f"SELECT (COUNT(DISTINCT *) AS ?n) {{ {CROSS} }}",
    "distinct of a cross product": f"SELECT DISTINCT ?a ?d ?g ?j {{ {CROSS} }}",
    "reduced of a cross product": f"SELECT REDUCED ?a ?d ?g ?j {{ {CROSS} FILTER(?a = ?l && ?a != ?a) }}",
    "a cross product that never fits": f"SELECT * {{ {CROSS} FILTER(?a = ?l && ?a != ?a) }}",
    "a far row of a cross product": f"SELECT * {{ {CROSS} }} OFFSET 999999999999 LIMIT 1",
    "a cross product of graphs": "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?a ?b ?c } GRAPH ?h { ?d ?e ?f } "
                                 "GRAPH ?i { ?g2 ?h2 ?i2 } }",
    "whether a cross product fits": f"ASK {{ {CROSS} FILTER(CONCAT(STR(?a), STR(?l)) = '') }}",
    "a triple for each pair of pairs": f"CONSTRUCT {{ ?a ?b ?l }} WHERE {{ {CROSS} FILTER(?a != ?a) }}",
    "a description of everything": f"DESCRIBE * {{ {CROSS} }}",
    "a product in optional parts": f"SELECT (COUNT(*) AS ?n) {{ {PAIRS} OPTIONAL {{ ?g ?h ?i . ?j ?k ?l }} }}",
    "a product that is taken away": f"SELECT (COUNT(*) AS ?n) {{ {PAIRS} MINUS {{ ?a ?x ?y . ?d ?z ?w . ?g ?h ?i }} }}",
}
SORTS = {
    "order of a cross product": f"SELECT * {{ {CROSS} }} ORDER BY ?a ?l",
    "order of everything by a hash": f"SELECT * {{ {CROSS} }} ORDER BY SHA512(CONCAT(STR(?a), STR(?l))) LIMIT 1",
    "order by a random number": f"SELECT * {{ {PAIRS} }} ORDER BY RAND() LIMIT 1",
    "order by many keys": f"SELECT * {{ {PAIRS} }} ORDER BY " + repeated("STR(?a) DESC(STR(?f))", 200) + " LIMIT 1",
    "order inside of order": "SELECT * { { SELECT * { " + PAIRS + " } ORDER BY ?c ?f } ?g ?h ?i } ORDER BY ?i ?a",
    "groups of a cross product": f"SELECT ?a ?d ?g (COUNT(*) AS ?n) {{ {CROSS} }} GROUP BY ?a ?d ?g",
    "groups by computed keys": f"SELECT ?k (COUNT(*) AS ?n) {{ {PAIRS} }} GROUP BY (CONCAT(STR(?a), STR(?f)) AS ?k)",
    "groups of random keys": f"SELECT ?k (COUNT(*) AS ?n) {{ {CROSS} }} GROUP BY (STRUUID() AS ?k)",
    "groups kept by a sum": f"SELECT ?a {{ {CROSS} }} GROUP BY ?a HAVING(COUNT(DISTINCT ?l) > 999999999)",
    "samples of everything": f"SELECT (SAMPLE(?l) AS ?s) (MIN(?i) AS ?m) (MAX(?f) AS ?x) {{ {CROSS} }}",
    "distinct strings": f"SELECT DISTINCT (CONCAT(STR(?a), STR(?c), STR(?f)) AS ?s) {{ {PAIRS} }} ORDER BY ?s",
}
NESTED = {
    "groups in groups": f"SELECT * {{ {nested('{', CROSS, '}')} }} ORDER BY ?a",
    "optional in optional": f"SELECT * {{ {nested('?s ?p ?o OPTIONAL {', '?a ?b ?c', '}')} }} ORDER BY ?a",
    "optional of new names in optional": "SELECT * { " + repeated("?a{0} ?b{0} ?c{0} OPTIONAL {{", 190) + "}" * 190
                                         + " } ORDER BY ?a1 ?a2",
    "unions in unions": f"SELECT * {{ {nested('{ ?s ?p ?o } UNION {', CROSS, '}')} }} ORDER BY ?s ?a",
    "minus in minus": f"ASK {{ {CROSS} {nested('MINUS { ?a ?x ?y ', '?d ?z ?w', '}')} FILTER(?a = ?b) }}",
    "queries in queries": "SELECT * { " + nested("{ SELECT * { ", CROSS, " } }", 95) + " } ORDER BY ?a",
    "graphs in graphs": f"SELECT * {{ {nested('GRAPH ?g {', CROSS, '}')} }} ORDER BY ?a",
    "existence in existence": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER NOT EXISTS { ?g ?h ?i . ?j ?k ?l "
                              "FILTER(?a = ?l && ?d = ?i && ?g = ?f) } }",
    "a tower of existence": f"ASK {{ {CROSS} {nested('FILTER NOT EXISTS { ?a ?b ?c ', '?d ?e ?f', '}')} }}",
    "brackets in brackets": f"ASK {{ {CROSS} FILTER({nested('(', '?a = ?l && ?a != ?a', ')', 180)}) }}",
    "conditions in conditions": f"ASK {{ {PAIRS} FILTER({nested('IF(?a = ?f, true, ', '?a != ?a', ')', 180)}) }}",
    "choices in choices": f"ASK {{ {CROSS} FILTER({nested('COALESCE(1/0, ', '?a != ?a', ')', 180)}) }}",
    "blank nodes in blank nodes": f"SELECT * {{ {nested('[ ?p ', '?o', ' ]', 180)} ?q ?r }} ORDER BY ?r",
    "lists in lists": f"SELECT * {{ {nested('( ?x ', '?o', ' )', 180)} ?q ?r . {CROSS} }} ORDER BY ?r",
    "paths in paths": f"SELECT (COUNT(*) AS ?n) {{ ?a {nested('(', '!<x>', ')*', 100)} ?b . {CROSS} }}",
    "triples in triples": f"ASK {{ {nested('<<( <a> <b> ', '<c>', ' )>>', 90)} ?p ?o . {CROSS} FILTER(?a != ?a) }}",
    "negation without end": "ASK { FILTER(" + "!" * 400_000 + "true) }",
    "minus signs without end": "ASK { FILTER(" + "- " * 400_000 + "1) }",
    "deeper than any limit": f"ASK {{ FILTER({nested('(', '1', ')', 30_000)}) }}",
}
LONG_LISTS = {
    "numbers without end": f"SELECT (COUNT(*) AS ?n) {{ {LISTS} }}",
    "long lists, rows without end": f"SELECT * {{ {LISTS} FILTER(?v0 + ?v1 + ?v2 + ?v3 + ?v4 + ?v5 < 0) }}",
    "lists in order": f"SELECT * {{ {LISTS} }} ORDER BY ?v7 ?v0",
    "a list of ten thousand": f"SELECT * {{ VALUES ?x {{ {repeated('{0}', 10_000)} }} VALUES ?y {{ "
                              f"{repeated('{0}', 10_000)} }} FILTER(?x * ?y < 0) }}",
    "a list of things that are not there": f"SELECT * {{ VALUES ?a {{ {repeated('<n{0}>', 10_000)} }} {CROSS} }}",
    "a list of undefined rows": f"SELECT * {{ VALUES (?a ?f) {{ {'(UNDEF UNDEF) ' * 5000} }} {PAIRS} }} ORDER BY ?c",
    "a choice of ten thousand": f"ASK {{ {CROSS} FILTER(?a IN ({repeated('<n{0}>', 10_000, ', ')})) }}",
    "three thousand alternatives": f"SELECT * {{ {' UNION '.join(['{ ' + PAIRS + ' }'] * 3000)} }} ORDER BY ?a ?f",
    "a thousand optional parts": "SELECT * { " + repeated("OPTIONAL {{ ?a{0} ?b{0} ?c{0} }}", 1000)
                                 + " } ORDER BY ?a1 ?a2 ?a3",
    "two thousand patterns": "SELECT * { " + repeated("?a{0} ?b{0} ?c{0} .", 2000) + " } ORDER BY ?a1",
    "a chain of two thousand": "SELECT * { " + repeated("?a{0} ?p{0} [ ?q{0} ?b{0} ] .", 1000) + " } ORDER BY ?b1",
    "a thousand filters": f"ASK {{ {CROSS} {repeated('FILTER(?a != <n{0}>)', 1000)} FILTER(?a != ?a) }}",
}
STRINGS = {
    "one string of everything": f"SELECT (GROUP_CONCAT(?c; separator=\"{'x' * 1000}\") AS ?s) {{ {CROSS} }}",
    "a string that doubles": f"SELECT ?z {{ BIND('{LONG}' AS ?x0) {repeated('BIND(CONCAT(?x{0}, ?x{0}) AS ?y{0})', 1)} "
                             + " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(16))
                             + " BIND(STRLEN(?x16) AS ?z) }",
    "a replacement that grows": f"SELECT (STRLEN(REPLACE(REPLACE('{LONG}', 'x', '{'y' * 5000}'), 'y', "
                                f"'{'z' * 5000}')) AS ?n) {{}}",
    "an escape that grows": "SELECT (STRLEN(" + nested("ENCODE_FOR_URI(", f"'{'%' * 50_000}'", ")", 60)
                            + ") AS ?n) {}",
    "hashes of hashes": f"ASK {{ {CROSS} FILTER(" + nested("SHA512(", "STR(?a)", ")", 150) + " = '') }",
    "a long string in each row": f"SELECT (CONCAT('{LONG}', STR(?a), STR(?f)) AS ?s) {{ {PAIRS} }} ORDER BY ?s",
    "a long string written again and again": f"SELECT ('{LONG}' AS ?s) {{ {CROSS} }}",
    "upper case of a long string": f"ASK {{ {CROSS} FILTER(UCASE('{LONG}') = STR(?l)) }}",
}
PATHS = {
    "any path of any length": "SELECT (COUNT(*) AS ?n) { ?a (<ns#x>|!<ns#x>)* ?b . ?c (<ns#x>|!<ns#x>)* ?d }",
    "any path there and back": "SELECT (COUNT(*) AS ?n) { ?a (!<x>|^!<x>)* ?b . ?b (!<x>|^!<x>)+ ?c }",
    "steps of steps": "SELECT (COUNT(*) AS ?n) { ?a ((!<x>)*/(!<y>)*/(!<z>)*)* ?b . ?c !<x>* ?d }",
    "eight hundred steps": f"SELECT * {{ ?a {'/'.join(['!<x>'] * 800)} ?b . {CROSS} }} ORDER BY ?a",
    "a thousand ways": f"SELECT (COUNT(*) AS ?n) {{ ?a ({'|'.join(f'<p{n}>*' for n in range(1000))})* ?b }}",
    "optional steps": f"SELECT (COUNT(*) AS ?n) {{ ?a {'/'.join(['(!<x>)?'] * 60)} ?b }}",
    "a long refusal": f"ASK {{ ?a (!({'|'.join(f'<p{n}>' for n in range(5000))}))* ?b . ?c !<x>* ?d FILTER(?a = ?d && "
                      "?b != ?b) }",
}
EXPRESSIONS = {
    "a regular expression that explodes": f"SELECT (COUNT(*) AS ?n) {{ {PAIRS} "
                                          "FILTER(REGEX(CONCAT(STR(?a), STR(?f)), '^(((a+)+)+)+$', 'i')) }",
    "a regular expression of many states": f"ASK {{ {PAIRS} FILTER(REGEX(STR(?a), '(((x{{50}}){{50}}){{50}})')) }}",
    "a regular expression in each row": f"ASK {{ {CROSS} FILTER(REGEX(STR(?l), CONCAT('^', STR(?a), '.*.*.*$'))) }}",
    "a long alternative": f"ASK {{ {CROSS} FILTER(REGEX(STR(?a), '{'|'.join(f'z{n}' for n in range(5000))}')) }}",
    "replacements by an expression": f"ASK {{ {CROSS} FILTER(REPLACE(STR(?l), '(.)(.)(.)', '$3$2$1$0') = STR(?a)) }}",
    "a regular expression in brackets": f"ASK {{ {PAIRS} FILTER(REGEX(STR(?a), '{'(' * 2000}a{')' * 2000}')) }}",
}
MEGABYTES = {
    "a megabyte of comment": f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }} # {'x' * 990_000}",
    "a megabyte of blanks": f"SELECT (COUNT(*) AS ?n) {{ {CROSS} {' ' * 990_000} }}",
    "a megabyte in a string": f"ASK {{ {CROSS} FILTER(STR(?a) = '{'x' * 990_000}') }}",
    "a megabyte of variables": f"SELECT * {{ {repeated('?v{0} ?p ?o .', 60_000)[:985_000].rpartition(' .')[0]} }}",
    "a megabyte of numbers": f"ASK {{ FILTER(1 IN ({repeated('{0}', 99_000, ',')})) {CROSS} FILTER(?a != ?a) }}",
    "a megabyte of prefixes": repeated("PREFIX p{0}: <http://e.example/{0}#>", 20_000) + f" ASK {{ {CROSS} "
                              "FILTER(?a != ?a) }",
    "a megabyte of data": f"SELECT * {{ VALUES (?x ?y) {{ {repeated('({0} <n{0}>)', 50_000)} }} }} ORDER BY DESC(?x)",
    "a megabyte of sums": f"SELECT ({repeated('{0}', 90_000, '+')} AS ?n) {{}}",
    "a megabyte of brackets": "ASK {" + "{}" * 490_000 + "}",
    "a megabyte of quotes": "ASK { FILTER('" + "\\'" * 490_000 + "' = '') }",
    "a megabyte of an IRI": f"ASK {{ <http://e.example/{'x' * 980_000}> ?p ?o }}",
    "a megabyte of nonsense": "\x00\ufffe<{'\"" * 120_000,
}
ZOO = {**PRODUCTS, **SORTS, **NESTED, **LONG_LISTS, **STRINGS, **PATHS, **EXPRESSIONS, **MEGABYTES}
