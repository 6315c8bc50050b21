"""What has been named before: the actors that a pronoun or description may take up, the likeliest first."""

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass, field

from kg.actors.phrases import SUBJECT, is_source
from kg.actors.scene import Scene
from kg.language.document import Token
from kg.model import Mention

# Weights in sentences, tuned on the development articles: how much nearer a mention counts than it stands.
SPEAKER, SUBJECT_BONUS, PARAGRAPH, SAME_CLAUSE = 0.6, 0.7, 0.4, 1.4
UNNAMED = 0.8  # how much farther somebody unnamed counts
CLAUSES = ("ROOT", "ccomp", "xcomp", "advcl", "acl", "acl:relcl", "csubj", "parataxis")


@dataclass(slots=True)
class Discourse:
    """The mentions of the article in text order, as far as they are known."""

    scene: Scene
    order: list[Mention] = field(default_factory=list)
    _known: int = 0  # of the mentions added
    _dropped: int = -1
    _weights: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Take new mentions of the scene in."""
        added, dropped = self.scene.added, self.scene.dropped
        if dropped != self._dropped:
            self.order, self._dropped = sorted(self.scene.mentions.values(), key=_place), dropped
        elif len(added) > self._known:
            for mention in added[self._known :]:
                insort(self.order, mention, key=_place)
        self._known = len(added)

    def _weight(self, head: Token) -> float:
        """Return how much a mention counts for its place in its clause: subjects and speakers more."""
        if head.i not in self._weights:
            weight = SUBJECT_BONUS if head.dep_ in SUBJECT else 0.0
            self._weights[head.i] = weight + (SPEAKER if is_source(self.scene, head) else 0.0)
        return self._weights[head.i]

    def best(self, token: Token, *, kinds: Iterable[str], far: int, exclude: Iterable[str] = ()) -> list[str]:
        """Return the actors of some kinds that were mentioned before a token, the likeliest first.

        Near mentions count more than far ones, subjects and speakers more than others.
        """
        scene, here = self.scene, self.scene.sentence(token.idx)
        paragraph = scene.paragraph(token.idx)
        scores: dict[str, float] = {}
        first = bisect_left(self.order, scene.start_of_sentence(here - far), key=_start)
        for mention in self.order[first : bisect_left(self.order, token.idx, key=_start)]:
            actor = scene.actors[mention.actor]
            distance = here - scene.sentence(mention.span.start)
            if actor.kind not in kinds or distance > far or actor.id in exclude:
                continue
            if mention.span.start <= token.idx < mention.span.end:
                continue
            head = scene.head(mention.span)
            score = -float(distance)
            score += SAME_CLAUSE if token.dep_ == "nmod:poss" and _clause(head) == _clause(token) else 0.0
            score += self._weight(head)
            score += PARAGRAPH if scene.paragraph(mention.span.start) == paragraph else 0.0
            score -= UNNAMED if actor.kind == "ActorGroup" and "Person" in kinds else 0.0
            score += mention.span.start / (10 * len(scene.article.text) + 1)
            scores[actor.id] = max(score, scores.get(actor.id, score))
        return sorted(scores, key=lambda actor: -scores[actor])


def _start(mention: Mention) -> int:
    return mention.span.start


def _place(mention: Mention) -> tuple[int, int]:
    return mention.span.start, -mention.span.end


def _clause(token: Token) -> int:
    """Return the number of the token that heads the clause of a token."""
    return next((step.i for step in (token, *token.ancestors) if step.dep_ in CLAUSES), token.sent.root.i)
