; `defun` and the special forms have nodes of their own; other macros that define are lists.

(function_definition name: (symbol) @name docstring: (string)? @doc) @definition.function
(macro_definition name: (symbol) @name docstring: (string)? @doc) @definition.macro
((list . (symbol) @_def . (symbol) @name) @definition.function
  (#any-of? @_def "cl-defun" "cl-defsubst" "defsubst" "cl-defgeneric" "define-inline" "ert-deftest"
    "define-minor-mode" "define-globalized-minor-mode" "define-derived-mode" "transient-define-prefix"
    "transient-define-suffix" "iter-defun"))
((list . (symbol) @_def . (symbol) @name) @definition.method (#any-of? @_def "cl-defmethod" "defmethod"))
((list . (symbol) @_def . (symbol) @name) @definition.macro (#any-of? @_def "cl-defmacro" "pcase-defmacro"))
((list . (symbol) @_def . (quote (symbol) @name)) @definition.function
  (#any-of? @_def "defalias" "define-obsolete-function-alias"))
(special_form "defvar" . (symbol) @name . (_) . (string)? @doc) @definition.variable
(special_form "defconst" . (symbol) @name . (_)? . (string)? @doc) @definition.constant
((list . (symbol) @_def . (symbol) @name . (_) . (string) @doc) @definition.variable
  (#any-of? @_def "defcustom" "defvar-local" "defface"))
((list . (symbol) @_def . (symbol) @name) @definition.variable
  (#any-of? @_def "defcustom" "defvar-local" "defvar-keymap" "defface"))
((list . (symbol) @_def . [(symbol) @name (list . (symbol) @name)]) @definition.struct (#eq? @_def "cl-defstruct"))
((list . (symbol) @_def . (_) [(symbol) @name (list . (symbol) @name)] @definition.field)
  (#eq? @_def "cl-defstruct"))
((list . (symbol) @_def . (symbol) @name) @definition.class (#eq? @_def "defclass"))

((list . (symbol) @_def . (symbol) . (symbol) @name) @reference.class (#eq? @_def "define-derived-mode"))
((list . (symbol) @name) @reference.call
  (#not-match? @name "^(def.*|cl-def.*|define-.*|require|provide|when|unless|dolist|dotimes|pcase|push|setf|not|null|car|cdr|list|cons)$"))
(function_quote (symbol) @name) @reference.identifier
(quote (symbol) @name) @reference.identifier
((symbol) @name @reference.identifier (#match? @name "[a-z]-"))

((list . (symbol) @_require . (quote (symbol) @path)) @import (#eq? @_require "require"))
((list . (symbol) @_load . (string) @path) @import (#any-of? @_load "load" "load-file" "load-library"))
((list . (symbol) @_autoload . (quote (symbol) @name) . (string) @path) @import (#eq? @_autoload "autoload"))
((list . (symbol) @_provide . (quote (symbol) @export)) (#eq? @_provide "provide"))

(comment) @comment
