; Earlier patterns win: constructors and accessors before methods, functions and classes before other values.

; Decorators before `export` belong to the class, and so does the comment above them.
(export_statement . decorator: (_) declaration: (class_declaration name: (identifier) @name)) @definition.class
(class_declaration name: (identifier) @name) @definition.class
[
  (function_declaration name: (identifier) @name)
  (generator_function_declaration name: (identifier) @name)
] @definition.function

((method_definition name: (property_identifier) @name) @definition.constructor
  (#eq? @name "constructor"))
(method_definition ["get" "set"] name: [(property_identifier) (private_property_identifier)] @name) @definition.property
(method_definition name: [(property_identifier) (private_property_identifier)] @name) @definition.method
(field_definition property: [(property_identifier) (private_property_identifier)] @name
  value: [(arrow_function) (function_expression)]) @definition.method
(field_definition property: [(property_identifier) (private_property_identifier)] @name) @definition.field

; Variables count outside functions only: at the top level, or exported. What holds a loaded module is an import.
; Functions kept in an object belong to it, as do `a.b = function () {}` and what is put into a prototype.
(program (_ . ["const" "let" "var"] [
  (variable_declarator name: (identifier) @name
    value: [(arrow_function) (function_expression) (generator_function)]) @definition.function
  (variable_declarator name: (identifier) @name value: (class)) @definition.class
  (variable_declarator value: (object (pair key: (property_identifier) @name
    value: [(arrow_function) (function_expression)]) @definition.method))
]))
((program (expression_statement . [
  (assignment_expression right: (object (pair key: (property_identifier) @name
    value: [(arrow_function) (function_expression)]) @definition.method))
  (assignment_expression left: (member_expression object: (identifier) @_object property: (property_identifier) @name)
    right: [(arrow_function) (function_expression) (generator_function)]) @definition.method
])) (#not-any-of? @_object "exports" "module"))
((program (expression_statement . (assignment_expression left: (member_expression object: (identifier) @name)
  right: [(arrow_function) (function_expression) (generator_function)])) @definition.implementation)
  (#not-any-of? @name "exports" "module"))
(export_statement value: (object (pair key: (property_identifier) @name
  value: [(arrow_function) (function_expression)]) @definition.method))
(export_statement declaration: (_ . ["const" "let" "var"] [
  (variable_declarator name: (identifier) @name
    value: [(arrow_function) (function_expression) (generator_function)]) @definition.function
  (variable_declarator name: (identifier) @name value: (class)) @definition.class
  (variable_declarator value: (object (pair key: (property_identifier) @name
    value: [(arrow_function) (function_expression)]) @definition.method))
]))
([
  (program (_ . "const" (variable_declarator name: (identifier) @name value: (_) @_value) @definition.constant))
  (export_statement (_ . "const" (variable_declarator name: (identifier) @name) @definition.constant))
] (#not-match? @_value "^(await +import|require) *\\("))
([
  (program (_ . ["let" "var"] [
    (variable_declarator name: (identifier) @name value: (_) @_value)
    (variable_declarator name: (identifier) @name !value)
  ] @definition.variable))
  (export_statement (_ . ["let" "var"] (variable_declarator name: (identifier) @name) @definition.variable))
] (#not-match? @_value "^(await +import|require) *\\("))
(export_statement (_ . ["const" "let" "var"] (variable_declarator name: [
  (object_pattern [
    (shorthand_property_identifier_pattern) @name
    (pair_pattern value: (identifier) @name)
    (object_assignment_pattern left: (shorthand_property_identifier_pattern) @name)
  ] @definition.constant)
  (array_pattern (identifier) @name @definition.constant)
])))

((assignment_expression left: (member_expression
  object: (member_expression property: (property_identifier) @_prototype) property: (property_identifier) @name)
  right: [(arrow_function) (function_expression) (generator_function)]) @definition.method
  (#eq? @_prototype "prototype"))
((expression_statement . [
  (assignment_expression left: (member_expression
    object: (member_expression object: (identifier) @name property: (property_identifier) @_prototype))
    right: [(arrow_function) (function_expression) (generator_function)])
  (assignment_expression left: (member_expression
    object: (identifier) @name property: (property_identifier) @_prototype) right: (object))
]) @definition.implementation (#eq? @_prototype "prototype"))

; `module.exports = class A {}`, `exports.a = ...`
((assignment_expression left: (member_expression) @_left right: [
  (function_expression name: (identifier) @name) @definition.function
  (class name: (identifier) @name) @definition.class
]) (#eq? @_left "module.exports"))
([
  (assignment_expression left: (member_expression object: (_) @_object property: (property_identifier) @name)
    right: [(arrow_function) (function_expression) (generator_function)]) @definition.function
  (assignment_expression left: (member_expression object: (_) @_object property: (property_identifier) @name)
    right: (class)) @definition.class
  (assignment_expression left: (member_expression object: (_) @_object property: (property_identifier) @name) right: [
    (object) (array) (string) (template_string) (number) (true) (false) (regex) (new_expression)
    (call_expression function: (_) @_callee)
  ]) @definition.constant
] (#any-of? @_object "exports" "module.exports") (#not-match? @_callee "^require\\b"))

(call_expression function: [
  (identifier) @name
  (member_expression property: [(property_identifier) (private_property_identifier)] @name)
]) @reference.call
(new_expression constructor: [
  (identifier) @name
  (member_expression property: (property_identifier) @name)
]) @reference.class
(class_heritage [
  (identifier) @name
  (member_expression property: (property_identifier) @name)
]) @reference.class
(decorator [
  (identifier) @name
  (member_expression property: (property_identifier) @name)
]) @reference.call
([
  (jsx_opening_element name: [(identifier) @name (member_expression property: (property_identifier) @name)])
  (jsx_self_closing_element name: [(identifier) @name (member_expression property: (property_identifier) @name)])
] @reference.call (#match? @name "^[A-Z]"))

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
  (export_statement source: (string) @path)
] @import
((variable_declarator value: [
  (call_expression function: [(identifier) (import)] @_load arguments: (arguments . (string) @path))
  (await_expression (call_expression function: [(identifier) (import)] @_load arguments: (arguments . (string) @path)))
]) @import (#any-of? @_load "require" "import"))
((member_expression
  object: (call_expression function: (identifier) @_load arguments: (arguments . (string) @path))
  property: (property_identifier) @name) @import @reference.identifier (#eq? @_load "require"))
((call_expression function: [(identifier) (import)] @_load arguments: (arguments . (string) @path)) @import
  (#any-of? @_load "require" "import"))

((variable_declarator name: (identifier) @name value: (_) @_value) @reference.identifier
  (#match? @_value "^(await +import|require) *\\("))

(export_statement declaration: [
  (class_declaration name: (identifier) @export)
  (function_declaration name: (identifier) @export)
  (generator_function_declaration name: (identifier) @export)
])
(export_statement (_ . ["const" "let" "var"] (variable_declarator name: [
  (identifier) @export
  (object_pattern [
    (shorthand_property_identifier_pattern) @export
    (pair_pattern value: (identifier) @export)
    (object_assignment_pattern left: (shorthand_property_identifier_pattern) @export)
  ])
  (array_pattern (identifier) @export)
])))
(export_statement [
  value: (identifier) @export
  (namespace_export (identifier) @export)
  (export_clause [
    (export_specifier !alias name: (identifier) @export)
    (export_specifier alias: (identifier) @export)
  ])
])
((assignment_expression left: (member_expression) @_left right: [
  (identifier) @export
  (class name: (identifier) @export)
  (function_expression name: (identifier) @export)
  (object [
    (shorthand_property_identifier) @export
    (pair key: (property_identifier) @export)
    (method_definition name: (property_identifier) @export)
  ])
]) (#eq? @_left "module.exports"))
((assignment_expression left: (member_expression object: (_) @_object property: (property_identifier) @export))
  (#any-of? @_object "exports" "module.exports"))

(comment) @comment
