; Two levels of keys, and a third of those that hold keys themselves.

(document (block_node (block_mapping (block_mapping_pair key: (flow_node (_) @name)) @definition.section)))
(document (block_node (block_mapping (block_mapping_pair value: (block_node (block_mapping
  (block_mapping_pair key: (flow_node (_) @name)) @definition.section))))))
(document (block_node (block_mapping (block_mapping_pair value: (block_node (block_mapping
  (block_mapping_pair value: (block_node (block_mapping
    (block_mapping_pair key: (flow_node (_) @name) value: (block_node (block_mapping))) @definition.section)))))))))

(comment) @comment
