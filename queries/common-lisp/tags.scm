; Everything is a list; what its first symbol says makes it a definition. `defun` and its like have a node of their own.

(defun (defun_header keyword: (defun_keyword ["defun" "defgeneric"])
  function_name: (sym_lit) @name) . (str_lit)? @doc) @definition.function
(defun (defun_header keyword: (defun_keyword "defmethod") function_name: (sym_lit) @name) . (str_lit)? @doc)
  @definition.method
(defun (defun_header keyword: (defun_keyword "defmacro") function_name: (sym_lit) @name) . (str_lit)? @doc)
  @definition.macro
(defun (defun_header function_name: (list_lit (sym_lit) . (sym_lit) @name)) . (str_lit)? @doc) @definition.function

((list_lit . (sym_lit) @_def . [
    (sym_lit) @name
    (kwd_lit (kwd_symbol) @name)
  ]) @definition.module
  (#any-of? @_def "defpackage" "define-package" "uiop:define-package" "defsystem" "asdf:defsystem"))
((list_lit . (sym_lit) @_def . (sym_lit) @name . (_)? . (str_lit)? @doc) @definition.variable
  (#any-of? @_def "defvar" "defparameter" "define-symbol-macro"))
((list_lit . (sym_lit) @_def . (sym_lit) @name) @definition.constant
  (#any-of? @_def "defconstant" "define-constant" "alexandria:define-constant"))
((list_lit . (sym_lit) @_def . (sym_lit) @name) @definition.class
  (#any-of? @_def "defclass" "define-condition"))
((list_lit . (sym_lit) @_def . (sym_lit) . (list_lit) .
    (list_lit [(sym_lit) @name (list_lit . (sym_lit) @name)] @definition.field))
  (#any-of? @_def "defclass" "define-condition"))
((list_lit . (sym_lit) @_def . (sym_lit) (list_lit (list_lit (kwd_lit (kwd_symbol) @_kind) . (sym_lit) @name
    @definition.method)))
  (#any-of? @_def "defclass" "define-condition")
  (#any-of? @_kind "accessor" "reader" "writer"))
((list_lit . (sym_lit) @_def . [(sym_lit) @name (list_lit . (sym_lit) @name)]) @definition.struct
  (#eq? @_def "defstruct"))
((list_lit . (sym_lit) @_def . (_) [(sym_lit) @name (list_lit . (sym_lit) @name)] @definition.field)
  (#eq? @_def "defstruct"))
((list_lit . (sym_lit) @_def . (sym_lit) @name) @definition.type (#eq? @_def "deftype"))
((list_lit . (sym_lit) @_def . (sym_lit) @name) @definition.macro
  (#any-of? @_def "define-modify-macro" "define-compiler-macro" "defsetf" "define-setf-expander"))

; Superclasses.
((list_lit . (sym_lit) @_def . (sym_lit) . (list_lit (sym_lit) @name @reference.class))
  (#any-of? @_def "defclass" "define-condition"))
; The class a method is for.
(defun_header lambda_list: (list_lit (list_lit . (sym_lit) . (sym_lit) @name .)) @reference.type)
((list_lit . (sym_lit) @_make . (quoting_lit (sym_lit) @name)) @reference.class
  (#any-of? @_make "make-instance" "make-condition" "error" "signal"))
((list_lit . (sym_lit) @name) @reference.call
  (#not-match? @name "^(def.*|let|let[*]|if|when|unless|cond|case|progn|setf|setq|lambda|quote|function|loop|do|dolist|dotimes|and|or|not|in-package|declare|the|flet|labels|return|return-from|block)$"))
(var_quoting_lit (sym_lit) @name) @reference.identifier
((sym_lit) @name @reference.identifier (#match? @name "..-|^[*+].+[*+]$"))

((list_lit . (sym_lit) @_def (list_lit . (kwd_lit (kwd_symbol) @_use) [
    (kwd_lit (kwd_symbol) @path)
    (sym_lit) @path
  ]) @import)
  (#match? @_def "define-package|defpackage")
  (#any-of? @_use "use" "mix" "reexport"))
((list_lit . (sym_lit) @_def (list_lit . (kwd_lit (kwd_symbol) @_from) .
    [(kwd_lit (kwd_symbol) @path) (sym_lit) @path]
    [(kwd_lit (kwd_symbol) @name) (sym_lit) @name]) @import)
  (#match? @_def "define-package|defpackage")
  (#any-of? @_from "import-from" "shadowing-import-from"))
((list_lit . (sym_lit) @_def (list_lit . (kwd_lit (kwd_symbol) @_export)
    [(kwd_lit (kwd_symbol) @export) (sym_lit) @export]))
  (#match? @_def "define-package|defpackage")
  (#eq? @_export "export"))
((list_lit . (sym_lit) @_load . [(str_lit) @path (kwd_lit (kwd_symbol) @path)]) @import
  (#any-of? @_load "load" "require" "ql:quickload" "asdf:load-system"))
((list_lit . (sym_lit) @_in . [(kwd_lit (kwd_symbol) @path) (sym_lit) @path]) @import
  (#any-of? @_in "in-package" "use-package"))

[(comment) (block_comment)] @comment
