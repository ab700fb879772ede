; A block is known by its last label. One with a type before it is in the scope of that type: `aws_vpc.main`.
; Earlier patterns win: what is described comes before what is not.

((block . (identifier) @_kind
    . [(string_lit (template_literal) @name) (identifier) @name]
    . [(string_lit) (identifier)]
    . (block_start)) @definition.implementation
  (#any-of? @_kind "resource" "data" "ephemeral" "source"))
((block . (identifier) @_kind . (_) . [(string_lit (template_literal) @name) (identifier) @name] . (block_start))
  @definition.object
  (#any-of? @_kind "resource" "data" "ephemeral" "source"))

((block . (identifier) @_kind
    . [(string_lit (template_literal) @name) (identifier) @name]
    . (block_start)
    (body (attribute . (identifier) @_key (expression (literal_value (string_lit (template_literal) @doc))))))
  @definition.variable
  (#eq? @_kind "variable")
  (#eq? @_key "description"))
((block . (identifier) @_kind . [(string_lit (template_literal) @name) (identifier) @name] . (block_start))
  @definition.variable
  (#eq? @_kind "variable"))
((block . (identifier) @_kind
    . [(string_lit (template_literal) @name) (identifier) @name]
    . (block_start)
    (body (attribute . (identifier) @_key (expression (literal_value (string_lit (template_literal) @doc))))))
  @definition.property
  (#eq? @_kind "output")
  (#eq? @_key "description"))
((block . (identifier) @_kind . [(string_lit (template_literal) @name) (identifier) @name] . (block_start))
  @definition.property
  (#eq? @_kind "output"))
((block . (identifier) @_kind . [(string_lit (template_literal) @export) (identifier) @export] . (block_start))
  (#eq? @_kind "output"))

((block . (identifier) @_kind . [(string_lit (template_literal) @name) (identifier) @name] . (block_start))
  @definition.module
  (#eq? @_kind "module"))
((block . (identifier) @_kind . [(string_lit (template_literal) @name) (identifier) @name] . (block_start))
  @definition.function
  (#eq? @_kind "function"))
((block . (identifier) @_kind . (block_start) (body (attribute . (identifier) @name) @definition.constant))
  (#eq? @_kind "locals"))
((block . (identifier) @_kind [(string_lit (template_literal) @name) (identifier) @name] . (block_start))
  @definition.section
  (#not-any-of? @_kind "dynamic" "provisioner" "backend"))

(block . (identifier) . (string_lit (template_literal) @name @reference.type) . (string_lit))
(function_call (identifier) @name) @reference.call

; module.NAME.OUTPUT, data.TYPE.NAME, TYPE.NAME, var.NAME, local.NAME
(((variable_expr (identifier) @_root) . (get_attr (identifier) @name @reference.module))
  (#eq? @_root "module"))
(((variable_expr (identifier) @_root) . (get_attr) . (get_attr (identifier) @name @reference.identifier))
  (#any-of? @_root "module" "data" "dependency"))
(((variable_expr (identifier) @_root) . (get_attr (identifier) @name @reference.type))
  (#eq? @_root "data"))
(((variable_expr (identifier) @_root) . (get_attr (identifier) @name @reference.identifier))
  (#not-any-of? @_root "each" "count" "self" "path" "terraform"))
; The grammar reads `!var.a` as `(!var).a`.
((operation) . (get_attr (identifier) @name @reference.identifier))
(((variable_expr (identifier) @name @reference.type) . (get_attr))
  (#not-any-of? @name "each" "count" "self" "path" "terraform" "var" "local" "module" "data" "dependency"))
[
  (attribute (expression . (variable_expr (identifier) @name) .))
  (function_arguments (expression . (variable_expr (identifier) @name) .))
  (template_interpolation (expression . (variable_expr (identifier) @name) .))
] @reference.identifier

; What a module is given and what a file of values sets are variables declared elsewhere.
((block . (identifier) @_kind (body (attribute . (identifier) @name @reference.identifier))) (#eq? @_kind "module"))
(config_file (body (attribute . (identifier) @name @reference.identifier)))
((config_file (body (attribute . (identifier) @_inputs (expression (collection_value (object
    (object_elem key: (expression (variable_expr (identifier) @name @reference.identifier)))))))))
  (#eq? @_inputs "inputs"))

((block . (identifier) @_kind
    (body (attribute . (identifier) @_key (expression (literal_value (string_lit (template_literal) @path)))) @import))
  (#any-of? @_kind "module" "terraform" "dependency" "include")
  (#any-of? @_key "source" "config_path" "path"))

(comment) @comment
