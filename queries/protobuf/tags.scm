(package (full_ident) @name) @definition.module
(message (message_name (identifier) @name)) @definition.struct
(enum (enum_name (identifier) @name)) @definition.enumeration
(service (service_name (identifier) @name)) @definition.interface
(rpc (rpc_name (identifier) @name)) @definition.method
(oneof . (identifier) @name) @definition.union
[
  (field (identifier) @name)
  (map_field (identifier) @name)
  (oneof_field (identifier) @name)
] @definition.field
(enum_field . (identifier) @name) @definition.variant
(extend (full_ident (identifier) @name .)) @definition.implementation

(message_or_enum_type (identifier) @name .) @reference.type
(full_ident (identifier) @name .) @reference.type

(import path: (string) @path) @import

(comment) @comment
