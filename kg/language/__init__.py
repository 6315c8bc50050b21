"""The encoder and its heads: text → Doc.

    parser = load_parser()
    doc = parser(article.text, blocks=article.prose)

`parser.py` puts the Doc (`document.py`) together from `tokenizer.py` and `tokens.py` (text → tokens), `windows.py` and
`pieces.py` (tokens → what the encoder reads), `encoder.py` (the network), `decoding.py` and `trees.py` (scores → spans,
links, trees), `lemmas.py`.
"""

from kg.language.document import Doc, Stretch, Token
from kg.language.parser import Parser, load_parser

__all__ = ["Doc", "Parser", "Stretch", "Token", "load_parser"]
