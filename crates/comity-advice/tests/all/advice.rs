//! Acts read, laid and advised on, over the starter.

use comity_advice::acts::{Act, Vocabulary, lay};
use comity_advice::{Advisor, Answer, Ask, Error};
use comity_policy::document::Policy;
use comity_policy::{Options, SHIPPED};
use comity_record::rows::TableRows;
use comity_record::schema::table;
use comity_record::{Layer, Record};

fn policy() -> Policy {
    comity_policy::parse(SHIPPED[0].file, SHIPPED[0].text).0.unwrap()
}

fn say(record: &Record, actor: i32, sentence: &str) -> Result<Act, Error> {
    Act::say(record, Vocabulary::shipped(), actor, sentence)
}

fn wrong(record: &Record, actor: i32, sentence: &str) -> String {
    match say(record, actor, sentence) {
        Ok(act) => match lay(record, Vocabulary::shipped(), &[act], record.last_year() + 1) {
            Ok(_) => "fine".into(),
            Err(error) => format!("{error}\n{}", error.lines().join("\n")),
        },
        Err(error) => format!("{error}\n{}", error.lines().join("\n")),
    }
}

#[test]
fn acts_are_understood_as_people_put_them() {
    let record = comity_datasets::starter::record();
    for (sentence, kind, words) in [
        ("defense pact with RUS from 2026", "pact", "defense pact with RUS from 2026"),
        (
            "sign a defence treaty with Russia in March 2026",
            "pact",
            "defense pact with RUS from 2026-03",
        ),
        (
            "non-aggression and consultation pact with India from 2026 to 2030",
            "pact",
            "nonaggression and consultation pact with IND from 2026 to 2030",
        ),
        ("threaten Japan in 2026", "threaten", "threaten JPN in 2026"),
        ("go to war with India on 2026-05-01", "war", "go to war with IND on 2026-05-01"),
        (
            "impose trade and financial sanctions on Australia in 2026",
            "sanction",
            "impose trade and financial sanctions on AUL from",
        ),
        (
            "station 3,000 troops in Djibouti from 2026",
            "station-troops",
            "station 3000 troops in DJI from 2026",
        ),
        (
            "raise military spending by 20 % a year from 2026 to 2028",
            "military-spending-yearly",
            "raise military spending by 20 %",
        ),
        (
            "cut military spending by 5% in 2026",
            "military-spending",
            "cut military spending by 5 %",
        ),
        (
            "submit the dispute with India to arbitration in 2026",
            "submit",
            "submit dispute with IND to arbitration in 2026",
        ),
        ("leave the WTO in 2026", "leave-organization", "leave WTO in 2026"),
        (
            "break off diplomatic relations with Japan in 2026",
            "break-relations",
            "break relations with JPN from 2026",
        ),
        ("veto a draft on Syria in 2026", "veto", "veto Syria in 2026"),
        ("give 50 million dollars in aid to Kenya in 2026", "aid", "give 50 aid to KEN from 2026"),
    ] {
        let act = say(&record, 710, sentence)
            .unwrap_or_else(|e| panic!("{sentence}: {e} {:?}", e.lines()));
        assert_eq!(act.kind, kind, "{sentence}");
        assert!(act.say.starts_with(words), "{sentence}: {}", act.say);
    }
}

#[test]
fn what_cannot_be_is_refused_with_a_way_out() {
    let record = comity_datasets::starter::record();
    for (sentence, says) in [
        ("be nice to RUS", "no act of the vocabulary"),
        ("defense pact with Rusia from 2026", "Russia"),
        ("defense pact with RUS soon", "`soon` is no date"),
        ("defense pact with CHN from 2026", "the same"),
        ("defense pact with Czechoslovakia from 2026", "not in the state system"),
        ("end defense pact with JPN in 2026", "nothing of pledges that ends"),
        ("join the WTO in 2026", "a member already"),
        ("leave NATO in 2026", "nothing of memberships that ends"),
        ("raise military spending by lots from 2026", "perhaps `raise military"),
        ("join the FOO in 2026", "no organisation `FOO`"),
    ] {
        let error = wrong(&record, 710, sentence);
        assert!(
            error.to_lowercase().contains(&says.to_lowercase()) || error.contains("did you mean"),
            "{sentence}: {error}"
        );
        assert_ne!(error, "fine", "{sentence}");
    }
}

#[test]
fn a_pact_with_a_great_power_moves_what_it_should_and_nothing_else() {
    let (record, policy) = (comity_datasets::starter::record(), policy());
    let before = record.fingerprint().unwrap();
    let advisor =
        Advisor::new(&record, &policy, Vocabulary::shipped(), Options::default()).unwrap();
    let act = say(&record, 750, "defense pact with RUS from 2026").unwrap();
    let advice = advisor.advise(&[act], &Ask { precedents: 3, ..Ask::default() }).unwrap();
    assert_eq!(advice.answer, Answer::Objections);
    let moved: Vec<(&str, bool)> =
        advice.own[0].moves.iter().map(|m| (m.commitment.as_str(), m.way.objects())).collect();
    assert!(
        moved.contains(&("no-great-power-alliance", true))
            && moved.contains(&("no-military-bloc", true)),
        "{moved:?}"
    );
    // A pledge says nothing of trade: these commitments cannot see it.
    assert!(advice.blind.iter().any(|b| b == "trade-with-all"));
    assert!(advice.precedents[0].earlier > 50 && advice.precedents[0].nearest.len() == 3);
    assert_ne!(advice.supposed, advice.record);
    assert_eq!(record.fingerprint().unwrap(), before);
}

#[test]
fn what_no_commitment_reads_is_not_approved() {
    let record = comity_datasets::starter::record();
    let text = "+++\nid = \"alone\"\ntitle = \"Alone\"\n+++\n\n# One\n\n## No veto {#no-veto .refrain}\n\nNone.\n\n```sql evidence name=cast\n\
        select v.ccode as state, v.year, 'breach' as severity, 'a veto' as what, v.source, v.source_row from vetoes v\n```\n";
    let (policy, diagnostics) = comity_policy::parse("alone.md", text);
    let policy = policy.unwrap_or_else(|| panic!("{diagnostics:?}"));
    let advisor =
        Advisor::new(&record, &policy, Vocabulary::shipped(), Options::default()).unwrap();
    let ask = Ask { precedents: 0, ..Ask::default() };
    let unseen = advisor
        .advise(&[say(&record, 710, "defense pact with RUS from 2026").unwrap()], &ask)
        .unwrap();
    assert_eq!((unseen.answer, unseen.blind.len()), (Answer::NothingLooks, 1));
    let seen = advisor
        .advise(&[say(&record, 710, "veto a draft on Syria in 2026").unwrap()], &ask)
        .unwrap();
    assert_eq!(seen.answer, Answer::Objections);
}

#[test]
fn acts_of_a_package_rest_on_each_other() {
    let record = comity_datasets::starter::record();
    let vocabulary = Vocabulary::shipped();
    let acts: Vec<Act> = ["leave the WTO in 2026", "join the WTO in 2028"]
        .iter()
        .map(|s| say(&record, 710, s).unwrap())
        .collect();
    let laid = lay(&record, vocabulary, &acts, 2030).unwrap();
    assert_eq!(
        laid.rows.iter().map(|r| r.does).collect::<std::collections::BTreeSet<_>>().len(),
        2
    );
    // The other way round there is nothing to join.
    let turned: Vec<Act> = acts.into_iter().rev().collect();
    assert!(lay(&record, vocabulary, &turned, 2030).is_err());
}

#[test]
fn packages_are_read_from_toml_and_json_and_their_mistakes_have_a_place() {
    use comity_advice::acts::file::package;
    let record = comity_datasets::starter::record();
    let read = |text: &str| package(&record, Vocabulary::shipped(), text, "plan", Some(710));
    let toml = "state = \"CHN\"\n[[act]]\nsay = \"leave the WTO in 2026\"\n[[act]]\nkind = \"pact\"\nkinds = \"nonaggression\"\nother = \"IND\"\nfrom = \"2026-07-01\"\nset = { \"pledges.stationing\" = \"true\" }\n";
    let acts = read(toml).unwrap();
    assert_eq!(
        acts.iter().map(|a| a.kind.as_str()).collect::<Vec<_>>(),
        ["leave-organization", "pact"]
    );
    let laid = lay(&record, Vocabulary::shipped(), &acts, 2030).unwrap();
    assert!(laid.rows.iter().any(|r| r.cells.get("stationing").is_some_and(|v| v == "true")));
    let json = r#"{"acts": [{"state": "IND", "say": "veto a draft", "from": "2026"}]}"#;
    assert_eq!(read(json).unwrap()[0].actor, 750);
    for (text, says) in [
        ("", "missing field `act`"),
        ("[[act]]\nsay = \"leave the WTO in 2026\"\n[[act]]\nkind = \"pakt\"\n", "line 3, act 2"),
        ("[[act]]\nkind = \"pact\"\nother = \"IND\"\nfrom = \"2026\"\n", "needs `kinds`"),
        (
            "[[act]]\nkind = \"pact\"\nkinds = \"defense\"\nother = \"IND\"\nfrom = \"9999\"\n",
            "not between 1816 and 2200",
        ),
        ("[[act]]\nsay = \"veto\"\nfrom = \"soon\"\n", "no date"),
        (
            "[[act]]\nsay = \"veto in 2026\"\nset = { \"wars.name\" = \"x\" }\n",
            "the act writes vetoes",
        ),
    ] {
        let error = read(text).unwrap_err().to_string();
        assert!(error.contains(says), "{text}: {error}");
    }
}

#[test]
fn a_policy_may_add_acts() {
    let text = "[[act]]\nid = \"cancel-visit\"\ndoc = \"No visit.\"\nsay = [\"cancel visit to {other}\"]\n[act.slots]\nother = \"state\"\n\
        [[act.write]]\ntable = \"vetoes\"\ncells = { draft = \"$id\", ccode = \"$actor\" }\n";
    let vocabulary = Vocabulary::shipped().with(text, "mine.md").unwrap();
    let record = comity_datasets::starter::record();
    let act = Act::say(&record, &vocabulary, 710, "cancel the visit to Japan in 2026").unwrap();
    assert_eq!((act.kind.as_str(), act.other()), ("cancel-visit", Some(740)));
}

#[test]
fn only_who_has_a_permanent_seat_can_veto() {
    let starter = comity_datasets::starter::record();
    let veto = |record: &Record, actor: i32, year: i32| {
        let act = say(record, actor, &format!("veto a draft in {year}")).unwrap();
        lay(record, Vocabulary::shipped(), &[act], year).map(|laid| laid.assumed.join("; "))
    };
    // Without a list of members it is taken for granted, and said.
    let assumed = veto(&starter, 750, 2024).unwrap();
    assert!(assumed.contains("whether IND is one in 2024 is not known"), "{assumed}");
    let mut terms = TableRows::new(table("council_terms").unwrap(), "members");
    for (ccode, permanent, end) in [(710, true, None), (750, false, Some(2022))] {
        terms.push(
            &[
                ("ccode", ccode.into()),
                ("permanent", permanent.into()),
                ("start_year", 1971.into()),
                ("end_year", end.into()),
            ],
            ccode.to_string(),
        );
    }
    let layer = Layer::new("members", "Members").rows("council_terms", terms.finish());
    let record = starter.with(layer).unwrap();
    assert_eq!(veto(&record, 710, 2024).unwrap(), "");
    let error = veto(&record, 750, 2021).unwrap_err().to_string();
    assert!(
        error.contains(
            "only a permanent member of the Security Council can veto, and IND is not one in 2021"
        ),
        "{error}"
    );
}

/// Sanctions without a mandate are a breach; nothing else is looked at.
fn sanctions_alone(more: &str) -> Policy {
    let text = format!(
        "+++\nid = \"alone\"\ntitle = \"Alone\"\n+++\n\n# One\n\n## No sanctions {{#no-sanctions .refrain}}\n\nNone.\n\n```sql evidence name=imposed\n\
         select s.sender as state, s.year, s.target as other, 'breach' as severity, 'sanctions' as what, s.source, s.source_row\n\
         from sanction_years s where s.sender is not null and s.un_mandate is not true{more}\n```\n"
    );
    let (policy, diagnostics) = comity_policy::parse("alone.md", &text);
    policy.unwrap_or_else(|| panic!("{diagnostics:?}"))
}

#[test]
fn a_search_tells_what_is_clear_from_what_is_not_seen() {
    let (record, policy) = (comity_datasets::starter::record(), sanctions_alone(""));
    let advisor =
        Advisor::new(&record, &policy, Vocabulary::shipped(), Options::default()).unwrap();
    let act = say(&record, 710, "impose trade sanctions on IND in 2026").unwrap();
    let found = advisor.find(&[act], &|_, _| {}).unwrap();
    let clear: Vec<&str> = found.clear.iter().map(|c| c.say.as_str()).collect();
    assert!(clear.contains(&"impose trade sanctions on IND under mandate from 2026"), "{clear:?}");
    assert!(clear.iter().all(|say| say.contains("sanctions")), "{clear:?}");
    assert!(found.unseen.iter().any(|say| say.starts_with("defense pact")), "{:?}", found.unseen);
    assert!(
        found.refused.iter().any(|say| say.starts_with("lift sanctions")),
        "{:?}",
        found.refused
    );
    assert_eq!(
        found.tried,
        found.clear.len()
            + found.against.len()
            + found.unseen.len()
            + found.not_known.len()
            + found.refused.len()
    );
    // Of a package what nothing stands against stays.
    let acts: Vec<Act> = ["veto a draft in 2026", "impose trade sanctions on IND in 2026"]
        .iter()
        .map(|s| say(&record, 710, s).unwrap())
        .collect();
    let found = advisor.find(&acts, &|_, _| {}).unwrap();
    assert_eq!(found.leave_out.len(), 1, "{:?}", found.leave_out);
    assert!(found.leave_out[0].starts_with("impose trade sanctions"));
}

#[test]
fn policies_differ_where_their_queries_do() {
    use comity_advice::compare::compare;
    let record = comity_datasets::starter::record();
    let vetoes = |from: i32| {
        let text = format!(
            "+++\nid = \"alone\"\ntitle = \"Alone\"\n+++\n\n# One\n\n## No veto {{#no-veto .refrain}}\n\nNone.\n\n```sql evidence name=cast\n\
             select v.ccode as state, v.year, 'breach' as severity, 'a veto' as what, v.source, v.source_row from vetoes v where v.year >= {from}\n```\n"
        );
        comity_policy::parse("alone.md", &text).0.unwrap()
    };
    let (all, late) = (vetoes(1900), vetoes(1971));
    let found = compare(&record, &all, &late, &Options::default()).unwrap();
    let [c] = &found.both[..] else { panic!("{found:?}") };
    assert!(c.differences() > 0 && !c.same_text);
    assert!(c.examples.iter().all(|(_, year, ..)| *year < 1971), "{:?}", c.examples);
    assert_eq!((c.first_finds.len(), c.second_finds.len()), (1, 0));
    // Another text, and the same verdicts.
    let same = compare(&record, &all, &vetoes(1901), &Options::default()).unwrap();
    assert_eq!((same.both[0].differences(), same.both[0].same_text), (0, false));
}

#[test]
fn what_does_not_fit_the_record_is_refused_and_does_not_panic() {
    let record = comity_datasets::starter::record();
    let act = |write: &str| {
        let text = format!(
            "[[act]]\nid = \"x\"\ndoc = \"X.\"\nsay = [\"do x to {{other}} before {{witness}}\"]\n[act.slots]\nother = \"state\"\nwitness = \"state\"\n[[act.write]]\n{write}\n"
        );
        let vocabulary = Vocabulary::shipped().with(&text, "mine.md")?;
        let act = Act::say(&record, &vocabulary, 710, "do x to IND before JPN in 2026")?;
        lay(&record, &vocabulary, &[act], 2026)
    };
    let wrong = |write: &str| act(write).unwrap_err().to_string();
    assert!(
        wrong("table = \"vetoes\"\ncells = { ccode = true }")
            .contains("vetoes.ccode cannot hold true")
    );
    assert!(
        wrong("table = \"vetoes\"\ncells = { ccode = 5000000000 }")
            .contains("cannot hold 5000000000")
    );
    assert!(
        wrong("table = \"vetoes\"\ncells = { draft = \"$other\" }").contains("cannot hold 750")
    );
    assert!(
        wrong("table = \"memberships\"\nlike = \"other\"\ncells = { kind = \"full\" }")
            .contains("no cell holds")
    );
    assert!(wrong("table = \"memberships\"\neach = \"party\"").contains("parties of what"));
    // A third state stays itself on both sides.
    let laid = act("table = \"peace_missions\"\nmirrored = true\ncells = { mission = \"$id\", host = \"$other\", second_host = \"$witness\" }").unwrap();
    let hosts: Vec<(&str, &str)> = laid
        .rows
        .iter()
        .map(|r| (r.cells["host"].as_str(), r.cells["second_host"].as_str()))
        .collect();
    assert_eq!(hosts, [("750", "740"), ("710", "740")]);
    // One more vote of a year whose votes are not known counts nothing.
    let vote = say(&record, 710, "vote with the majority in 2026").unwrap();
    assert!(
        lay(&record, Vocabulary::shipped(), &[vote], 2026)
            .unwrap_err()
            .to_string()
            .contains("are not known")
    );
}
