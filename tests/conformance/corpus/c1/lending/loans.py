"""Loans: a book, a member, and when it is due."""

from lending.books import Catalogue
from lending.fines import fine_for
from lending.members import Member

LOAN_DAYS = 28


class Loan:
    def __init__(self, book, member, day):
        self.book = book
        self.member = member
        self.due = day + LOAN_DAYS


class LoanDesk:
    """Lends books and takes them back."""

    def __init__(self, catalogue: Catalogue):
        self.catalogue = catalogue

    def lend(self, barcode, member: Member, day):
        book = self.catalogue.find_book(barcode)
        if book is None or not member.may_borrow():
            return None
        loan = Loan(book, member, day)
        member.loans.append(loan)
        return loan

    def take_back(self, loan, day):
        loan.member.loans.remove(loan)
        return fine_for(loan.due, day)
