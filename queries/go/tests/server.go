// Package server answers requests.
package server

import "context"
//      ^ import
import (
	_ "embed"
//  ^ import
	"net/http"
//^ import
	str "strings"
//    ^ import
)

// MaxSize is the largest body in bytes.
const MaxSize = 1 << 20
//    ^ definition.constant
//    ^ export
const low, High = 0, 10
//    ^ definition.constant
//         ^ definition.constant
//         ^ export
const (
	Idle State = iota
 // <- definition.constant
 // <- export
//    ^ reference.type Idle
	Busy
 // <- definition.constant
 // <- export
)

var started, stopped int
//  ^ definition.variable
//           ^ definition.variable
var (
	ErrClosed = errors.New("closed")
 // <- definition.variable
 // <- export
//                  ^ reference.call ErrClosed
	_ Handler = (*Server)(nil)
// ^ reference.type
//             ^ reference.identifier
	handlers  = map[string]func(int) error{"a": doStart}
 // <- definition.variable
//                                           ^ reference.identifier handlers
)

type (
	State int
 // <- definition.type
 // <- export
	Alias = http.Handler
 // <- definition.type
 // <- export
//            ^ reference.type Alias
)

// Server serves.
type Server[T any] struct {
//   ^ definition.struct
//   ^ export
//          ^ reference.identifier Server
	Name, Host string
 // <- definition.field Server
//     ^ definition.field Server
	onClose    func(err error)
 // <- definition.field Server
	inner      struct{ depth int }
 // <- definition.field Server
	*Base
//^ reference.implementation Server
	http.Client
//    ^ reference.implementation Server
	Pool[T]
 // <- reference.implementation Server
//    ^ reference.type Server
}

// Handler handles.
type Handler interface {
//   ^ definition.interface
//   ^ export
	Reader
 // <- reference.implementation Handler
	io.Closer
//  ^ reference.implementation Handler
	~int | Number
//      ^ reference.type Handler
	Handle(ctx context.Context, request *Request[int]) (Result, error)
 // <- definition.method Handler
//                  ^ reference.type Handler.Handle
//                                    ^ reference.type Handler.Handle
//                                                   ^ reference.type Handler.Handle
}

type Option func(*Settings)
//   ^ definition.type
//   ^ export
//                ^ reference.type Option

// New makes a server.
func New[T any](options ...Option) *Server[T] {
//   ^ definition.function
//   ^ export
//                         ^ reference.type New
	const local = 1
	var count int
	cases := []struct{ name string }{{name: str.ToUpper("x")}}
	type entry struct{ key string }
//    ^ definition.struct New
//                  ^ definition.field New.entry
	for _, option := range options {
		option(&Settings{Limit: MaxSize})
//^ reference.call New
//        ^ reference.class New
	}
	return &Server[T]{Base: &core.Base{}, onClose: func(err error) { report(err) }}
//       ^ reference.class New
//                             ^ reference.class New
}

// Close closes.
func (s *Server[T]) Close() (err error) {
//       ^ definition.implementation
//                  ^ definition.method Server
	if s.Name == http.MethodGet {
//    ^ reference.identifier Server.Close
		return ErrClosed
//       ^ reference.identifier Server.Close
	}
	defer s.mu.Unlock()
	Map[int](s)
 // <- reference.call Server.Close
	slices.Map[int, string](s)
//      ^ reference.call Server.Close
	table[0](s)
 // <- reference.call Server.Close
	return s.Client.Shutdown(value.(Result))
//        ^ reference.identifier Server.Close
//                               ^ reference.type Server.Close
}

func (State) String() string { return "" }
//    ^ definition.implementation
//           ^ definition.method State
func init()                  { started = len(handlers) }
//   ^ definition.function
//                                       ^ reference.call init
