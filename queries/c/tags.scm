; Earlier patterns win. Declarators nest from the outside in (`*a[3]` is a pointer around an array around a name), so a
; name is looked for a few levels down. Of several names in one statement, each one's declarator is its definition.

; Code around macros that hide braces can look like a function of a keyword's name.
((function_definition declarator: [
  (function_declarator declarator: [
    (identifier) @name
    (parenthesized_declarator [
      (identifier) @name
      (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
    ])
  ])
  (pointer_declarator declarator: [
    (function_declarator declarator: (identifier) @name)
    (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
  ])
]) @definition.function
  (#not-any-of? @name "if" "for" "while" "switch"))

(declaration declarator: [
  (function_declarator declarator: [
    (identifier) @name
    (parenthesized_declarator (pointer_declarator declarator: (function_declarator declarator: (identifier) @name)))
  ])
  (pointer_declarator declarator: [
    (function_declarator declarator: (identifier) @name)
    (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
  ])
]) @definition.function

; A type without a tag is known by its typedef.
(type_definition type: (struct_specifier !name) . declarator: (type_identifier) @name) @definition.struct
(type_definition type: (union_specifier !name) . declarator: (type_identifier) @name) @definition.union
(type_definition type: (enum_specifier !name) . declarator: (type_identifier) @name) @definition.enumeration
(struct_specifier name: (type_identifier) @name body: (_)) @definition.struct
(union_specifier name: (type_identifier) @name body: (_)) @definition.union
(enum_specifier name: (type_identifier) @name body: (_)) @definition.enumeration

; `typedef struct node {...} node` is one type, not two.
((type_definition type: (_ name: (type_identifier) @_tag body: (_))
  declarator: (type_identifier) @name @definition.type)
  (#not-eq? @_tag @name))
(type_definition type: (_ !body) . declarator: (type_identifier) @name .) @definition.type
(type_definition type: (_ !body) declarator: (type_identifier) @name @definition.type)
(type_definition declarator: [
  (primitive_type) @name
  (_ declarator: [
    (type_identifier) @name
    (parenthesized_declarator (pointer_declarator declarator: (type_identifier) @name))
    (_ declarator: [
      (type_identifier) @name
      (parenthesized_declarator (pointer_declarator declarator: (type_identifier) @name))
    ])
  ])
] @definition.type)

; A field of an unnamed type is the scope of that type's fields.
(field_declaration type: (_ !name body: (_)) declarator: [
  (field_identifier) @name
  (_ declarator: (field_identifier) @name)
]) @definition.field
(field_declaration declarator: [
  (field_identifier) @name
  (_ declarator: [
    (field_identifier) @name
    (parenthesized_declarator (pointer_declarator declarator: (field_identifier) @name))
    (_ declarator: [
      (field_identifier) @name
      (parenthesized_declarator (pointer_declarator declarator: (field_identifier) @name))
      (_ declarator: (field_identifier) @name)
    ])
  ])
] @definition.field)
(enumerator name: (identifier) @name) @definition.variant

; Variables of a file: those of a block are its own, and the types of parameters may stand before the body.
(declaration type: (_ !name body: (_)) declarator: [
  (identifier) @name
  (_ declarator: [(identifier) @name (_ declarator: (identifier) @name)])
]) @definition.variable
; Behind a macro that the grammar takes for a type, the type is taken for a name.
((declaration declarator: [
  (identifier) @name
  (_ declarator: [
    (identifier) @name
    (parenthesized_declarator (pointer_declarator declarator: [(identifier) @name (_ declarator: (identifier) @name)]))
    (_ declarator: [
      (identifier) @name
      (parenthesized_declarator (pointer_declarator
        declarator: [(identifier) @name (_ declarator: (identifier) @name)]))
      (_ declarator: [
        (identifier) @name
        (parenthesized_declarator (pointer_declarator declarator: (identifier) @name))
      ])
    ])
  ])
] @definition.variable)
  (#not-any-of? @name "void" "char" "short" "int" "long" "float" "double" "signed" "unsigned" "bool" "size_t"))
(compound_statement) @local
(function_definition (declaration) @local)

(preproc_def name: (identifier) @name value: (_)) @definition.macro
((preproc_def name: (identifier) @name !value) @definition.macro
  (#not-match? @name "_(H|HH|HPP|HXX|INC|INCLUDED)_*[0-9]*$"))
(preproc_function_def name: (identifier) @name) @definition.macro

(call_expression function: [
  (identifier) @name
  (field_expression field: (field_identifier) @name)
]) @reference.call
(type_identifier) @name @reference.type
(macro_type_specifier name: (identifier) @name) @reference.call

; Tables of functions and of constants.
(initializer_list [(identifier) @name (pointer_expression argument: (identifier) @name)] @reference.identifier)
(initializer_pair value: [(identifier) @name (pointer_expression argument: (identifier) @name)]) @reference.identifier
(preproc_ifdef name: (identifier) @name) @reference.identifier
((identifier) @name @reference.identifier (#match? @name "^[A-Z][A-Z0-9_]+$"))

(preproc_include path: [(string_literal) (system_lib_string)] @path) @import

(comment) @comment
