module Main exposing (Model, Msg(..), main, update)
--     ^ definition.module
--                    ^ export
--                           ^ export
--                                    ^ export
--                                          ^ export

import Html exposing (Html, div, text)
--     ^ import Html
--     ^ import div
--     ^ import text
import Json.Decode as Decode
--     ^ import

{-| The model. -}
type alias Model =
--         ^ definition.type
--         ^ doc The model.
    { count : Int
--    ^ definition.field Model
--            ^ reference.type Model.count
    , name : String
--    ^ definition.field Model
--           ^ reference.type Model.name
    }

type Msg
--   ^ definition.enumeration
    = Increment
--    ^ definition.variant Msg
    | Rename String
--    ^ definition.variant Msg
--           ^ reference.type Msg.Rename

port save : String -> Cmd msg
--   ^ definition.function
--          ^ reference.type save
--                    ^ reference.type save

{-| Updates. -}
update : Msg -> Model -> Model
--       ^ reference.type
--              ^ reference.type
--                       ^ reference.type
update msg model =
-- <- definition.function
-- <- doc Updates.
    case msg of
--       ^ reference.identifier update
        Increment ->
--      ^ reference.identifier update
            { model | count = model.count + step }
--                            ^ reference.identifier update
--                                        ^ reference.call update
--                                          ^ reference.identifier update

        Rename name ->
--      ^ reference.identifier update
            let
                trimmed = String.trim name
--                        ^ reference.module update
--                               ^ reference.call update
--                                    ^ reference.identifier update
            in
            { model | name = trimmed }
--                           ^ reference.identifier update

step : Int
--     ^ reference.type
step = 1
-- <- definition.constant

main = Html.div [] [ text "hello" ]
-- <- definition.constant
--     ^ reference.module main
--          ^ reference.call main
--                   ^ reference.call main
infix left 6 (|=) = keeper
--            ^ definition.function
--                  ^ reference.identifier |=
