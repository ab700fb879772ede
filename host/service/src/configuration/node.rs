//! A value as a layer gave it, for serde to read. A file's values have types; a variable's text becomes what the setting
//! is, so that a new setting needs no code here.

use std::{collections::BTreeMap, str::FromStr};

use serde::{
    Deserializer,
    de::{
        DeserializeSeed, EnumAccess, Error as _, IntoDeserializer, Visitor,
        value::{Error, MapDeserializer, SeqDeserializer, StringDeserializer},
    },
    forward_to_deserialize_any,
};

/// A value, and where it comes from.
#[derive(Clone, Debug)]
pub enum Node {
    /// A section.
    Table(BTreeMap<String, Node>),
    /// What a file says.
    Value(toml::Value, String),
    /// What a variable, a flag or a file of one value says.
    Text(String, String),
}

impl Node {
    /// A file's table; `origin` is its name.
    pub fn of(value: toml::Value, origin: &str) -> Self {
        match value {
            toml::Value::Table(table) => {
                Self::Table(table.into_iter().map(|(key, value)| (key, Self::of(value, origin))).collect())
            }
            value => Self::Value(value, origin.to_owned()),
        }
    }

    /// Where it comes from; a section comes from anywhere.
    pub fn origin(&self) -> Option<&str> {
        match self {
            Self::Table(_) => None,
            Self::Value(_, origin) | Self::Text(_, origin) => Some(origin),
        }
    }

    /// Lays another one over it.
    pub fn lay(&mut self, over: Self) {
        match (self, over) {
            (Self::Table(below), Self::Table(over)) => {
                for (key, node) in over {
                    match below.get_mut(&key) {
                        Some(found) => found.lay(node),
                        None => drop(below.insert(key, node)),
                    }
                }
            }
            (below, over) => *below = over,
        }
    }
}

fn parsed<T: FromStr>(text: &str, expected: &str) -> Result<T, Error> {
    // The text itself stays out: it may be a secret that was given in the wrong place.
    text.trim().parse().map_err(|_| Error::custom(format_args!("expected {expected}")))
}

macro_rules! numbers {
    ($($method:ident $visit:ident $type:ty, $expected:literal;)+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self {
                Self::Text(text, _) => visitor.$visit(parsed::<$type>(&text, $expected)?),
                other => other.deserialize_any(visitor),
            }
        })+
    };
}

impl<'de> Deserializer<'de> for Node {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Table(table) => visitor.visit_map(MapDeserializer::new(table.into_iter())),
            Self::Value(value, _) => value.deserialize_any(visitor).map_err(|error| Error::custom(error.message())),
            Self::Text(text, _) => visitor.visit_string(text),
        }
    }

    numbers! {
        deserialize_bool visit_bool bool, "true or false";
        deserialize_u8 visit_u8 u8, "a whole number from 0 to 255";
        deserialize_u16 visit_u16 u16, "a whole number from 0 to 65535";
        deserialize_u32 visit_u32 u32, "a whole number, 0 or more";
        deserialize_u64 visit_u64 u64, "a whole number, 0 or more";
        deserialize_i64 visit_i64 i64, "a whole number";
        deserialize_f64 visit_f64 f64, "a number";
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    /// In a text, commas are between the entries.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Text(text, origin) => {
                let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
                let entries: Vec<_> = entries.map(|entry| Self::Text(entry.to_owned(), origin.clone())).collect();
                visitor.visit_seq(SeqDeserializer::new(entries.into_iter()))
            }
            other => other.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            Self::Text(text, _) | Self::Value(toml::Value::String(text), _) => visitor.visit_enum(Word(text)),
            other => other.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u128 f32 char str string bytes byte_buf unit unit_struct tuple tuple_struct map struct
        identifier ignored_any
    }
}

/// A word, as one of several.
struct Word(String);

impl<'de> EnumAccess<'de> for Word {
    type Error = Error;
    type Variant = <StringDeserializer<Error> as EnumAccess<'de>>::Variant;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self::Variant), Error> {
        let word: StringDeserializer<Error> = self.0.into_deserializer();
        word.variant_seed(seed)
    }
}

impl IntoDeserializer<'_, Error> for Node {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
