//! A tree to types: a serde deserializer without messages, whose every path exists once.

use std::fmt;

use serde::de::value::{StrDeserializer, U32Deserializer};
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer, MapAccess, SeqAccess};
use serde::de::{VariantAccess, Visitor};

use super::Unreadable;
use super::tree::Node;

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unreadable JSON")
    }
}

impl std::error::Error for Unreadable {}

impl Error for Unreadable {
    // Formatting the message would drag every type's name into the bundle.
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
    fn invalid_type(_: serde::de::Unexpected<'_>, _: &dyn serde::de::Expected) -> Self {
        Self
    }
    fn invalid_value(_: serde::de::Unexpected<'_>, _: &dyn serde::de::Expected) -> Self {
        Self
    }
    fn invalid_length(_: usize, _: &dyn serde::de::Expected) -> Self {
        Self
    }
    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }
    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }
    fn missing_field(_: &'static str) -> Self {
        Self
    }
    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

type Read<T> = Result<T, Unreadable>;

fn text(node: &Node) -> Read<&str> {
    if let Node::Text(text) = node { Ok(text) } else { Err(Unreadable) }
}

fn number(node: &Node) -> Read<i64> {
    if let Node::Number(number) = node { Ok(*number) } else { Err(Unreadable) }
}

macro_rules! numbers {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
            visitor.visit_i64(number(self)?)
        })*
    };
}

macro_rules! texts {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
            visitor.visit_str(text(self)?)
        })*
    };
}

macro_rules! never {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, _: V) -> Read<V::Value> {
            Err(Unreadable)
        })*
    };
}

impl<'de> Deserializer<'de> for &'de Node {
    type Error = Unreadable;

    numbers!(deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
             deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64);
    texts!(deserialize_str deserialize_string deserialize_identifier deserialize_char);
    // No message of the product has them.
    never!(deserialize_f32 deserialize_f64 deserialize_bytes deserialize_byte_buf deserialize_any);

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        if let Node::Bool(value) = self { visitor.visit_bool(*value) } else { Err(Unreadable) }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        if *self == Node::Null { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        visitor.visit_unit()
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Read<V::Value> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Read<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        if let Node::List(items) = self { visitor.visit_seq(List(items)) } else { Err(Unreadable) }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Read<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Read<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        visitor.visit_map(Map(entries(self)?))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        visitor.visit_seq(Fields::of(self, name, names)?)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        visitor.visit_enum(Choice::of(self, names)?)
    }
}

fn entries(node: &Node) -> Read<&[(String, Node)]> {
    if let Node::Map(entries) = node { Ok(entries) } else { Err(Unreadable) }
}

struct List<'de>(&'de [Node]);

impl<'de> SeqAccess<'de> for List<'de> {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Read<Option<T::Value>> {
        let Some(first) = self.0.split_off_first() else { return Ok(None) };
        seed.deserialize(first).map(Some)
    }
}

struct Map<'de>(&'de [(String, Node)]);

impl<'de> MapAccess<'de> for Map<'de> {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Read<Option<K::Value>> {
        let Some((key, _)) = self.0.first() else { return Ok(None) };
        let key: StrDeserializer<'_, Unreadable> = key.as_str().into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Read<V::Value> {
        let (_, value) = self.0.split_off_first().ok_or(Unreadable)?;
        seed.deserialize(value)
    }
}

/// Types that refuse a field they do not know, as their `deny_unknown_fields` says; serde tells that only to a map.
const STRICT: &str = "Event";

/// The fields of a type in its own order, each looked up by name: serde's code for that is half of what it is for a map.
struct Fields<'de> {
    entries: &'de [(String, Node)],
    names: &'static [&'static str],
}

impl<'de> Fields<'de> {
    fn of(node: &'de Node, name: &str, names: &'static [&'static str]) -> Read<Self> {
        let entries = entries(node)?;
        let is_known = |(key, _): &(String, Node)| names.contains(&key.as_str());
        if name == STRICT && !entries.iter().all(is_known) {
            return Err(Unreadable);
        }
        Ok(Self { entries, names })
    }

    fn next(&mut self) -> &'de Node {
        let name = self.names.split_off_first();
        let found = self.entries.iter().find(|(key, _)| Some(&key.as_str()) == name);
        found.map_or(&Node::Null, |(_, value)| value)
    }
}

impl<'de> SeqAccess<'de> for Fields<'de> {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Read<Option<T::Value>> {
        match self.next() {
            // An absent field is nothing to an `Option`, and the default for a field that has one.
            Node::Null => Ok(seed.deserialize(&Node::Null).ok()),
            value => seed.deserialize(value).map(Some),
        }
    }
}

/// One of several: the position of its name, and what belongs to it.
struct Choice<'de> {
    position: u32,
    content: &'de Node,
}

impl<'de> Choice<'de> {
    fn of(node: &'de Node, names: &[&str]) -> Read<Self> {
        let (name, content) = match node {
            Node::Text(name) => (name, &Node::Null),
            Node::Map(entries) => match entries.as_slice() {
                [(name, content)] => (name, content),
                _ => return Err(Unreadable),
            },
            _ => return Err(Unreadable),
        };
        let position = (0..).zip(names).find(|(_, known)| *known == name).ok_or(Unreadable)?.0;
        Ok(Self { position, content })
    }
}

impl<'de> EnumAccess<'de> for Choice<'de> {
    type Error = Unreadable;
    type Variant = &'de Node;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Read<(V::Value, &'de Node)> {
        let position: U32Deserializer<Unreadable> = self.position.into_deserializer();
        Ok((seed.deserialize(position)?, self.content))
    }
}

impl<'de> VariantAccess<'de> for &'de Node {
    type Error = Unreadable;

    fn unit_variant(self) -> Read<()> {
        if *self == Node::Null { Ok(()) } else { Err(Unreadable) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Read<T::Value> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Read<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, names: &'static [&'static str], visitor: V) -> Read<V::Value> {
        self.deserialize_struct("", names, visitor)
    }
}
