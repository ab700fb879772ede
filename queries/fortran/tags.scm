; A unit's name stands in its first statement. The last one repeats it, which is no use of it.

(module (module_statement (name) @name)) @definition.module
(submodule (submodule_statement (name) @name)) @definition.module
(program (program_statement (name) @name)) @definition.module
(derived_type_definition (derived_type_statement (type_name) @name)) @definition.struct
(derived_type_definition (variable_declaration declarator: [
  (identifier) @name
  (init_declarator left: (identifier) @name)
  (sized_declarator . (identifier) @name)
  (init_declarator left: (sized_declarator . (identifier) @name))
] @definition.field))
(derived_type_procedures (procedure_statement declarator: [
  (method_name) @name
  (binding (binding_name (identifier) @name))
]) @definition.method)
(interface (interface_statement (name) @name)) @definition.interface
(enumerator_statement declarator: [(identifier) @name (init_declarator left: (identifier) @name)] @definition.variant)
(function (function_statement name: (name) @name)) @definition.function
(subroutine (subroutine_statement name: (name) @name)) @definition.function
(module_procedure (module_procedure_statement name: (name) @name)) @definition.function
((module (variable_declaration attribute: (type_qualifier) @_parameter declarator: [
    (identifier) @name
    (init_declarator left: (identifier) @name)
  ] @definition.constant))
  (#match? @_parameter "^[Pp][Aa][Rr]"))
(module (variable_declaration declarator: [
  (identifier) @name
  (init_declarator left: (identifier) @name)
  (sized_declarator . (identifier) @name)
  (init_declarator left: (sized_declarator . (identifier) @name))
] @definition.variable))

; An element of an array looks like a call of a function.
(call_expression . [(identifier) @name (derived_type_member_expression (type_member) @name)]) @reference.call
(subroutine_call subroutine: [
  (identifier) @name
  (derived_type_member_expression (type_member) @name)
]) @reference.call
(base_type_specifier (identifier) @name) @reference.class
(derived_type name: (type_name) @name) @reference.type
; The procedure behind a binding or a generic name.
[(binding (method_name) @name) (interface (procedure_statement declarator: (method_name) @name))] @reference.identifier
((identifier) @name @reference.identifier (#match? @name "_[A-Za-z0-9]"))

(use_statement (module_name) @path) @import
(use_statement (module_name) @path (included_items [
  (identifier) @name
  (use_alias (identifier) @name .)
])) @import
(submodule_statement ancestor: (module_name (name) @path)) @import
(include_statement path: (filename) @path) @import
(preproc_include path: (_) @path) @import
(public_statement (identifier) @export)

(comment) @comment
