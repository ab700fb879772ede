"""Books that are lent to members."""

from lending.loans import LoanDesk

__all__ = ["LoanDesk"]
