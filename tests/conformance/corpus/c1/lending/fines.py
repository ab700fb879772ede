"""What a late return costs."""

DAILY_FINE = 20


def days_late(due, returned):
    return max(0, returned - due)


def fine_for(due, returned):
    return days_late(due, returned) * DAILY_FINE
