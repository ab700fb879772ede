; A name is bound by a set or by `let`; it may have several parts. Paths are what files take from each other.

(binding attrpath: (attrpath) @name expression: (function_expression)) @definition.function
(let_expression (binding_set (binding attrpath: (attrpath) @name) @definition.variable))
(binding attrpath: (attrpath) @name) @definition.property

(apply_expression function: [
  (variable_expression name: (identifier) @name)
  (select_expression attrpath: (attrpath attr: (identifier) @name .))
]) @reference.call
(inherited_attrs attr: (identifier) @name) @reference.identifier
(select_expression attrpath: (attrpath attr: (identifier) @name .)) @reference.identifier
((variable_expression name: (identifier) @name) @reference.identifier (#match? @name "..."))

[(path_expression) (hpath_expression) (spath_expression)] @import @path

(comment) @comment
