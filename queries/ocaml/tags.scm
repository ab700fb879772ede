; What a file or module holds is defined; what a `let ... in` binds is not.

(type_binding name: (type_constructor) @name) @definition.type
(constructor_declaration . (constructor_name) @name) @definition.constructor
(field_declaration (field_name) @name) @definition.field

[
  (compilation_unit (module_definition (module_binding . (module_name) @name) @definition.module))
  (structure (module_definition (module_binding . (module_name) @name) @definition.module))
  (signature (module_definition (module_binding . (module_name) @name) @definition.module))
]
(module_type_definition (module_type_name) @name) @definition.interface

(class_binding (class_name) @name) @definition.class
(class_type_binding (class_type_name) @name) @definition.interface
(class_binding body: (object_expression [
  (method_definition (method_name) @name) @definition.method
  (instance_variable_definition (instance_variable_name) @name) @definition.field
]))
(class_body_type [
  (method_specification (method_name) @name) @definition.method
  (instance_variable_specification (instance_variable_name) @name) @definition.field
])

[
  (compilation_unit (value_definition [
    (let_binding pattern: [(value_name) @name (parenthesized_operator (_) @name)] . (parameter))
    (let_binding pattern: [(value_name) @name (parenthesized_operator (_) @name)]
      body: [(fun_expression) (function_expression)])
  ] @definition.function))
  (structure (value_definition [
    (let_binding pattern: [(value_name) @name (parenthesized_operator (_) @name)] . (parameter))
    (let_binding pattern: [(value_name) @name (parenthesized_operator (_) @name)]
      body: [(fun_expression) (function_expression)])
  ] @definition.function))
]
(value_specification [(value_name) @name (parenthesized_operator (_) @name)] type: (function_type)) @definition.function
(external [(value_name) @name (parenthesized_operator (_) @name)]) @definition.function
[
  (compilation_unit (value_definition [
    (let_binding pattern: [(value_name) @name (parenthesized_operator (_) @name)]) @definition.variable
    (let_binding pattern: (tuple_pattern (value_name) @name @definition.variable))
  ]))
  (structure (value_definition [
    (let_binding pattern: [(value_name) @name (parenthesized_operator (_) @name)]) @definition.variable
    (let_binding pattern: (tuple_pattern (value_name) @name @definition.variable))
  ]))
]
(value_specification [(value_name) @name (parenthesized_operator (_) @name)]) @definition.variable

(open_module module: (module_path) @path) @import
(open_module_signature module: (extended_module_path) @path) @import
(include_module module: [(module_path) @path (typed_module_expression module: (module_path) @path)]) @import
(include_module_type module_type: [
  (module_type_path) @path
  (module_type_constraint module_type: (module_type_path) @path)
]) @import

(application_expression function: [
  (value_path (value_name) @name)
  (constructor_path (constructor_name) @name)
  (field_get_expression field: (field_path (field_name) @name))
]) @reference.call
(infix_expression operator: (_) @name) @reference.call
(infix_expression operator: (rel_operator) right: (value_path (value_name) @name)) @reference.call
(method_invocation method: (method_name) @name) @reference.call
(class_path (class_name) @name) @reference.class
(type_constructor_path (type_constructor) @name) @reference.type
(class_type_path (class_type_name) @name) @reference.type
(module_type_path (module_type_name) @name) @reference.type
(module_path (module_name) @name) @reference.module
(extended_module_path (module_name) @name) @reference.module
(constructor_path (constructor_name) @name) @reference.identifier
(field_path (field_name) @name) @reference.identifier
; One letter is a local variable.
((value_path (value_name) @name) @reference.identifier (#match? @name ".."))

(comment) @comment
