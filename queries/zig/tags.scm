; Earlier patterns win. A type is the value of a constant.

(variable_declaration "const" . (identifier) @name "=" . [(struct_declaration) (opaque_declaration)]) @definition.struct
(variable_declaration "const" . (identifier) @name "=" . [
  (enum_declaration)
  (error_set_declaration)
]) @definition.enumeration
(variable_declaration "const" . (identifier) @name "=" . (union_declaration)) @definition.union
(enum_declaration (container_field name: (identifier) @name) @definition.variant)
(union_declaration (container_field name: (identifier) @name !type) @definition.variant)
(error_set_declaration (identifier) @name @definition.variant)
(container_field name: (identifier) @name type: (_)) @definition.field

((function_declaration name: (identifier) @name (parameters . (parameter name: (identifier) @_self))) @definition.method
  (#any-of? @_self "self" "this"))
(function_declaration name: (identifier) @name) @definition.function
(test_declaration (string (string_content) @name)) @definition.function

; What is public is never local. Of the rest, a short name for something of another file is no definition.
(variable_declaration "pub" "const" . (identifier) @name) @definition.constant
(variable_declaration "pub" "var" . (identifier) @name) @definition.variable
((source_file (variable_declaration "const" . (identifier) @name "=" . (_) @_value) @definition.constant)
  (#not-match? @_value "^(@(import|This)|[A-Za-z_][A-Za-z0-9_]*([.][A-Za-z0-9_]+)+$)"))
((struct_declaration (variable_declaration "const" . (identifier) @name "=" . (_) @_value) @definition.constant)
  (#not-match? @_value "^(@(import|This)|[A-Za-z_][A-Za-z0-9_]*([.][A-Za-z0-9_]+)+$)"))
(source_file (variable_declaration "var" . (identifier) @name) @definition.variable)
(struct_declaration (variable_declaration "var" . (identifier) @name) @definition.variable)
(variable_declaration "extern" "const" . (identifier) @name) @definition.constant

(call_expression function: [
  (identifier) @name
  (field_expression member: (identifier) @name)
]) @reference.call
; `.left` and `error.Failed`.
(field_expression !object member: (identifier) @name) @reference.identifier
(error_type (identifier) @name) @reference.identifier
(test_declaration (identifier) @name) @reference.identifier
((identifier) @name @reference.type (#match? @name "^[A-Z]"))

((field_expression
  object: (builtin_function (builtin_identifier) @_import (arguments . (string (string_content) @path)))
  member: (identifier) @name) @import (#eq? @_import "@import"))
((builtin_function (builtin_identifier) @_import (arguments . (string (string_content) @path))) @import
  (#any-of? @_import "@import" "@embedFile" "@cInclude"))

[
  (function_declaration ["pub" "export"] name: (identifier) @export)
  (variable_declaration ["pub" "export"] ["const" "var"] . (identifier) @export)
]

(comment) @comment
