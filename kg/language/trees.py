"""Arc scores → dependency tree: the best tree with one root (Chu and Liu 1965, Edmonds 1967)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

ROOT_COST = 1e6  # on every arc from the root, so that exactly one is used
NEVER = -1e9


class Contraction(NamedTuple):
    """A cycle that became one node, called like its first member, and how to undo that."""

    members: list[int]
    heads: list[int]  # of the members, within the cycle
    left_at: list[int]  # for each node the member that hangs on it, should the cycle do so
    entered_at: list[int]  # for each node the member on which it hangs, should it hang on the cycle


def best_tree(scores: NDArray[np.floating]) -> list[int]:
    """Return the head of every token of one sentence, -1 for its root.

    Args:
        scores: Tokens × (root, tokens); the diagonal behind the root's column is ignored.

    >>> best_tree(np.array([[5.0, 0.0, 9.0], [4.0, 9.0, 0.0]]))  # each token likes the other best
    [-1, 0]
    """
    size = len(scores) + 1
    arcs = np.full((size, size), NEVER)
    arcs[1:] = scores
    arcs[range(size), range(size)] = NEVER
    heads = _greedy_heads(arcs)
    if _find_cycle(heads):
        arcs[1:, 0] -= ROOT_COST
        heads = _spanning_tree(arcs)
    return [head - 1 for head in heads[1:]]


def _greedy_heads(arcs: Matrix) -> list[int]:
    """Return the best head of every node if exactly one hangs on node 0; the best tree, unless there is a cycle."""
    best = arcs[1:, 1:].argmax(1) + 1
    gain = arcs[1:, 0] - arcs[range(1, len(arcs)), best]
    best[gain.argmax()] = 0
    return [0, *best.tolist()]


def _spanning_tree(arcs: Matrix) -> list[int]:
    """Return the head of every node of the best tree that leads to node 0; `arcs`, dependent × head, is used up."""
    heads: list[int] = arcs.argmax(1).tolist()
    heads[0] = 0
    done: list[Contraction] = []
    while cycle := _find_cycle(heads):
        done.append(_contract(arcs, heads, cycle))
    for found in reversed(done):
        _expand(found, heads)
    return heads


def _contract(arcs: Matrix, heads: list[int], cycle: list[int]) -> Contraction:
    """Make a cycle one node; its other members hang on node 0 then, and nothing hangs on them."""
    node, within = cycle[0], [heads[member] for member in cycle]
    leaving = arcs[cycle] - arcs[cycle, within][:, None]
    entering = arcs[:, cycle]
    arcs[node], arcs[:, node] = leaving.max(0), entering.max(1)
    arcs[:, cycle[1:]] = arcs[cycle[1:]] = 2 * NEVER
    arcs[node, cycle] = 2 * NEVER
    inside = set(cycle)
    for other, head in enumerate(heads):
        if head in inside:
            heads[other] = node
    for member in cycle:
        heads[member] = 0
    heads[node] = int(arcs[node].argmax())
    left_at = [cycle[place] for place in leaving.argmax(0).tolist()]
    return Contraction(cycle, within, left_at, [cycle[place] for place in entering.argmax(1).tolist()])


def _expand(found: Contraction, heads: list[int]) -> None:
    node = found.members[0]
    above = heads[node]
    for other, head in enumerate(heads):
        if head == node:
            heads[other] = found.entered_at[other]
    for member, head in zip(found.members, found.heads, strict=True):
        heads[member] = head
    heads[found.left_at[above]] = above


def _find_cycle(heads: list[int]) -> list[int]:
    """Return the nodes of a cycle that does not hold node 0, or nothing."""
    seen = [-1] * len(heads)
    seen[0] = 0
    for start in range(1, len(heads)):
        node = start
        while seen[node] < 0:
            seen[node] = start
            node = heads[node]
        if seen[node] == start and node:
            cycle, other = [node], heads[node]
            while other != node:
                cycle.append(other)
                other = heads[other]
            return cycle
    return []
