class Settings { }
//    ^ definition.class
export = Settings;
//       ^ export
