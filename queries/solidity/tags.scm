; Earlier patterns win: functions inside a contract are methods, everywhere else functions.

(contract_declaration name: (identifier) @name) @definition.class
(interface_declaration name: (identifier) @name) @definition.interface
(library_declaration name: (identifier) @name) @definition.module
(struct_declaration name: (identifier) @name) @definition.struct
(struct_member name: (identifier) @name) @definition.field
(enum_declaration name: (identifier) @name) @definition.enumeration
(enum_value) @name @definition.variant
(user_defined_type_definition name: (identifier) @name) @definition.type
[
  (event_definition name: (identifier) @name)
  (error_declaration name: (identifier) @name)
] @definition.struct
(modifier_definition name: (identifier) @name) @definition.method
(constructor_definition "constructor" @name) @definition.constructor
(contract_body (function_definition name: (identifier) @name) @definition.method)
(function_definition name: (identifier) @name) @definition.function
(state_variable_declaration name: (identifier) @name) @definition.field
(constant_variable_declaration name: (identifier) @name) @definition.constant

(call_expression function: (expression [
  (identifier) @name
  (member_expression property: (identifier) @name)
])) @reference.call
(modifier_invocation (identifier) @name .) @reference.call
(emit_statement name: (expression (identifier) @name)) @reference.class
(revert_statement error: (expression (identifier) @name)) @reference.class
(new_expression name: (type_name (user_defined_type (identifier) @name .))) @reference.class
(inheritance_specifier ancestor: (user_defined_type (identifier) @name .)) @reference.class
(user_defined_type (identifier) @name) @reference.type
(type_alias (identifier) @name) @reference.module
(member_expression object: (identifier) @name) @reference.identifier
((identifier) @name @reference.identifier (#match? @name "^[A-Z].|.[A-Z]"))

(import_directive source: (string) @path) @import
; Only the name in the other file counts, not the one it gets here.
(import_directive import_name: (identifier) @name source: (string) @path) @import

(comment) @comment
