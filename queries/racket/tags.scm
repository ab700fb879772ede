; What Racket has beside Scheme.

((list . (symbol) @_struct . (symbol) @name) @definition.struct (#any-of? @_struct "struct" "define-struct"))
((list . (symbol) @_struct . (symbol) (list [(symbol) @name (list . (symbol) @name)] @definition.field))
  (#any-of? @_struct "struct" "define-struct"))
((list . (symbol) @_module . (symbol) @name) @definition.module (#any-of? @_module "module" "module*" "module+"))

((list . (symbol) @_struct . (symbol) . (symbol) @name) @reference.class (#eq? @_struct "struct"))

((list . (symbol) @_require [(symbol) @path (string) @path]) @import (#eq? @_require "require"))
((list . (symbol) @_require (list . (symbol) @_only . [(symbol) @path (string) @path])) @import
  (#eq? @_require "require")
  (#any-of? @_only "only-in" "except-in" "prefix-in" "rename-in" "for-syntax"))
((list . (symbol) @_require (list . (symbol) @_only . [(symbol) @path (string) @path] (symbol) @name)) @import
  (#eq? @_require "require")
  (#eq? @_only "only-in"))
((list . (symbol) @_provide [(symbol) @export (list . (symbol) (symbol) @export)]) (#eq? @_provide "provide"))
