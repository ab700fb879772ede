; Earlier patterns win. A body repeats the name of its declaration, and is a definition too.

[
  (package_declaration name: (_) @name)
  (package_body name: (_) @name)
  (generic_package_declaration (package_declaration name: (_) @name))
] @definition.module
(full_type_declaration . (identifier) @name (record_type_definition)) @definition.struct
(full_type_declaration . (identifier) @name (enumeration_type_definition)) @definition.enumeration
(full_type_declaration . (identifier) @name (interface_type_definition)) @definition.interface
(full_type_declaration . (identifier) @name (derived_type_definition (record_extension_part))) @definition.class
(private_extension_declaration . (identifier) @name) @definition.class
[
  (full_type_declaration . (identifier) @name)
  (private_type_declaration . (identifier) @name)
  (subtype_declaration . (identifier) @name)
  (exception_declaration . (identifier) @name)
] @definition.type
(enumeration_type_definition (identifier) @name @definition.variant)
(component_declaration (identifier) @name @definition.field)
[
  (subprogram_body [(function_specification name: (_) @name) (procedure_specification name: (_) @name)])
  (subprogram_declaration [(function_specification name: (_) @name) (procedure_specification name: (_) @name)])
  (generic_subprogram_declaration [(function_specification name: (_) @name) (procedure_specification name: (_) @name)])
  (expression_function_declaration (function_specification name: (_) @name))
] @definition.function
[(single_task_declaration . (identifier) @name) (single_protected_declaration . (identifier) @name)] @definition.object
(entry_declaration entry_name: (identifier) @name) @definition.method
(package_body (non_empty_declarative_part (object_declaration name: (identifier) @name) @definition.variable))
(package_declaration (object_declaration name: (identifier) @name) @definition.variable)

[
  (function_call name: [(identifier) @name (selected_component selector_name: (identifier) @name)])
  (procedure_call_statement name: [(identifier) @name (selected_component selector_name: (identifier) @name)])
] @reference.call
(derived_type_definition subtype_mark: [
  (identifier) @name
  (selected_component selector_name: (identifier) @name)
]) @reference.class
(private_extension_declaration subtype_mark: (identifier) @name) @reference.class
(_ subtype_mark: [(identifier) @name (selected_component selector_name: (identifier) @name)]) @reference.type
(selected_component prefix: (identifier) @name) @reference.module
(selected_component selector_name: (identifier) @name) @reference.identifier

(with_clause [(identifier) (selected_component)] @path) @import

(comment) @comment
