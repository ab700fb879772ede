import type { Reader } from "./reader";
//            ^ reference.identifier
//                           ^ import Reader
import format, { type Options, parse as read } from "./format";
//     ^ reference.identifier
//                                                   ^ import Options
//                                                   ^ import format
//                                                   ^ import parse
import * as model from "./model";
//                      ^ import
import fs = require("fs");
//     ^ import
import "./polyfill";
//      ^ import
export type { Writer } from "./writer";
//            ^ export
//            ^ reference.identifier
//                           ^ import Writer
export * as shapes from "./shapes";
//          ^ export
//                       ^ import
export * from "./events";
//             ^ import
const legacy = require("./legacy");
//    ^ reference.identifier
//             ^ reference.call
//                      ^ import
const { once, many: several } = await import("./lazy");
//                                            ^ import many
//                                            ^ import once

/** Number of tries. */
export const LIMIT = 3;
//           ^ definition.constant
//           ^ export
let attempts = 0, pending: Reader | undefined;
//  ^ definition.variable
//                ^ definition.variable
//                         ^ reference.type pending
export let current: typeof format | null = null;
//         ^ definition.variable
//         ^ export
//                         ^ reference.identifier current
const registry = new Map<string, () => model.Shape>();
//    ^ definition.constant
//                   ^ reference.class registry
//                                     ^ reference.module registry
//                                           ^ reference.type registry

/** Anything that can be drawn. */
export interface Drawable extends model.Base, Reader<string> {
//               ^ definition.interface
//               ^ export
//                                ^ reference.module Drawable
//                                      ^ reference.implementation Drawable
//                                            ^ reference.implementation Drawable
  readonly id: string;
//         ^ definition.property Drawable
  onDraw?: (canvas: Canvas) => void;
//^ definition.property Drawable
//                  ^ reference.type Drawable.onDraw
  draw(canvas: Canvas): void;
//^ definition.method Drawable
  get bounds(): Box;
//    ^ definition.property Drawable
//              ^ reference.type Drawable.bounds
}

type Alias<T> = T extends infer U ? Box<U> : never;
//   ^ definition.type
//         ^ reference.type Alias
//              ^ reference.type Alias
//                              ^ reference.type Alias
//                                  ^ reference.type Alias
//                                      ^ reference.type Alias
type Props = { title: string; close(): void };
//   ^ definition.type
//             ^ definition.property Props
//                            ^ definition.method Props
type More = Props & { extra?: number };
//   ^ definition.type
//          ^ reference.type More
//                    ^ definition.property More

export const enum Color { Red, Green = "green" }
//                ^ definition.enumeration
//                ^ export
//                        ^ definition.variant Color
//                             ^ definition.variant Color

@Injectable()
 // <- reference.call Shape
@core.Scoped({ eager: true })
//    ^ reference.call Shape
export class Shape<T = unknown> extends model.Base<T> implements Drawable, model.Named<T>, Plain {
//           ^ definition.class
//           ^ export
//                                            ^ reference.class Shape
//                                                 ^ reference.type Shape
//                                                               ^ reference.implementation Shape
//                                                                         ^ reference.module Shape
//                                                                               ^ reference.implementation Shape
  static #count = 0;
//       ^ definition.field Shape
  private readonly points?: Point[] = [];
//                 ^ definition.field Shape
//                          ^ reference.type Shape.points
  onDraw = (canvas: Canvas) => this.#scale(2);
//^ definition.method Shape
//                                  ^ reference.call Shape.onDraw

  constructor(private readonly store: Store, public title = "", plain: string) { super(); }
//^ definition.constructor Shape
//                             ^ definition.field Shape.constructor
//                                                  ^ definition.field Shape.constructor

  /** Draws it. */
  @log
  @Guard(model.Rule)
  draw(@Inject() canvas: Canvas): void { canvas.fill<Color>(Color.Red)!; }
//^ definition.method Shape
//^ doc Draws it.
//                                                   ^ reference.type Shape.draw

  get bounds(): Box { return this.store!.find!(registry); }
//    ^ definition.property Shape
//              ^ reference.type Shape.bounds
//                                       ^ reference.call Shape.bounds
  area(): number;
//^ definition.method Shape
  area(unit?: string) { return read<number>(unit) as number; }
//^ definition.method Shape
//                             ^ reference.call Shape.area
  #scale(factor: number) { return new model.Scale<T>(factor); }
//^ definition.method Shape
//                                          ^ reference.class Shape.#scale
//                                                ^ reference.type Shape.#scale
}

abstract class Figure {
//             ^ definition.class
  protected abstract readonly sides: number;
//                            ^ definition.field Figure
  abstract area(): number;
//         ^ definition.method Figure
  abstract get name(): string;
//             ^ definition.property Figure
}

@Sealed export abstract class Solid extends Figure { }
 // <- reference.call Solid
//                            ^ definition.class
//                            ^ export
//                                          ^ reference.class Solid

export function load(path: string): Promise<Shape>;
//              ^ definition.function
//              ^ export
//                                  ^ reference.type load
export async function load(path: unknown) {
//                    ^ definition.function
//                    ^ export
  const local: Reader = fs.open(path);
//             ^ reference.type load
  const hidden = () => local;
  function inner(): void { hidden(); }
//         ^ definition.function load
//                         ^ reference.call load.inner
  return (await import("./loader")).default;
//                      ^ import
}
function* walk(tree: Tree) { yield tree; }
//        ^ definition.function
const twice = (n: number) => n * 2;
//    ^ definition.function
export const half = function (n: number) { return n / 2; };
//           ^ definition.function
//           ^ export
const Base = class { };
//    ^ definition.class
export const { first, second: renamed, third = 3 } = model.defaults;
//             ^ definition.constant
//             ^ export
//                            ^ definition.constant
//                            ^ export
//                                     ^ definition.constant
//                                     ^ export
export const [head] = [1];
//            ^ definition.constant
//            ^ export

const api = { get: () => load("a"), retries: 3 };
//    ^ definition.constant
//            ^ definition.method api
//                       ^ reference.call api.get
export const actions = { open: () => { }, run() { } } as const;
//           ^ definition.constant
//           ^ export
//                       ^ definition.method actions
//                                        ^ definition.method actions
export const routes = { home: () => { } } satisfies Routes;
//           ^ definition.constant
//           ^ export
//                      ^ definition.method routes
//                                                  ^ reference.type routes

export { api, Figure as Form };
//       ^ export
//                      ^ export
export default registry;
//             ^ export
