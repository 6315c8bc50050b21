"""Time expressions → intervals of days, against the day of publication."""
