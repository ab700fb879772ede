; Earlier patterns win. What a unit implements stands below what it declares, with the class before the name.

(unit (moduleName) @name) @definition.module
(program (moduleName) @name) @definition.module
(declType name: (identifier) @name type: (declClass (kRecord))) @definition.struct
(declType name: (identifier) @name type: (declClass)) @definition.class
(declType name: (identifier) @name type: (declIntf)) @definition.interface
(declType name: (identifier) @name type: (type (declEnum))) @definition.enumeration
(declType name: (identifier) @name) @definition.type
(declEnumValue name: (identifier) @name) @definition.variant
(declField name: (identifier) @name @definition.field)
(declProp name: (identifier) @name) @definition.property
[
  (declClass (declProc name: (identifier) @name) @definition.method)
  (declIntf (declProc name: (identifier) @name) @definition.method)
  (declSection (declProc name: (identifier) @name) @definition.method)
]
(defProc header: (declProc name: (genericDot lhs: (identifier) @name))) @definition.implementation
(defProc header: (declProc name: (genericDot rhs: (identifier) @name))) @definition.method
(defProc header: (declProc name: (identifier) @name)) @definition.function
(interface (declProc name: (identifier) @name) @definition.function)
(_ (declConsts (declConst name: (identifier) @name) @definition.constant))
[
  (interface (declVars (declVar name: (identifier) @name) @definition.variable))
  (implementation (declVars (declVar name: (identifier) @name) @definition.variable))
]
(defProc local: (_) @local)

(exprCall entity: [(identifier) @name (exprDot rhs: (identifier) @name)]) @reference.call
(inherited (identifier) @name) @reference.call
(declClass parent: (typeref (identifier) @name)) @reference.class
(typeref (identifier) @name) @reference.type
(exprDot rhs: (identifier) @name) @reference.identifier
((identifier) @name @reference.identifier (#match? @name ".[A-Z]"))

(declUses (moduleName) @path) @import

(comment) @comment
