"""What can go wrong, as one tree.

    KgError
    ├── ArticleError      a file or page that cannot become an article
    ├── DateError         a day or time expression that means nothing
    ├── OntologyError     ontology/ holds something that the code cannot use
    ├── StoreError        the triple store cannot be opened, read or written
    └── ReleaseError      a release directory is missing, half-written or damaged

Every message is one line that says where, what was found, and what to do.
"""


class KgError(Exception):
    """Base of all errors that a caller of `kg` may want to catch.

    Args:
        where: File, IRI or URL, with line or offset if known.
        found: What was found there.
        repair: What the reader can do about it.

    >>> str(KgError("a.txt", found="no date", repair="start the file with 'date YYYY-MM-DD'"))
    "a.txt: no date; start the file with 'date YYYY-MM-DD'"
    """

    def __init__(self, where: str, *, found: str, repair: str = "") -> None:
        self.where = where
        self.found = found
        self.repair = repair
        super().__init__(f"{where}: {found}" + (f"; {repair}" if repair else ""))


class ArticleError(KgError):
    """A file or page cannot become an article."""


class DateError(KgError):
    """A day or time expression means nothing."""


class OntologyError(KgError):
    """A file of ontology/ holds something that the code cannot use."""


class StoreError(KgError):
    """The triple store cannot be opened, read or written."""


class ReleaseError(KgError):
    """A release directory is missing, half-written or damaged."""
