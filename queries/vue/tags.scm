; What a component defines stands in its scripts; what its template uses is named here. Earlier patterns win.

((script_element
    (start_tag (attribute (attribute_name) @_lang (quoted_attribute_value (attribute_value) @_language)))
    (raw_text) @injection.typescript)
  (#eq? @_lang "lang")
  (#any-of? @_language "ts" "typescript"))
((script_element
    (start_tag (attribute (attribute_name) @_lang (quoted_attribute_value (attribute_value) @_language)))
    (raw_text) @injection.tsx)
  (#eq? @_lang "lang")
  (#eq? @_language "tsx"))
(script_element (raw_text) @injection.javascript)

([(start_tag (tag_name) @name) (self_closing_tag (tag_name) @name)] @reference.class (#match? @name "^[A-Z]\\w*$"))
; `@click="increment"`, `:items="all"`, `v-model="name"`.
((attribute (attribute_name) @_directive (quoted_attribute_value (attribute_value) @name)) @reference.identifier
  (#match? @_directive "^(@|:|v-)")
  (#match? @name "^[A-Za-z_$][\\w$]*$"))
