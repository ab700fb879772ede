[
  (table . (_) @name)
  (table_array_element . (_) @name)
] @definition.section
(document (pair . (_) @name) @definition.section)
(table (pair . (_) @name) @definition.section)
(table_array_element (pair . (_) @name) @definition.section)

(comment) @comment
