{-# LANGUAGE GADTs #-}
-- | Shapes and what can be measured of them.
module Data.Shapes
--     ^ definition.module
  ( Shape (Circle, sides)
--  ^ export
--         ^ export
--                 ^ export
  , area, (<+>)
--  ^ export
--         ^ export
  , module Solid
--         ^ export
  , List.fold, Maybe.Choice
--       ^ export
--                   ^ export
  , module Data.Map
--         ^ export
  ) where

import Data.Map (Map, insert)
--     ^ import Map
--     ^ import insert
--     ^ reference.module
--               ^ reference.type
--                    ^ reference.identifier
import qualified Data.List as List hiding (nub, sort)
--               ^ import
import Prelude
--     ^ import

-- | A figure in the plane.
data Shape
--   ^ definition.type
  = Circle { radius :: Double, left, top :: !Int }
--  ^ definition.constructor Shape
--           ^ definition.field Shape.Circle
--                     ^ reference.type Shape.Circle
--                             ^ definition.field Shape.Circle
--                                   ^ definition.field Shape.Circle
  | Square Double
--  ^ definition.constructor Shape
  | Int :+: Int
--      ^ definition.constructor Shape
  deriving (Eq, Show.Show)
--          ^ reference.implementation Shape
--                   ^ reference.implementation Shape

newtype Wrap a = Wrap a deriving newtype Num
--      ^ definition.type
--               ^ definition.constructor Wrap
--                                       ^ reference.implementation Wrap

data Expr a where
--   ^ definition.type
    Add, Sub :: Expr Int -> Expr Int
--  ^ definition.constructor Expr
--       ^ definition.constructor Expr
    Lit :: Int -> Expr Int
--  ^ definition.constructor Expr

data family Items a
--          ^ definition.type
data instance Items Char = Chars String
--            ^ definition.implementation
--                         ^ definition.constructor Items
type a /+/ b = Either a b
--     ^ definition.type
type family Elem c where { Elem [e] = e }
--          ^ definition.type
type Name = Map.Map String Int
--   ^ definition.type
--              ^ reference.type Name
pattern Pair :: a -> b -> (a, b)
--      ^ definition.constructor
pattern Pair x y = (x, y)

class Eq a => Measured a where
--    ^ reference.type Measured
--            ^ definition.class
    type Unit a
--       ^ definition.type Measured
    area, rim :: a -> Double
--  ^ definition.method Measured
--        ^ definition.method Measured
    (<+>) :: a -> a -> a
--   ^ definition.method Measured
    rim = const 0
--        ^ reference.call Measured

instance Measured Shape where
--       ^ reference.implementation
--                ^ definition.implementation
    type Unit Shape = Int
    area (Circle r _ _) = pi * helper r; area (Square s) = s * s
--  ^ definition.method Shape
--        ^ reference.call Shape.area
--                        ^ reference.identifier Shape.area
--                             ^ reference.call Shape.area
    one <+> two = one
--      ^ definition.method Shape
instance Show (Wrap a) where { showList :: Int; showList = render }
--             ^ definition.implementation
--                             ^ definition.method Wrap
--                                                         ^ reference.identifier Wrap
instance Measured [a]
--       ^ definition.implementation
deriving instance Ord Shape
--                ^ reference.implementation

-- | A signature and its equations are one definition.
total :: [Shape] -> Double; {- of all -} total [] = 0; total more = List.sum (map area more)
-- <- definition.function
--        ^ reference.type total
--                                                                       ^ reference.call
--                                                                            ^ reference.call
--                                                                                ^ reference.identifier
low, high :: Int
-- <- definition.function
--   ^ definition.function
foreign import ccall "math.h sin" sine :: Double -> Double
--                                ^ definition.function

twice step = step . step where local = Nothing
-- <- definition.function
--                ^ reference.call twice
--                                     ^ reference.identifier twice
item `orElse` other = item `Pair` Just `List.map` other
--    ^ definition.function
--                          ^ reference.call orElse
--                                           ^ reference.call orElse
default (Int)
count = 3
-- <- definition.function

-- | A shape that is not there.
{-# INLINE nothing #-}
nothing :: Shape
-- <- definition.function
-- <- doc A shape that is not there.
nothing = Circle 0
