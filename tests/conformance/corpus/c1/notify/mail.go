package notify

import "fmt"

// Mail is a notice to one member.
type Mail struct {
	To   string
	Text string
}

// NewReminder says that a book is due.
func NewReminder(member string, title string) Mail {
	return Mail{To: member, Text: fmt.Sprintf("%s is due", title)}
}
