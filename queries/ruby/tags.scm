; Earlier patterns win: a `def` at the top of a file is a function, everywhere else a method.

(module name: [(constant) @name (scope_resolution name: (constant) @name)]) @definition.module
(class name: [(constant) @name (scope_resolution name: (constant) @name)]) @definition.class

((assignment left: (constant) @name right: (call receiver: (constant) @_maker method: (identifier) @_make))
  @definition.class
  (#any-of? @_maker "Class" "Module" "Struct" "Data")
  (#any-of? @_make "new" "define"))

([
  (assignment left: (constant) right: (call receiver: (constant) @_maker
    arguments: (argument_list (simple_symbol) @name @definition.field)))
  (superclass (call receiver: (constant) @_maker arguments: (argument_list (simple_symbol) @name @definition.field)))
] (#any-of? @_maker "Struct" "Data"))

((method name: (identifier) @name) @definition.constructor (#eq? @name "initialize"))
(program (method name: (_) @name) @definition.function)
[(method name: (_) @name) (singleton_method name: (_) @name) (alias name: (_) @name)] @definition.method

; What the class-level macros of Ruby and Rails define.
((call !receiver method: (identifier) @_macro arguments: (argument_list [
    (simple_symbol) @name @definition.property
    (string (string_content) @name @definition.property)
  ]))
  (#match? @_macro "^([a-z_]*attr(_reader|_writer|_accessor)?|class_attribute)$"))
((call !receiver method: (identifier) @_macro arguments: (argument_list . (simple_symbol) @name)) @definition.property
  (#any-of? @_macro "belongs_to" "has_one" "has_many" "has_and_belongs_to_many" "attribute"))
((call !receiver method: (identifier) @_macro
    arguments: (argument_list . [(simple_symbol) @name (string (string_content) @name)])) @definition.method
  (#any-of? @_macro "define_method" "define_singleton_method" "alias_method" "scope"))

; Rake.
((call !receiver method: (identifier) @_macro arguments: (argument_list . [
    (simple_symbol) @name
    (string (string_content) @name)
    (pair key: [(simple_symbol) @name (hash_key_symbol) @name (string (string_content) @name)])
  ])) @definition.function
  (#any-of? @_macro "task" "multitask"))
((call !receiver method: (identifier) @_macro arguments: (argument_list . [
    (simple_symbol) @name
    (string (string_content) @name)
  ]) block: (_)) @definition.module
  (#eq? @_macro "namespace"))

((call !receiver method: (identifier) @_refine
    arguments: (argument_list . [(constant) @name (scope_resolution name: (constant) @name)]))
  @definition.implementation
  (#eq? @_refine "refine"))

; What is defined outside of the modules that its name gives is in each of them.
[
  (module name: (scope_resolution scope: [
    (constant) @name
    (scope_resolution [name: (constant) @name scope: (constant) @name])
  ]))
  (class name: (scope_resolution scope: [
    (constant) @name
    (scope_resolution [name: (constant) @name scope: (constant) @name])
  ]))
  (singleton_class value: (constant) @name)
] @definition.implementation
(program [
  (singleton_method object: (constant) @name)
  (assignment left: (scope_resolution scope: [
    (constant) @name
    (scope_resolution [name: (constant) @name scope: (constant) @name])
  ]))
] @definition.implementation)

[
  (assignment left: [(constant) @name (scope_resolution name: (constant) @name)])
  (operator_assignment left: (constant) @name)
] @definition.constant
(left_assignment_list (constant) @name @definition.constant)

[
  (program (assignment left: (global_variable) @name) @definition.variable)
  (module body: (body_statement (assignment left: [(class_variable) (instance_variable)] @name) @definition.variable))
  (class body: (body_statement (assignment left: [(class_variable) (instance_variable)] @name) @definition.variable))
]

((call method: (identifier) @_mix
    arguments: (argument_list [(constant) @name (scope_resolution name: (constant) @name)] @reference.implementation))
  (#any-of? @_mix "include" "extend" "prepend"))
((call receiver: [(constant) @name (scope_resolution name: (constant) @name)] method: (identifier) @_new)
  @reference.class
  (#eq? @_new "new"))
[
  (superclass [(constant) @name (scope_resolution name: (constant) @name)])
  (exceptions [(constant) @name (scope_resolution name: (constant) @name)])
] @reference.class
(scope_resolution scope: [(constant) @name (scope_resolution name: (constant) @name)]) @reference.module

(call method: [(identifier) (constant)] @name) @reference.call
(block_argument (simple_symbol) @name) @reference.call

((call method: (identifier) @_import arguments: (argument_list . (string (string_content) @path))) @import
  (#any-of? @_import "require" "require_relative" "load"))
((call method: (identifier) @_import arguments: (argument_list . (simple_symbol) . (string (string_content) @path)))
  @import
  (#eq? @_import "autoload"))

; Callbacks are named by symbols; a call without arguments looks like a variable.
(body_statement (call !receiver arguments: (argument_list (simple_symbol) @name @reference.identifier)))
[(constant) (identifier) (class_variable) (global_variable)] @name @reference.identifier

(comment) @comment
((call !receiver method: (identifier) @_desc arguments: (argument_list . (string (string_content) @comment)))
  (#eq? @_desc "desc"))
((call !receiver method: (identifier) @_sig block: (_)) @between (#eq? @_sig "sig"))
