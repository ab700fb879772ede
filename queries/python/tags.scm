; Earlier patterns win: a function inside a class body is a method, everywhere else a function.

(class_definition name: (identifier) @name
  body: (block . (expression_statement (string) @doc))?) @definition.class

(class_definition body: (block [
  (function_definition name: (identifier) @name
    body: (block . (expression_statement (string) @doc))?) @definition.method
  (decorated_definition (function_definition name: (identifier) @name
    body: (block . (expression_statement (string) @doc))?)) @definition.method
]))

(function_definition name: (identifier) @name
  body: (block . (expression_statement (string) @doc))?) @definition.function

(class_definition body: (block (expression_statement (assignment left: (identifier) @name) @definition.field)))

((module (expression_statement (assignment left: (identifier) @name) @definition.constant))
  (#match? @name "^_*[A-Z][A-Z0-9_]*$"))
(module (expression_statement (assignment left: (identifier) @name) @definition.variable))

(type_alias_statement left: (type (identifier) @name)) @definition.type

(call function: [
  (identifier) @name
  (attribute attribute: (identifier) @name)
]) @reference.call

(decorator [
  (identifier) @name
  (attribute attribute: (identifier) @name)
] @reference.call)

(class_definition superclasses: (argument_list [
  (identifier) @name
  (attribute attribute: (identifier) @name)
] @reference.class))

(type [
  (identifier) @name
  (attribute attribute: (identifier) @name)
  (generic_type (identifier) @name)
] @reference.type)

(import_statement name: [(dotted_name) @path (aliased_import name: (dotted_name) @path)]) @import
(import_from_statement module_name: (_) @path name: [
  (dotted_name) @name
  (aliased_import name: (dotted_name) @name)
]) @import
(import_from_statement module_name: (_) @path (wildcard_import)) @import

(import_from_statement name: [
  (dotted_name (identifier) @name .)
  (aliased_import name: (dotted_name (identifier) @name .))
] @reference.identifier)

(module (expression_statement (assignment left: (identifier) @_all right: (list (string (string_content) @export))))
  (#eq? @_all "__all__"))

(comment) @comment
(decorator) @between
