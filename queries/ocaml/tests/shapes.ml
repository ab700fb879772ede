(** Shapes and what can be measured of them. *)
open Base.List
(*   ^ import *)
(*   ^ reference.module *)
include Shape_intf
(*      ^ import *)
include (Common : COMMON)
(*       ^ import *)
(*                ^ reference.type *)

(** A figure in the plane. *)
type shape = Circle of float | Square of { mutable side : float }
(*   ^ definition.type *)
(*           ^ definition.constructor shape *)
(*                     ^ reference.type shape.Circle *)
(*                             ^ definition.constructor shape *)
(*                                                 ^ definition.field shape.Square *)
and 'a point = { x : 'a; y : 'a }
(*     ^ definition.type *)
(*               ^ definition.field point *)
(*                       ^ definition.field point *)
type Open.t += Extra of #printable
(*        ^ reference.type *)
(*             ^ definition.constructor *)
(*                       ^ reference.type Extra *)
exception Broken of string
(*        ^ definition.constructor *)
external sine : float -> float = "caml_sin"
(*       ^ definition.function *)

let pi, tau = 3.14, 6.28
(*  ^ definition.variable *)
(*      ^ definition.variable *)
let unit_circle = Circle 1.0
(*  ^ definition.variable *)
(*                ^ reference.call unit_circle *)
let area ?(scale = 1.0) = function
(*  ^ definition.function *)
  | Circle r -> pi *. square r
(*  ^ reference.identifier area *)
(*              ^ reference.identifier area *)
(*                    ^ reference.call area *)
  | Square { side } -> let local n = n +! side in local scale
(*           ^ reference.identifier area *)
(*                                     ^ reference.call area *)
let rim = fun shape -> shape.side |> print
(*  ^ definition.function *)
(*                           ^ reference.identifier rim *)
(*                                   ^ reference.call rim *)
let rec even n = odd n and odd n = even n
(*      ^ definition.function *)
(*               ^ reference.call even *)
(*                         ^ definition.function *)
let ( +! ) a b = a
(*    ^ definition.function *)
let ( let* ) = Option.bind
(*    ^ definition.variable *)
(*             ^ reference.module let* *)
(*                    ^ reference.identifier let* *)

module type MEASURED = sig
(*          ^ definition.interface *)
  type t
(*     ^ definition.type MEASURED *)
  val rim : t -> float
(*    ^ definition.function MEASURED *)
  val unit : t
(*    ^ definition.variable MEASURED *)
  module Inner : S
(*       ^ definition.module MEASURED *)
end

module Make (M : MEASURED) : MEASURED with type t = M.t = struct
(*     ^ definition.module *)
(*               ^ reference.type Make *)
(*                                                  ^ reference.module Make *)
  let rim shape = M.rim shape
(*    ^ definition.function Make *)
(*                  ^ reference.call Make.rim *)
  let size = 3
(*    ^ definition.variable Make *)
  let grow = fun by -> by
(*    ^ definition.function Make *)
  let low, high = 1, 2
(*    ^ definition.variable Make *)
(*         ^ definition.variable Make *)
  module Deep = struct end
(*       ^ definition.module Make *)
end

class virtual counter start = object (self)
(*            ^ definition.class *)
  inherit base
(*        ^ reference.class counter *)
  val mutable count = start
(*            ^ definition.field counter *)
  method get = self#add count
(*       ^ definition.method counter *)
(*                  ^ reference.call counter.get *)
end
class type printable = object method print : unit val mode : int end
(*         ^ definition.interface *)
(*                                   ^ definition.method printable *)
(*                                                    ^ definition.field printable *)

let () =
  let open Printf in
(*         ^ import *)
    printf "%d" (new counter 3)#get; hooks.start ()
(*  ^ reference.call *)
(*                   ^ reference.class *)
(*                              ^ reference.call *)
(*                                         ^ reference.call *)
