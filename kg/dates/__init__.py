"""Time expressions → intervals of days, against the day of publication."""

from kg.dates.expressions import find_times, resolve_weekday

__all__ = ["find_times", "resolve_weekday"]
