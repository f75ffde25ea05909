//! Answer → verdict. The phone says it at once; the server works it out again from the raw response.

use crate::item::{Choice, Kind, Pair, Response, Step, Variant};
use crate::text::fold;

/// What an answer is worth, and the one sentence to say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the answer is right.
    pub right: bool,
    /// Why, in one sentence of the lesson's author.
    pub because: String,
}

/// A response of another kind than its question, or pointing outside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResponseDoesNotFit;

/// Returns what `response` is worth.
///
/// # Errors
/// [`ResponseDoesNotFit`] when the response cannot belong to this question.
pub fn grade(variant: &Variant, response: &Response) -> Result<Verdict, ResponseDoesNotFit> {
    let wrong = match (&variant.kind, response) {
        (Kind::One(choices), Response::One(taken)) => one(choices, *taken)?,
        (Kind::Several(choices), Response::Several(taken)) => several(choices, taken)?,
        (Kind::Order(steps), Response::Order(taken)) => order(steps, taken)?,
        (Kind::Match(pairs), Response::Match(taken)) => matched(pairs, taken)?,
        (Kind::Number(key), Response::Number(typed)) => (*typed != key.answer).then(|| {
            key.near.iter().find(|near| near.is == *typed).map_or(&key.wrong, |near| &near.wrong).clone()
        }),
        (Kind::Text(key), Response::Text(typed)) => {
            let typed = fold(typed);
            let says = |wordings: &[String]| wordings.iter().any(|wording| fold(wording) == typed);
            (!says(&key.accept)).then(|| {
                key.near.iter().find(|near| says(&near.is)).map_or(&key.wrong, |near| &near.wrong).clone()
            })
        }
        _ => return Err(ResponseDoesNotFit),
    };
    Ok(match wrong {
        None => Verdict { right: true, because: variant.right_because.clone() },
        Some(because) => Verdict { right: false, because },
    })
}

// Each returns the reason why the answer is wrong, or nothing when it is right.

fn one(choices: &[Choice], taken: u8) -> Result<Option<String>, ResponseDoesNotFit> {
    let choice = choices.get(usize::from(taken)).ok_or(ResponseDoesNotFit)?;
    Ok((!choice.right).then(|| choice.why.clone()))
}

fn several(choices: &[Choice], taken: &[u8]) -> Result<Option<String>, ResponseDoesNotFit> {
    let rising = taken.windows(2).all(|pair| pair[0] < pair[1]);
    if !rising || taken.iter().any(|&at| usize::from(at) >= choices.len()) {
        return Err(ResponseDoesNotFit);
    }
    // A wrong choice taken teaches more than a right one missed, so it is named first.
    let is_taken = |at: usize| taken.iter().any(|&t| usize::from(t) == at);
    let named = |taken_wrongly: bool| {
        choices.iter().enumerate().find(|(at, choice)| {
            if taken_wrongly { is_taken(*at) && !choice.right } else { !is_taken(*at) && choice.right }
        })
    };
    Ok(named(true).or_else(|| named(false)).map(|(_, choice)| choice.why.clone()))
}

fn order(steps: &[Step], taken: &[u8]) -> Result<Option<String>, ResponseDoesNotFit> {
    is_permutation(taken, steps.len())?;
    Ok(first_out_of_place(taken).map(|at| steps[at].why.clone()))
}

fn matched(pairs: &[Pair], taken: &[u8]) -> Result<Option<String>, ResponseDoesNotFit> {
    is_permutation(taken, pairs.len())?;
    Ok(first_out_of_place(taken).map(|at| pairs[at].why.clone()))
}

fn is_permutation(taken: &[u8], len: usize) -> Result<(), ResponseDoesNotFit> {
    let mut seen = vec![false; len];
    for &at in taken {
        match seen.get_mut(usize::from(at)) {
            Some(slot) if !*slot => *slot = true,
            _ => return Err(ResponseDoesNotFit),
        }
    }
    if seen.into_iter().all(|slot| slot) { Ok(()) } else { Err(ResponseDoesNotFit) }
}

fn first_out_of_place(taken: &[u8]) -> Option<usize> {
    taken.iter().enumerate().position(|(place, &at)| usize::from(at) != place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{NearNumber, NearText, NumberKey, TextKey};
    use proptest::prelude::*;

    fn choice(text: &str, right: bool) -> Choice {
        Choice { text: text.into(), right, why: format!("why {text}") }
    }

    fn step(text: &str) -> Step {
        Step { text: text.into(), why: format!("why {text}") }
    }

    fn pair(text: &str) -> Pair {
        Pair { left: text.into(), right: text.to_uppercase(), why: format!("why {text}") }
    }

    fn variant(kind: Kind) -> Variant {
        Variant { ask: "?".into(), picture: None, right_because: "right".into(), kind }
    }

    fn kinds() -> Vec<Kind> {
        vec![
            Kind::One(vec![choice("a", false), choice("b", true), choice("c", false)]),
            Kind::Several(vec![choice("a", true), choice("b", false), choice("c", true)]),
            Kind::Order(vec![step("a"), step("b"), step("c")]),
            Kind::Match(vec![pair("a"), pair("b"), pair("c")]),
            Kind::Number(NumberKey {
                answer: 3,
                unit: "việc".into(),
                wrong: "count again".into(),
                near: vec![NearNumber { is: 2, wrong: "one more".into() }],
            }),
            Kind::Text(TextKey {
                accept: vec!["cúp máy".into(), "tắt máy".into()],
                wrong: "think of the call".into(),
                near: vec![NearText { is: vec!["nghe máy".into()], wrong: "not this time".into() }],
            }),
        ]
    }

    #[test]
    fn each_answer_gets_its_own_reason() {
        use Response::{Match, Number, One, Order, Several, Text};
        let kinds = kinds();
        let cases = [
            (0, One(1), Ok((true, "right"))),
            (0, One(0), Ok((false, "why a"))),
            (0, One(3), Err(ResponseDoesNotFit)),
            (1, Several(vec![0, 2]), Ok((true, "right"))),
            (1, Several(vec![0, 1, 2]), Ok((false, "why b"))),
            (1, Several(vec![0]), Ok((false, "why c"))),
            (1, Several(vec![]), Ok((false, "why a"))),
            (1, Several(vec![2, 0]), Err(ResponseDoesNotFit)),
            (1, Several(vec![0, 0]), Err(ResponseDoesNotFit)),
            (2, Order(vec![0, 1, 2]), Ok((true, "right"))),
            (2, Order(vec![0, 2, 1]), Ok((false, "why b"))),
            (2, Order(vec![0, 1]), Err(ResponseDoesNotFit)),
            (3, Match(vec![0, 1, 2]), Ok((true, "right"))),
            (3, Match(vec![1, 0, 2]), Ok((false, "why a"))),
            (3, Match(vec![1, 1, 2]), Err(ResponseDoesNotFit)),
            (4, Number(3), Ok((true, "right"))),
            (4, Number(2), Ok((false, "one more"))),
            (4, Number(-9), Ok((false, "count again"))),
            (5, Text("CUP MAY".into()), Ok((true, "right"))),
            (5, Text("nghe may".into()), Ok((false, "not this time"))),
            (5, Text("".into()), Ok((false, "think of the call"))),
            (0, Number(1), Err(ResponseDoesNotFit)),
        ];
        for (kind, response, expected) in cases {
            let got = grade(&variant(kinds[kind].clone()), &response);
            let expected = expected.map(|(right, because)| Verdict { right, because: because.into() });
            assert_eq!(got, expected, "{kind} {response:?}");
        }
    }

    fn any_response() -> impl Strategy<Value = Response> {
        let list = || prop::collection::vec(any::<u8>(), 0..6);
        prop_oneof![
            any::<u8>().prop_map(Response::One),
            list().prop_map(Response::Several),
            list().prop_map(Response::Order),
            list().prop_map(Response::Match),
            any::<i64>().prop_map(Response::Number),
            ".{0,20}".prop_map(Response::Text),
        ]
    }

    proptest! {
        #[test]
        fn no_response_can_break_grading(kind in 0usize..6, response in any_response()) {
            let _ = grade(&variant(kinds()[kind].clone()), &response);
        }

        #[test]
        fn a_wrong_order_always_has_a_reason(taken in Just(vec![0u8, 1, 2]).prop_shuffle()) {
            let verdict = grade(&variant(kinds()[2].clone()), &Response::Order(taken.clone())).unwrap();
            prop_assert_eq!(verdict.right, taken == vec![0, 1, 2]);
            prop_assert!(!verdict.because.is_empty());
        }
    }
}
