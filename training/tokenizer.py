"""The rules of spaCy's English tokenizer → `kg/language/english/tokenizer.json`: `python -m training.tokenizer`."""

import json
from importlib import resources
from pathlib import Path

import spacy
from spacy.symbols import ORTH

TARGET = Path(str(resources.files("kg.language"))) / "english" / "tokenizer.json"


def rules() -> dict[str, dict[str, object]]:
    """Return the patterns and exceptions of spaCy's blank English pipeline."""
    tokenizer = spacy.blank("en").tokenizer
    searches = {"prefix": tokenizer.prefix_search, "suffix": tokenizer.suffix_search,
                "infix": tokenizer.infix_finditer, "url": tokenizer.url_match}
    return {
        "patterns": {name: search.__self__.pattern for name, search in searches.items()},
        "exceptions": {
            text: [part[ORTH] for part in parts] for text, parts in sorted(tokenizer.rules.items())
        },
    }


def main() -> None:
    """Write the file."""
    TARGET.write_text(json.dumps(rules(), ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
