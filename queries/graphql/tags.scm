; Files do not name each other: types are known by their names alone. A description stands inside what it describes.

(object_type_definition (description)? @doc (name) @name) @definition.class
(input_object_type_definition (description)? @doc (name) @name) @definition.struct
(interface_type_definition (description)? @doc (name) @name) @definition.interface
(union_type_definition (description)? @doc (name) @name) @definition.union
(enum_type_definition (description)? @doc (name) @name) @definition.enumeration
(enum_value_definition (description)? @doc (enum_value (name) @name)) @definition.variant
(scalar_type_definition (description)? @doc (name) @name) @definition.type
(directive_definition (description)? @doc (name) @name) @definition.macro
(field_definition (description)? @doc (name) @name) @definition.field
(input_fields_definition (input_value_definition (description)? @doc (name) @name) @definition.field)
[
  (object_type_extension (name) @name)
  (input_object_type_extension (name) @name)
  (interface_type_extension (name) @name)
  (enum_type_extension (name) @name)
] @definition.implementation
(operation_definition (name) @name) @definition.function
(fragment_definition (fragment_name (name) @name)) @definition.function

(implements_interfaces (named_type (name) @name)) @reference.implementation
(fragment_spread (fragment_name (name) @name)) @reference.call
(directive (name) @name) @reference.call
((named_type (name) @name) @reference.type (#not-any-of? @name "Int" "Float" "String" "Boolean" "ID"))
(field (name) @name) @reference.identifier
(enum_value (name) @name) @reference.identifier

(comment) @comment
