//! Conflict, crises, claims, sanctions and vetoes: peculiarities of the published forms, in invented rows.

use super::{column, part, search};

const DEATHS: &str = "conflict_id,dyad_id,location_inc,side_a,side_a_id,side_a_2nd,side_b,side_b_id,side_b_2nd,incompatibility,territory_name,year,bd_best,bd_low,bd_high,type_of_conflict,battle_location,gwno_a,gwno_a_2nd,gwno_b,gwno_b_2nd,gwno_loc,gwno_battle,region,version\n";
const SANCTIONS: &str = "case_id,sanctioned_state,sanctioning_state,begin,end,trade,descr_trade,arms,military,financial,travel,other,target_mult,sender_mult,objective,success\n";
const VETOES: &str = "year,date,month,draft,meeting_record,agenda_item,crisis_topic,region,member_veto1,member_veto2,member_veto3,single_veto,multiple_vetoes,China,France,Russia,USSR,USA,UK,russia_china,usa_uk,usa_france,usa_france_uk,france_uk\n";
const EVENTS: &str = "id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,dyad_dset_id,dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,side_b,number_of_sources,source_article,source_office,source_date,source_headline,source_original,where_prec,where_coordinates,where_description,adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,country,country_id,region,event_clarity,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low,gwnoa,gwnob\n";

#[test]
fn two_files_with_one_header_are_told_apart_by_their_rows() {
    let row = |conflict: u8, dyads: &str, year: u16| {
        format!(
            "{conflict},\"{dyads}\",Here,G,1,,R,2,,2,,{year},30,25,40,3,Here,432,,,,432,432,4,24.1\n"
        )
    };
    let conflicts = format!("{DEATHS}{}{}", row(7, "70, 71", 2015), row(7, "70", 2016));
    let dyads =
        format!("{DEATHS}{}{}{}", row(7, "70", 2015), row(7, "71", 2015), row(7, "70", 2016));
    for files in [[&conflicts, &dyads], [&dyads, &conflicts]] {
        let b = part(&files.map(String::as_str)).unwrap();
        assert_eq!(column(&b, "battle_deaths", "year"), ["2015", "2016"]);
        assert_eq!(column(&b, "dyad_battle_deaths", "dyad_id"), ["70", "71", "70"]);
    }
}

#[test]
fn senders_are_whole_names_and_the_union_is_its_members() {
    let b = part(&[&format!(
        "{SANCTIONS}1,Romania,\"Oman, Congo, Democratic Republic of the, UN\",1990,1992,1,exp_part,0,0,0,0,0,0,1,other,failed\n2,Cuba,EU,2012,2023,0,,1,0,0,0,0,0,1,\"democracy,other\",ongoing\n"
    )])
    .unwrap();
    assert_eq!(column(&b, "sanctions", "sender")[..3], ["698", "490", ""]);
    assert_eq!(column(&b, "sanctions", "un_mandate")[..3], ["", "", "true"]);
    // The Union, and 28 members over the years: one leaves, one joins.
    let (senders, ends) = (column(&b, "sanctions", "sender"), column(&b, "sanctions", "end_year"));
    assert_eq!((senders.len(), senders[3].as_str()), (3 + 1 + 28, ""));
    let of = |ccode: &str| senders.iter().position(|s| s == ccode).unwrap();
    assert_eq!(
        (ends[of("200")].as_str(), ends[of("344")].as_str(), ends[3].as_str()),
        ("2020", "", "")
    );
    assert_eq!(column(&b, "sanctions", "start_year")[of("344")], "2013");

    let wrong = |end: &str| {
        part(&[&format!("{SANCTIONS}1,Cuba,Oman,1990,{end},1,,0,0,0,0,0,0,1,other,failed\n")])
            .unwrap_err()
    };
    assert!(wrong("1989").contains("does not lie before the beginning"), "{}", wrong("1989"));
    assert!(wrong("soon").contains("line 2"), "{}", wrong("soon"));
}

#[test]
fn votes_of_one_meeting_are_numbered_and_no_stranger_casts_a_veto() {
    let row = |date: &str, symbol: &str, who: &str| {
        let year = date.rsplit('/').next().unwrap();
        format!(
            "{year},{date},1,{symbol},S/PV.1,item,topic,region,{who},,,1,0,0,0,0,0,0,0,0,0,0,0,0\n"
        )
    };
    let text = format!(
        "{VETOES}{}{}{}",
        row("1/2/1955", "S/PV.1", "China"),
        row("1/2/1955", "S/PV.1", "USSR"),
        row("8/2/1972", "S/2", "China")
    );
    let b = part(&[&text]).unwrap();
    assert_eq!(column(&b, "vetoes", "draft"), ["S/PV.1 (1)", "S/PV.1 (2)", "S/2"]);
    assert_eq!(column(&b, "vetoes", "ccode"), ["713", "365", "710"]);
    let error = part(&[&format!("{VETOES}{}", row("1/2/1955", "S/3", "Chad"))]).unwrap_err();
    assert!(error.contains("permanent member"), "{error}");
    let error = part(&[&format!("{VETOES}{}", row("2/30/1955", "S/3", "UK"))]).unwrap_err();
    assert!(error.contains("month/day/year"), "{error}");
}

#[test]
fn events_of_a_country_have_a_line_of_tags_and_stand_once() {
    let row = |id: u8| {
        format!(
            "{id},x,2015,1,Clear,1,1,7,c,1,70,d,1,1,A,1,2,B,1,a,b,c,d,e,1,town,t,a,,1.5,2.5,P,9,Here,432,Africa,1,1,2015-02-03 00:00:00.000,2015-02-03 00:00:00.000,0,1,0,0,1,1,1,432,\n"
        )
    };
    let country = EVENTS.replace("country,country_id", "country,iso3,country_id");
    let tags = country
        .split(',')
        .map(|c| if c == "year" { "#date+year" } else { "" })
        .collect::<Vec<_>>()
        .join(",");
    let country = format!("{country}{tags}\n{}", row(1).replace("Here,432", "Here,MLI,432"));
    let b = part(&[&format!("{EVENTS}{}{}", row(1), row(2)), &country]).unwrap();
    assert_eq!(column(&b, "conflict_events", "event_id"), ["1", "2"]);
    assert_eq!(column(&b, "conflict_events", "date")[0], "2015-02-03");
    assert!(
        b.source.notes.iter().any(|n| n.starts_with("1 events stand in more than one")),
        "{:?}",
        b.source.notes
    );
    // A whole file of them says no more about what is left out.
    let (_folder, found) = search(&[format!("{EVENTS}{}", row(1)).as_bytes()]);
    assert!(
        comity_datasets::read(&found.found[0]).unwrap().source.coverage.iter().all(|c| c.context)
    );
}

#[test]
fn sheets_with_one_header_are_told_apart_by_their_figures() {
    let years: Vec<String> = (1949..=2024).map(|y| y.to_string()).collect();
    let header = years.join(",");
    let line = |name: &str, figure: &str| {
        let figures = years.iter().map(|y| match y.as_str() {
            "2023" => figure,
            "2024" => "xxx",
            _ => "...",
        });
        format!("{name},{}\n", figures.collect::<Vec<_>>().join(","))
    };
    let title = "Military expenditure by country\n\"figures; as they are\"\n\n";
    let region = format!("Europe,,{}\n", ",".repeat(76));
    let constant =
        format!("{title}Country,,Notes,{header}\n{region}{}", line("Germany,,1", "5000.5"));
    let current = format!(
        "{title}Country,Notes,{header}\n{}{}",
        line("Germany,1", "4000"),
        line("North Korea,1", "0.0")
    );
    let share = format!("{title}Country,Notes,{header}\n{}", line("Germany,1", "0.012"));
    for files in [[&constant, &current, &share], [&share, &current, &constant]] {
        let b = part(&files.map(String::as_str)).unwrap();
        assert_eq!(b.source.id, "sipri-milex-2024");
        let of = |name: &str| column(&b, "military_spending", name);
        assert_eq!((of("ccode"), of("year")), (vec!["255".into()], vec!["2023".to_string()]));
        assert_eq!(
            (of("constant_usd"), of("current_usd"), of("gdp_share")),
            (vec!["5000.5".into()], vec!["4000.0".into()], vec!["0.012".to_string()])
        );
        assert!(
            b.source.notes.iter().any(|n| n.starts_with("1 zeros at current prices")),
            "{:?}",
            b.source.notes
        );
    }
    // A release that nobody has looked at yet is not taken for one that is known: it is a newer one, or an older one.
    let b = part(&[&constant.replace("2024", "2025")]).unwrap();
    assert_eq!(b.source.label(), "sipri-milex-2025 (not yet reviewed)");
    assert_eq!(column(&b, "military_spending", "year"), ["2023"]);
    let error = part(&[&constant.replace("2024", "1948")]).unwrap_err();
    assert!(error.contains("in version 1948, which is not known here"), "{error}");
}

#[test]
fn which_supporter_gave_what_is_known_only_where_all_or_none_did() {
    let kinds = ["x", "p", "y", "w", "m", "t", "f", "i", "l", "o", "u"];
    let mut header = "id,active,year,actor_id,actor_name,actor_nonstate,oppo_id,oppo_name,dyad_id,dyad_name,civil,conflict_id,location,gwno_a,country_a,gwno_b,country_b,ext_id,ext_name,ext_nonstate,ext_coalition,ext_sup,ext_count,ext_count_s,ext_count_ns,ext_x,ext_sum".to_owned();
    for k in kinds {
        header = format!("{header},ext_{k}_count_s,ext_{k}_count_ns");
    }
    // Two states, of which both gave arms and one gave money, and rebels who gave nothing of these.
    let counts = |k: &str| match k {
        "w" => "2,0",
        "f" => "1,0",
        _ => "0,0",
    };
    let counts: Vec<&str> = kinds.iter().map(|k| counts(k)).collect();
    let row = |names: &str| {
        format!(
            "1,1,1980,5,R,1,6,Government of Mali,7,d,1,8,Mali,432,Mali,,,\"1,2,3\",\"{names}\",1,0,1,3,2,1,0,3,{}\n",
            counts.join(",")
        )
    };
    let b = part(&[&format!(
        "{header}\n{}",
        row("Government of Russia (Soviet Union),Thai elements,Front, Popular")
    )])
    .unwrap();
    let of = |name: &str| column(&b, "external_support", name);
    assert_eq!(of("ccode"), ["365", "", ""]);
    assert_eq!(of("supporter")[1..], ["Thai elements", "Front, Popular"]);
    assert_eq!(of("weapons"), ["true", "true", "false"]);
    assert_eq!(of("funding"), ["", "", "false"]);
    assert_eq!((of("target")[0].as_str(), of("to_rebels")[0].as_str()), ("432", "true"));
    let error = part(&[&format!(
        "{header}\n{}",
        row("Government of Chad,Government of Mali,Government of Niger")
    )])
    .unwrap_err();
    assert!(error.contains("no more names than are counted"), "{error}");
}
