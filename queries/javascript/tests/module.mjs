import web, { Router as Routes, json } from "express";
//     ^ reference.identifier
//            ^ reference.identifier
//                                           ^ import Router
//                                           ^ import json
//                                           ^ import web
import defaults, * as store from "./store.js";
//                                ^ import defaults
import "./polyfill.js";
//      ^ import
export { render, paint as draw } from "./view.js";
//       ^ export
//       ^ reference.identifier
//                        ^ export
//                                     ^ import paint
//                                     ^ import render
export * from "./events.js";
//             ^ import
export * as shapes from "./shapes.js";
//          ^ export
//                       ^ import

/** How many tries. */
export const LIMIT = 3;
//           ^ definition.constant
//           ^ export
let attempts = 0, pending;
//  ^ definition.variable
//                ^ definition.variable
var legacy = "yes";
//  ^ definition.variable
export let current = null, previous;
//         ^ definition.variable
//         ^ export
//                         ^ definition.variable
//                         ^ export
const settings = await import("./settings.js");
//    ^ reference.identifier
//                             ^ import

const twice = (n) => n * 2;
//    ^ definition.function
export const load = async function (path) {
//           ^ definition.function
//           ^ export
  const local = new Map();
//                  ^ reference.class load
  const hidden = () => local;
  function inner() { return fetch(path); }
//         ^ definition.function load
//                          ^ reference.call load.inner
  return inner();
};
const Base = class { };
//    ^ definition.class
export const { first, second: renamed, third = 3 } = store.load();
//             ^ definition.constant
//             ^ export
//                            ^ definition.constant
//                            ^ export
//                                     ^ definition.constant
//                                     ^ export
//                                                         ^ reference.call
export const [head] = [1];
//            ^ definition.constant
//            ^ export

const api = { get: () => load("a"), post(body) { return body; }, retries: 4 };
//    ^ definition.constant
//            ^ definition.method api
//                       ^ reference.call api.get
//                                  ^ definition.method api
export const handlers = { open: function () { api.get(); } };
//           ^ definition.constant
//           ^ export
//                        ^ definition.method handlers

export function* walk(tree) {
//               ^ definition.function
//               ^ export
  yield* tree.children?.map(twice);
}

/** A shape. */
@register
 // <- reference.call Shape
@store.tracked({ deep: true })
export class Shape extends store.Model {
//           ^ definition.class
//           ^ export
//                               ^ reference.class Shape
  static #count = 0;
//       ^ definition.field Shape
  name = "shape";
//^ definition.field Shape
  grow = () => this.#scale(2);
//^ definition.method Shape
//                  ^ reference.call Shape.grow

  constructor(name) { super(name); }
//^ definition.constructor Shape
  get area() { return Shape.#count; }
//    ^ definition.property Shape
  set area(value) { }
//    ^ definition.property Shape
  #scale(factor) { return new store.Scale(factor); }
//^ definition.method Shape
//                                  ^ reference.class Shape.#scale
  static async from(text) { return new Shape(text); }
//             ^ definition.method Shape
//                                     ^ reference.class Shape.from
}

class Circle extends Shape { }
//    ^ definition.class
//                   ^ reference.class Circle
class Ring extends mix(Circle, Shape) { }
//    ^ definition.class
//                 ^ reference.call Ring

settings.onchange = () => render(html`<b>`);
// <- definition.implementation
//       ^ definition.method settings
//                               ^ reference.call settings.onchange

export { Circle, Ring as Annulus };
//       ^ export
//                       ^ export
export default api;
//             ^ export
