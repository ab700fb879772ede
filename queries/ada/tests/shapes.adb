-- Shapes.
with Ada.Text_IO; use Ada.Text_IO;
--   ^ import
--   ^ reference.module
--       ^ reference.identifier
--                    ^ reference.module
--                        ^ reference.identifier
with App.Base;
--   ^ import
--   ^ reference.module
--       ^ reference.identifier
package body Shapes is
--           ^ definition.module
   Limit : constant Integer := 10;
-- ^ definition.variable Shapes
--                  ^ reference.type Shapes.Limit
   Counter : Integer;
-- ^ definition.variable Shapes
--           ^ reference.type Shapes.Counter
   type Color is (Red, Green);
--      ^ definition.enumeration Shapes
--                ^ definition.variant Shapes.Color
--                     ^ definition.variant Shapes.Color
   type Point is record
--      ^ definition.struct Shapes
      X, Y : Integer;
--    ^ definition.field Shapes.Point
--       ^ definition.field Shapes.Point
--           ^ reference.type Shapes.Point
   end record;
   type Shape is new Base with private;
--      ^ definition.class Shapes
--                   ^ reference.class Shapes.Shape
   subtype Small is Integer range 0 .. 9;
--         ^ definition.type Shapes
--                  ^ reference.type Shapes.Small
   Failed : exception;
-- ^ definition.type Shapes

   -- Computes.
   function Area (S : Shape) return Integer is
--          ^ definition.function Shapes
--          ^ doc Computes.
--                    ^ reference.type Shapes.Area
--                                  ^ reference.type Shapes.Area
      Local : Integer := Helper (1);
--            ^ reference.type Shapes.Area
--                       ^ reference.call Shapes.Area
   begin
      Put_Line ("x");
--    ^ reference.call Shapes.Area
      return Local * App.Base.Scale (2);
--                   ^ reference.module Shapes.Area
--                       ^ reference.identifier Shapes.Area
--                            ^ reference.call Shapes.Area
   end Area;
   procedure Draw (S : in out Shape);
--           ^ definition.function Shapes
--                            ^ reference.type Shapes.Draw
   procedure Draw (S : in out Shape) is
--           ^ definition.function Shapes
--                            ^ reference.type Shapes.Draw
   begin
      Area (S);
--    ^ reference.call Shapes.Draw
   end Draw;
   task Worker is
--      ^ definition.object Shapes
      entry Start;
--          ^ definition.method Shapes.Worker
   end Worker;
   protected Lock is
--           ^ definition.object Shapes
      procedure Get;
--              ^ definition.function Shapes.Lock
   end Lock;
   generic
      type T is private;
   procedure Swap (A, B : in out T);
--           ^ definition.function Shapes
--                               ^ reference.type Shapes.Swap
end Shapes;
