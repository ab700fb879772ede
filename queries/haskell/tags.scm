; A function is shown by its type signature. Equations count only where none of the same name stands before them, so
; that several equations, or a signature and its equations, are one definition.

(header module: (module) @name) @definition.module

; Before the types: what a data instance names is defined elsewhere.
(data_instance [(data_type name: (name) @name) (newtype name: (name) @name)]) @definition.implementation
[
  (data_type name: (name) @name)
  (data_type (infix operator: (_) @name))
  (newtype name: (name) @name)
  (type_synonym name: (name) @name)
  (type_synonym (infix operator: (_) @name))
  (type_family name: (name) @name)
  (type_family (infix operator: (_) @name))
  (data_family name: (name) @name)
] @definition.type
(class [name: (name) @name (infix operator: (_) @name)]) @definition.class

(data_constructor constructor: [
  (prefix name: [(constructor) @name (prefix_id (_) @name)])
  (record name: [(constructor) @name (prefix_id (_) @name)])
  (infix operator: [(constructor_operator) @name (infix_id (_) @name)])
]) @definition.constructor
(newtype_constructor name: (constructor) @name) @definition.constructor
(gadt_constructor name: [(constructor) @name (prefix_id (_) @name)]) @definition.constructor
(gadt_constructor names: (binding_list (constructor) @name @definition.constructor))
(pattern_synonym (signature synonym: (constructor) @name)) @definition.constructor
(field name: (field_name (variable) @name @definition.field))

; An instance is named by the type it is for; where that has no name, by its class.
[
  (instance patterns: (type_patterns . [
    (name) @name
    (qualified id: (name) @name)
    (parens (apply constructor: [
      (name) @name
      (qualified id: (name) @name)
      (apply constructor: [(name) @name (apply constructor: (name) @name)])
    ]))
  ]))
  (instance name: [(name) @name (qualified id: (name) @name)]
    patterns: (type_patterns . [
      (list) (tuple) (unit) (variable) (literal) (parens (function)) (prefix_list) (prefix_tuple) (prefix_id)
    ]))
] @definition.implementation
(instance name: [(name) @name (qualified id: (name) @name)] @reference.implementation)
(deriving_instance name: [(name) @name (qualified id: (name) @name)] @reference.implementation)
(deriving classes: [
  (name) @name
  (qualified id: (name) @name)
  (tuple [(name) @name (qualified id: (name) @name)])
] @reference.implementation)

(class_declarations [
  (signature name: [(variable) @name (prefix_id (_) @name)]) @definition.method
  (signature names: (binding_list (variable) @name @definition.method))
])

(declarations [
  (signature name: [(variable) @name (prefix_id (_) @name)]) @definition.function
  (signature names: (binding_list (variable) @name @definition.function))
  (foreign_import signature: (signature name: (variable) @name)) @definition.function
])
(declarations
  . [(comment) (haddock) (pragma)]* .
  [
    (function name: [(variable) @name (prefix_id (_) @name)])
    (function (infix operator: [(operator) @name (infix_id (variable) @name)]))
    (bind name: [(variable) @name (prefix_id (_) @name)])
  ] @definition.function)
([
    (class) (data_family) (data_instance) (data_type) (default_types) (deriving_instance) (foreign_export)
    (foreign_import) (instance) (kind_signature) (newtype) (pattern_synonym) (role_annotation) (top_splice)
    (type_family) (type_synonym)
  ] @_before
  . [(comment) (haddock) (pragma)]* .
  [
    (function name: [(variable) @name (prefix_id (_) @name)])
    (function (infix operator: [(operator) @name (infix_id (variable) @name)]))
    (bind name: [(variable) @name (prefix_id (_) @name)])
  ] @definition.function)
(declarations [(fixity) (type_instance)] @_before
  . [(comment) (haddock) (pragma)]* .
  [
    (function name: [(variable) @name (prefix_id (_) @name)])
    (function (infix operator: [(operator) @name (infix_id (variable) @name)]))
    (bind name: [(variable) @name (prefix_id (_) @name)])
  ] @definition.function)
(declarations
  (_ [
    name: (variable) @_before
    name: (prefix_id (_) @_before)
    (infix operator: (operator) @_before)
    (infix operator: (infix_id (variable) @_before))
  ])
  . [(comment) (haddock) (pragma)]* .
  [
    (function name: [(variable) @name (prefix_id (_) @name)])
    (function (infix operator: [(operator) @name (infix_id (variable) @name)]))
    (bind name: [(variable) @name (prefix_id (_) @name)])
  ] @definition.function
  (#not-eq? @_before @name))

(instance_declarations (signature name: [(variable) @name (prefix_id (_) @name)]) @definition.method)
(instance_declarations
  . [(comment) (haddock) (pragma)]* .
  [
    (function name: [(variable) @name (prefix_id (_) @name)])
    (function (infix operator: [(operator) @name (infix_id (variable) @name)]))
    (bind name: [(variable) @name (prefix_id (_) @name)])
  ] @definition.method)
(instance_declarations
  [(data_instance) (type_instance)] @_before
  . [(comment) (haddock) (pragma)]* .
  [
    (function name: [(variable) @name (prefix_id (_) @name)])
    (function (infix operator: [(operator) @name (infix_id (variable) @name)]))
    (bind name: [(variable) @name (prefix_id (_) @name)])
  ] @definition.method)
(instance_declarations
  (_ [
    name: (variable) @_before
    name: (prefix_id (_) @_before)
    (infix operator: (operator) @_before)
    (infix operator: (infix_id (variable) @_before))
  ])
  . [(comment) (haddock) (pragma)]* .
  [
    (function name: [(variable) @name (prefix_id (_) @name)])
    (function (infix operator: [(operator) @name (infix_id (variable) @name)]))
    (bind name: [(variable) @name (prefix_id (_) @name)])
  ] @definition.method
  (#not-eq? @_before @name))

(import module: (module) @path "hiding"? @_hiding names: (import_list name: (import_name [
  variable: (variable) @name
  type: (name) @name
  operator: (prefix_id (_) @name)
])) (#not-eq? @_hiding "hiding")) @import
(import module: (module) @path) @import
(import module: (module) @name @reference.module)

(exports (export [
  variable: (variable) @export
  variable: (qualified id: (variable) @export)
  type: (name) @export
  type: (qualified id: (name) @export)
  operator: (prefix_id (_) @export)
]))
(exports (export children: (children element: [(constructor) @export (variable) @export])))
(exports (module_export module: (module) @export))

(apply function: [
  (variable) @name
  (constructor) @name
  (qualified id: [(variable) @name (constructor) @name])
]) @reference.call
(infix operator: [
  (operator) @name
  (constructor_operator) @name
  (infix_id [(variable) @name (constructor) @name (qualified id: (_) @name)])
  (qualified id: (_) @name)
]) @reference.call

(type/name) @name @reference.type
(constraint/name) @name @reference.type
(qualified id: (name) @name) @reference.type
(import_name type: (name) @name) @reference.type
(import_name variable: (variable) @name) @reference.identifier
(expression/constructor) @name @reference.identifier
(pattern/constructor) @name @reference.identifier
(qualified id: [(constructor) (variable)] @name) @reference.identifier
; One letter is a local variable.
((expression/variable) @name @reference.identifier (#match? @name ".."))

(comment) @comment
(haddock) @comment
(pragma) @between
