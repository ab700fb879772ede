"""Books, and where they stand."""


class Book:
    """One copy of a title."""

    def __init__(self, barcode, title, shelf=None):
        self.barcode = barcode
        self.title = title
        self.shelf = shelf

    def is_on_shelf(self):
        return self.shelf is not None


class Catalogue:
    def __init__(self):
        self._by_barcode = {}

    def add_book(self, book):
        self._by_barcode[book.barcode] = book

    def find_book(self, barcode):
        """The copy with this barcode, if there is one."""
        return self._by_barcode.get(barcode)
