"""Who waits for a book."""

from lending.members import Member


class HoldList:
    def __init__(self):
        self._waiting = {}

    def place_hold(self, barcode, member: Member):
        self._waiting.setdefault(barcode, []).append(member.number)

    def is_first(self, barcode, member: Member):
        waiting = self._waiting.get(barcode, [])
        return not waiting or waiting[0] == member.number
