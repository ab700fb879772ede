; Earlier patterns win. One node kind serves class, struct, actor, enum and extension; its keyword tells them apart.

(class_declaration declaration_kind: "class" name: (type_identifier) @name) @definition.class
(class_declaration declaration_kind: "actor" name: (type_identifier) @name) @definition.class
(class_declaration declaration_kind: "struct" name: (type_identifier) @name) @definition.struct
(class_declaration declaration_kind: "enum" name: (type_identifier) @name) @definition.enumeration
; An extension of a nested type is in each type that its name gives, of which the last three count.
(class_declaration declaration_kind: "extension" name: [
  (user_type (type_identifier) @name . (type_arguments)? .)
  (user_type (type_identifier) @name . (type_identifier) . (type_arguments)? .)
  (user_type (type_identifier) @name . (type_identifier) . (type_identifier) . (type_arguments)? .)
]) @definition.implementation
(protocol_declaration name: (type_identifier) @name) @definition.interface
[
  (typealias_declaration name: (type_identifier) @name)
  (associatedtype_declaration name: (type_identifier) @name)
] @definition.type
(enum_entry name: (simple_identifier) @name @definition.variant)
(macro_declaration "macro" . (simple_identifier) @name) @definition.macro

; What follows `func` is a name or an operator.
[
  (class_body (function_declaration "func" . name: _ @name) @definition.method)
  (enum_class_body (function_declaration "func" . name: _ @name) @definition.method)
  (protocol_function_declaration "func" . name: _ @name) @definition.method
  (subscript_declaration "subscript" @name) @definition.method
  (deinit_declaration "deinit" @name) @definition.method
]
(function_declaration "func" . name: _ @name) @definition.function
(init_declaration "init" @name) @definition.constructor

[
  (class_body (property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @definition.property)
  (enum_class_body
    (property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @definition.property)
  (protocol_property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @definition.property
]
(source_file (property_declaration (value_binding_pattern "let")
  name: (pattern bound_identifier: (simple_identifier) @name)) @definition.constant)
(source_file (property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @definition.variable)

(call_expression . [
  (simple_identifier) @name
  (navigation_expression suffix: (navigation_suffix suffix: (simple_identifier) @name))
  (prefix_expression target: (simple_identifier) @name)
]) @reference.call
(macro_invocation . (simple_identifier) @name) @reference.call
(constructor_expression constructed_type: (user_type (type_identifier) @name)) @reference.class
(inheritance_specifier inherits_from: (user_type (type_identifier) @name)) @reference.class
(attribute (user_type (type_identifier) @name)) @reference.class
(type_identifier) @name @reference.type

; `.red` and `Color.red`.
(prefix_expression "." . target: (simple_identifier) @name) @reference.identifier
(switch_pattern (pattern "." . (simple_identifier) @name)) @reference.identifier
((navigation_expression target: (simple_identifier) @name) @reference.type (#match? @name "^[A-Z]"))
((navigation_expression
  target: (simple_identifier) @_type suffix: (navigation_suffix suffix: (simple_identifier) @name))
  @reference.identifier (#match? @_type "^[A-Z]"))

(import_declaration (identifier) @path) @import

[
  (class_declaration (modifiers (visibility_modifier ["public" "open"])) name: (type_identifier) @export)
  (protocol_declaration (modifiers (visibility_modifier "public")) name: (type_identifier) @export)
  (typealias_declaration (modifiers (visibility_modifier "public")) name: (type_identifier) @export)
  (source_file (function_declaration (modifiers (visibility_modifier "public"))
    "func" . name: (simple_identifier) @export))
  (source_file (property_declaration (modifiers (visibility_modifier "public"))
    name: (pattern bound_identifier: (simple_identifier) @export)))
]

[(comment) (multiline_comment)] @comment
