; Earlier patterns win.

; `package a.b` without a body is the scope of the rest of the file.
(compilation_unit (package_clause name: (_) @name !body)) @definition.module
(package_clause name: (_) @name body: (_)) @definition.module

(class_definition name: (_) @name) @definition.class
(trait_definition name: (_) @name) @definition.trait
[
  (object_definition name: (_) @name)
  (package_object name: (_) @name)
  (given_definition name: (_) @name body: (with_template_body))
] @definition.object
(enum_definition name: (_) @name) @definition.enumeration
[
  (simple_enum_case name: (_) @name)
  (full_enum_case name: (_) @name)
] @definition.variant
(type_definition name: (_) @name) @definition.type

; Without a name of its own, a given or an extension is about the type that it names.
(given_definition !name return_type: [
  (type_identifier) @name
  (generic_type type: (type_identifier) @name)
]) @definition.implementation
(extension_definition parameters: (parameters . (parameter type: [
  (type_identifier) @name
  (generic_type type: (type_identifier) @name)
]))) @definition.implementation

; Members stand in a body, what is local to a function in a block.
((function_definition name: (identifier) @name) @definition.constructor (#eq? @name "this"))
[
  (template_body (function_definition name: (_) @name) @definition.method)
  (with_template_body (function_definition name: (_) @name) @definition.method)
  (enum_body (function_definition name: (_) @name) @definition.method)
  (extension_definition (function_definition name: (_) @name) @definition.method)
  (function_declaration name: (_) @name) @definition.method
]
(function_definition name: (_) @name) @definition.function

((template_body (val_definition pattern: (identifier) @name) @definition.constant) (#match? @name "^[A-Z]"))
[
  (template_body [
    (val_definition pattern: [(identifier) @name (identifiers (identifier) @name) (tuple_pattern (identifier) @name)])
    (var_definition pattern: [(identifier) @name (identifiers (identifier) @name) (tuple_pattern (identifier) @name)])
  ] @definition.field)
  (with_template_body (val_definition pattern: (identifier) @name) @definition.field)
  (enum_body (val_definition pattern: (identifier) @name) @definition.field)
  (val_declaration name: (_) @name) @definition.field
  (var_declaration name: (_) @name) @definition.field
  (class_parameter ["val" "var"] name: (_) @name) @definition.field
  (class_definition "case" class_parameters: (class_parameters (class_parameter name: (_) @name) @definition.field))
  (full_enum_case class_parameters: (class_parameters (class_parameter name: (_) @name) @definition.field))
]
(compilation_unit (val_definition pattern: [
  (identifier) @name
  (identifiers (identifier) @name)
  (tuple_pattern (identifier) @name)
]) @definition.constant)
(compilation_unit [
  (var_definition pattern: (identifier) @name)
  (given_definition name: (_) @name)
] @definition.variable)
(template_body (given_definition name: (_) @name) @definition.field)

(instance_expression [
  (type_identifier) @name
  (generic_type type: [(type_identifier) @name (stable_type_identifier (type_identifier) @name)])
  (stable_type_identifier (type_identifier) @name)
] @reference.class)
(extends_clause [
  (type_identifier) @name
  (generic_type type: [(type_identifier) @name (stable_type_identifier (type_identifier) @name)])
  (stable_type_identifier (type_identifier) @name)
] @reference.class)
(derives_clause (type_identifier) @name @reference.class)
(annotation name: [(type_identifier) @name (stable_type_identifier (type_identifier) @name)]) @reference.class
(type_identifier) @name @reference.type

; `a.b` without arguments may be a call as well.
[
  (field_expression field: (identifier) @name)
  (call_expression function: (identifier) @name)
  (generic_function function: (identifier) @name)
  (infix_expression operator: (identifier) @name)
] @reference.call
((field_expression value: (identifier) @name) @reference.identifier (#match? @name "^[A-Z]"))
(stable_identifier (identifier) @name .) @reference.identifier

; The parts of a path stand side by side, and so do several paths: each goes from `import` or a comma to the next one.
; There are eight parts at most: each more would be tried at every part before it.
(import_declaration ["import" ","] . (identifier) @path .
  ("." . (identifier) @path . ("." . (identifier) @path . ("." . (identifier) @path . ("." . (identifier) @path .
    ("." . (identifier) @path . ("." . (identifier) @path . ("." . (identifier) @path)?)?)?)?)?)?)?
  . "." . (identifier) @name @reference.identifier . ",") @import
(import_declaration ["import" ","] . (identifier) @path .
  ("." . (identifier) @path . ("." . (identifier) @path . ("." . (identifier) @path . ("." . (identifier) @path .
    ("." . (identifier) @path . ("." . (identifier) @path . ("." . (identifier) @path)?)?)?)?)?)?)?
  . "." . (identifier) @name @reference.identifier .) @import
(import_declaration ["import" ","] . (identifier) @path .
  ("." . (identifier) @path . ("." . (identifier) @path . ("." . (identifier) @path . ("." . (identifier) @path .
    ("." . (identifier) @path . ("." . (identifier) @path . ("." . (identifier) @path)?)?)?)?)?)?)?
  . "." . [
    (as_renamed_identifier name: (identifier) @name)
    (namespace_selectors [
      (identifier) @name
      (arrow_renamed_identifier name: (identifier) @name)
      (as_renamed_identifier name: (identifier) @name)
    ])
  ] @reference.identifier) @import
(import_declaration ["import" ","] . (identifier) @path .
  ("." . (identifier) @path . ("." . (identifier) @path . ("." . (identifier) @path . ("." . (identifier) @path .
    ("." . (identifier) @path . ("." . (identifier) @path . ("." . (identifier) @path)?)?)?)?)?)?)?
  . "." . [(namespace_wildcard) (namespace_selectors (namespace_wildcard))]) @import

(export_declaration (identifier) @export .)
(export_declaration (namespace_selectors [
  (identifier) @export
  (arrow_renamed_identifier alias: (identifier) @export)
  (as_renamed_identifier alias: (identifier) @export)
]))

[(comment) (block_comment)] @comment
