; Everything is defined by calling a macro. Earlier patterns win: a module with documentation comes before one without.

((call target: (identifier) @_def (arguments . (alias) @name)
    (do_block . (unary_operator operand: (call target: (identifier) @_doc
      (arguments . [(string . (quoted_content) @doc) (sigil (quoted_content) @doc)]))))) @definition.module
  (#eq? @_def "defmodule")
  (#eq? @_doc "moduledoc"))
((call target: (identifier) @_def (arguments . [(alias) @name (dot right: (alias) @name)])) @definition.module
  (#eq? @_def "defmodule"))
((call target: (identifier) @_def (arguments . (alias) @name)) @definition.interface (#eq? @_def "defprotocol"))
((call target: (identifier) @_def (arguments . (alias) @name)) @definition.implementation (#eq? @_def "defimpl"))

((call target: (identifier) @_def (arguments . [
    (identifier) @name
    (call target: (identifier) @name)
    (binary_operator left: [(identifier) @name (call target: (identifier) @name)] operator: "when")
  ])) @definition.function
  (#any-of? @_def "def" "defp" "defdelegate"))
((call target: (identifier) @_def (arguments . [
    (identifier) @name
    (call target: (identifier) @name)
    (binary_operator left: [(identifier) @name (call target: (identifier) @name)] operator: "when")
  ])) @definition.macro
  (#any-of? @_def "defmacro" "defmacrop" "defguard" "defguardp"))
((call target: (identifier) @_def (arguments . [
    (identifier) @export
    (call target: (identifier) @export)
    (binary_operator left: [(identifier) @export (call target: (identifier) @export)] operator: "when")
  ]))
  (#any-of? @_def "def" "defdelegate" "defmacro" "defguard"))

((call target: (identifier) @_def (arguments [
    (keywords (pair key: (keyword) @name @definition.field))
    (list [
      (atom) @name @definition.field
      (keywords (pair key: (keyword) @name @definition.field))
    ])
  ]))
  (#any-of? @_def "defstruct" "defexception"))
((call target: (identifier) @_field (arguments . (atom) @name)) @definition.field
  (#any-of? @_field "field" "belongs_to" "has_one" "has_many" "many_to_many" "embeds_one" "embeds_many"))

((unary_operator operand: (call target: (identifier) @_kind (arguments
    (binary_operator left: [(identifier) @name (call target: (identifier) @name)] operator: "::")))) @definition.type
  (#any-of? @_kind "type" "typep" "opaque"))
((unary_operator operand: (call target: (identifier) @_kind (arguments (binary_operator left: [
    (identifier) @name
    (call target: (identifier) @name)
    (binary_operator left: (call target: (identifier) @name) operator: "::")
  ])))) @definition.method
  (#any-of? @_kind "callback" "macrocallback"))
((unary_operator operator: "@" operand: (call target: (identifier) @name (arguments . (_)))) @definition.constant
  (#not-any-of? @name
    "moduledoc" "doc" "typedoc" "shortdoc" "spec" "type" "typep" "opaque" "callback" "macrocallback"
    "optional_callbacks" "impl" "behaviour" "derive" "enforce_keys" "deprecated" "dialyzer" "compile" "on_load"
    "on_definition" "before_compile" "after_compile" "external_resource" "vsn" "tag" "moduletag" "describetag"))

((call target: (identifier) @_use (arguments . (alias) @name)) @reference.implementation
  (#any-of? @_use "use" "behaviour"))
(struct (alias) @name) @reference.class
; What only looks like a call: definitions, directives, branches.
((call target: (identifier) @name) @reference.call (#not-any-of? @name
  "def" "defp" "defdelegate" "defmacro" "defmacrop" "defguard" "defguardp" "defmodule" "defprotocol" "defimpl"
  "defstruct" "defexception" "alias" "import" "require" "use" "quote" "unquote" "if" "unless" "case" "cond" "with"
  "for" "receive" "try"))
(call target: (dot right: (identifier) @name)) @reference.call
(binary_operator operator: "|>" right: (identifier) @name) @reference.call
(unary_operator operator: "&" operand: (binary_operator left: (identifier) @name operator: "/")) @reference.call
(unary_operator operator: "@" operand: (identifier) @name) @reference.identifier
(alias) @name @reference.module

((call target: (identifier) @_import (arguments . [
    (alias) @path
    (dot left: (alias) @path right: (tuple (alias) @name))
  ])) @import
  (#any-of? @_import "alias" "import" "require" "use"))

; Documentation stands above a definition as a comment does elsewhere.
(comment) @comment
((call target: (identifier) @_doc (arguments . [(string (quoted_content) @comment) (sigil (quoted_content) @comment)]))
  (#any-of? @_doc "doc" "typedoc"))
((unary_operator operand: (call target: (identifier) @_note)) @between
  (#any-of? @_note "spec" "impl" "deprecated" "dialyzer" "since"))
((unary_operator operand: (call target: (identifier) @_doc (arguments . [(boolean) (keywords)]))) @between
  (#eq? @_doc "doc"))
