"""Arc scores → dependency tree: the best tree with one root (Chu and Liu 1965, Edmonds 1967)."""

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Heads = NDArray[np.intp]

ROOT_COST = 1e6  # on every arc from the root, so that exactly one is used
NEVER = -1e9


def best_tree(scores: NDArray[np.floating]) -> list[int]:
    """Return the head of every token of one sentence, -1 for its root.

    Args:
        scores: Tokens × (root, tokens); the diagonal behind the root's column is ignored.

    >>> best_tree(np.array([[5.0, 0.0, 9.0], [4.0, 9.0, 0.0]]))  # each token likes the other best
    [-1, 0]
    """
    size = len(scores)
    arcs = np.full((size + 1, size + 1), NEVER)
    arcs[1:] = scores
    np.fill_diagonal(arcs, NEVER)
    heads = _greedy_heads(arcs)
    if _find_cycle(heads):
        arcs[1:, 0] -= ROOT_COST
        heads = _spanning_tree(arcs)
    return [head - 1 for head in heads[1:].tolist()]


def _greedy_heads(arcs: Matrix) -> Heads:
    """Return the best head of every node if exactly one hangs on node 0; the best tree, unless there is a cycle."""
    heads: Heads = arcs[:, 1:].argmax(1) + 1
    gain = arcs[1:, 0] - arcs[np.arange(1, len(arcs)), heads[1:]]
    heads[1 + gain.argmax()] = 0
    heads[0] = 0
    return heads


def _spanning_tree(arcs: Matrix) -> Heads:
    """Return the head of every node of the best tree that leads to node 0; `arcs` is dependent × head."""
    heads: Heads = arcs.argmax(1)
    heads[0] = 0
    cycle = _find_cycle(heads)
    if not cycle:
        return heads
    members = np.array(cycle)
    others = np.setdiff1d(np.arange(len(arcs)), members)
    inside = arcs[members, heads[members]]
    leaving = arcs[np.ix_(members, others)] - inside[:, None]  # break the cycle at a member
    entering = arcs[np.ix_(others, members)]
    small = np.full((len(others) + 1, len(others) + 1), NEVER)
    small[:-1, :-1] = arcs[np.ix_(others, others)]
    small[-1, :-1] = leaving.max(0)
    small[:-1, -1] = entering.max(1)
    solved = _spanning_tree(small)
    result: Heads = heads.copy()
    for place, node in enumerate(others):
        head = solved[place]
        result[node] = members[entering[place].argmax()] if head == len(others) else others[head]
    result[0] = 0
    broken = leaving[:, solved[-1]].argmax()
    result[members[broken]] = others[solved[-1]]
    return result


def _find_cycle(heads: Heads) -> list[int]:
    """Return the nodes of a cycle that does not hold node 0, or nothing."""
    state = [0] * len(heads)
    state[0] = -1
    for start in range(1, len(heads)):
        node = start
        while state[node] == 0:
            state[node] = start
            node = int(heads[node])
        if state[node] == start:
            cycle, other = [node], int(heads[node])
            while other != node:
                cycle.append(other)
                other = int(heads[other])
            return cycle
    return []
