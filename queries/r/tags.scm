; Top-level assignments, and the calls by which R's class systems define things.

(program (binary_operator
  lhs: [(identifier) @name (string content: (string_content) @name)]
  operator: ["<-" "<<-" "="]
  rhs: (function_definition)) @definition.function)
((program (binary_operator
  lhs: [(identifier) @name (string content: (string_content) @name)]
  operator: ["<-" "<<-" "="]
  rhs: (call function: [(identifier) @_maker (namespace_operator rhs: (identifier) @_maker)])) @definition.class)
  (#any-of? @_maker "R6Class" "setClass" "setRefClass" "new_class" "ggproto"))
((program (binary_operator lhs: (identifier) @name operator: ["<-" "<<-" "="]) @definition.constant)
  (#match? @name "^[A-Z][A-Z0-9_.]+$"))
(program (binary_operator
  lhs: [(identifier) @name (string content: (string_content) @name)]
  operator: ["<-" "<<-" "="]) @definition.variable)
(program (binary_operator operator: ["->" "->>"] rhs: (identifier) @name) @definition.variable)

((program (call function: (identifier) @_maker
  arguments: (arguments . (argument value: (string content: (string_content) @name)))) @definition.class)
  (#any-of? @_maker "setClass" "setRefClass" "setClassUnion"))
((program (call function: (identifier) @_maker
  arguments: (arguments . (argument value: (string content: (string_content) @name)))) @definition.function)
  (#eq? @_maker "setGeneric"))
((program (call function: (identifier) @_maker
  arguments: (arguments . (argument value: (string content: (string_content) @name)))) @definition.method)
  (#any-of? @_maker "setMethod" "setReplaceMethod"))

; Members of a class, in the lists given to its maker.
((call function: [(identifier) @_maker (namespace_operator rhs: (identifier) @_maker)]
  arguments: (arguments (argument name: (identifier) @_part value: (call arguments: (arguments
    (argument name: (identifier) @name value: (function_definition)) @definition.method)))))
  (#any-of? @_maker "R6Class" "setRefClass")
  (#any-of? @_part "public" "private" "active" "methods"))
((call function: [(identifier) @_maker (namespace_operator rhs: (identifier) @_maker)]
  arguments: (arguments (argument name: (identifier) @_part value: (call arguments: (arguments
    (argument name: (identifier) @name) @definition.field)))))
  (#any-of? @_maker "R6Class" "setRefClass" "setClass" "new_class")
  (#any-of? @_part "public" "private" "fields" "slots" "representation" "properties"))
((call function: (identifier) @_maker arguments: (arguments . (argument) . (comma) . (argument !name value:
  (call function: (identifier) @_part arguments: (arguments (argument name: (identifier) @name) @definition.field)))))
  (#eq? @_maker "setClass") (#eq? @_part "representation"))

((call function: (identifier) @_loader
  arguments: (arguments . (argument value: [(identifier) @path (string content: (string_content) @path)]))) @import
  (#any-of? @_loader "library" "require" "requireNamespace" "loadNamespace" "source" "sys.source"))

; Only where the tag ends the comment; the NAMESPACE file has them all.
((comment) @_tag . (binary_operator lhs: [(identifier) @export (string content: (string_content) @export)])
  (#match? @_tag "^#' *@export"))

((call function: (extract_operator lhs: (identifier) @name rhs: (identifier) @_new)) @reference.class
  (#eq? @_new "new"))
((call function: (identifier) @_new
  arguments: (arguments . (argument value: (string content: (string_content) @name)))) @reference.class
  (#any-of? @_new "new" "validObject"))
((argument
  name: (identifier) @_parent
  value: [(identifier) @name (string content: (string_content) @name)]) @reference.class
  (#any-of? @_parent "inherit" "contains" "parent"))
((call function: (identifier) @_maker
  arguments: (arguments . (argument) . (comma) . (argument value: [
    (string content: (string_content) @name)
    (call arguments: (arguments (argument value: (string content: (string_content) @name))))
  ]))) @reference.class
  (#any-of? @_maker "setMethod" "setReplaceMethod"))

(call function: [
  (identifier) @name
  (namespace_operator rhs: (identifier) @name)
  (extract_operator rhs: (identifier) @name)
]) @reference.call
(namespace_operator lhs: (identifier) @name @reference.module)
(namespace_operator rhs: (identifier) @name) @reference.identifier

; Values: R passes functions by name.
(argument value: (identifier) @name) @reference.identifier
(binary_operator lhs: (identifier) @name operator: ["|>" "special" "+"]) @reference.identifier
(binary_operator rhs: (identifier) @name) @reference.identifier
(extract_operator lhs: (identifier) @name) @reference.identifier
(subset function: (identifier) @name) @reference.identifier
(subset2 function: (identifier) @name) @reference.identifier
(function_definition body: (identifier) @name) @reference.identifier
(braced_expression body: (identifier) @name) @reference.identifier

(comment) @comment
