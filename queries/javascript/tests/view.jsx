import React from "react";
//     ^ reference.identifier
//                 ^ import React

export const View = ({ items }) => <List><Menu.Item key="a" /></List>;
//           ^ definition.function
//           ^ export
//                                  ^ reference.call View
//                                             ^ reference.call View

export default function App() {
//                      ^ definition.function
//                      ^ export
  return <motion.div><View items={load()} /></motion.div>;
//                    ^ reference.call App
//                                ^ reference.call App
}
