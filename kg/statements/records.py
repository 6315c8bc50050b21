"""What the search for statements gives back."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.model import Actor, Issue, Statement

# Confidence before calibration: what a cue is worth that only the lexicon's frames saw, and that quotation marks show.
RULED, QUOTED = 0.75, 0.9
UNKNOWN = 0.9  # factor for a speaker who is no actor of the cast


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What a statement's confidence rests on.

    `score`: the encoder's, 0 where it saw no cue; `weight`: the lexicon's; `ruled`: a frame fits; `quoted`: quotation
    marks give the wording; `known`: the speaker is an actor of the cast.

    >>> Features(score=0.8, weight=1.0, ruled=True, quoted=False, known=True).confidence
    0.8
    """

    score: float
    weight: float
    ruled: bool
    quoted: bool
    known: bool

    @property
    def confidence(self) -> float:
        """A first estimate, from 0 to 1."""
        seen = max(self.score, RULED if self.ruled else 0.0)
        found = max(seen * self.weight, QUOTED if self.quoted else 0.0)
        return round(found * (1.0 if self.known else UNKNOWN), 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The statements of an article, the article-local actors made for them, and the features by cue start."""

    statements: tuple[Statement, ...]
    actors: tuple[Actor, ...] = ()
    issues: tuple[Issue, ...] = ()
    features: Mapping[int, Features] = field(default_factory=dict)
