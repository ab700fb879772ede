; A variable is defined where no function is around it: what a function assigns is its own business.

(function_definition name: (word) @name) @definition.function

((program [
    (declaration_command "readonly" (variable_assignment name: (variable_name) @name "=") @definition.constant)
    (declaration_command ["declare" "typeset"] . (word) @_flags
      (variable_assignment name: (variable_name) @name "=") @definition.constant)
  ])
  (#match? @_flags "^-[A-Za-z]*r"))
(program [
  (variable_assignment name: (variable_name) @name "=") @definition.variable
  (variable_assignments (variable_assignment name: (variable_name) @name "=") @definition.variable)
  (declaration_command (variable_assignment name: (variable_name) @name "=") @definition.variable)
  (declaration_command ["declare" "typeset"] (variable_name) @name) @definition.variable
  (list (variable_assignment name: (variable_name) @name "=") @definition.variable)
  (if_statement (variable_assignment name: (variable_name) @name "=") @definition.variable)
])

(command name: (command_name (word) @name)) @reference.call
; Commands that run the command named after them.
((command name: (command_name (word) @_runner) . argument: (word) @name) @reference.call
  (#any-of? @_runner "trap" "run" "command" "builtin" "exec" "time" "sudo" "eval" "type" "unset" "nohup" "xargs"))
((command name: (command_name (word) @_complete) argument: (word) @_flag . argument: (word) @name) @reference.call
  (#eq? @_complete "complete")
  (#eq? @_flag "-F"))

[
  (simple_expansion (variable_name) @name)
  (expansion (variable_name) @name)
  (subscript name: (variable_name) @name)
] @reference.identifier

((command name: (command_name (word) @_source) . argument: (_) @path) @import (#any-of? @_source "source" "." "load"))
(declaration_command "export" [
  (variable_name) @export
  (variable_assignment name: (variable_name) @export)
])

(comment) @comment
