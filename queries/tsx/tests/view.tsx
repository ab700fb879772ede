import React, { useState } from "react";
//     ^ reference.identifier
//              ^ reference.identifier
//                               ^ import React
//                               ^ import useState
import type { Item } from "./item";
//                         ^ import Item

interface Props { items: Item[]; onPick?: (item: Item) => void }
//        ^ definition.interface
//                ^ definition.property Props
//                       ^ reference.type Props.items
//                               ^ definition.property Props
//                                               ^ reference.type Props.onPick

/** Lists items. */
export const List: React.FC<Props> = ({ items }) => {
//           ^ definition.function
//           ^ export
//                 ^ reference.module List
//                       ^ reference.type List
//                          ^ reference.type List
  const [open, setOpen] = useState<boolean>(false);
//                        ^ reference.call List
  return <ul><Menu.Entry<Item> key="a" onPick={() => setOpen(!open)} /><Row>{items.map(render)}</Row></ul>;
//                 ^ reference.call List
//                       ^ reference.type List
//                                                   ^ reference.call List
//                                                                      ^ reference.call List
//                                                                                 ^ reference.call List
};

const identity = <T,>(value: T): T => value;
//    ^ definition.function
//                ^ reference.type identity
//                               ^ reference.type identity

export default class App extends React.Component<Props> {
//                   ^ definition.class
//                   ^ export
//                                     ^ reference.class App
//                                               ^ reference.type App
  state = { count: 0 };
//^ definition.field App
  render() { return <motion.div><List items={identity(this.props.items)} /></motion.div>; }
//^ definition.method App
//                               ^ reference.call App.render
//                                           ^ reference.call App.render
}
