; Each clause of a function is a definition of its own in the tree; the first one has the name.

(module_attribute name: (atom) @name) @definition.module
(pp_define lhs: (macro_lhs name: [(var) (atom)] @name)) @definition.macro
(record_decl name: (atom) @name) @definition.struct
(record_decl fields: (record_field name: (atom) @name) @definition.field)
[
  (type_alias name: (type_name name: (atom) @name))
  (opaque name: (type_name name: (atom) @name))
] @definition.type
(callback fun: (atom) @name) @definition.method
(fun_decl clause: (function_clause name: (atom) @name)) @definition.function

(call expr: (atom) @name) @reference.call
(call expr: (remote fun: (atom) @name)) @reference.call
[(internal_fun fun: (atom) @name) (external_fun fun: (atom) @name)] @reference.call
(remote_module module: (atom) @name) @reference.module
(behaviour_attribute name: (atom) @name) @reference.implementation
(record_name name: (atom) @name) @reference.class
(macro_call_expr name: [(var) (atom)] @name) @reference.identifier

(pp_include file: (string) @path) @import
(pp_include_lib file: (string) @path) @import
(behaviour_attribute name: (atom) @path) @import
(import_attribute module: (atom) @path funs: (fa fun: (atom) @name)) @import
(export_attribute funs: (fa fun: (atom) @export))
(export_type_attribute types: (fa fun: (atom) @export))

(comment) @comment
[(spec) (feature_attribute)] @between
