; Everything is a list; what its first symbol says makes it a definition. Earlier patterns win: one with
; documentation comes before one without.

((list_lit . (sym_lit name: (_) @_def) . (sym_lit name: (_) @name) . (str_lit)? @doc) @definition.module
  (#any-of? @_def "ns" "in-ns"))
((list_lit . (sym_lit name: (_) @_def) . (sym_lit name: (_) @name) . (str_lit) @doc) @definition.function
  (#any-of? @_def "defn" "defn-" "defmulti" "deftest" "definline" "defn-spec"))
((list_lit . (sym_lit name: (_) @_def) . (sym_lit name: (_) @name)) @definition.function
  (#any-of? @_def "defn" "defn-" "defmulti" "deftest" "definline" "defn-spec"))
((list_lit . (sym_lit name: (_) @_def) . (sym_lit name: (_) @name)) @definition.method (#eq? @_def "defmethod"))
((list_lit . (sym_lit name: (_) @_def) . (sym_lit name: (_) @name) . (str_lit)? @doc) @definition.macro
  (#eq? @_def "defmacro"))
((list_lit . (sym_lit name: (_) @_def) . (sym_lit name: (_) @name) . (str_lit)? @doc) @definition.interface
  (#any-of? @_def "defprotocol" "definterface"))
((list_lit . (sym_lit name: (_) @_def) . (sym_lit) (list_lit . (sym_lit name: (_) @name)) @definition.method)
  (#any-of? @_def "defprotocol" "definterface" "defrecord" "deftype"))
((list_lit . (sym_lit name: (_) @_def) . (sym_lit name: (_) @name)) @definition.class
  (#any-of? @_def "defrecord" "deftype"))
((list_lit . (sym_lit name: (_) @_def) . (sym_lit) . (vec_lit (sym_lit name: (_) @name) @definition.field))
  (#any-of? @_def "defrecord" "deftype"))
((list_lit . (sym_lit name: (_) @_def) . (sym_lit name: (_) @name) . (str_lit) @doc . (_)) @definition.variable
  (#eq? @_def "def"))
((list_lit . (sym_lit name: (_) @_def) . (sym_lit name: (_) @name)) @definition.variable
  (#any-of? @_def "def" "defonce"))

; What extends a protocol implements it.
((list_lit . (sym_lit name: (_) @_def) (sym_lit name: (_) @name) @reference.implementation)
  (#any-of? @_def "defrecord" "deftype" "reify" "extend-type" "extend-protocol" "extend"))
; `(Date. 5)`: the dot is no part of the name, but it cannot be taken off.
((list_lit . (sym_lit name: (_) @_new) . (sym_lit name: (_) @name)) @reference.class (#eq? @_new "new"))
((list_lit . (sym_lit name: (_) @name)) @reference.call
  (#not-match? @name "^def|^(ns|let|if|if-let|if-not|when|when-let|when-not|do|fn|loop|recur|quote|var|throw|try|catch|finally|cond|case|for|doseq|dotimes|and|or|not|require|import|use|declare|new)$"))
(var_quoting_lit (sym_lit name: (_) @name)) @reference.identifier
((sym_lit name: (_) @name) @reference.identifier (#match? @name "..-|[A-Z]|^[*].*[*]$"))

((list_lit . (kwd_lit name: (_) @_require) [
    (sym_lit name: (_) @path)
    (vec_lit . (sym_lit name: (_) @path))
  ]) @import
  (#any-of? @_require "require" "require-macros" "use" "import"))
((list_lit . (kwd_lit name: (_) @_require)
    (vec_lit . (sym_lit name: (_) @path) (kwd_lit name: (_) @_refer) . (_ (sym_lit name: (_) @name)))) @import
  (#any-of? @_require "require" "use")
  (#any-of? @_refer "refer" "only"))
((list_lit . (kwd_lit name: (_) @_import)
    (_ . (sym_lit name: (_) @path) . (sym_lit name: (_) @name))) @import
  (#eq? @_import "import"))
((list_lit . (kwd_lit name: (_) @_import)
    (_ . (sym_lit name: (_) @path) (sym_lit) (sym_lit name: (_) @name))) @import
  (#eq? @_import "import"))
; At the prompt and in scripts: `(require '[app.db :as db])`.
((list_lit . (sym_lit name: (_) @_require) (quoting_lit [
    (sym_lit name: (_) @path)
    (vec_lit . (sym_lit name: (_) @path))
  ])) @import
  (#any-of? @_require "require" "use"))

(comment) @comment
