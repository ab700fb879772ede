; Earlier patterns win.

; `namespace A.B;` is the scope of the rest of the file.
(compilation_unit (file_scoped_namespace_declaration name: (_) @name)) @definition.module
(namespace_declaration name: (_) @name) @definition.module

(class_declaration name: (identifier) @name) @definition.class
(struct_declaration name: (identifier) @name) @definition.struct
(record_declaration name: (identifier) @name) @definition.class
(record_declaration (parameter_list (parameter name: (identifier) @name) @definition.property))
(interface_declaration name: (identifier) @name) @definition.interface
(enum_declaration name: (identifier) @name) @definition.enumeration
(enum_member_declaration name: (identifier) @name) @definition.variant
(delegate_declaration name: (identifier) @name) @definition.type

(constructor_declaration name: (identifier) @name) @definition.constructor
[
  (method_declaration name: (identifier) @name)
  (destructor_declaration name: (identifier) @name)
  (operator_declaration operator: _ @name)
] @definition.method
(local_function_statement name: (identifier) @name) @definition.function
[
  (property_declaration name: (identifier) @name)
  (event_declaration name: (identifier) @name)
  (indexer_declaration "this" @name)
] @definition.property

(field_declaration (modifier "const")
  (variable_declaration (variable_declarator name: (identifier) @name))) @definition.constant
[
  (field_declaration (variable_declaration (variable_declarator name: (identifier) @name)))
  (event_field_declaration (variable_declaration (variable_declarator name: (identifier) @name)))
] @definition.field

(invocation_expression function: [
  (identifier) @name
  (generic_name (identifier) @name)
  (member_access_expression name: [(identifier) @name (generic_name (identifier) @name)])
  (conditional_access_expression [
    (member_binding_expression name: [(identifier) @name (generic_name (identifier) @name)])
    (member_access_expression name: [(identifier) @name (generic_name (identifier) @name)])
  ])
]) @reference.call
(object_creation_expression type: [
  (identifier) @name
  (generic_name (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name (identifier) @name)])
]) @reference.class
(base_list [
  (identifier) @name
  (generic_name (identifier) @name)
  (qualified_name name: [(identifier) @name (generic_name (identifier) @name)])
  (primary_constructor_base_type type: [(identifier) @name (generic_name (identifier) @name)])
] @reference.class)
(attribute name: [(identifier) @name (qualified_name name: (identifier) @name)]) @reference.class
(explicit_interface_specifier [(identifier) @name (generic_name (identifier) @name)]) @reference.implementation

[
  (variable_declaration type: (identifier) @name)
  (parameter type: (identifier) @name)
  (property_declaration type: (identifier) @name)
  (method_declaration returns: (identifier) @name)
  (event_declaration type: (identifier) @name)
  (indexer_declaration type: (identifier) @name)
  (delegate_declaration type: (identifier) @name)
  (operator_declaration type: (identifier) @name)
  (conversion_operator_declaration type: (identifier) @name)
  (local_function_statement type: (identifier) @name)
  (array_type type: (identifier) @name)
  (nullable_type type: (identifier) @name)
  (pointer_type type: (identifier) @name)
  (ref_type type: (identifier) @name)
  (tuple_element type: (identifier) @name)
  (type_argument_list (identifier) @name)
  (type_parameter_constraint type: (identifier) @name)
  (cast_expression type: (identifier) @name)
  (as_expression right: (identifier) @name)
  (is_expression right: (identifier) @name)
  (typeof_expression type: (identifier) @name)
  (default_expression type: (identifier) @name)
  (declaration_pattern type: (identifier) @name)
  (recursive_pattern type: (identifier) @name)
  (type_pattern type: (identifier) @name)
  (catch_declaration type: (identifier) @name)
  (foreach_statement type: (identifier) @name)
  (generic_name (identifier) @name)
  (qualified_name name: (identifier) @name)
] @reference.type
((member_access_expression expression: (identifier) @name) @reference.type (#match? @name "^[A-Z]"))

(using_directive !name (identifier) @path) @import
(using_directive [(qualified_name) (alias_qualified_name)] @path) @import
(using_directive (qualified_name qualifier: (_) @path name: (generic_name (identifier) @name))) @import

[
  (class_declaration (modifier "public") name: (identifier) @export)
  (struct_declaration (modifier "public") name: (identifier) @export)
  (record_declaration (modifier "public") name: (identifier) @export)
  (interface_declaration (modifier "public") name: (identifier) @export)
  (enum_declaration (modifier "public") name: (identifier) @export)
  (delegate_declaration (modifier "public") name: (identifier) @export)
]

; The first line of an XML comment says nothing of its own.
((comment) @comment (#not-match? @comment "^///\\s*<summary>\\s*$"))
