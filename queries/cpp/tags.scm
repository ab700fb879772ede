; Earlier patterns win. A name says much about where it stands: in a class it is a field identifier, in a definition
; outside of its class it is qualified. Where a statement declares several names, each declarator is a definition.

; A function without a type is a constructor, or a macro that is given a body: tests are named by its arguments.
((function_definition !type declarator: (function_declarator declarator: (identifier) @_macro
  parameters: (parameter_list . (parameter_declaration) . (parameter_declaration type: (type_identifier) @name))))
  @definition.function
  (#match? @_macro "^(TYPED_)?TEST(_[FP])?$"))
([
  (function_definition !type declarator: (function_declarator declarator: (identifier) @name))
  (declaration !type declarator: (function_declarator declarator: (identifier) @name))
] @definition.constructor
  (#not-match? @name "^(TEST|[A-Z0-9]+_[A-Z0-9_]*)$"))
(template_declaration [
  (function_definition !type declarator: (function_declarator declarator: (identifier) @name))
  (declaration !type declarator: (function_declarator declarator: (identifier) @name))
]) @definition.constructor
(function_definition !type declarator: (function_declarator declarator: (qualified_identifier name: [
  (identifier) @name
  (qualified_identifier name: [(identifier) @name (qualified_identifier name: (identifier) @name)])
]))) @definition.constructor
(field_declaration_list [
  (template_declaration [
    (function_definition declarator: [
      (function_declarator declarator: [(identifier) (operator_name)] @name)
      (_ declarator: (function_declarator declarator: (identifier) @name))
      (reference_declarator (function_declarator declarator: [(identifier) (operator_name)] @name))
    ])
    (declaration declarator: [
      (function_declarator declarator: [(identifier) (operator_name)] @name)
      (_ declarator: (function_declarator declarator: (identifier) @name))
      (reference_declarator (function_declarator declarator: [(identifier) (operator_name)] @name))
    ])
  ])
  (function_definition declarator: [
    (function_declarator declarator: (operator_name) @name)
    (reference_declarator (function_declarator declarator: (operator_name) @name))
  ])
] @definition.method)
(function_definition declarator: [
  (function_declarator declarator: [(field_identifier) (destructor_name)] @name)
  (_ declarator: [
    (function_declarator declarator: (field_identifier) @name)
    (_ declarator: (function_declarator declarator: (field_identifier) @name))
  ])
  (reference_declarator (function_declarator declarator: (field_identifier) @name))
]) @definition.method
(field_declaration declarator: [
  (function_declarator declarator: [(field_identifier) (operator_name)] @name)
  (_ declarator: [
    (function_declarator declarator: [(field_identifier) (operator_name)] @name)
    (_ declarator: (function_declarator declarator: (field_identifier) @name))
  ])
  (reference_declarator (function_declarator declarator: [(field_identifier) (operator_name)] @name))
]) @definition.method
(declaration !type declarator: (function_declarator declarator: (destructor_name) @name)) @definition.method
(function_definition declarator: [
  (function_declarator declarator: (qualified_identifier name: [
    (identifier) @name
    (destructor_name) @name
    (operator_name) @name
    (qualified_identifier name: [
      (identifier) @name
      (destructor_name) @name
      (operator_name) @name
      (qualified_identifier name: [(identifier) (destructor_name) (operator_name)] @name)
    ])
  ]))
  (_ declarator: (function_declarator declarator: (qualified_identifier name: [
    (identifier) @name
    (qualified_identifier name: (identifier) @name)
  ])))
  (reference_declarator (function_declarator declarator: (qualified_identifier name: [
    (identifier) @name
    (operator_name) @name
    (qualified_identifier name: [(identifier) (operator_name)] @name)
  ])))
]) @definition.method

; What is defined outside of the classes and namespaces that its name gives is in each of them.
(function_definition declarator: [
  (function_declarator declarator: (qualified_identifier [
    scope: (namespace_identifier) @name
    scope: (template_type name: (type_identifier) @name)
    name: (qualified_identifier [
      scope: (namespace_identifier) @name
      scope: (template_type name: (type_identifier) @name)
      name: (qualified_identifier scope: [
        (namespace_identifier) @name
        (template_type name: (type_identifier) @name)
      ])
    ])
  ]))
  (_ declarator: (function_declarator declarator: (qualified_identifier [
    scope: (namespace_identifier) @name
    scope: (template_type name: (type_identifier) @name)
    name: (qualified_identifier scope: [
      (namespace_identifier) @name
      (template_type name: (type_identifier) @name)
    ])
  ])))
  (reference_declarator (function_declarator declarator: (qualified_identifier [
    scope: (namespace_identifier) @name
    scope: (template_type name: (type_identifier) @name)
    name: (qualified_identifier scope: [
      (namespace_identifier) @name
      (template_type name: (type_identifier) @name)
    ])
  ])))
]) @definition.implementation
(_ name: (qualified_identifier [
  scope: (namespace_identifier) @name
  scope: (template_type name: (type_identifier) @name)
  name: (qualified_identifier scope: (namespace_identifier) @name)
]) body: (_)) @definition.implementation
(translation_unit (declaration declarator: [
  (qualified_identifier [
    scope: (namespace_identifier) @name
    scope: (template_type name: (type_identifier) @name)
    name: (qualified_identifier scope: [
      (namespace_identifier) @name
      (template_type name: (type_identifier) @name)
    ])
  ])
  (_ declarator: (qualified_identifier [
    scope: (namespace_identifier) @name
    scope: (template_type name: (type_identifier) @name)
    name: (qualified_identifier scope: [
      (namespace_identifier) @name
      (template_type name: (type_identifier) @name)
    ])
  ]))
  (_ declarator: (_ declarator: (qualified_identifier scope: (namespace_identifier) @name)))
] @definition.implementation))
(declaration_list (declaration declarator: (_ declarator: (qualified_identifier
  scope: [(namespace_identifier) @name (template_type name: (type_identifier) @name)]
  name: (identifier))) @definition.implementation))
(template_declaration (declaration declarator: [
  (qualified_identifier scope: (template_type name: (type_identifier) @name))
  (init_declarator declarator: (qualified_identifier scope: (template_type name: (type_identifier) @name)))
])) @definition.implementation
(namespace_definition name: (nested_namespace_specifier [
  ((namespace_identifier) @name . (_))
  (nested_namespace_specifier (namespace_identifier) @name . (_))
])) @definition.implementation

; A template's comment stands above the word template.
(template_declaration (function_definition type: (_) declarator: [
  (function_declarator declarator: [
    (identifier) @name
    (operator_name) @name
    (template_function name: (identifier) @name)
  ])
  (_ declarator: (function_declarator declarator: (identifier) @name))
  (reference_declarator (function_declarator declarator: [(identifier) (operator_name)] @name))
])) @definition.function
((function_definition type: (_) declarator: [
  (function_declarator declarator: [(identifier) (operator_name)] @name)
  (_ declarator: [
    (function_declarator declarator: (identifier) @name)
    (_ declarator: (function_declarator declarator: (identifier) @name))
  ])
  (reference_declarator (function_declarator declarator: [(identifier) (operator_name)] @name))
]) @definition.function
  (#not-any-of? @name "if" "for" "while" "switch"))

(template_declaration (declaration declarator: [
  (function_declarator declarator: [(identifier) (operator_name)] @name)
  (_ declarator: (function_declarator declarator: (identifier) @name))
  (reference_declarator (function_declarator declarator: [(identifier) (operator_name)] @name))
])) @definition.function
(declaration type: (_) declarator: [
  (function_declarator declarator: [(identifier) (operator_name)] @name)
  (function_declarator declarator: (parenthesized_declarator (pointer_declarator
    declarator: (function_declarator declarator: (identifier) @name))))
  (_ declarator: [
    (function_declarator declarator: (identifier) @name)
    (_ declarator: (function_declarator declarator: (identifier) @name))
  ])
  (reference_declarator (function_declarator declarator: [(identifier) (operator_name)] @name))
]) @definition.function

; A specialisation implements a template that is named elsewhere.
(class_specifier name: (template_type name: (type_identifier) @name) body: (_)) @definition.implementation
(struct_specifier name: (template_type name: (type_identifier) @name) body: (_)) @definition.implementation
(struct_specifier
  name: (qualified_identifier name: (template_type name: (type_identifier) @name)) body: (_)) @definition.implementation

(template_declaration (class_specifier name: (type_identifier) @name body: (_))) @definition.class
(template_declaration (struct_specifier name: (type_identifier) @name body: (_))) @definition.struct
(template_declaration (alias_declaration name: (type_identifier) @name)) @definition.type
(template_declaration (concept_definition name: (identifier) @name)) @definition.trait
(class_specifier name: [
  (type_identifier) @name
  (qualified_identifier name: [(type_identifier) @name (qualified_identifier name: (type_identifier) @name)])
] body: (_)) @definition.class
(struct_specifier name: [
  (type_identifier) @name
  (qualified_identifier name: [(type_identifier) @name (qualified_identifier name: (type_identifier) @name)])
] body: (_)) @definition.struct
(union_specifier name: (type_identifier) @name body: (_)) @definition.union
(enum_specifier name: [
  (type_identifier) @name
  (qualified_identifier name: (type_identifier) @name)
] body: (_)) @definition.enumeration
(alias_declaration name: (type_identifier) @name) @definition.type
(enumerator name: (identifier) @name) @definition.variant

; A type without a tag is known by its typedef, and `typedef struct node {...} node` is one type, not two.
(type_definition type: (struct_specifier !name) . declarator: (type_identifier) @name) @definition.struct
(type_definition type: (union_specifier !name) . declarator: (type_identifier) @name) @definition.union
(type_definition type: (enum_specifier !name) . declarator: (type_identifier) @name) @definition.enumeration
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

(namespace_definition name: [
  (namespace_identifier) @name
  (nested_namespace_specifier [
    (namespace_identifier) @name
    (nested_namespace_specifier [
      (namespace_identifier) @name
      (nested_namespace_specifier (namespace_identifier) @name .)
    ] .)
  ] .)
]) @definition.module
(namespace_alias_definition name: (namespace_identifier) @name) @definition.module

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
  (reference_declarator (field_identifier) @name)
] @definition.field)

; What a block declares is its own; `Type name(value);` even reads as a prototype there. A friend is declared elsewhere.
(compound_statement) @local
(friend_declaration (declaration) @local)

(template_declaration (declaration declarator: [
  (identifier) @name
  (qualified_identifier name: (identifier) @name)
  (_ declarator: [(identifier) @name (qualified_identifier name: (identifier) @name)])
])) @definition.variable
((declaration (type_qualifier) @_const declarator: (init_declarator declarator: [
  (identifier) @name
  (array_declarator declarator: (identifier) @name)
]) @definition.constant)
  (#any-of? @_const "const" "constexpr"))
; A variable of an unnamed type is the scope of that type's fields.
(declaration type: (_ !name body: (_)) declarator: [
  (identifier) @name
  (_ declarator: [(identifier) @name (_ declarator: (identifier) @name)])
]) @definition.variable
(declaration type: (_) declarator: [
  (identifier) @name
  (qualified_identifier name: [(identifier) @name (qualified_identifier name: (identifier) @name)])
  (_ declarator: [
    (identifier) @name
    (reference_declarator (identifier) @name)
    (qualified_identifier name: [(identifier) @name (qualified_identifier name: (identifier) @name)])
    (parenthesized_declarator (pointer_declarator declarator: (identifier) @name))
    (_ declarator: [
      (identifier) @name
      (qualified_identifier name: (identifier) @name)
      (parenthesized_declarator (pointer_declarator
        declarator: [(identifier) @name (_ declarator: (identifier) @name)]))
      (_ declarator: [
        (identifier) @name
        (parenthesized_declarator (pointer_declarator declarator: (identifier) @name))
      ])
    ])
  ])
] @definition.variable)

(preproc_def name: (identifier) @name value: (_)) @definition.macro
((preproc_def name: (identifier) @name !value) @definition.macro
  (#not-match? @name "_(H|HH|HPP|HXX|INC|INCLUDED)_*[0-9]*$"))
(preproc_function_def name: (identifier) @name) @definition.macro

(call_expression function: [
  (identifier) @name
  (template_function name: (identifier) @name)
  (field_expression field: [(field_identifier) @name (template_method name: (field_identifier) @name)])
  (qualified_identifier name: [
    (identifier) @name
    (template_function name: (identifier) @name)
    (qualified_identifier name: [
      (identifier) @name
      (template_function name: (identifier) @name)
      (qualified_identifier name: [(identifier) @name (template_function name: (identifier) @name)])
    ])
  ])
]) @reference.call
[
  (function_definition !type declarator: (function_declarator declarator: (identifier) @name))
  (declaration !type declarator: (function_declarator declarator: (identifier) @name))
] @reference.call
(new_expression type: [
  (type_identifier) @name
  (template_type name: (type_identifier) @name)
  (qualified_identifier name: [(type_identifier) @name (template_type name: (type_identifier) @name)])
]) @reference.class
(base_class_clause [
  (type_identifier) @name
  (template_type name: (type_identifier) @name)
  (qualified_identifier name: [
    (type_identifier) @name
    (template_type name: (type_identifier) @name)
    (qualified_identifier name: [(type_identifier) @name (template_type name: (type_identifier) @name)])
  ])
] @reference.class)
(type_identifier) @name @reference.type
(namespace_identifier) @name @reference.module

; Tables of functions and of constants.
(initializer_pair value: [(identifier) @name (pointer_expression argument: (identifier) @name)]) @reference.identifier
(qualified_identifier name: (identifier) @name) @reference.identifier
(preproc_ifdef name: (identifier) @name) @reference.identifier
((identifier) @name @reference.identifier (#match? @name "^[A-Z][A-Z0-9_]+$"))

(preproc_include path: [(string_literal) (system_lib_string)] @path) @import
(using_declaration (qualified_identifier scope: (_) @path name: (identifier) @name)) @import
(using_declaration "namespace" [(identifier) (qualified_identifier)] @path) @import

(comment) @comment
(template_parameter_list) @between
(requires_clause) @between
