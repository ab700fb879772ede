; A name is stored without its `$`, as properties are used without it.

(namespace_definition name: (namespace_name) @name) @definition.module
(class_declaration name: (name) @name) @definition.class
(interface_declaration name: (name) @name) @definition.interface
(trait_declaration name: (name) @name) @definition.trait
(enum_declaration name: (name) @name) @definition.enumeration
(enum_case name: (name) @name) @definition.variant
(function_definition name: (name) @name) @definition.function
((method_declaration name: (name) @name) @definition.constructor (#eq? @name "__construct"))
(method_declaration name: (name) @name) @definition.method
(property_declaration (property_element name: (variable_name (name) @name) @definition.property))
(property_promotion_parameter name: (variable_name (name) @name)) @definition.property

(const_element . (name) @name) @definition.constant
((function_call_expression function: (name) @_define
    arguments: (arguments . (argument [
      (string (string_content) @name)
      (encapsed_string . (string_content) @name .)
    ]))) @definition.constant
  (#eq? @_define "define"))
(program (expression_statement (assignment_expression left: (variable_name (name) @name)) @definition.variable))

(base_clause [(name) @name (qualified_name (name) @name)]) @reference.class
[
  (class_interface_clause [(name) @name (qualified_name (name) @name)])
  (use_declaration [(name) @name (qualified_name (name) @name)])
] @reference.implementation
[
  (object_creation_expression [(name) @name (qualified_name (name) @name)])
  (scoped_call_expression scope: [(name) @name (qualified_name (name) @name)])
  (scoped_property_access_expression scope: [(name) @name (qualified_name (name) @name)])
  (class_constant_access_expression . [(name) @name (qualified_name (name) @name)])
  (binary_expression operator: "instanceof" right: [(name) @name (qualified_name (name) @name)])
  (attribute [(name) @name (qualified_name (name) @name)])
] @reference.class
(named_type [(name) @name (qualified_name (name) @name)]) @reference.type

[
  (function_call_expression function: [(name) @name (qualified_name (name) @name)])
  (member_call_expression name: (name) @name)
  (nullsafe_member_call_expression name: (name) @name)
  (scoped_call_expression name: (name) @name)
] @reference.call

[
  (member_access_expression name: (name) @name)
  (nullsafe_member_access_expression name: (name) @name)
  (scoped_property_access_expression name: (variable_name (name) @name))
  (class_constant_access_expression (name) @name .)
  (global_declaration (variable_name (name) @name))
  (namespace_use_clause . [(name) @name (qualified_name (name) @name)])
  (argument !name [(name) @name (qualified_name (name) @name)])
  (array_element_initializer [(name) @name (qualified_name (name) @name)])
  (assignment_expression right: [(name) @name (qualified_name (name) @name)])
  (binary_expression [(name) @name (qualified_name (name) @name)])
  (return_statement [(name) @name (qualified_name (name) @name)])
] @reference.identifier

(namespace_use_declaration (namespace_use_clause (qualified_name prefix: (namespace_name) @path (name) @name))) @import
(namespace_use_declaration (namespace_name) @path body: (namespace_use_group (namespace_use_clause . [
  (name) @name
  (qualified_name (name) @name)
]))) @import
(namespace_use_declaration (namespace_use_clause . (name) @path)) @import

; Of `__DIR__ . '/a.php'` the path is the string.
[
  (include_expression [
    (_ [(string_content) @path (string (string_content) @path)])
    (parenthesized_expression (_ [(string_content) @path (string (string_content) @path)]))
  ])
  (include_once_expression [
    (_ [(string_content) @path (string (string_content) @path)])
    (parenthesized_expression (_ [(string_content) @path (string (string_content) @path)]))
  ])
  (require_expression [
    (_ [(string_content) @path (string (string_content) @path)])
    (parenthesized_expression (_ [(string_content) @path (string (string_content) @path)]))
  ])
  (require_once_expression [
    (_ [(string_content) @path (string (string_content) @path)])
    (parenthesized_expression (_ [(string_content) @path (string (string_content) @path)]))
  ])
] @import

(comment) @comment
