; Earlier patterns win: constructors and accessors before methods, functions and classes before other values.

; Decorators before `export` belong to the class, and so does the comment above them.
(export_statement . decorator: (_) declaration: [
  (class_declaration name: (type_identifier) @name)
  (abstract_class_declaration name: (type_identifier) @name)
]) @definition.class
[
  (class_declaration name: (type_identifier) @name)
  (abstract_class_declaration name: (type_identifier) @name)
] @definition.class
(interface_declaration name: (type_identifier) @name) @definition.interface
(type_alias_declaration name: (type_identifier) @name) @definition.type
(enum_declaration name: (identifier) @name) @definition.enumeration
(enum_body [
  name: (property_identifier) @name @definition.variant
  (enum_assignment name: (property_identifier) @name) @definition.variant
])
[
  (internal_module name: [(identifier) (nested_identifier)] @name)
  (module name: [(identifier) @name (nested_identifier) @name (string (string_fragment) @name)])
] @definition.module
[
  (function_declaration name: (identifier) @name)
  (generator_function_declaration name: (identifier) @name)
  (function_signature name: (identifier) @name)
] @definition.function

((method_definition name: (property_identifier) @name) @definition.constructor
  (#eq? @name "constructor"))
[
  (method_definition ["get" "set"] name: [(property_identifier) (private_property_identifier)] @name)
  (abstract_method_signature ["get" "set"] name: (property_identifier) @name)
  (method_signature ["get" "set"] name: (property_identifier) @name)
] @definition.property
[
  (method_definition name: [(property_identifier) (private_property_identifier)] @name)
  (method_signature name: [(property_identifier) (private_property_identifier)] @name)
  (abstract_method_signature name: (property_identifier) @name)
] @definition.method
(public_field_definition name: [(property_identifier) (private_property_identifier)] @name
  value: [(arrow_function) (function_expression)]) @definition.method
(public_field_definition name: [(property_identifier) (private_property_identifier)] @name) @definition.field
; `constructor(private readonly a: A)` declares a field.
(required_parameter
  [(accessibility_modifier) (override_modifier) "readonly"] pattern: (identifier) @name) @definition.field

(interface_body (property_signature name: (property_identifier) @name) @definition.property)
(type_alias_declaration value: [
  (object_type (property_signature name: (property_identifier) @name) @definition.property)
  (intersection_type (object_type (property_signature name: (property_identifier) @name) @definition.property))
])

; Variables count outside functions only: at the top level, exported, declared, or in a namespace. What holds a loaded
; module is an import. Functions kept in an object belong to it.
[
  (program (_ . ["const" "let" "var"] [
    (variable_declarator name: (identifier) @name
      value: [(arrow_function) (function_expression) (generator_function)]) @definition.function
    (variable_declarator name: (identifier) @name value: (class)) @definition.class
    (variable_declarator value: [
      (object (pair key: (property_identifier) @name
        value: [(arrow_function) (function_expression)]) @definition.method)
      (as_expression . (object (pair key: (property_identifier) @name
        value: [(arrow_function) (function_expression)]) @definition.method))
      (satisfies_expression . (object (pair key: (property_identifier) @name
        value: [(arrow_function) (function_expression)]) @definition.method))
    ])
  ]))
  (export_statement (_ . ["const" "let" "var"] [
    (variable_declarator name: (identifier) @name
      value: [(arrow_function) (function_expression) (generator_function)]) @definition.function
    (variable_declarator name: (identifier) @name value: (class)) @definition.class
    (variable_declarator value: [
      (object (pair key: (property_identifier) @name
        value: [(arrow_function) (function_expression)]) @definition.method)
      (as_expression . (object (pair key: (property_identifier) @name
        value: [(arrow_function) (function_expression)]) @definition.method))
      (satisfies_expression . (object (pair key: (property_identifier) @name
        value: [(arrow_function) (function_expression)]) @definition.method))
    ])
  ]))
  (internal_module body: (statement_block (_ . ["const" "let" "var"]
    (variable_declarator name: (identifier) @name
      value: [(arrow_function) (function_expression) (generator_function)]) @definition.function)))
]
(export_statement value: (object (pair key: (property_identifier) @name
  value: [(arrow_function) (function_expression)]) @definition.method))
([
  (program (_ . "const" [
    (variable_declarator name: (identifier) @name value: (_) @_value)
    (variable_declarator name: (identifier) @name !value)
  ] @definition.constant))
  (export_statement (_ . "const" (variable_declarator name: (identifier) @name) @definition.constant))
  (ambient_declaration [
    (_ . "const" (variable_declarator name: (identifier) @name) @definition.constant)
    (statement_block (_ . "const" (variable_declarator name: (identifier) @name) @definition.constant))
  ])
  (internal_module body: (statement_block (_ . "const"
    (variable_declarator name: (identifier) @name) @definition.constant)))
  (module body: (statement_block (_ . "const" (variable_declarator name: (identifier) @name) @definition.constant)))
] (#not-match? @_value "^(await +import|require) *\\("))
([
  (program (_ . ["let" "var"] [
    (variable_declarator name: (identifier) @name value: (_) @_value)
    (variable_declarator name: (identifier) @name !value)
  ] @definition.variable))
  (export_statement (_ . ["let" "var"] (variable_declarator name: (identifier) @name) @definition.variable))
  (ambient_declaration [
    (_ . ["let" "var"] (variable_declarator name: (identifier) @name) @definition.variable)
    (statement_block (_ . ["let" "var"] (variable_declarator name: (identifier) @name) @definition.variable))
  ])
  (internal_module body: (statement_block (_ . ["let" "var"]
    (variable_declarator name: (identifier) @name) @definition.variable)))
  (module body: (statement_block (_ . ["let" "var"]
    (variable_declarator name: (identifier) @name) @definition.variable)))
] (#not-match? @_value "^(await +import|require) *\\("))
(export_statement (_ . ["const" "let" "var"] (variable_declarator name: [
  (object_pattern [
    (shorthand_property_identifier_pattern) @name
    (pair_pattern value: (identifier) @name)
    (object_assignment_pattern left: (shorthand_property_identifier_pattern) @name)
  ] @definition.constant)
  (array_pattern (identifier) @name @definition.constant)
])))

(call_expression function: [
  (identifier) @name
  (member_expression property: [(property_identifier) (private_property_identifier)] @name)
  (non_null_expression [
    (identifier) @name
    (member_expression property: [(property_identifier) (private_property_identifier)] @name)
  ])
]) @reference.call
(new_expression constructor: [
  (identifier) @name
  (member_expression property: (property_identifier) @name)
]) @reference.class
(decorator [
  (identifier) @name
  (member_expression property: (property_identifier) @name)
]) @reference.call
(extends_clause value: [
  (identifier) @name
  (member_expression property: (property_identifier) @name)
]) @reference.class
[
  (implements_clause [
    (type_identifier) @name
    (nested_type_identifier name: (type_identifier) @name)
    (generic_type name: [(type_identifier) @name (nested_type_identifier name: (type_identifier) @name)])
  ])
  (extends_type_clause type: [
    (type_identifier) @name
    (nested_type_identifier name: (type_identifier) @name)
    (generic_type name: [(type_identifier) @name (nested_type_identifier name: (type_identifier) @name)])
  ])
] @reference.implementation
(nested_type_identifier module: (identifier) @name) @reference.module
(type_query [
  (identifier) @name
  (member_expression property: (property_identifier) @name)
]) @reference.identifier
(type_identifier) @name @reference.type

; The path comes after the names. A pattern that holds each name until then takes time with the cube of their number,
; so a name is an import of its own, and belongs to the path of the import it stands in.
[
  (import_clause (identifier) @name)
  (import_specifier name: (identifier) @name)
  (export_specifier name: (identifier) @name)
] @import @reference.identifier
(variable_declarator name: (object_pattern [
  (shorthand_property_identifier_pattern) @name
  (pair_pattern key: (property_identifier) @name)
])) @import
[
  (import_statement source: (string) @path)
  (import_statement (import_require_clause source: (string) @path))
  (export_statement source: (string) @path)
] @import
((variable_declarator value: [
  (call_expression function: [(identifier) (import)] @_load arguments: (arguments . (string) @path))
  (await_expression (call_expression function: [(identifier) (import)] @_load arguments: (arguments . (string) @path)))
]) @import (#any-of? @_load "require" "import"))
((call_expression function: [(identifier) (import)] @_load arguments: (arguments . (string) @path)) @import
  (#any-of? @_load "require" "import"))

((variable_declarator name: (identifier) @name value: (_) @_value) @reference.identifier
  (#match? @_value "^(await +import|require) *\\("))

(export_statement declaration: [
  (_ name: (_) @export)
  (ambient_declaration (_ name: (_) @export))
])
(export_statement [
  (_ . ["const" "let" "var"] (variable_declarator name: [
    (identifier) @export
    (object_pattern [
      (shorthand_property_identifier_pattern) @export
      (pair_pattern value: (identifier) @export)
      (object_assignment_pattern left: (shorthand_property_identifier_pattern) @export)
    ])
    (array_pattern (identifier) @export)
  ]))
  (ambient_declaration (_ . ["const" "let" "var"] (variable_declarator name: (identifier) @export)))
])
(export_statement [
  (identifier) @export
  (namespace_export (identifier) @export)
  (export_clause [
    (export_specifier !alias name: (identifier) @export)
    (export_specifier alias: (identifier) @export)
  ])
])

(comment) @comment
(class_body (decorator) @between)
