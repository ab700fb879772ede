; Earlier patterns win: what looks like a function is a constructor in a struct.

(module_definition name: (identifier) @name) @definition.module
(struct_definition (type_head [
  (identifier) @name
  (parametrized_type_expression . (identifier) @name)
  (binary_expression . [(identifier) @name (parametrized_type_expression . (identifier) @name)])
])) @definition.struct
[
  (abstract_definition (type_head [
    (identifier) @name
    (parametrized_type_expression . (identifier) @name)
    (binary_expression . [(identifier) @name (parametrized_type_expression . (identifier) @name)])
  ]))
  (primitive_definition (type_head [
    (identifier) @name
    (binary_expression . (identifier) @name)
  ]))
] @definition.type

(struct_definition [
  (function_definition (signature [
    (call_expression . [(identifier) @name (parametrized_type_expression . (identifier) @name)])
    (where_expression . (call_expression . [(identifier) @name (parametrized_type_expression . (identifier) @name)]))
  ]))
  (assignment . [
    (call_expression . [(identifier) @name (parametrized_type_expression . (identifier) @name)])
    (where_expression . (call_expression . [(identifier) @name (parametrized_type_expression . (identifier) @name)]))
  ])
] @definition.constructor)
(struct_definition [
  (identifier) @name
  (typed_expression . (identifier) @name)
  (assignment . [(identifier) @name (typed_expression . (identifier) @name)])
  (const_statement (assignment . [(identifier) @name (typed_expression . (identifier) @name)]))
] @definition.field)

((macrocall_expression
    (macro_identifier (identifier) @_enum)
    (macro_argument_list . [(identifier) @name (typed_expression . (identifier) @name)])) @definition.enumeration
  (#eq? @_enum "enum"))
((macrocall_expression
    (macro_identifier (identifier) @_enum)
    (macro_argument_list . (_) [
      (identifier) @name @definition.variant
      (assignment . (identifier) @name) @definition.variant
      (compound_statement [
        (identifier) @name @definition.variant
        (assignment . (identifier) @name) @definition.variant
      ])
    ]))
  (#eq? @_enum "enum"))

(macro_definition (signature (call_expression . (identifier) @name))) @definition.macro
; A function is named by what is called in its signature, under a result type and any number of `where`.
(function_definition (signature [
  (identifier) @name
  (call_expression . [
    (identifier) @name
    (operator) @name
    (field_expression (identifier) @name .)
    (field_expression (quote_expression [(operator) @name (parenthesized_expression (operator) @name)]))
    (parametrized_type_expression . (identifier) @name)
  ])
  (typed_expression . (call_expression . [(identifier) @name (field_expression (identifier) @name .)]))
  (where_expression . [
    (call_expression . [
      (identifier) @name
      (field_expression (identifier) @name .)
      (field_expression (quote_expression [(operator) @name (parenthesized_expression (operator) @name)]))
      (parametrized_type_expression . [(identifier) @name (field_expression (identifier) @name .)])
    ])
    (typed_expression . (call_expression . [(identifier) @name (field_expression (identifier) @name .)]))
    (where_expression . (call_expression . [(identifier) @name (field_expression (identifier) @name .)]))
  ])
])) @definition.function
(assignment . [
  (call_expression . [
    (identifier) @name
    (operator) @name
    (field_expression (identifier) @name .)
    (field_expression (quote_expression [(operator) @name (parenthesized_expression (operator) @name)]))
    (parametrized_type_expression . (identifier) @name)
  ])
  (typed_expression . (call_expression . [(identifier) @name (field_expression (identifier) @name .)]))
  (where_expression . [
    (call_expression . [
      (identifier) @name
      (field_expression (identifier) @name .)
      (field_expression (quote_expression [(operator) @name (parenthesized_expression (operator) @name)]))
      (parametrized_type_expression . [(identifier) @name (field_expression (identifier) @name .)])
    ])
    (typed_expression . (call_expression . [(identifier) @name (field_expression (identifier) @name .)]))
    (where_expression . (call_expression . [(identifier) @name (field_expression (identifier) @name .)]))
  ])
]) @definition.function

; A method added to another module's function is in that module.
[
  (function_definition (signature [
    (call_expression . (field_expression . (identifier) @name))
    (typed_expression . (call_expression . (field_expression . (identifier) @name)))
    (where_expression . [
      (call_expression . (field_expression . (identifier) @name))
      (typed_expression . (call_expression . (field_expression . (identifier) @name)))
      (where_expression . (call_expression . (field_expression . (identifier) @name)))
    ])
  ]))
  (assignment . [
    (call_expression . (field_expression . (identifier) @name))
    (typed_expression . (call_expression . (field_expression . (identifier) @name)))
    (where_expression . [
      (call_expression . (field_expression . (identifier) @name))
      (typed_expression . (call_expression . (field_expression . (identifier) @name)))
      (where_expression . (call_expression . (field_expression . (identifier) @name)))
    ])
  ])
] @definition.implementation

(const_statement (assignment . [(identifier) @name (typed_expression . (identifier) @name)])) @definition.constant
(const_statement (assignment . (open_tuple (identifier) @name @definition.constant)))
[
  (source_file (assignment . [(identifier) @name (typed_expression . (identifier) @name)]) @definition.variable)
  (module_definition (assignment . [(identifier) @name (typed_expression . (identifier) @name)]) @definition.variable)
  (global_statement (assignment . [(identifier) @name (typed_expression . (identifier) @name)]) @definition.variable)
]

(type_head (binary_expression (operator) . [
  (identifier) @name
  (field_expression (identifier) @name .)
  (parametrized_type_expression . [(identifier) @name (field_expression (identifier) @name .)])
])) @reference.class
[
  (call_expression . [
    (identifier) @name
    (field_expression (identifier) @name .)
    (parametrized_type_expression . (identifier) @name)
  ])
  (broadcast_call_expression . [(identifier) @name (field_expression (identifier) @name .)])
  (macrocall_expression (macro_identifier [(identifier) @name (scoped_identifier (identifier) @name .)]))
] @reference.call
[
  (typed_expression (_) . (identifier) @name)
  (unary_typed_expression (identifier) @name)
  (parametrized_type_expression . (identifier) @name)
  (curly_expression [
    (identifier) @name
    (unary_expression (identifier) @name)
    (binary_expression (operator) . (identifier) @name)
  ])
] @reference.type
[
  (selected_import . (_) [(identifier) @name (import_alias . (identifier) @name)])
  (field_expression (identifier) @name)
  (argument_list (identifier) @name)
  (named_argument (operator) . (identifier) @name)
  (binary_expression (identifier) @name)
  (assignment (operator) . (identifier) @name)
] @reference.identifier

[
  (using_statement [
    (identifier) @path
    (scoped_identifier) @path
    (import_path) @path
    (import_alias . (_) @path)
    (selected_import . (_) @path [
      (identifier) @name
      (macro_identifier (identifier) @name)
      (import_alias . [(identifier) @name (macro_identifier (identifier) @name)])
    ])
  ])
  (import_statement [
    (identifier) @path
    (scoped_identifier) @path
    (import_path) @path
    (import_alias . (_) @path)
    (selected_import . (_) @path [
      (identifier) @name
      (macro_identifier (identifier) @name)
      (import_alias . [(identifier) @name (macro_identifier (identifier) @name)])
    ])
  ])
] @import
((call_expression . (identifier) @_include . (argument_list (string_literal (content) @path) .)) @import
  (#eq? @_include "include"))

[
  (export_statement [(identifier) @export (macro_identifier (identifier) @export)])
  (public_statement [(identifier) @export (macro_identifier (identifier) @export)])
]

; A string above a definition documents it.
[
  (line_comment) @comment
  (block_comment) @comment
  (source_file (string_literal) @comment)
  (module_definition (string_literal) @comment)
  (struct_definition (string_literal) @comment)
]
