"""Graphs and shapes → Report: what does not look as ontology/shapes.ttl says, and how to repair it.

SHACL Core runs over batches of articles with pySHACL. What Core cannot say stands in ontology/checks/ as SPARQL and is
asked of a whole release. Most articles need neither: compiled shapes and proofs accept what both would let pass, and
only what they do not accept is looked into. They accept nothing that pySHACL or a check would find fault with.

    report.py     Result, Report and sh:ValidationReport
    shacl.py      the shapes, and pySHACL, which has the last word
    compiled.py   the shapes as functions that accept an article
    checks.py     selectors against the text; SPARQL against a release
    proofs.py     why a release of articles that were looked at one by one passes the checks
"""

from kg.validation.checks import Problem, Queried, check_release, misquotes
from kg.validation.compiled import CompiledShapes, compile_shapes
from kg.validation.proofs import Proofs
from kg.validation.report import SH, Report, Result, report_graph
from kg.validation.shacl import Shapes, load_shapes, validate, validate_batch

__all__ = [
    "SH", "CompiledShapes", "Problem", "Proofs", "Queried", "Report", "Result", "Shapes", "check_release",
    "compile_shapes", "load_shapes", "misquotes", "report_graph", "validate", "validate_batch",
]
