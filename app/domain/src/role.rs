//! Who may do what: roles, actions, and the one table that joins them.
//!
//! Where a person may do it is a [`crate::scope::Scope`]; a [`Grant`] gives a role at a place, perhaps for one group or class
//! there, and for a time. To add an action: a variant, its line in [`ACTIONS`], its arm in [`allows`] and, where it is about
//! people, in [`Action::is_about_people`], its row in the test's table.

use serde::{Deserialize, Serialize};

use crate::ids::ClassId;
use crate::person::Group;
use crate::scope::{PlacePath, Reach, Scope};

pub use crate::ids::StaffId;

/// What a person is to the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Learns. Signs in with code and PIN, never as staff.
    Learner,
    /// Helps people in her village to learn: đại sứ số.
    Ambassador,
    /// Writes lessons.
    Author,
    /// Reads lessons before they are published.
    Reviewer,
    /// Looks after people and staff of a place.
    PlaceAdmin,
    /// Reads counts of a place, never a person.
    ReportViewer,
    /// Looks after the whole installation.
    SystemAdmin,
}

/// Every role, in the order in which lists show them.
pub const ROLES: [Role; 7] = [
    Role::Learner,
    Role::Ambassador,
    Role::Author,
    Role::Reviewer,
    Role::PlaceAdmin,
    Role::ReportViewer,
    Role::SystemAdmin,
];

/// Something that a person may or may not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Learn, and keep a record of it.
    Learn,
    /// See and change one's own staff account.
    KeepOwnAccount,
    /// Find a place by its name.
    FindPlaces,
    /// Add a person, or hand out a new code or PIN.
    EnrolPeople,
    /// See people and where each stands.
    SeePeople,
    /// Correct what is kept about a person.
    CorrectPeople,
    /// Take people in from a file, or give them out as one.
    MovePeople,
    /// Decide about likely duplicates and facts that were set aside.
    JoinPeople,
    /// Answer requests to see, correct, restrict or delete.
    AnswerRequests,
    /// Add hamlets below a commune.
    KeepHamlets,
    /// Open, rename and close classes.
    KeepClasses,
    /// See who works here and with which roles.
    SeeStaff,
    /// Add staff, stop them, give and take roles.
    KeepStaff,
    /// See who saw or changed whom.
    SeeAudit,
    /// Record incidents with personal data.
    KeepIncidents,
    /// Read counts and reports.
    SeeReports,
    /// Write lessons.
    WriteLessons,
    /// Review lessons.
    ReviewLessons,
    /// Publish reviewed lessons.
    PublishLessons,
}

/// Every action.
pub const ACTIONS: [Action; 19] = [
    Action::Learn,
    Action::KeepOwnAccount,
    Action::FindPlaces,
    Action::EnrolPeople,
    Action::SeePeople,
    Action::CorrectPeople,
    Action::MovePeople,
    Action::JoinPeople,
    Action::AnswerRequests,
    Action::KeepHamlets,
    Action::KeepClasses,
    Action::SeeStaff,
    Action::KeepStaff,
    Action::SeeAudit,
    Action::KeepIncidents,
    Action::SeeReports,
    Action::WriteLessons,
    Action::ReviewLessons,
    Action::PublishLessons,
];

/// Returns whether a role may do something, within the places it is given for.
pub fn allows(role: Role, action: Action) -> bool {
    use Action::*;
    match role {
        Role::Learner => action == Learn,
        Role::Ambassador => {
            matches!(action, KeepOwnAccount | FindPlaces | EnrolPeople | SeePeople | CorrectPeople)
        }
        Role::Author => matches!(action, KeepOwnAccount | WriteLessons),
        Role::Reviewer => matches!(action, KeepOwnAccount | ReviewLessons | PublishLessons),
        Role::ReportViewer => matches!(action, KeepOwnAccount | FindPlaces | SeeReports),
        // Lessons are one for the whole country, so nobody publishes them by being in charge of a place.
        Role::PlaceAdmin => !matches!(action, Learn | WriteLessons | ReviewLessons | PublishLessons),
        // Whoever writes or reviews a lesson does it under that role, so that two people are two people.
        Role::SystemAdmin => !matches!(action, Learn | WriteLessons | ReviewLessons),
    }
}

impl Action {
    /// Returns whether it is done to people one by one, so that a role for some of a place's people allows it for those. The
    /// rest concerns a place as a whole.
    pub fn is_about_people(self) -> bool {
        matches!(
            self,
            Self::FindPlaces
                | Self::EnrolPeople
                | Self::SeePeople
                | Self::CorrectPeople
                | Self::MovePeople
                | Self::JoinPeople
                | Self::AnswerRequests
                | Self::SeeReports
        )
    }
}

impl Role {
    /// Returns whether the role is given for a place. The others hold everywhere.
    pub fn has_place(self) -> bool {
        matches!(self, Self::Ambassador | Self::PlaceAdmin | Self::ReportViewer)
    }

    /// Returns whether the role can be given for some of a place's people only.
    pub fn may_be_for(self, part: Part) -> bool {
        match part {
            Part::Group(_) => matches!(self, Self::PlaceAdmin | Self::ReportViewer),
            // An ambassador looks after people one by one anyhow; a class she is given as a whole.
            Part::Class(_) => self == Self::Ambassador,
        }
    }

    /// Returns whether the role counts only in a session that passed the second factor: a stolen password alone must
    /// not open the records of a whole commune.
    pub fn needs_second_factor(self) -> bool {
        matches!(self, Self::PlaceAdmin | Self::SystemAdmin)
    }

    /// Returns whether someone with this role may give or take another one.
    pub fn may_give(self, other: Self) -> bool {
        match self {
            Self::SystemAdmin => other != Self::Learner,
            Self::PlaceAdmin => other.has_place(),
            _ => false,
        }
    }

    /// Returns the stable name, as it is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Learner => "learner",
            Self::Ambassador => "ambassador",
            Self::Author => "author",
            Self::Reviewer => "reviewer",
            Self::PlaceAdmin => "place-admin",
            Self::ReportViewer => "report-viewer",
            Self::SystemAdmin => "system-admin",
        }
    }
}

/// Some of a place's people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Those of one group.
    Group(Group),
    /// The members of a class there.
    Class(ClassId),
}

/// A role that somebody holds now.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Where it holds; nothing for roles without a place.
    pub place: Option<PlacePath>,
    /// For which people there; nothing for all of them.
    pub part: Option<Part>,
}

impl Grant {
    /// Returns the people for whom the role holds.
    fn reaches(&self, who: StaffId) -> Vec<Reach> {
        let Some(place) = self.place.clone() else { return Vec::new() };
        match (self.role, self.part) {
            (Role::Ambassador, None) => vec![Reach::Charge(who, place)],
            (Role::Ambassador, Some(Part::Class(class))) => {
                vec![Reach::Charge(who, place.clone()), Reach::Class(class, place)]
            }
            (_, None) => vec![Reach::Place(place)],
            (_, Some(Part::Group(group))) => vec![Reach::Group(group, place)],
            (_, Some(Part::Class(class))) => vec![Reach::Class(class, place)],
        }
    }
}

/// Returns for which people or places somebody may do something, or nothing where no grant allows it: all that her grants
/// allow together.
pub fn scope_of(who: StaffId, grants: &[Grant], action: Action) -> Option<Scope> {
    let is_allowed =
        |grant: &&Grant| allows(grant.role, action) && (grant.part.is_none() || action.is_about_people());
    let allowed: Vec<&Grant> = grants.iter().filter(is_allowed).collect();
    if allowed.iter().any(|grant| !grant.role.has_place()) {
        return Some(Scope::All);
    }
    let mut reaches: Vec<Reach> = allowed.iter().flat_map(|grant| grant.reaches(who)).collect();
    reaches.sort();
    reaches.dedup();
    (!allowed.is_empty()).then_some(Scope::Of(reaches))
}

/// Returns whether somebody with these grants may give or take a role at a place (nothing: everywhere), for some of the people
/// there or for all.
pub fn may_give(grants: &[Grant], role: Role, place: Option<&PlacePath>, part: Option<Part>) -> bool {
    if role.has_place() != place.is_some() || part.is_some_and(|part| !role.may_be_for(part)) {
        return false;
    }
    grants.iter().any(|own| {
        let reaches = match (&own.place, place) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(own), Some(place)) => own.contains(place),
        };
        own.part.is_none() && own.role.may_give(role) && reaches
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    /// One row an action; a column for each role in the order of [`ROLES`].
    const TABLE: [(Action, &str); ACTIONS.len()] = [
        //                        L A W R P V S
        (Action::Learn, "         x . . . . . ."),
        (Action::KeepOwnAccount, ". x x x x x x"),
        (Action::FindPlaces, "    . x . . x x x"),
        (Action::EnrolPeople, "   . x . . x . x"),
        (Action::SeePeople, "     . x . . x . x"),
        (Action::CorrectPeople, " . x . . x . x"),
        (Action::MovePeople, "    . . . . x . x"),
        (Action::JoinPeople, "    . . . . x . x"),
        (Action::AnswerRequests, ". . . . x . x"),
        (Action::KeepHamlets, "   . . . . x . x"),
        (Action::KeepClasses, "   . . . . x . x"),
        (Action::SeeStaff, "      . . . . x . x"),
        (Action::KeepStaff, "     . . . . x . x"),
        (Action::SeeAudit, "      . . . . x . x"),
        (Action::KeepIncidents, " . . . . x . x"),
        (Action::SeeReports, "    . . . . x x x"),
        (Action::WriteLessons, "  . . x . . . ."),
        (Action::ReviewLessons, " . . . x . . ."),
        (Action::PublishLessons, ". . . x . . x"),
    ];

    fn place(text: &str) -> PlacePath {
        PlacePath::parse(text).unwrap()
    }

    fn grant(role: Role, at: &str) -> Grant {
        Grant { role, place: (!at.is_empty()).then(|| place(at)), part: None }
    }

    fn who() -> StaffId {
        StaffId(Uuid::from_u128(7))
    }

    #[test]
    fn every_role_and_action_stand_in_the_table() {
        for ((action, row), listed) in TABLE.into_iter().zip(ACTIONS) {
            assert_eq!(action, listed, "one row an action, in order");
            let marks: Vec<&str> = row.split_whitespace().collect();
            assert_eq!(marks.len(), ROLES.len(), "{action:?}");
            for (role, mark) in ROLES.into_iter().zip(marks) {
                assert_eq!(allows(role, action), mark == "x", "{role:?} {action:?}");
            }
        }
    }

    #[test]
    fn names_are_those_that_are_stored() {
        for role in ROLES {
            assert_eq!(serde_json::to_string(&role).unwrap(), format!("\"{}\"", role.as_str()));
        }
    }

    #[test]
    fn all_grants_together_give_the_scope() {
        let see = |grants: &[Grant]| scope_of(who(), grants, Action::SeePeople);
        assert_eq!(see(&[]), None);
        assert_eq!(see(&[grant(Role::ReportViewer, "vn/44/")]), None);
        assert_eq!(
            see(&[grant(Role::Ambassador, "vn/44/1/")]),
            Some(Scope::ambassador(who(), [place("vn/44/1/")]))
        );
        let both = [grant(Role::Ambassador, "vn/44/1/"), grant(Role::PlaceAdmin, "vn/44/2/")];
        let reaches = vec![Reach::Place(place("vn/44/2/")), Reach::Charge(who(), place("vn/44/1/"))];
        assert_eq!(see(&both), Some(Scope::Of(reaches)));
        assert_eq!(see(&[grant(Role::SystemAdmin, ""), both[0].clone()]), Some(Scope::All));
    }

    #[test]
    fn a_role_for_some_people_is_one_for_those_only() {
        let class = ClassId(Uuid::from_u128(9));
        let part = |role, part| Grant { part: Some(part), ..grant(role, "vn/44/1/") };
        let schools = [part(Role::PlaceAdmin, Part::Group(Group::Student))];
        let taught = [part(Role::Ambassador, Part::Class(class))];
        let here = || place("vn/44/1/");
        for action in ACTIONS {
            let scope = scope_of(who(), &schools, action);
            let expected = action.is_about_people() && allows(Role::PlaceAdmin, action);
            assert_eq!(scope.is_some(), expected, "{action:?}");
            assert!(scope.is_none_or(|scope| !scope.covers(&here())), "{action:?}: nothing as a whole");
        }
        assert_eq!(
            scope_of(who(), &schools, Action::SeePeople),
            Some(Scope::Of(vec![Reach::Group(Group::Student, here())]))
        );
        assert_eq!(
            scope_of(who(), &taught, Action::SeePeople),
            Some(Scope::Of(vec![Reach::Charge(who(), here()), Reach::Class(class, here())]))
        );
        let whole = [grant(Role::PlaceAdmin, "vn/44/1/")];
        let gives = |own: &[Grant], role, part| may_give(own, role, Some(&here()), Some(part));
        assert!(gives(&whole, Role::PlaceAdmin, Part::Group(Group::Worker)));
        assert!(gives(&whole, Role::Ambassador, Part::Class(class)));
        assert!(!gives(&whole, Role::PlaceAdmin, Part::Class(class)), "a class has no offices");
        assert!(!gives(&whole, Role::Ambassador, Part::Group(Group::Worker)));
        assert!(
            !gives(&schools, Role::PlaceAdmin, Part::Group(Group::Student)),
            "in charge of some gives nothing"
        );
        assert!(!may_give(&schools, Role::Ambassador, Some(&here()), None));
    }

    #[test]
    fn roles_are_given_within_ones_own_place() {
        let commune = [grant(Role::PlaceAdmin, "vn/44/1/")];
        let cases = [
            (Role::Ambassador, "vn/44/1/", true),
            (Role::PlaceAdmin, "vn/44/1/h1/", true),
            (Role::ReportViewer, "vn/44/1/", true),
            (Role::Ambassador, "vn/44/2/", false),
            (Role::Ambassador, "vn/44/11/", false),
            (Role::PlaceAdmin, "vn/44/", false),
            (Role::Ambassador, "", false),
            (Role::Author, "", false),
            (Role::SystemAdmin, "", false),
        ];
        for (role, at, expected) in cases {
            let at = (!at.is_empty()).then(|| place(at));
            assert_eq!(may_give(&commune, role, at.as_ref(), None), expected, "{role:?} {at:?}");
        }
        let admin = [grant(Role::SystemAdmin, "")];
        assert!(
            may_give(&admin, Role::SystemAdmin, None, None)
                && may_give(&admin, Role::PlaceAdmin, Some(&place("vn/")), None)
        );
        assert!(
            !may_give(&admin, Role::Learner, None, None) && !may_give(&admin, Role::PlaceAdmin, None, None)
        );
        assert!(!may_give(
            &[grant(Role::Ambassador, "vn/44/1/")],
            Role::Ambassador,
            Some(&place("vn/44/1/")),
            None
        ));
    }

    proptest! {
        /// Nobody gives more than she has: what the receiver may then do, the giver may do there too.
        #[test]
        fn nothing_is_given_that_one_does_not_have(own in 0..ROLES.len(), given in 0..ROLES.len(), action in 0..ACTIONS.len()) {
            let (own, given, action) = (ROLES[own], ROLES[given], ACTIONS[action]);
            let lessons = matches!(action, Action::WriteLessons | Action::ReviewLessons);
            if own.may_give(given) && allows(given, action) && !lessons {
                prop_assert!(allows(own, action));
            }
        }
    }
}
