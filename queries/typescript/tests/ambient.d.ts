/** Version of the library. */
declare const VERSION: string;
//            ^ definition.constant
declare let debug: boolean;
//          ^ definition.variable
declare function start(options: Options): void;
//               ^ definition.function
//                              ^ reference.type start
export declare const build: number;
//                   ^ definition.constant
//                   ^ export
export declare class Engine { start(): void; static instances: number }
//                   ^ definition.class
//                   ^ export
//                            ^ definition.method Engine
//                                                  ^ definition.field Engine

declare module "plugin" {
//              ^ definition.module
  export function install(): void;
//                ^ definition.function plugin
//                ^ export
  const loaded: boolean;
//      ^ definition.constant plugin
  let retries: number;
//    ^ definition.variable plugin
  export default loaded;
//               ^ export
}

declare global {
  interface Window { engine: Engine }
//          ^ definition.interface
//                   ^ definition.property Window
//                           ^ reference.type Window.engine
  var handle: import("./handle").Handle;
//    ^ definition.variable
//                    ^ import
  const stamp: number;
//      ^ definition.constant
}

namespace Tools.Text {
//        ^ definition.module
  export const width = 80;
//             ^ definition.constant Tools.Text
//             ^ export
  const pad = (text: string) => text;
//      ^ definition.function Tools.Text
  let used: number;
//    ^ definition.variable Tools.Text
  export function wrap(text: string): string { return pad(text); }
//                ^ definition.function Tools.Text
//                ^ export
//                                                    ^ reference.call Tools.Text.wrap
}

export namespace Inner { const depth = 1; }
//               ^ definition.module
//               ^ export
//                             ^ definition.constant Inner

export as namespace Lib;
//                  ^ export
