; Everything is a list; what its first symbol says makes it a definition. Only those of a file or a library count:
; what a function defines is its own. Earlier patterns win.

((list . (symbol) @_define . (symbol) @name . (list . (symbol) @_lambda)) @definition.function
  (#any-of? @_define "define" "define*")
  (#any-of? @_lambda "lambda" "lambda*" "case-lambda" "λ"))
((list . (symbol) @_define . (list . [(symbol) @name (list . (symbol) @name)])) @definition.function
  (#match? @_define "^define[*-]?(public|inlinable|/contract|/public|/private|/override)?$"))
((list . (symbol) @_define . [(symbol) @name (list . (symbol) @name)]) @definition.macro
  (#match? @_define "^define-syntax|^define-macro$|^define-simple-macro$"))
((list . (symbol) @_define . (symbol) @name) @definition.variable
  (#match? @_define "^define(-public|/contract|-values|-parameter)?$"))
((list . (symbol) @_define . [(symbol) @name (list . (symbol) @name)]) @definition.struct
  (#any-of? @_define "define-record-type" "define-structure"))
((list . (symbol) @_define . (symbol) . [(list . (symbol) @name) (symbol) @name] @definition.constructor)
  (#eq? @_define "define-record-type"))
((list . (symbol) @_define . (symbol) . (_) . (symbol) @name @definition.function)
  (#eq? @_define "define-record-type"))
; A field, and the functions that read and set it.
((list . (symbol) @_define . (symbol) . (_) . (symbol) (list . (symbol) @name) @definition.field)
  (#eq? @_define "define-record-type"))
((list . (symbol) @_define . (symbol) . (_) . (symbol) (list . (symbol) (symbol) @name @definition.function))
  (#eq? @_define "define-record-type"))
((list . (symbol) @_define . (list) @name) @definition.module (#any-of? @_define "define-module" "define-library" "library"))
; A definition below a definition is local, unless that is a module.
((list . (symbol) @_define . (list) (list) @local)
  (#match? @_define "^define[*-]?(public|inlinable|/contract|/public|/private|/override)?$"))

((list . (symbol) @name) @reference.call
  (#not-match? @name "^(define.*|let.*|lambda|if|cond|case|and|or|not|begin|set!|do|when|unless|quote|else|import|export|require|provide|library|use-modules|only|except|prefix|rename|syntax-rules)$"))
((symbol) @name @reference.identifier (#match? @name "..[-?!>]"))

((list . (symbol) @_import [
    (list . (symbol) @_first) @path
    (list . (symbol) @_set . (list) @path)
  ]) @import
  (#any-of? @_import "import" "use-modules")
  (#not-any-of? @_first "only" "except" "prefix" "rename"))
((list . (symbol) @_import (list . (symbol) @_only . (list) @path . (symbol) @name)) @import
  (#any-of? @_import "import")
  (#eq? @_only "only"))
((list . (symbol) @_module (keyword) @_use . (list) @path) @import
  (#eq? @_module "define-module")
  (#eq? @_use "#:use-module"))
((list . (symbol) @_load . (string) @path) @import (#any-of? @_load "load" "include"))
((list . (symbol) @_export (symbol) @export) (#eq? @_export "export"))
((list . (symbol) @_module (keyword) @_export . (list (symbol) @export))
  (#eq? @_module "define-module")
  (#eq? @_export "#:export"))

[(comment) (block_comment)] @comment
