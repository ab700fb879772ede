; Earlier patterns win: constants before fields, uses of a type before its mere mention.

[
  (class_declaration name: (identifier) @name)
  (record_declaration name: (identifier) @name)
] @definition.class
[
  (interface_declaration name: (identifier) @name)
  (annotation_type_declaration name: (identifier) @name)
] @definition.interface
(enum_declaration name: (identifier) @name) @definition.enumeration
(enum_constant name: (identifier) @name) @definition.variant
(module_declaration name: (_) @name) @definition.module

[
  (constructor_declaration name: (identifier) @name)
  (compact_constructor_declaration name: (identifier) @name)
] @definition.constructor
[
  (method_declaration name: (identifier) @name)
  (annotation_type_element_declaration name: (identifier) @name)
] @definition.method
(record_declaration parameters: (formal_parameters (formal_parameter name: (identifier) @name) @definition.field))

(constant_declaration (variable_declarator name: (identifier) @name)) @definition.constant
((field_declaration (variable_declarator name: (identifier) @name)) @definition.constant
  (#match? @name "^[A-Z][A-Z0-9_]*$"))
(field_declaration (variable_declarator name: (identifier) @name)) @definition.field

(import_declaration (scoped_identifier scope: (_) @path name: (identifier) @name) .) @import @reference.identifier
[
  (import_declaration (_) @path . (asterisk))
  (import_declaration . (identifier) @path)
  (requires_module_directive module: (_) @path)
] @import

[
  (method_invocation name: (identifier) @name)
  (method_reference "::" (identifier) @name)
] @reference.call
[
  (object_creation_expression type: [
    (type_identifier) @name
    (scoped_type_identifier (type_identifier) @name .)
    (generic_type [(type_identifier) @name (scoped_type_identifier (type_identifier) @name .)])
  ])
  (superclass [
    (type_identifier) @name
    (scoped_type_identifier (type_identifier) @name .)
    (generic_type [(type_identifier) @name (scoped_type_identifier (type_identifier) @name .)])
  ])
] @reference.class
[
  (super_interfaces (type_list [
    (type_identifier) @name
    (scoped_type_identifier (type_identifier) @name .)
    (generic_type [(type_identifier) @name (scoped_type_identifier (type_identifier) @name .)])
  ]))
  (extends_interfaces (type_list [
    (type_identifier) @name
    (scoped_type_identifier (type_identifier) @name .)
    (generic_type [(type_identifier) @name (scoped_type_identifier (type_identifier) @name .)])
  ]))
] @reference.implementation
[
  (marker_annotation name: [(identifier) @name (scoped_identifier name: (identifier) @name)])
  (annotation name: [(identifier) @name (scoped_identifier name: (identifier) @name)])
] @reference.type
(type_identifier) @name @reference.type
; Constants, and classes whose static members are used.
((identifier) @name @reference.identifier (#match? @name "^[A-Z]"))

(program (_ . (modifiers "public") name: (identifier) @export))
(exports_module_directive package: (_) @export)

(line_comment) @comment
(block_comment) @comment
