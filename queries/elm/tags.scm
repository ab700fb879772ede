; What is bound by `let` is no definition for others: only what stands in the file itself is.

(module_declaration name: (upper_case_qid) @name) @definition.module
(type_alias_declaration name: (upper_case_identifier) @name) @definition.type
(type_alias_declaration typeExpression: (type_expression part: (record_type
  (field_type name: (lower_case_identifier) @name) @definition.field)))
(type_declaration name: (upper_case_identifier) @name) @definition.enumeration
(union_variant name: (upper_case_identifier) @name) @definition.variant
(port_annotation name: (lower_case_identifier) @name) @definition.function
(file (value_declaration functionDeclarationLeft: (function_declaration_left . (lower_case_identifier) @name . (_)))
  @definition.function)
(file (value_declaration functionDeclarationLeft: (function_declaration_left . (lower_case_identifier) @name .))
  @definition.constant)
(infix_declaration operator: (operator_identifier) @name) @definition.function

(function_call_expr target: (value_expr name: (value_qid (lower_case_identifier) @name .))) @reference.call
(type_ref (upper_case_qid (upper_case_identifier) @name .)) @reference.type
(union_pattern constructor: (upper_case_qid (upper_case_identifier) @name .)) @reference.identifier
(value_expr name: (upper_case_qid (upper_case_identifier) @name .)) @reference.identifier
(value_qid (upper_case_identifier) @name . (dot)) @reference.module
((value_qid (lower_case_identifier) @name .) @reference.identifier (#match? @name "[A-Z]|..."))
(operator (operator_identifier) @name) @reference.call

(import_clause moduleName: (upper_case_qid) @path) @import
(import_clause moduleName: (upper_case_qid) @path exposing: (exposing_list [
  (exposed_type (upper_case_identifier) @name)
  (exposed_value (lower_case_identifier) @name)
])) @import
(module_declaration exposing: (exposing_list [
  (exposed_type (upper_case_identifier) @export)
  (exposed_value (lower_case_identifier) @export)
]))

[(line_comment) (block_comment)] @comment
(type_annotation) @between
