(** What can be measured. *)
open Base.List
(*   ^ import *)
include Shape_intf.S with type t := int
(*      ^ import *)
(*                 ^ reference.type *)

(** A figure in the plane. *)
type shape = Circle of float | Square of { side : Length.t }
(*   ^ definition.type *)
(*   ^ export *)
(*           ^ definition.constructor shape *)
(*           ^ export *)
(*                     ^ reference.type shape.Circle *)
(*                             ^ definition.constructor shape *)
(*                             ^ export *)
(*                                         ^ definition.field shape.Square *)
(*                                                ^ reference.module shape.Square.side *)
(*                                                       ^ reference.type shape.Square.side *)
and 'a point
(*     ^ definition.type *)
(*     ^ export *)

val area : ?scale:float -> shape -> float
(*  ^ definition.function *)
(*  ^ export *)
(*                         ^ reference.type area *)
val ( +! ) : int -> int
(*    ^ definition.function *)
(*    ^ export *)
val pi : float
(*  ^ definition.variable *)
(*  ^ export *)
external sine : float -> float = "caml_sin"
(*       ^ definition.function *)
(*       ^ export *)
exception Broken of string
(*        ^ definition.constructor *)
(*        ^ export *)

module type MEASURED = sig
(*          ^ definition.interface *)
(*          ^ export *)
  type t
(*     ^ definition.type MEASURED *)
(*     ^ export *)
  val rim : t -> float
(*    ^ definition.function MEASURED *)
(*    ^ export *)
end

module Make (M : MEASURED) : sig
(*     ^ definition.module *)
(*     ^ export *)
(*               ^ reference.type Make *)
  module Deep : MEASURED with type t = M.t
(*       ^ definition.module Make *)
(*       ^ export *)
(*                                     ^ reference.module Make.Deep *)
end
module Short = Make
(*     ^ definition.module *)
(*     ^ export *)
(*             ^ reference.module Short *)

class counter : int -> object
(*    ^ definition.class *)
(*    ^ export *)
  inherit Base.base
  val mutable count : int
(*            ^ definition.field counter *)
  method get : #printable
(*       ^ definition.method counter *)
(*              ^ reference.type counter.get *)
end
class type printable = object method print : unit end
(*         ^ definition.interface *)
(*         ^ export *)
(*                                   ^ definition.method printable *)
