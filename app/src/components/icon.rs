//! Icons: one manner (24 px grid, round 2 px strokes), always with a word beside them.

/// The icons there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// Back to the list.
    Back,
    /// On to the next.
    Next,
    /// Read aloud.
    Speaker,
    /// Done, right.
    Check,
    /// A hint.
    Bulb,
    /// Take care.
    Warning,
    /// Try again.
    Again,
    /// Paper, certificate.
    Paper,
    /// Somebody.
    Person,
    /// The menu.
    Menu,
    /// Letter size.
    Letters,
    /// Print.
    Printer,
    /// Save on the phone.
    Save,
}

impl Icon {
    /// Returns its strokes.
    pub fn path(self) -> &'static str {
        match self {
            Self::Back => "M15 5l-7 7 7 7",
            Self::Next => "M9 5l7 7-7 7",
            Self::Speaker => "M4 9v6h4l5 4V5L8 9zM16.5 8.5a5 5 0 010 7M19 6a8.5 8.5 0 010 12",
            Self::Check => "M4 12.5l5.5 5.5L20 6.5",
            Self::Bulb => {
                "M9 18h6M10 21h4M8 14.5a6 6 0 118 0c-.7.6-1 1.2-1 2v1.5H9V16.500c0-.8-.3-1.400-1-2z"
            }
            Self::Warning => "M12 4L2.500 20h19zM12 10v4.500M12 17.200v.1",
            Self::Again => "M20 12a8 8 0 11-2.500-5.800M20 3.500V8h-4.500",
            Self::Paper => "M6 3h9l4 4v14H6zM14.500 3v4.500H19M9 12h7M9 16h7",
            Self::Person => "M12 12a4 4 0 100-8 4 4 0 000 8zM4 21c.6-4.500 4-6.500 8-6.500s7.400 2 8 6.500",
            Self::Menu => "M4 6.500h16M4 12h16M4 17.500h16",
            Self::Letters => "M3 19L8 6l5 13M4.800 15h6.400M15.500 19l3-8 3 8M16.600 16.500h3.800",
            Self::Save => "M12 4v11M7 10.500l5 5 5-5M5 20h14",
            Self::Printer => "M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z",
        }
    }
}
