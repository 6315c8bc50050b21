"""Whether a published day or interval is the one that the gold means."""


def falls_in(published: str, gold: str) -> bool:
    """Return whether a published day or "first/last" lies wholly in the gold's day, month, year or "first/last".

    Open ends are written "..". An interval without any end says nothing and is never right.

    >>> falls_in("2021-03-02", "2021-03"), falls_in("2021-03-01/2021-03-31", "2021-03-02")
    (True, False)
    >>> falls_in("2013-05-04", "2013/.."), falls_in("../..", "2013")
    (True, False)
    """
    ends = [end for end in published.split("/") if end[:1].isdigit()]
    first, _, last = gold.partition("/")
    if not ends:
        return False
    if not last:
        return all(end.startswith(first) for end in ends)
    return all(
        (first == ".." or end[: len(first)] >= first) and (last == ".." or end[: len(last)] <= last) for end in ends
    )
