//! Types to text: a serde serializer for what the product has (no fractions, no bytes), the same text as `serde_json`'s.

use std::fmt::{Display, Error, Write as _};

use serde::ser::{Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant};
use serde::ser::{SerializeTuple, SerializeTupleStruct, SerializeTupleVariant, Serializer};

type Written = Result<(), Error>;

/// Writes to the end of a text.
pub(super) struct Writer<'a>(pub(super) &'a mut String);

impl<'a> Writer<'a> {
    fn show(self, value: impl Display) -> Written {
        write!(self.0, "{value}")
    }

    fn open(self, variant: Option<&'static str>, bracket: char) -> Result<List<'a>, Error> {
        if let Some(variant) = variant {
            self.0.push('{');
            quote(variant, self.0);
            self.0.push(':');
        }
        self.0.push(bracket);
        Ok(List { out: self.0, is_map: bracket == '{', is_variant: variant.is_some(), is_first: true })
    }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ..' ' => {
                out.push_str(if c < '\u{10}' { "\\u000" } else { "\\u001" });
                out.extend(char::from_digit(u32::from(c) % 16, 16));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// A list, a map, or either within the name of a variant.
pub(super) struct List<'a> {
    out: &'a mut String,
    is_map: bool,
    is_variant: bool,
    is_first: bool,
}

impl List<'_> {
    fn comma(&mut self) {
        if !std::mem::replace(&mut self.is_first, false) {
            self.out.push(',');
        }
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.comma();
        value.serialize(Writer(self.out))
    }

    fn entry<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Written {
        self.comma();
        quote(name, self.out);
        self.out.push(':');
        value.serialize(Writer(self.out))
    }

    fn close(self) -> Written {
        self.out.push(if self.is_map { '}' } else { ']' });
        if self.is_variant {
            self.out.push('}');
        }
        Ok(())
    }
}

macro_rules! numbers {
    ($($method:ident $number:ty,)*) => {
        $(fn $method(self, value: $number) -> Written {
            self.show(value)
        })*
    };
}

macro_rules! never {
    ($($method:ident $value:ty,)*) => {
        $(fn $method(self, _: $value) -> Written {
            Err(Error)
        })*
    };
}

impl<'a> Serializer for Writer<'a> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = List<'a>;
    type SerializeTuple = List<'a>;
    type SerializeTupleStruct = List<'a>;
    type SerializeTupleVariant = List<'a>;
    type SerializeMap = List<'a>;
    type SerializeStruct = List<'a>;
    type SerializeStructVariant = List<'a>;

    numbers!(serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64,
             serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64, serialize_bool bool,);
    // No message of the product has them.
    never!(serialize_f32 f32, serialize_f64 f64, serialize_char char, serialize_bytes &[u8],);

    fn serialize_str(self, value: &str) -> Written {
        quote(value, self.0);
        Ok(())
    }

    fn serialize_none(self) -> Written {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        self.0.push_str("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Written {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Written {
        let mut around = self.open(None, '{')?;
        around.entry(variant, value)?;
        around.close()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List<'a>, Error> {
        self.open(None, '[')
    }

    fn serialize_tuple(self, _: usize) -> Result<List<'a>, Error> {
        self.open(None, '[')
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<List<'a>, Error> {
        self.open(None, '[')
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<List<'a>, Error> {
        self.open(Some(variant), '[')
    }

    fn serialize_map(self, _: Option<usize>) -> Result<List<'a>, Error> {
        self.open(None, '{')
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<List<'a>, Error> {
        self.open(None, '{')
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<List<'a>, Error> {
        self.open(Some(variant), '{')
    }
}

macro_rules! lists {
    ($($kind:ident $method:ident,)*) => {
        $(impl $kind for List<'_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
                self.item(value)
            }

            fn end(self) -> Written {
                self.close()
            }
        })*
    };
}

lists!(SerializeSeq serialize_element, SerializeTuple serialize_element,
       SerializeTupleStruct serialize_field, SerializeTupleVariant serialize_field,);

macro_rules! structs {
    ($($kind:ident)*) => {
        $(impl $kind for List<'_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Written {
                self.entry(name, value)
            }

            fn end(self) -> Written {
                self.close()
            }
        })*
    };
}

structs!(SerializeStruct SerializeStructVariant);

impl SerializeMap for List<'_> {
    type Ok = ();
    type Error = Error;

    /// Keys are ids and names: anything that writes itself as text.
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Written {
        self.item(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.out.push(':');
        value.serialize(Writer(self.out))
    }

    fn end(self) -> Written {
        self.close()
    }
}
