; Earlier patterns win: interfaces and enumerations before classes, methods before functions, uses of a type before its
; mere mention.

(class_declaration "interface" name: (identifier) @name) @definition.interface
(class_declaration (modifiers (class_modifier "enum")) name: (identifier) @name) @definition.enumeration
(class_declaration name: (identifier) @name) @definition.class
[
  (object_declaration name: (identifier) @name)
  (companion_object name: (identifier) @name)
] @definition.object
(enum_entry (identifier) @name) @definition.variant
(type_alias type: (identifier) @name) @definition.type

(secondary_constructor "constructor" @name) @definition.constructor
[
  (class_body (function_declaration name: (identifier) @name) @definition.method)
  (enum_class_body (function_declaration name: (identifier) @name) @definition.method)
]
(function_declaration name: (identifier) @name) @definition.function

; `const` is not allowed inside functions.
(property_declaration (modifiers (property_modifier)) (variable_declaration (identifier) @name)) @definition.constant
[
  (source_file (property_declaration (variable_declaration (identifier) @name)) @definition.variable)
  (class_body (property_declaration (variable_declaration (identifier) @name)) @definition.property)
  (enum_class_body (property_declaration (variable_declaration (identifier) @name)) @definition.property)
  (class_parameter ["val" "var"] . (identifier) @name) @definition.property
]

; An extension's receiver is its scope, with the type around it, unless it is a type parameter.
([
  (function_declaration [
    (user_type (identifier) @name . (identifier)? . (type_arguments)? .)
    (nullable_type (user_type (identifier) @name . (identifier)? . (type_arguments)? .))
  ] . name: (identifier))
  (property_declaration [
    (user_type (identifier) @name . (identifier)? . (type_arguments)? .)
    (nullable_type (user_type (identifier) @name . (identifier)? . (type_arguments)? .))
  ] . (variable_declaration))
] @definition.implementation (#match? @name ".."))

(call_expression . [
  (identifier) @name
  (navigation_expression (identifier) @name .)
]) @reference.call
; `single<A> { }`: the grammar takes a lone type argument for two comparisons.
(binary_expression
  left: (binary_expression left: [(identifier) @name (navigation_expression (identifier) @name .)] operator: "<")
  operator: ">" right: [(parenthesized_expression) (lambda_literal)]) @reference.call
(infix_expression . (_) . (identifier) @name) @reference.call
([
  (callable_reference "::" (identifier) @name)
  (navigation_expression "::" (identifier) @name)
] @reference.call (#not-eq? @name "class"))
(delegation_specifier
  (constructor_invocation (user_type (identifier) @name . (type_arguments)? .))) @reference.class
(delegation_specifier [
  (user_type (identifier) @name . (type_arguments)? .)
  (explicit_delegation (user_type (identifier) @name . (type_arguments)? .))
]) @reference.implementation
(user_type (identifier) @name) @reference.type
((import (qualified_identifier (identifier) @name .)) @reference.identifier
  (#not-match? @reference.identifier "\\.\\*"))
; Constants, and objects and classes whose members are used.
((identifier) @name @reference.identifier (#match? @name "^[A-Z]"))

(import (qualified_identifier) @path) @import

(source_file (_ . (modifiers (visibility_modifier "public")) [
  name: (identifier) @export
  type: (identifier) @export
  (variable_declaration (identifier) @export)
]))

(line_comment) @comment
(block_comment) @comment
