; Earlier patterns win: structs and interfaces before other types, uses of a type before its mere mention.

(type_spec name: (type_identifier) @name type: (struct_type)) @definition.struct
(type_spec name: (type_identifier) @name type: (interface_type)) @definition.interface
[
  (type_spec name: (type_identifier) @name)
  (type_alias name: (type_identifier) @name)
] @definition.type

(function_declaration name: (identifier) @name) @definition.function
[
  (method_declaration name: (field_identifier) @name)
  (method_elem name: (field_identifier) @name)
] @definition.method

; The receiver's type is the method's scope.
(method_declaration receiver: (parameter_list (parameter_declaration type: [
  (type_identifier) @name
  (generic_type type: (type_identifier) @name)
  (pointer_type [(type_identifier) @name (generic_type type: (type_identifier) @name)])
]))) @definition.implementation

; Of structs without a name, such as the tables of tests, fields say nothing.
(type_spec type: (struct_type (field_declaration_list
  (field_declaration name: (field_identifier) @name) @definition.field)))
((source_file (_ . ["const" "var"] [
  (const_spec (identifier) @name) @definition.constant
  (var_spec (identifier) @name) @definition.variable
  (var_spec_list (var_spec (identifier) @name) @definition.variable)
])) (#not-eq? @name "_"))

(call_expression function: [
  (identifier) @name
  (selector_expression field: (field_identifier) @name)
  (index_expression operand: [(identifier) @name (selector_expression field: (field_identifier) @name)])
]) @reference.call
; `Map[int](x)`: the grammar cannot tell it from a conversion.
(type_conversion_expression type: (generic_type type: [
  (type_identifier) @name
  (qualified_type name: (type_identifier) @name)
])) @reference.call
(composite_literal type: [
  (type_identifier) @name
  (qualified_type name: (type_identifier) @name)
  (generic_type type: [(type_identifier) @name (qualified_type name: (type_identifier) @name)])
]) @reference.class
; Embedding.
[
  (field_declaration !name type: [
    (type_identifier) @name
    (qualified_type name: (type_identifier) @name)
    (generic_type type: [(type_identifier) @name (qualified_type name: (type_identifier) @name)])
  ])
  (interface_type (type_elem . [(type_identifier) @name (qualified_type name: (type_identifier) @name)] .))
] @reference.implementation
((type_identifier) @name @reference.type (#not-any-of? @name
  "any" "bool" "byte" "comparable" "complex64" "complex128" "error" "float32" "float64" "int" "int8" "int16" "int32"
  "int64" "rune" "string" "uint" "uint8" "uint16" "uint32" "uint64" "uintptr"))
; What another file of the package, or another package, may define: capitalised or of several words.
([(identifier) (field_identifier)] @name @reference.identifier
  (#match? @name "[A-Z]"))

(import_spec path: (_) @path) @import

((function_declaration name: (identifier) @export) (#match? @export "^\\p{Lu}"))
((source_file (_ . ["type" "const" "var"] [
  (type_spec name: (type_identifier) @export)
  (type_alias name: (type_identifier) @export)
  (const_spec (identifier) @export)
  (var_spec (identifier) @export)
  (var_spec_list (var_spec (identifier) @export))
])) (#match? @export "^\\p{Lu}"))

(comment) @comment
