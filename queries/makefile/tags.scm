; A target is what other rules ask for, as they would call a function. Those with a dot speak to make itself.

((rule (targets (word) @name @definition.function)) (#not-match? @name "^[.]|%"))
(variable_assignment name: (word) @name) @definition.variable
(define_directive name: (word) @name) @definition.macro

((rule (targets (word) @_target) normal: (prerequisites (word) @name @reference.call)) (#not-match? @_target "^[.]"))
(variable_reference (word) @name) @reference.identifier

(include_directive filenames: (list (word) @path)) @import

(comment) @comment
