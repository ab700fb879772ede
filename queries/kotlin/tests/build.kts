#!/usr/bin/env kotlin
import build.Tools
//     ^ import
//           ^ reference.identifier

val target = "jvm"
//  ^ definition.variable

tasks.register("run") {
//    ^ reference.call
    dependsOn(Tools.compile(target))
//  ^ reference.call
//            ^ reference.identifier
}
