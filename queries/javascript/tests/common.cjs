const files = require("node:path");
//    ^ reference.identifier
//            ^ reference.call
//                     ^ import
const { join, resolve: absolute } = require("node:path/posix");
//                                           ^ import join
//                                           ^ import resolve
const sep = require("./platform").separator;
//          ^ reference.call
//                   ^ import separator
//                                ^ reference.identifier

exports.parse = function parse(text) { return text; };
//      ^ definition.function
//      ^ export
exports.Parser = class { };
//      ^ definition.class
//      ^ export
exports.version = "1.0";
//      ^ definition.constant
//      ^ export
exports.cached = memo(join);
//      ^ definition.constant
//      ^ export
//               ^ reference.call cached
exports.path = require("./other");
//      ^ export
//                      ^ import
module.exports.print = (tree) => tree;
//             ^ definition.function
//             ^ export

function Emitter() { }
//       ^ definition.function
Emitter.prototype.emit = function (name) { this.on(name); };
// <- definition.implementation
//                ^ definition.method Emitter
//                                              ^ reference.call Emitter.emit
Emitter.prototype = {
// <- definition.implementation
  on: function (name) { },
//^ definition.method Emitter
  off(name) { },
//^ definition.method Emitter
};
Emitter.create = function create() { return new Emitter(); };
// <- definition.implementation
//      ^ definition.method Emitter
//                                              ^ reference.class Emitter.create

var app = module.exports = {};
//  ^ definition.variable
app.handlers = { stop: () => { } };
//               ^ definition.method

module.exports = class Server { };
//                     ^ definition.class
//                     ^ export
module.exports = function serve() { };
//                        ^ definition.function
//                        ^ export
module.exports = { app, port: 80, listen() { } };
//                 ^ export
//                      ^ export
//                                ^ definition.method
//                                ^ export
module.exports = Emitter;
//               ^ export
