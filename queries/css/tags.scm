; Each selector by itself: `.nav a`, `#main`. A property is only one of its own, `--main-color`.

(rule_set (selectors (_) @name)) @definition.section
(media_statement . (_) @name) @definition.section
(keyframes_statement (keyframes_name) @name) @definition.section
((declaration . (property_name) @name) @definition.section (#match? @name "^--"))

(comment) @comment
