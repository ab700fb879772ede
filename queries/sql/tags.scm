; What is created is defined; every other mention of its name is a use. SQL has no imports.

[
  (create_table (object_reference name: (identifier) @name))
  (create_view (object_reference name: (identifier) @name))
  (create_materialized_view (object_reference name: (identifier) @name))
] @definition.struct
(create_table (column_definitions (column_definition name: (identifier) @name) @definition.field))
(add_column (column_definition name: (identifier) @name) @definition.field)
[
  (create_function (object_reference name: (identifier) @name))
  (create_trigger . (keyword_create) (keyword_trigger) . (object_reference name: (identifier) @name))
] @definition.function
(create_type (object_reference name: (identifier) @name)) @definition.type
(create_schema (identifier) @name) @definition.module
(create_sequence (object_reference name: (identifier) @name)) @definition.variable
(create_index column: (identifier) @name) @definition.variable

[
  (invocation (object_reference name: (identifier) @name))
  (create_trigger (keyword_execute) (object_reference name: (identifier) @name))
] @reference.call
(object_reference schema: (identifier) @name) @reference.module
; One letter is an alias.
((object_reference name: (identifier) @name) @reference.type (#match? @name ".."))
((field name: (identifier) @name) @reference.identifier (#match? @name "_|..."))

[(comment) (marginalia)] @comment
