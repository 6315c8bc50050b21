"""Who says, denies, warns, believes what about whom, on the words of which sentence.

`find_statements` reads an analysed article; `load_cues` the lexicon it needs, ontology/lexicon/cues.csv. Propositions
are read elsewhere, from the `wording` of each statement.

    quotes → readings (lexicon, frames, contents, asides, silence, syntax) → linking → coordination, chains
    → speakers, outlets, stances, wording, timing, channels
"""

from kg.statements.assembly import find_statements
from kg.statements.chains import without_circles
from kg.statements.lexicon import Cues, load_cues
from kg.statements.records import Features, Found

__all__ = ["Cues", "Features", "Found", "find_statements", "load_cues", "without_circles"]
