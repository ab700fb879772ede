; Earlier patterns win: functions inside an aggregate are methods, everywhere else functions.

(module_declaration (module_fqn) @name) @definition.module
(class_declaration (identifier) @name) @definition.class
(struct_declaration (identifier) @name) @definition.struct
(union_declaration (identifier) @name) @definition.union
(interface_declaration (identifier) @name) @definition.interface
(enum_declaration (identifier) @name) @definition.enumeration
(enum_member . (identifier) @name) @definition.variant
(template_declaration (identifier) @name) @definition.macro
(aggregate_body (function_declaration (identifier) @name) @definition.method)
(aggregate_body (constructor (this) @name) @definition.constructor)
(aggregate_body (variable_declaration (declarator . (identifier) @name) @definition.field))
(aggregate_body (auto_declaration variable: (identifier) @name) @definition.field)
(function_declaration (identifier) @name) @definition.function
(manifest_declarator . (identifier) @name) @definition.constant
[
  (alias_initializer . (identifier) @name)
  (alias_declaration (identifier) @name)
] @definition.type
(variable_declaration (declarator . (identifier) @name) @definition.variable)
(auto_declaration variable: (identifier) @name) @definition.variable
[(block_statement) (unittest_declaration)] @local

(call_expression . [
  (identifier) @name
  (property_expression (identifier) @name .)
  (type (identifier) @name .)
  (type (template_instance . (identifier) @name) .)
  (template_instance . (identifier) @name)
]) @reference.call
(new_expression (type (identifier) @name .)) @reference.class
(base_class [(identifier) @name (type (identifier) @name .)]) @reference.class
(at_attribute (identifier) @name) @reference.call
(mixin_declaration (identifier) @name) @reference.call
((type (identifier) @name .) @reference.type (#match? @name ".."))
(template_instance . (identifier) @name) @reference.type
(property_expression (identifier) @name .) @reference.identifier
((identifier) @name @reference.identifier (#match? @name ".[A-Z]|^[A-Z]."))

(import_declaration (imported (module_fqn) @path)) @import
(import_declaration (imported (module_fqn) @path) (import_bind . (identifier) @name)) @import

(comment) @comment
(at_attribute) @between
