"""Who can speak, act or agree in an article: mentions, coreference, and links to the known actors."""

from kg.actors.casting import find_actors
from kg.actors.registry import Registry, load_registry
from kg.actors.scene import named_actor

__all__ = ["Registry", "find_actors", "load_registry", "named_actor"]
