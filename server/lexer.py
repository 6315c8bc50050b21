"""The tokens of a SPARQL text: what must be known about it before the engine may see it.

The engine fetches what `SERVICE` names and has no switch against it, and its keywords need no blank after them:
`SERVICEex:a{}` and `trueSERVICE<…>{}` are calls, `"SERVICE"`, `<#SERVICE>`, `?service` and `# SERVICE` are not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"""
      (?P<blank>[ \t\r\n]+|\#[^\r\n]*)
    | (?P<string>\"\"\"(?:\"{0,2}(?:[^"\\]|\\.))*\"\"\"
               | '''(?:'{0,2}(?:[^'\\]|\\.))*'''
               | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*')
    | (?P<iri><(?:[^\x00-\x20<>"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)
    | (?P<variable>[?$]\w+)
    | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
    | (?P<name>(?:\w(?:[\w.-]*[\w-])?)?:(?:(?:[\w:-]|\.+(?=[\w:%\\-])|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?\#@%-])*))
    | (?P<word>[^\W\d]\w*)
    | (?P<open>[{(\[])
    | (?P<close>[})\]])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_FORMS = ("select", "ask", "construct", "describe")
_UPDATES = ("insert", "delete", "load", "clear", "drop", "create", "add", "move", "copy", "with")
_CHANGING = frozenset({"now", "rand", "uuid", "struuid", "bnode"})


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a SPARQL text: its kind (a group of the token pattern) and its characters."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What the tokens of a query tell.

    `form`: select, ask, construct, describe, update, or "" when no keyword was found. `nesting`: its deepest level of
    brackets. `service`: whether it may call another endpoint. `dataset`: whether it names its data set (FROM).
    `changing`: whether two runs can differ (NOW, RAND, UUID, STRUUID, BNODE).
    """

    form: str = ""
    nesting: int = 0
    service: bool = False
    dataset: bool = False
    changing: bool = False
    prefixes: frozenset[str] = field(default=frozenset())


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a SPARQL text, without blanks and comments.

    >>> [token.text for token in tokens("ASK{?s a<x#y>}#SERVICE")]
    ['ASK', '{', '?s', 'a', '<x#y>', '}']
    """
    for match in _TOKEN.finditer(text):
        if match.lastgroup not in ("blank", None):
            yield Token(str(match.lastgroup), match.group())


def read_query(text: str) -> Query:
    r"""Return what the tokens of a SPARQL text tell about it.

    Escapes of code points (`\u0053`) are looked at in both readings, as written and resolved.

    >>> read_query("PREFIX ex: <x#> SELECT * { SERVICEex:a { ?s ?p 'SERVICE' } }").service
    True
    >>> read_query("PREFIX service: <x#> ASK { ?service service:p 'SERVICE' }").service
    False
    """
    found = _read(text)
    resolved = _ESCAPE.sub(_character, text)
    if resolved == text:
        return found
    other = _read(resolved)
    return Query(
        form=found.form, nesting=max(found.nesting, other.nesting), service=found.service or other.service,
        dataset=found.dataset, changing=found.changing or other.changing, prefixes=found.prefixes,
    )


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else match[0]


def _read(text: str) -> Query:
    form, depth, nesting = "", 0, 0
    service = dataset = changing = False
    prefixes: set[str] = set()
    before, prefix = Token("", ""), Token("", "")  # the token before this one, and the last prefixed name
    for token in tokens(text):
        word = token.text.casefold()
        if token.kind == "open":
            depth += 1
            nesting = max(nesting, depth)
            if token.text == "{" and before is prefix and "service" in before.text.split(":")[0].casefold():
                service = True
        elif token.kind == "close":
            depth -= 1
        elif token.kind == "name":
            prefix = token
            start = token.text.split(":")[0]
            if before.text.casefold() == "prefix":
                prefixes.add(start)
            elif not form and word.startswith("prefix"):
                prefixes.add(start[len("prefix"):])
            else:
                form = form or _form(word)
                dataset |= depth == 0 and start.casefold().startswith(("from", "askfrom")) and start not in prefixes
        elif token.kind == "word":
            service |= "service" in word
            changing |= word in _CHANGING
            dataset |= depth == 0 and bool(form) and word.startswith("from")
            dataset |= depth == 0 and word.startswith("askfrom")
            form = form or _form(word)
        before = token
    return Query(form=form, nesting=nesting, service=service, dataset=dataset, changing=changing,
                 prefixes=frozenset(prefixes))


def _form(word: str) -> str:
    if word.startswith(_UPDATES):
        return "update"
    return next((form for form in _FORMS if word.startswith(form)), "")
