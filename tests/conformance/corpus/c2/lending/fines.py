"""What a late return costs."""

from lending import loans

DAILY_FINE = 20


def days_late(due, returned):
    return max(0, returned - due)


def fine_for(loan, returned):
    grace = loans.GRACE_DAYS
    return days_late(loan.due + grace, returned) * DAILY_FINE
