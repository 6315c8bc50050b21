"""Time expressions → intervals of days, against the day of publication."""

from kg.dates.expressions import find_times, resolve_weekday
from kg.dates.periods import in_words

__all__ = ["find_times", "in_words", "resolve_weekday"]
