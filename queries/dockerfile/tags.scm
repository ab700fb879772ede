; A stage is known by its alias. What is copied comes from the folder that is built, not from another file's names.

(from_instruction as: (image_alias) @name) @definition.module
(arg_instruction (arg_pair name: (_) @name) @definition.variable)
(env_instruction (env_pair name: (_) @name) @definition.variable)

(expansion (variable) @name) @reference.identifier
(image_spec name: (image_name) @name) @reference.module

(comment) @comment
