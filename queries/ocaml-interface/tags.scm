; Much of this is in queries/ocaml too, but each of the two grammars refuses patterns that only the other can match.
; An interface is what its module offers: all that it defines is exported.

(type_binding name: (type_constructor) @name @export) @definition.type
(constructor_declaration . (constructor_name) @name @export) @definition.constructor
(field_declaration (field_name) @name) @definition.field

(module_binding . (module_name) @name @export) @definition.module
(module_type_definition (module_type_name) @name @export) @definition.interface

(class_binding (class_name) @name @export) @definition.class
(class_type_binding (class_type_name) @name @export) @definition.interface
(class_body_type [
  (method_specification (method_name) @name) @definition.method
  (instance_variable_specification (instance_variable_name) @name) @definition.field
])

(value_specification [(value_name) @name @export (parenthesized_operator (_) @name @export)]
  type: (function_type)) @definition.function
(external [(value_name) @name @export (parenthesized_operator (_) @name @export)]) @definition.function
(value_specification [(value_name) @name @export (parenthesized_operator (_) @name @export)]) @definition.variable

(open_module_signature module: (extended_module_path) @path) @import
(include_module_type module_type: [
  (module_type_path) @path
  (module_type_constraint module_type: (module_type_path) @path)
]) @import

(class_path (class_name) @name) @reference.class
(type_constructor_path (type_constructor) @name) @reference.type
(class_type_path (class_type_name) @name) @reference.type
(module_type_path (module_type_name) @name) @reference.type
(module_path (module_name) @name) @reference.module
(extended_module_path (module_name) @name) @reference.module
(constructor_path (constructor_name) @name) @reference.identifier

(comment) @comment
