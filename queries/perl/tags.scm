; A package reaches to the next one, mostly without braces: its functions stand beside it in the tree.

(package_statement name: (package) @name) @definition.module
(class_statement name: (package) @name) @definition.class
(role_statement name: (package) @name) @definition.trait
(subroutine_declaration_statement name: (bareword) @name body: (_)) @definition.function
(method_declaration_statement name: (bareword) @name) @definition.method
((use_statement module: (package) @_constant [
    (list_expression . (autoquoted_bareword) @name)
    (anonymous_hash_expression (list_expression (autoquoted_bareword) @name @definition.constant))
  ]) @definition.constant
  (#eq? @_constant "constant"))
((variable_declaration "our" variable: (_ (varname) @name)) @definition.variable (#not-any-of? @name "ISA" "EXPORT"))
; What Moose and its like call an attribute.
((ambiguous_function_call_expression function: (function) @_has
    arguments: (list_expression . [(autoquoted_bareword) @name (string_literal (string_content) @name)]))
  @definition.field
  (#eq? @_has "has"))

(method_call_expression method: (method) @name) @reference.call
(function_call_expression function: (function . (varname)? @name) @name) @reference.call
((ambiguous_function_call_expression function: (function) @name) @reference.call
  (#not-any-of? @name "has" "bless" "print" "push" "join" "die" "warn" "return" "open" "close" "printf" "sprintf"))
(refgen_expression (function (varname) @name)) @reference.call
(method_call_expression invocant: (bareword) @name) @reference.class
((use_statement module: (package) @_parent [
    (string_literal (string_content) @name)
    (list_expression (string_literal (string_content) @name))
  ]) @reference.class
  (#any-of? @_parent "parent" "base"))
((bareword) @name @reference.identifier (#match? @name "^[A-Z]"))

((use_statement module: (package) @path) @import (#match? @path "^[A-Z]|::"))
((use_statement module: (package) @_parent [
    (string_literal (string_content) @path)
    (list_expression (string_literal (string_content) @path))
  ]) @import
  (#any-of? @_parent "parent" "base"))
((use_statement module: (package) @path (string_literal (string_content) @name)) @import
  (#match? @path "^[A-Z]|::"))
(require_expression [
  (bareword) @path
  (interpolated_string_literal (string_content) @path)
  (string_literal (string_content) @path)
]) @import

(comment) @comment
