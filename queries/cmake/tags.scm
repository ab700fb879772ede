; Everything is a command; those that define are told by name. Variables of a function are its own.

(function_def (function_command (argument_list . (argument (unquoted_argument) @name)))) @definition.function
(macro_def (macro_command (argument_list . (argument (unquoted_argument) @name)))) @definition.macro
((normal_command (identifier) @_command (argument_list . (argument (unquoted_argument) @name))) @definition.module
  (#match? @_command "^(?i)(project|add_library|add_executable|add_custom_target)$"))
((normal_command (identifier) @_command (argument_list . (argument (unquoted_argument) @name))) @definition.variable
  (#match? @_command "^(?i)(set|option|cmake_dependent_option)$"))
(function_def (body) @local)

((normal_command (identifier) @_command (argument_list . (argument (unquoted_argument) @name @reference.identifier)))
  (#match? @_command "^(?i)target_"))
((normal_command (identifier) @_command (argument_list (argument (unquoted_argument) @name @reference.identifier)))
  (#match? @_command "^(?i)(target_link_libraries|add_dependencies)$"))
((normal_command (identifier) @name) @reference.call
  (#not-match? @name "^(?i)(set|option|project|include|message|cmake_minimum_required|add_.*|find_.*|target_.*)$"))
(variable_ref (normal_var (variable) @name)) @reference.identifier
(if_command (argument_list (argument (unquoted_argument) @name @reference.identifier)))

((normal_command (identifier) @_command (argument_list . (argument (_) @path))) @import
  (#match? @_command "^(?i)(include|add_subdirectory|find_package)$"))

[(line_comment) (bracket_comment)] @comment
