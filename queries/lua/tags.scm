; Earlier patterns win. What a chunk declares is defined; what a function declares for itself is not.

(chunk [
  (function_declaration name: (identifier) @name) @definition.function
  (do_statement body: (block (function_declaration name: (identifier) @name) @definition.function))
  (if_statement consequence: (block (function_declaration name: (identifier) @name) @definition.function))
])
(function_declaration name: (dot_index_expression field: (identifier) @name)) @definition.function
(function_declaration name: (method_index_expression method: (identifier) @name)) @definition.method

; What is put into a table is in it, and in those that its name gives.
((function_declaration name: (_ table: [
  (identifier) @name
  (_ field: (identifier) @name)
  (_ table: [(identifier) @name (_ field: (identifier) @name) (_ table: (identifier) @name)])
])) @definition.implementation (#not-any-of? @name "_G" "_ENV"))
((chunk (assignment_statement (variable_list . name: (_ table: [
  (identifier) @name
  (_ field: (identifier) @name)
  (_ table: [(identifier) @name (_ field: (identifier) @name) (_ table: (identifier) @name)])
] field: (identifier) @_field))) @definition.implementation)
  (#not-any-of? @name "_G" "_ENV") (#not-eq? @_field "__index"))

(chunk [
  (assignment_statement
    (variable_list . name: [(identifier) @name (dot_index_expression field: (identifier) @name)])
    (expression_list . value: (function_definition)))
  (variable_declaration (assignment_statement
    (variable_list . name: (identifier) @name)
    (expression_list . value: (function_definition))))
] @definition.function)

; Functions of a table, also of one that is passed on: `return Class({ run = function() end })`.
(chunk [
  (assignment_statement (expression_list [
    (table_constructor (field name: (identifier) @name value: (function_definition)) @definition.function)
    (function_call arguments: (arguments
      (table_constructor (field name: (identifier) @name value: (function_definition)) @definition.function)))
  ]))
  (variable_declaration (assignment_statement (expression_list [
    (table_constructor (field name: (identifier) @name value: (function_definition)) @definition.function)
    (function_call arguments: (arguments
      (table_constructor (field name: (identifier) @name value: (function_definition)) @definition.function)))
  ])))
  (return_statement (expression_list [
    (table_constructor (field name: (identifier) @name value: (function_definition)) @definition.function)
    (function_call arguments: (arguments
      (table_constructor (field name: (identifier) @name value: (function_definition)) @definition.function)))
  ]))
])

; A local that only shortens a name (`local a = b.c`, `local a = require "a"`) defines nothing.
((chunk (variable_declaration (assignment_statement
    (variable_list . name: (identifier) @name)
    (expression_list . value: [(string) (number) (table_constructor) (unary_expression) (binary_expression)])))
  @definition.constant)
  (#match? @name "^_*[A-Z][A-Z0-9_]+$"))
(chunk (variable_declaration (assignment_statement
    (variable_list . name: (identifier) @name)
    (expression_list . value: [
      (string) (number) (true) (false) (table_constructor) (unary_expression) (binary_expression)
    ])))
  @definition.variable)
((chunk (variable_declaration (assignment_statement
    (variable_list . name: (identifier) @name)
    (expression_list . value: (function_call name: [(identifier) (method_index_expression)]) @_value)))
  @definition.variable)
  (#not-match? @_value "^(x?pcall|require)\\b"))
((chunk (assignment_statement
    (variable_list . name: (identifier) @name)
    (expression_list . value: (_) @_value))
  @definition.variable)
  (#not-match? @_value "^(x?pcall|require)\\b"))
((chunk (assignment_statement
    (variable_list . name: (dot_index_expression field: (identifier) @name)))
  @definition.field)
  (#not-eq? @name "__index"))

(function_call name: [
  (identifier) @name
  (dot_index_expression field: (identifier) @name)
  (method_index_expression method: (identifier) @name)
]) @reference.call
((field name: (identifier) @_index value: (identifier) @name) @reference.class (#eq? @_index "__index"))
[
  (dot_index_expression (identifier) @name)
  (method_index_expression table: (identifier) @name)
  (arguments (identifier) @name)
  (expression_list (identifier) @name)
  (binary_expression (identifier) @name)
  (field value: (identifier) @name)
] @reference.identifier

((function_call name: (identifier) @_require arguments: (arguments . (string content: (string_content) @path))) @import
  (#any-of? @_require "require" "dofile" "loadfile"))
((function_call arguments: (arguments . (identifier) @_require . (string content: (string_content) @path))) @import
  (#eq? @_require "require"))

(chunk (return_statement (expression_list [
  (identifier) @export
  (table_constructor (field name: (identifier) @export))
  (function_call arguments: (arguments . (identifier) @export))
])))

(comment) @comment
