(type_definition (type_name name: (type_identifier) @name)) @definition.enumeration
(type_alias (type_name name: (type_identifier) @name)) @definition.type
(data_constructor name: (constructor_name) @name) @definition.variant
(data_constructor_argument label: (label) @name) @definition.field
(constant name: (identifier) @name) @definition.constant
(function name: (identifier) @name) @definition.function

(function_call function: [
  (identifier) @name
  (field_access field: (label) @name)
]) @reference.call
(binary_expression operator: "|>" right: [
  (identifier) @name
  (field_access field: (label) @name)
]) @reference.call
(record name: (constructor_name) @name) @reference.class
(record_pattern name: (constructor_name) @name) @reference.identifier
(type name: (type_identifier) @name) @reference.type
(field_access record: (identifier) @name) @reference.module
(field_access field: (label) @name) @reference.identifier
((identifier) @name @reference.identifier (#match? @name "..._"))

(import module: (module) @path) @import
(import module: (module) @path imports: (unqualified_imports (unqualified_import name: (_) @name))) @import
[
  (function (visibility_modifier) name: (identifier) @export)
  (constant (visibility_modifier) name: (identifier) @export)
  (type_definition (visibility_modifier) (type_name name: (type_identifier) @export))
  (type_alias (visibility_modifier) (type_name name: (type_identifier) @export))
]

[(comment) (statement_comment) (module_comment)] @comment
(attribute) @between
