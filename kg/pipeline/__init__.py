"""The stages over many articles: paths in, one release out; a bad article stops no other.

    articles → (cache) → extraction → graph → validation → draft → links → checks of the whole → release

    work.py     what is done with one batch of articles, in this process or in others
    cache.py    keeps the quads of articles between builds
    files.py    validates one RDF file
    scoring.py  compares a release with gold
"""

from kg.pipeline.build import BuildResult, build
from kg.pipeline.files import validate_file
from kg.pipeline.scoring import Scores, score_release
from kg.pipeline.work import Outcome, Settings

__all__ = ["BuildResult", "Outcome", "Scores", "Settings", "build", "score_release", "validate_file"]
