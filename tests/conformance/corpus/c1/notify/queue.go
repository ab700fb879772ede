package notify

// Sender sends one mail.
type Sender interface {
	Send(mail Mail) error
}

// Queue holds mails until they are sent.
type Queue struct {
	waiting []Mail
}

// Push adds a reminder.
func (queue *Queue) Push(member string, title string) {
	queue.waiting = append(queue.waiting, NewReminder(member, title))
}

// Flush sends all that waits.
func (queue *Queue) Flush(sender Sender) error {
	for _, mail := range queue.waiting {
		if err := sender.Send(mail); err != nil {
			return err
		}
	}
	queue.waiting = nil
	return nil
}
