; The class comes before its bases, both as bare names.

(class_statement . (simple_name) @name) @definition.class
(enum_statement . (simple_name) @name) @definition.enumeration
(enum_member . (simple_name) @name) @definition.variant
(class_property_definition (variable) @name) @definition.property
(class_method_definition (type_literal) (simple_name) @name) @definition.method
(class_method_definition (simple_name) @name) @definition.constructor
(function_statement (function_name) @name) @definition.function
; A variable stands below one node for each precedence of operators.
(program (statement_list (pipeline (assignment_expression (left_assignment_expression (logical_expression
  (bitwise_expression (comparison_expression (additive_expression (multiplicative_expression (format_expression
    (range_expression (array_literal_expression (unary_expression . (variable) @name .))))))))))))
  @definition.variable))

(command command_name: [(command_name) @name (command_name_expr (command_name) @name)]) @reference.call
(invokation_expression (member_name (simple_name) @name)) @reference.call
(class_statement (simple_name) . (simple_name) @name) @reference.class
(member_access (member_name (simple_name) @name)) @reference.identifier
(type_literal (type_spec (type_name (type_identifier) @name))) @reference.type
((variable) @name @reference.identifier (#match? @name ":|[A-Z]"))

((command command_name: (command_name) @_import command_elements: (command_elements . (command_argument_sep) .
    (generic_token) @path)) @import
  (#match? @_import "^[Ii]mport-[Mm]odule$"))
((command command_name: (command_name) @_using command_elements: (command_elements (generic_token) @_kind .
    (command_argument_sep) . (generic_token) @path)) @import
  (#match? @_using "^[Uu]sing$")
  (#any-of? @_kind "module" "namespace"))
; A file run in the place where it is named: `. ./helpers.ps1`.
(command (command_invokation_operator) command_name: (command_name_expr (command_name) @path)) @import
((command command_name: (command_name) @_export command_elements: (command_elements (generic_token) @export))
  (#match? @_export "^[Ee]xport-[Mm]odule[Mm]ember$"))

(comment) @comment
