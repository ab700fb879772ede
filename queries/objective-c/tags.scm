; The parts that C does not have. An interface with a superclass declares the class; without one it adds to it.

(class_interface . (identifier) @name superclass: (_)) @definition.class
(class_interface . (identifier) @name !superclass) @definition.implementation
(class_implementation . (identifier) @name) @definition.implementation
(protocol_declaration . (identifier) @name) @definition.interface
; A method is known by the first part of its name.
(method_declaration (method_type) . (identifier) @name) @definition.method
(method_definition (method_type) . (identifier) @name) @definition.method
(property_declaration (struct_declaration (struct_declarator [
  (identifier) @name
  (pointer_declarator declarator: (identifier) @name)
]))) @definition.property
(instance_variable (struct_declaration (struct_declarator [
  (identifier) @name
  (pointer_declarator declarator: (identifier) @name)
]))) @definition.field
(type_definition declarator: (function_declarator declarator: (parenthesized_declarator (block_pointer_declarator
  declarator: (type_identifier) @name)))) @definition.type
; The grammar does not know the macro of an enumeration; its name is still there.
((type_definition type: (macro_type_specifier name: (identifier) @_macro (ERROR (identifier) @name)))
  @definition.enumeration
  (#any-of? @_macro "NS_ENUM" "NS_OPTIONS" "NS_CLOSED_ENUM"))

(message_expression receiver: (_) . method: (identifier) @name) @reference.call
(selector_expression (identifier) @name) @reference.call
((message_expression receiver: (identifier) @name) @reference.class (#match? @name "^[A-Z]"))
(class_interface superclass: (identifier) @name) @reference.class
(class_interface (parameterized_arguments (type_name (type_identifier) @name))) @reference.implementation
(protocol_reference_list (identifier) @name) @reference.implementation
(class_declaration (identifier) @name) @reference.type
(field_expression field: (field_identifier) @name) @reference.identifier

(module_import path: (identifier) @path) @import
