; Headings, and what a link can lead to.

((element (start_tag (tag_name) @_tag) . [(text) @name (element (start_tag) . (text) @name)]) @definition.section
  (#match? @_tag "^([hH][1-6]|title)$"))
((element [
    (start_tag (attribute (attribute_name) @_id (quoted_attribute_value (attribute_value) @name)))
    (self_closing_tag (attribute (attribute_name) @_id (quoted_attribute_value (attribute_value) @name)))
  ]) @definition.section
  (#eq? @_id "id"))
