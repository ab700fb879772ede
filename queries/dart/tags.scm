; Earlier patterns win: constructors, methods and fields before what looks like a function or a variable anywhere.

(library_name (dotted_identifier_list) @name) @definition.module
[
  (class_declaration name: (identifier) @name)
  (extension_declaration name: (identifier) @name)
  (extension_type_declaration name: (identifier) @name)
] @definition.class
(mixin_declaration name: (identifier) @name) @definition.trait
(enum_declaration name: (identifier) @name) @definition.enumeration
(enum_entry name: (identifier) @name) @definition.variant
(type_alias . (type_identifier) @name) @definition.type

; `Shape.square(...)`: the last name is the constructor's own.
(member_declaration (_ [
  (constructor_signature name: (identifier) @name . parameters: (_))
  (constant_constructor_signature name: (identifier) @name . parameters: (_))
  (factory_constructor_signature name: (identifier) @name . parameters: (_))
  (method_signature [
    (constructor_signature name: (identifier) @name . parameters: (_))
    (factory_constructor_signature name: (identifier) @name . parameters: (_))
  ])
]) @definition.constructor)
(member_declaration (_ [
  (function_signature name: (identifier) @name)
  (method_signature (function_signature name: (identifier) @name))
]) @definition.method)
(member_declaration (_ [
  (getter_signature name: (identifier) @name)
  (setter_signature name: (identifier) @name)
  (method_signature [(getter_signature name: (identifier) @name) (setter_signature name: (identifier) @name)])
]) @definition.property)
(member_declaration (declaration [
  (initialized_identifier_list (initialized_identifier name: (identifier) @name))
  (static_final_declaration_list (static_final_declaration name: (identifier) @name))
]) @definition.field)

[
  (function_declaration signature: (function_signature name: (identifier) @name))
  (external_function_declaration signature: (function_signature name: (identifier) @name))
  (getter_declaration signature: (getter_signature name: (identifier) @name))
  (setter_declaration signature: (setter_signature name: (identifier) @name))
] @definition.function
((top_level_variable_declaration modifier: "const"
  (static_final_declaration_list (static_final_declaration name: (identifier) @name) @definition.constant)))
(top_level_variable_declaration [
  (initialized_identifier_list (initialized_identifier name: (identifier) @name) @definition.variable)
  (static_final_declaration_list (static_final_declaration name: (identifier) @name) @definition.variable)
])

(call_expression function: [
  (identifier) @name
  (member_expression property: (identifier) @name)
]) @reference.call
(cascade_call_expression property: (identifier) @name) @reference.call
(new_expression type: (type (type_identifier) @name)) @reference.class
(const_object_expression type: (type (type_identifier) @name)) @reference.class
(superclass type: (type (type_identifier) @name)) @reference.class
(mixins (type (type_identifier) @name)) @reference.implementation
(interfaces (type (type_identifier) @name)) @reference.implementation
(annotation name: (identifier) @name) @reference.call
((type_identifier) @name @reference.type
  (#not-any-of? @name "int" "double" "num" "bool" "String" "List" "Map" "Set" "Object" "Iterable" "Future"))
((identifier) @name @reference.identifier (#match? @name "[A-Z]"))

; With `show`, only those names are taken; `hide` takes the others.
(library_import (import_specification uri: (configurable_uri (uri) @path)) @import)
(library_import (import_specification uri: (configurable_uri (uri) @path) (combinator "show" (identifier) @name)) @import)
(library_export uri: (configurable_uri (uri) @path)) @import
(library_export uri: (configurable_uri (uri) @path) (combinator "show" (identifier) @name)) @import
(library_export (combinator "show" (identifier) @export))
(part_directive uri: (uri) @path) @import
(part_of_directive (uri) @path) @import

[(comment) (documentation_comment)] @comment
(annotation) @between
