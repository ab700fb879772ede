; Earlier patterns win: a function in an impl or trait block is a method, everywhere else a function.

(struct_item name: (type_identifier) @name) @definition.struct
(enum_item name: (type_identifier) @name) @definition.enumeration
(union_item name: (type_identifier) @name) @definition.union
(trait_item name: (type_identifier) @name) @definition.trait
(type_item name: (type_identifier) @name) @definition.type
(associated_type name: (type_identifier) @name) @definition.type
(enum_variant name: (identifier) @name) @definition.variant
(field_declaration name: (field_identifier) @name) @definition.field
(const_item name: (identifier) @name) @definition.constant
(static_item name: (identifier) @name) @definition.variable
; Without a body it is the file of that name that is the module.
(mod_item name: (identifier) @name body: (_)) @definition.module
(mod_item name: (identifier) @path !body) @import
(macro_definition name: (identifier) @name) @definition.macro

(impl_item body: (declaration_list (function_item name: (identifier) @name) @definition.method))
(trait_item body: (declaration_list [
  (function_item name: (identifier) @name)
  (function_signature_item name: (identifier) @name)
] @definition.method))
(function_item name: (identifier) @name) @definition.function
(function_signature_item name: (identifier) @name) @definition.function

(impl_item type: [
  (type_identifier) @name
  (primitive_type) @name
  (array_type) @name
  (unit_type) @name
  (generic_type type: [(type_identifier) @name (scoped_type_identifier name: (type_identifier) @name)])
  (scoped_type_identifier name: (type_identifier) @name)
  (_ type: [
    (type_identifier) @name
    (primitive_type) @name
    (array_type) @name
    (generic_type type: (type_identifier) @name)
    (scoped_type_identifier name: (type_identifier) @name)
    (dynamic_type trait: [(type_identifier) @name (generic_type type: (type_identifier) @name)])
  ])
  (dynamic_type trait: [
    (type_identifier) @name
    (generic_type type: (type_identifier) @name)
    (scoped_type_identifier name: (type_identifier) @name)
  ])
  (bounded_type . (dynamic_type trait: [
    (type_identifier) @name
    (scoped_type_identifier name: (type_identifier) @name)
  ]))
]) @definition.implementation
(impl_item trait: [
  (type_identifier) @name
  (generic_type type: [(type_identifier) @name (scoped_type_identifier name: (type_identifier) @name)])
  (scoped_type_identifier name: (type_identifier) @name)
] @reference.implementation)

(call_expression function: [
  (identifier) @name
  (field_expression field: (field_identifier) @name)
  (scoped_identifier name: (identifier) @name)
  (generic_function function: [
    (identifier) @name
    (field_expression field: (field_identifier) @name)
    (scoped_identifier name: (identifier) @name)
  ])
]) @reference.call
(macro_invocation macro: [(identifier) @name (scoped_identifier name: (identifier) @name)]) @reference.call

(use_declaration argument: [
  (scoped_identifier path: (_) @path name: (identifier) @name)
  (use_as_clause path: (scoped_identifier path: (_) @path name: (identifier) @name))
  (scoped_use_list path: (_) @path list: (use_list [
    (identifier) @name
    (scoped_identifier name: (identifier) @name)
    (use_as_clause path: [(identifier) @name (scoped_identifier name: (identifier) @name)])
  ]))
]) @import
(use_declaration argument: [(identifier) @path (scoped_use_list path: (_) @path) (use_wildcard (_) @path)]) @import

(use_declaration argument: (scoped_identifier name: (identifier) @name)) @reference.identifier
(use_list [(identifier) @name (scoped_identifier name: (identifier) @name)] @reference.identifier)

(scoped_identifier path: (identifier) @name @reference.module)
(type_identifier) @name @reference.type

(source_file [
  (function_item (visibility_modifier) name: (_) @export)
  (struct_item (visibility_modifier) name: (_) @export)
  (enum_item (visibility_modifier) name: (_) @export)
  (trait_item (visibility_modifier) name: (_) @export)
  (type_item (visibility_modifier) name: (_) @export)
  (const_item (visibility_modifier) name: (_) @export)
  (static_item (visibility_modifier) name: (_) @export)
  (mod_item (visibility_modifier) name: (_) @export)
])

(line_comment) @comment
(block_comment) @comment
(attribute_item) @between
