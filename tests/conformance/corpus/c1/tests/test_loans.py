from lending.books import Book, Catalogue
from lending.loans import LoanDesk
from lending.members import Member


def test_a_late_return_costs_something():
    catalogue = Catalogue()
    catalogue.add_book(Book("b1", "Atlas"))
    desk = LoanDesk(catalogue)
    loan = desk.lend("b1", Member(1, "Ada"), 0)
    assert desk.take_back(loan, 30) == 40
