; What a component defines stands in its scripts; what its markup uses is named here. Earlier patterns win.

((script_element
    (start_tag (attribute (attribute_name) @_lang (quoted_attribute_value (attribute_value) @_language)))
    (raw_text) @injection.typescript)
  (#eq? @_lang "lang")
  (#any-of? @_language "ts" "typescript"))
(script_element (raw_text) @injection.javascript)

([(start_tag (tag_name) @name) (self_closing_tag (tag_name) @name)] @reference.class (#match? @name "^[A-Z]\\w*$"))
((svelte_raw_text) @name @reference.identifier (#match? @name "^[A-Za-z_$][\\w$]*$"))
