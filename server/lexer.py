"""The tokens of a SPARQL text: what must be known about it before the engine may see it.

The engine fetches what `SERVICE` names and has no switch against it, and its keywords need no blank after them:
`SERVICEex:a{}` and `trueSERVICE<…>{}` are calls, `"SERVICE"`, `<#SERVICE>`, `?service` and `# SERVICE` are not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# What says nothing about calls and forms goes by in one match: a text of a megabyte must not hold the server up.
_TOKEN = re.compile(
    r"""
      (?P<skipped>(?:
          [ \t\r\n]++ | \#[^\r\n]*+
        | \"\"\"(?:\"{0,2}(?:[^"\\]|\\.))*+\"\"\"
        | \'\'\'(?:\'{0,2}(?:[^'\\]|\\.))*+\'\'\'
        | "(?:[^"\\\r\n]|\\.)*+" | '(?:[^'\\\r\n]|\\.)*+'
        | <(?:[^\x00-\x20<>"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>
        | [?$]\w++
        | @[A-Za-z]++(?:-[A-Za-z0-9]++)*+
        | [0-9]++(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+
        | [!&|=+*/^,;.-]
      )+)
    | (?P<name>(?:[^\W\d][\w.-]{0,40}+)?+:
        (?:[\w:-]|\.+(?=[\w:%\\-])|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?\#@%-])*+)
    | (?P<word>[^\W\d]\w*+)
    | (?P<open>[{(\[])
    | (?P<close>[})\]])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\r\n]*)+")
MOST = 100_000  # tokens; to read a megabyte of brackets would take a second from all other clients
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_FORMS = ("select", "ask", "construct", "describe")
_UPDATES = ("insert", "delete", "load", "clear", "drop", "create", "add", "move", "copy", "with")
# Most texts have none of these words and no escapes: then they call nothing, and only form and nesting are to be read.
_NOTABLE = ("service", "from", "now", "rand", "uuid", "bnode", "\\")
_OPENING = re.compile(
    r"""
      (?:(?:[ \t\r\n]++ | \#[^\r\n]*+)*+
         (?:PREFIX[ \t\r\n]++[\w.-]*+:[ \t\r\n]*+ | BASE[ \t\r\n]++)<[^\x00-\x20<>"{}|^`\\]*+>)*+
      (?:[ \t\r\n]++ | \#[^\r\n]*+)*+
      (SELECT|ASK|CONSTRUCT|DESCRIBE)\b
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_BRACKET = re.compile(
    r"""
      (?:[^][(){}"'<\#]++ | \#[^\r\n]*+
        | \"\"\"(?:\"{0,2}[^"])*+\"\"\" | \'\'\'(?:\'{0,2}[^'])*+\'\'\'
        | "[^"\r\n]*+" | '[^'\r\n]*+' | <[^\x00-\x20<>"{}|^`\\]*+> | ["'<]
      )++
    | [][(){}]
    """,
    re.VERBOSE,
)
_CHANGING = frozenset({"now", "rand", "uuid", "struuid", "bnode"})


@dataclass(slots=True, kw_only=True)
class Query:
    """What the tokens of a query tell. It is not frozen, as nothing is that each request makes: that would cost time.

    `form`: select, ask, construct, describe, update, or "" when no keyword was found. `nesting`: its deepest level of
    brackets. `service`: whether it may call another endpoint. `dataset`: whether it names its data set (FROM).
    `changing`: whether two runs can differ (NOW, RAND, UUID, STRUUID, BNODE). `crowded`: whether it has more than MOST
    tokens, and was not read to its end.
    """

    form: str = ""
    nesting: int = 0
    service: bool = False
    dataset: bool = False
    changing: bool = False
    crowded: bool = False


def tokens(text: str) -> Iterator[tuple[str, str]]:
    """Yield the kind (a group of the token pattern) and the characters of each token of a SPARQL text.

    Blanks, comments, strings, IRIs, variables, tags and numbers that stand together are one token, "skipped".

    >>> [token for _, token in tokens("ASK{?s a<x#y>}#SERVICE")]
    ['ASK', '{', '?s ', 'a', '<x#y>', '}', '#SERVICE']
    """
    for match in _TOKEN.finditer(text):
        yield str(match.lastgroup), match.group()


def read_query(text: str) -> Query:
    r"""Return what the tokens of a SPARQL text tell about it.

    Escapes of code points (`\u0053`) are looked at in both readings, as written and resolved.

    >>> read_query("PREFIX ex: <x#> SELECT * { SERVICEex:a { ?s ?p 'SERVICE' } }").service
    True
    >>> read_query("PREFIX service: <x#> ASK { ?service service:p 'SERVICE' }").service
    False
    """
    if len(text) < MOST and not any(map(text.casefold().__contains__, _NOTABLE)):
        opening = _OPENING.match(text)
        if opening is not None:
            return Query(form=opening[1].casefold(), nesting=_nesting(text, opening.end()))
    found = _read(text)
    if "\\u" not in text and "\\U" not in text:
        return found
    resolved = _ESCAPE.sub(_character, text)
    if resolved == text:
        return found
    other = _read(resolved)
    return Query(
        form=found.form, nesting=max(found.nesting, other.nesting), service=found.service or other.service,
        dataset=found.dataset, changing=found.changing or other.changing,
        crowded=found.crowded or other.crowded,
    )


def _nesting(text: str, start: int) -> int:
    """Return the deepest level of brackets of a text without escapes, from a place on that is in no string."""
    depth = nesting = 0
    for match in _BRACKET.finditer(text, start):
        token = match[0]
        if token in "{([":
            depth += 1
            nesting = max(nesting, depth)
        elif token in "})]":
            depth -= 1
    return nesting


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else match[0]


def _read(text: str) -> Query:
    form, depth, nesting, before = "", 0, 0, ""
    called = False  # whether the last name can be a glued call: `SERVICEex:a` before its bracket
    service = dataset = changing = False
    prefixes: set[str] = set()
    for number, (kind, token) in enumerate(tokens(text)):
        if number > MOST:
            return Query(crowded=True)
        if kind == "skipped":
            called = called and _BLANK.fullmatch(token) is not None
            continue
        word = token.casefold()
        if kind == "open":
            depth += 1
            nesting = max(nesting, depth)
            service |= called
        elif kind == "close":
            depth -= 1
        elif kind == "name":
            start = token.split(":")[0]
            if before == "prefix":
                prefixes.add(start)
            elif not form and word.startswith("prefix"):
                prefixes.add(start[len("prefix"):])
            else:
                form = form or _form(word)
                dataset |= depth == 0 and start.casefold().startswith(("from", "askfrom")) and start not in prefixes
        elif kind == "word":
            service |= "service" in word
            changing |= word in _CHANGING
            dataset |= depth == 0 and word.startswith("from" if form else "askfrom")
            form = form or _form(word)
        called = kind == "name" and "service" in word.split(":")[0]
        before = word
    return Query(form=form, nesting=nesting, service=service, dataset=dataset, changing=changing)


def _form(word: str) -> str:
    if word.startswith(_FORMS):
        return next(form for form in _FORMS if word.startswith(form))
    return "update" if word.startswith(_UPDATES) else ""
