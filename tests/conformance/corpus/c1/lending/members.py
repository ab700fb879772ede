"""Who may borrow."""

MOST_LOANS = 5


class Member:
    def __init__(self, number, name):
        self.number = number
        self.name = name
        self.loans = []

    def may_borrow(self):
        return len(self.loans) < MOST_LOANS


def greeting(member):
    return f"Dear {member.name},"
