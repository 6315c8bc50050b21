"""Hand-made documents: sentences with their analysis, without the encoder."""

from kg.language.document import Doc
from kg.model import Attribution, Span


def analysed(*sentences: str, lemmas: dict[str, str] | None = None) -> Doc:
    """Return a Doc from sentences written as `word/UPOS/deprel/head`, head 1-based within its sentence, 0 = root.

    Lemmas are the lower-cased words, save those in `lemmas`. A token that starts with `_` stands close to the one
    before it (no blank): `Russia/PROPN/nmod:poss/3 _'s/PART/case/1`.

    >>> doc = analysed("Pak/PROPN/nsubj/2 warned/VERB/root/0 _./PUNCT/punct/2", lemmas={"warned": "warn"})
    >>> doc.text, doc[1].lemma_, doc[0].head.text
    ('Pak warned.', 'warn', 'warned')
    """
    words: list[str] = []
    spaces: list[bool] = []
    tags: list[str] = []
    relations: list[str] = []
    heads: list[int] = []
    starts: list[bool] = []
    for sentence in sentences:
        first = len(words)
        for number, token in enumerate(sentence.split()):
            word, tag, relation, head = token.rsplit("/", 3)
            if word.startswith("_") and len(word) > 1:
                word = word[1:]
                spaces[-1] = False
            words.append(word)
            spaces.append(True)
            tags.append(tag)
            relations.append("ROOT" if head == "0" else relation)
            heads.append(first + (int(head) - 1 if head != "0" else number))
            starts.append(number == 0)
    spaces[-1] = False
    known = lemmas or {}
    return Doc(
        words=words, spaces=spaces, pos=tags, deps=relations, heads=heads,
        lemmas=[known.get(word, word.casefold()) for word in words],
    )


def attribute(doc: Doc, *, cue: str, source: str = "", content: str = "", score: float = 0.9) -> Doc:
    """Add one attribution to `doc`, its spans given by their words (first occurrence), and return the doc.

    >>> doc = attribute(analysed("Pak/PROPN/nsubj/2 spoke/VERB/root/0"), cue="spoke", source="Pak")
    >>> doc.user_data["attributions"][0].cue
    (Span(start=4, end=9),)
    """
    def spans(words: str) -> tuple[Span, ...]:
        if not words:
            return ()
        start = doc.text.index(words)
        return (Span(start=start, end=start + len(words)),)

    found = Attribution(cue=spans(cue), source=spans(source), content=spans(content), score=score)
    doc.user_data["attributions"] = (*doc.user_data.get("attributions", ()), found)
    for role, stretches in (("cue", found.cue), ("source", found.source), ("content", found.content)):
        group = doc.spans.setdefault(role, [])
        for stretch in stretches:
            cut = doc.char_span(stretch.start, stretch.end, alignment_mode="expand")
            if cut is not None:
                group.append(cut)
    return doc
