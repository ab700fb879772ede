package outer {
//      ^ definition.module
  class Inside
//      ^ definition.class outer
}
