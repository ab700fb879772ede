%% @doc A server.
-module(server).
%%      ^ definition.module
%%      ^ doc @doc A server.
-behaviour(gen_server).
%%         ^ import
%%         ^ reference.implementation
-include("server.hrl").
%%        ^ import
-include_lib("kernel/include/logger.hrl").
%%            ^ import
-import(lists, [map/2, foldl/3]).
%%      ^ import map
%%      ^ import foldl
-export([start/1, stop/0]).
%%       ^ export
%%                ^ export
-export_type([state/0]).
%%            ^ export

-define(TIMEOUT, 5000).
%%      ^ definition.macro
-define(LOG(X), io:format(X)).
%%      ^ definition.macro
%%              ^ reference.module LOG
%%                 ^ reference.call LOG
-record(state, {name :: string(), count = 0}).
%%      ^ definition.struct
%%              ^ definition.field state
%%                      ^ reference.call state.name
%%                                ^ definition.field state
-type state() :: #state{}.
%%    ^ definition.type
%%                ^ reference.class state
-opaque id() :: integer().
%%      ^ definition.type
%%              ^ reference.call id
-callback handle(term()) -> ok.
%%        ^ definition.method
%%               ^ reference.call handle

%% Starts it.
-spec start(string()) -> {ok, pid()}.
%%          ^ reference.call
%%                            ^ reference.call
start(Name) ->
%% <- definition.function
%% <- doc Starts it.
    State = #state{name = Name},
%%           ^ reference.class start
    gen_server:start_link(?MODULE, State, [{timeout, ?TIMEOUT}]).
%%  ^ reference.module start
%%             ^ reference.call start
%%                         ^ reference.identifier start
%%                                                    ^ reference.identifier start

stop() -> helper(1), fun helper/1.
%% <- definition.function
%%        ^ reference.call stop
%%                       ^ reference.call stop

helper(0) -> ok;
%% <- definition.function
helper(N) when N > 0 -> lists:map(fun(X) -> X end, [N]), ?LOG("x").
%% <- definition.function
%%                      ^ reference.module helper
%%                            ^ reference.call helper
%%                                                        ^ reference.identifier helper
