; Two levels of keys, and a third of those that hold keys themselves.

(document (object (pair key: (string (string_content) @name)) @definition.section))
(document (object (pair value: (object (pair key: (string (string_content) @name)) @definition.section))))
(document (object (pair value: (object (pair value: (object
  (pair key: (string (string_content) @name) value: (object)) @definition.section))))))

(comment) @comment
