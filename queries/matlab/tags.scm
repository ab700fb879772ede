; Earlier patterns win: functions of a class are methods, everywhere else functions. Help stands inside, at the top.

(class_definition name: (identifier) @name . (superclasses)? . (comment)? @doc) @definition.class
(class_definition (methods (function_definition name: (identifier) @name . (function_arguments)? . (comment)? @doc)
  @definition.method))
(class_definition (methods (function_signature name: (identifier) @name) @definition.method))
((class_definition (properties (attributes (attribute (identifier) @_constant))
    (property name: (identifier) @name) @definition.constant))
  (#eq? @_constant "Constant"))
(class_definition (properties (property name: (identifier) @name) @definition.property))
(class_definition (events (identifier) @name @definition.property))
(enum . (identifier) @name) @definition.variant
(function_definition name: (identifier) @name . (function_arguments)? . (comment)? @doc) @definition.function

; An element of an array looks like a call.
(function_call name: (identifier) @name) @reference.call
(handle_operator (identifier) @name) @reference.call
(command (command_name) @name) @reference.call
(superclasses (property_name) @name) @reference.class
(superclass (identifier) @name) @reference.class
(field_expression object: (identifier) @name) @reference.identifier
(field_expression field: (identifier) @name) @reference.identifier
((identifier) @name @reference.identifier (#match? @name "[A-Z_]."))

((command (command_name) @_import (command_argument) @path) @import (#eq? @_import "import"))

(comment) @comment
