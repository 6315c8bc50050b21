"""One deed as a sentence tells it, before it becomes the proposition that statements share."""

from dataclasses import dataclass

from kg.model import Proposition, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One predicate read in its sentence; `at` is the index of its token, `arguments` those of its participants.

    `grounds` are tokens that name another event as its doer: "the visit strengthened Iran". `both` tells whether the
    reading has room for agents and targets, `symmetric` whether all that take part are agents,
    `needs_agent` and `needs_target` whether it says too little without one, `unknown` whether it names somebody that
    the cast lacks, `object_unknown` whether that is the object, `faceless` whether it is who did it.
    """

    at: int
    act: str
    agents: tuple[str, ...]
    targets: tuple[str, ...]
    topic: str = ""
    nominal: bool = False
    both: bool = True
    symmetric: bool = False
    needs_agent: bool = False
    needs_target: bool = False
    unknown: bool = False
    object_unknown: bool = False
    faceless: bool = False
    read_from: Span
    arguments: frozenset[int] = frozenset()
    grounds: tuple[int, ...] = ()

    @property
    def actors(self) -> frozenset[str]:
        """Everybody who takes part."""
        return frozenset(self.agents) | frozenset(self.targets)

    def proposition(self) -> Proposition:
        """Return the event as the record that statements share."""
        return Proposition(agents=self.agents, act=self.act, targets=self.targets, topic=self.topic,
                           read_from=self.read_from)
