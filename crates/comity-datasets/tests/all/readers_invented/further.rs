//! Interventions, events by day, the peace scale, threats of sanctions, indices, borders, aid and the votes of the Library: peculiarities of the
//! published forms, in invented rows.

use super::{column, part, part_of, search};

const IMI: &str = "intervener,target,start,end,source,direction,type,amount,air,naval,size_naval,firing_outside,intervener_casualties,target casualties,domestic_dispute,affect_policies,social_protective,pursuit_border,economic,strategic,humanitarian,territorial,military/diplomatic,contiguity,int_contig,description,,\n";
const MIE: &str = "micnum,eventnum,ccode1,ccode2,stmon,stday,styear,endmon,endday,endyear,sidea1,action,hostlev,fatalmin1,fatalmax1,fatalmin2,fatalmax2,version\n";
const EVENTS: &str = "id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,dyad_dset_id,dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,side_b,number_of_sources,source_article,source_office,source_date,source_headline,source_original,where_prec,where_coordinates,where_description,adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,country,country_id,region,event_clarity,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low,gwnoa,gwnob\n";
const ASSEMBLY: &str = "undl_id,ms_code,ms_name,ms_vote,date,session,resolution,draft,committee_report,meeting,title,agenda_title,subjects,vote_note,total_yes,total_no,total_abstentions,total_non_voting,total_ms,undl_link\n";
const COUNCIL: &str = "undl_id,ms_code,ms_name,permanent_member,ms_vote,date,resolution,draft,meeting,description,agenda,subjects,vote_note,modality,total_yes,total_no,total_abstentions,total_non_voting,total_ms,undl_link\n";
const EUSANCT: &str = "caseid,targetstate,targetstate_name,eu,single_eu,us,single_us,un,single_un,combination,sender_combination,euprimarysender,startyeareu,startdateeu,startyearus,startdateus,startyearun,startdateun,endyeareu,enddateeu,endyearus,enddateus,endyearun,enddateun,sender2,sender3,sender4,sender5,institution2,targetinstitution2,institution3,targetinstitution3,otherinstitution,multi,issue1,issue2,issue3,otherissue,threateu,threateu_id,threateu_type,threateu_type_other,threatus,threatus_id,threatus_type,threatus_type_other,threatun,threatun_id,threatun_type,threatun_type_other,impositioneu,impositioneu_year,impositioneu_start,impositioneu_id,impositioneu_type,impositioneu_type_other,impositioneu_econ,impositioneu_target,impositioneu_intensity,impositioneu_gradualism,impositionus,impositionus_year,impositionus_start,impositionus_id,impositionus_type,impositionus_type_other,impositionus_econ,impositionus_target,impositionus_intensity,impositionus_gradualism,impositionun,impositionun_year,impositionun_start,impositionun_id,impositionun_type,impositionun_type_other,impositionun_econ,impositionun_target,impositionun_intensity,impositionun_gradualism,finaloutcome,threat,threat_success,sanction,sanctions_success,success,policyresult,sanctioncontribution,hsescore,datasource,link,comments";
const VIOLENCE: &str = "country_id_cy,country_cy,year_cy,region_cy,main_govt_name_cy,sb_exist_cy,sb_dyad_count_cy,sb_dyad_ids_cy,sb_dyad_names_cy,sb_deaths_parties_cy,sb_deaths_civilians_cy,sb_deaths_unknown_cy,sb_total_deaths_best_cy,sb_total_deaths_high_cy,sb_total_deaths_low_cy,sb_intrastate_exist_cy,sb_intrastate_dyad_count_cy,sb_intrastate_dyad_ids_cy,sb_intrastate_dyad_names_cy,sb_intrastate_main_govt_inv_incomp_cy,sb_intrastate_deaths_parties_cy,sb_intrastate_deaths_civilians_cy,sb_intrastate_deaths_unknown_cy,sb_intrastate_deaths_best_cy,sb_intrastate_deaths_high_cy,sb_intrastate_deaths_low_cy,sb_interstate_exist_cy,sb_interstate_dyad_count_cy,sb_interstate_dyad_ids_cy,sb_interstate_dyad_names_cy,sb_interstate_main_govt_inv_incomp_cy,sb_interstate_deaths_parties_cy,sb_interstate_deaths_civilians_cy,sb_interstate_deaths_unknown_cy,sb_interstate_deaths_best_cy,sb_interstate_deaths_high_cy,sb_interstate_deaths_low_cy,ns_exist_cy,ns_dyad_count_cy,ns_dyad_ids_cy,ns_dyad_names_cy,ns_deaths_parties_cy,ns_deaths_civilians_cy,ns_deaths_unknown_cy,ns_total_deaths_best_cy,ns_total_deaths_high_cy,ns_total_deaths_low_cy,os_exist_cy,os_dyad_count_cy,os_dyad_ids_cy,os_dyad_names_cy,os_main_govt_inv_cy,os_main_govt_killings_best_cy,os_main_govt_killings_high_cy,os_main_govt_killings_low_cy,os_any_govt_inv_cy,os_any_govt_killings_best_cy,os_any_govt_killings_high_cy,os_any_govt_killings_low_cy,os_nsgroup_inv_cy,os_nsgroup_killings_best_cy,os_nsgroup_killings_high_cy,os_nsgroup_killings_low_cy,os_killings_unknown_cy,os_total_deaths_best_cy,os_total_deaths_high_cy,os_total_deaths_low_cy,cumulative_total_deaths_parties_in_orgvio_cy,cumulative_total_deaths_civilians_in_orgvio_cy,cumulative_total_deaths_unknown_in_orgvio_cy,cumulative_total_deaths_in_orgvio_best_cy,cumulative_total_deaths_in_orgvio_high_cy,cumulative_total_deaths_in_orgvio_low_cy,version";
const KOF: &str = "code,country,year,kofgi,kofgidf,kofgidj,kofecgi,kofecgidf,kofecgidj,koftrgi,koftrgidf,koftrgidj,koffigi,koffigidf,koffigidj,kofsogi,kofsogidf,kofsogidj,kofipgi,kofipgidf,kofipgidj,kofingi,kofingidf,kofingidj,kofcugi,kofcugidf,kofcugidj,kofpogi,kofpogidf,kofpogidj";
const TERMS: &str = "country_org,start_year,end_year,seat,note\n";

/// A row below a header: what is given by column, and else the same in every cell.
fn row(header: &str, given: &[(&str, &str)], other: &str) -> String {
    let cell = |column: &str| {
        let there = given.iter().find(|(name, _)| *name == column);
        there.map_or(other, |(_, value)| value).to_owned()
    };
    header.split(',').map(cell).collect::<Vec<_>>().join(",") + "\n"
}

#[test]
fn threats_stand_beside_what_was_imposed_sender_by_sender() {
    let case = [
        ("caseid", "1991070501"),
        ("targetstate", "345"),
        ("eu", "1"),
        ("us", "1"),
        ("un", "0"),
        ("startyeareu", "1991"),
        ("startdateeu", "05jul1991"),
        ("endyeareu", ""),
        ("enddateeu", "ongoing"),
        ("startyearus", "1991"),
        ("startdateus", "11jul1991"),
        ("endyearus", "1999"),
        ("enddateus", "07sep1995"),
        ("sender2", "20"),
        ("sender3", "900"),
        ("threateu", "1"),
        ("threateu_type", "8;10"),
        ("threatus", "0"),
        ("impositioneu", "0"),
        ("impositionus", "1"),
        ("impositionus_start", "12jul1991"),
        ("impositionus_year", "1991"),
        ("finaloutcome", "6"),
    ];
    let b = part(&[&format!("{EUSANCT}\n{}", row(EUSANCT, &case, "."))]).unwrap();
    let of = |name: &str| column(&b, "sanction_cases", name);
    assert_eq!((of("sender_name"), of("sender")), (vec_of(&["EU", "US"]), vec_of(&["", "2"])));
    assert_eq!(
        (of("threatened"), of("imposed")),
        (vec_of(&["true", "false"]), vec_of(&["false", "true"]))
    );
    assert_eq!(
        (of("threat_kinds")[0].as_str(), of("co_senders")),
        ("8;10", vec_of(&["20; 900", "20; 900"]))
    );
    assert_eq!(
        (of("start"), of("imposed_date")),
        (vec_of(&["1991-07-05", "1991-07-11"]), vec_of(&["", "1991-07-12"]))
    );
    // A day that lies in another year than the year beside it is left out, and named.
    assert_eq!((of("end"), of("end_year")), (vec_of(&["", ""]), vec_of(&["", "1999"])));
    assert!(
        b.source.notes[1].contains("enddateus 1995-09-07 and endyearus 1999 (line 2)"),
        "{:?}",
        b.source.notes
    );
    let bad = row(EUSANCT, &case, ".").replace("05jul1991", "31jun1991");
    let error = part(&[&format!("{EUSANCT}\n{bad}")]).unwrap_err();
    assert!(error.contains("startdateeu") && error.contains("31jun1991"), "{error}");
}

#[test]
fn a_year_without_violence_is_a_zero_and_a_state_that_is_none_is_kept_without_it() {
    let of = |country: &str, deaths: &str| {
        let given = [
            ("country_id_cy", country),
            ("country_cy", "A"),
            ("year_cy", "1994"),
            ("sb_dyad_ids_cy", "NO_DYAD"),
            ("cumulative_total_deaths_in_orgvio_best_cy", deaths),
            ("version", "25.1"),
        ];
        row(VIOLENCE, &given, "0")
    };
    let text = format!("{VIOLENCE}\n{}{}", of("517", "800"), of("396", "0"));
    let b = part(&[&text]).unwrap();
    let column = |name: &str| column(&b, "organized_violence", name);
    assert_eq!(
        (column("ccode"), column("gwcode")),
        (vec_of(&["517", ""]), vec_of(&["517", "396"]))
    );
    assert_eq!(
        (column("deaths"), column("interstate")),
        (vec_of(&["800", "0"]), vec_of(&["false", "false"]))
    );
    assert!(
        part(&[&text.replace(",800,", ",-9,")])
            .unwrap_err()
            .contains("\"-9\" is not a code from 0")
    );
}

#[test]
fn codes_of_the_world_bank_are_placed_and_blanks_are_no_values() {
    let of = |code: &str, year: &str, value: &str| {
        row(
            KOF,
            &[
                ("code", code),
                ("country", "A"),
                ("year", year),
                ("kofgi", value),
                ("kofpogidj", "99.5"),
            ],
            "",
        )
    };
    let text = format!(
        "{KOF}\n{}{}{}",
        of("ZAR", "2010", "40.5"),
        of("DEU", "1980", ""),
        of("WLD", "2010", "50")
    );
    let b = part(&[&text]).unwrap();
    let column = |name: &str| column(&b, "indices", name);
    assert_eq!(column("name"), ["KOFGI", "KOFPoGIdj", "KOFPoGIdj", "KOFGI", "KOFPoGIdj"]);
    assert_eq!(column("ccode"), ["490", "490", "260", "", ""]);
    assert_eq!(column("title")[1], "KOF index of political globalisation, de jure, 1 to 100");
    assert_eq!(column("month"), ["", "", "", "", ""]);
}

#[test]
fn aid_goes_to_the_state_of_the_year() {
    let header =
        "country,ccode,iso3c,year,region,category,pubrow,agency,account,constant,current\n";
    let text = format!(
        "{header}Egypt,651,EGY,1946,R,Economic,P,A,B,1e+08,9300000\nGermany,255,DEU,1960,R,Military,P,A,B,2e+06,1e+06\nAsia (not specified),NA,NA,1960,R,Economic,P,A,B,1,1\n"
    );
    let b = part(&[&text.replace("NA,NA", ",")]).unwrap();
    let of = |name: &str| column(&b, "aid", name);
    assert_eq!((of("recipient")[0].as_str(), of("recipient")[2].as_str()), ("651", ""));
    assert_ne!(of("recipient")[1], "255", "united Germany is no state in 1960");
    assert_eq!(
        (of("constant_usd"), of("category")),
        (vec_of(&["100.0", "2.0", "1e-6"]), vec_of(&["economic", "military", "economic"]))
    );
}

fn intervention(who: i32, from: &str, to: &str, casualties: i32) -> String {
    format!("{who},645,{from},{to},1,3,5,9,4,0,9,1,{casualties},0,9,1,0,0,0,1,0,2,0,1,1,x,,\n")
}

#[test]
fn interventions_end_are_ongoing_or_not_known_and_bad_rows_are_named() {
    let text = [
        intervention(2, "19910101", "88888888", 12),
        intervention(2, "19920203", "99999999", 998),
        intervention(2, "19610631", "19610702", 999),
        intervention(1014, "19930101", "19930301", 9_999_999),
        intervention(20, "19941215", "19940401", 0),
        intervention(20, "19951215", "199612155", 0),
    ];
    let b = part(&[&format!("{IMI}{}", text.concat())]).unwrap();
    let of = |name: &str| column(&b, "interventions", name);
    assert_eq!(of("ccode"), ["2", "2", "2", ""]);
    assert_eq!(of("actor"), ["2", "2", "2", "1014"]);
    assert_eq!(of("start"), ["1991-01-01", "1992-02-03", "", "1993-01-01"]);
    assert_eq!(
        (of("start_month"), of("start_year")),
        (vec_of(&["1", "2", "6", "1"]), vec_of(&["1991", "1992", "1961", "1993"]))
    );
    assert_eq!(of("end_year"), ["", "", "1961", "1993"]);
    assert_eq!(of("ongoing"), ["true", "false", "false", "false"]);
    assert_eq!(of("casualties"), ["12", "998", "", ""]);
    assert_eq!(of("casualties_least"), ["false", "true", "", ""]);
    assert_eq!(
        (of("troops"), of("territorial")),
        (vec_of(&["", "", "", ""]), vec_of(&["2", "2", "2", "2"]))
    );
    let notes = &b.source.notes;
    assert!(
        notes[0].starts_with("0.csv: 2 rows are refused, and the others are read: ")
            && notes[0].contains("end is \"199612155\" and not a day, as YYYYMMDD (line 7)")
            && notes[0].contains("ends (1994-04-01) before it begins (1994-12-15) (line 6)"),
        "{notes:#?}"
    );
    assert!(notes[1].contains("19610631 (line 4)"), "{notes:#?}");
}

fn vec_of(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|t| (*t).to_owned()).collect()
}

#[test]
fn events_between_states_keep_their_days_and_say_whether_they_have_a_direction() {
    let text = format!(
        "{MIE}7,1,2,20,5,-9,1902,6,-9,1902,1,7,3,0,0,0,0,mie-1.0\n7,2,2,20,6,3,1902,6,3,1902,0,22,5,1,9,0,0,mie-1.0\n"
    );
    let b = part(&[&text]).unwrap();
    let of = |name: &str| column(&b, "dispute_events", name);
    assert_eq!(
        (of("start"), of("start_month")),
        (vec_of(&["", "1902-06-03"]), vec_of(&["5", "6"]))
    );
    assert_eq!(
        (of("directed"), of("side_a")),
        (vec_of(&["true", "false"]), vec_of(&["true", "false"]))
    );
    assert_eq!(
        (of("fatalities_min"), of("fatalities_max")),
        (vec_of(&["0", "1"]), vec_of(&["0", "9"]))
    );
    let error = part(&[&text.replace("22,5,1,9", "22,5,10,9")]).unwrap_err();
    assert!(error.contains("line 3") && error.contains("fatalmax1"), "{error}");
    let error = part(&[&text.replace("7,2,", "7,1,")]).unwrap_err();
    assert!(error.contains("micnum=7 eventnum=1 stands already on line 2"), "{error}");
}

/// An event of Iraq and Kuwait with this status and day.
fn event(id: u8, status: &str, day: &str) -> String {
    format!(
        "{id},x,2026,TRUE,{status},1,7,7,c,1,70,d,1,1,A,1,2,B,1,a,b,c,d,e,1,town,t,a,,1.5,2.5,P,9,Here,645,Asia,1,1,{day},{day},0,1,0,0,1,1,1,645,690\n"
    )
}

#[test]
fn candidate_events_with_damaged_days_are_refused_one_by_one() {
    let march = format!(
        "{EVENTS}{}{}{}",
        event(1, "Clear", "2026-03-02 00:00:00.000"),
        event(2, "Check deaths", "00:00.0"),
        event(3, "Check", "4/5/2026 0:00")
    );
    let april = format!(
        "{EVENTS}{}{}",
        event(1, "Clear", "2026-03-02"),
        event(4, "Check dyad", "2026-04-30")
    );
    let b = part(&[&march, &april]).unwrap();
    assert_eq!(b.source.dataset, "ucdp-candidate");
    let mut events = column(&b, "conflict_events", "event_id");
    events.sort();
    assert_eq!(events, ["1", "4"]);
    assert!(b.source.coverage.iter().all(|c| c.context));
    let note = &b.source.notes[0];
    assert!(note.starts_with("0.csv: 2 rows are refused"), "{note}");
    assert!(
        note.contains("date_start is \"00:00.0\" and not a day, as YYYY-MM-DD (line 3)"),
        "{note}"
    );
    assert!(note.contains("\"4/5/2026 0:00\" and not a day, as YYYY-MM-DD (line 4)"), "{note}");
    // A file of which no row is left, and one without rows, are no source.
    let nothing = part(&[&format!("{EVENTS}{}", event(2, "Check", "00:00.0"))]).unwrap_err();
    let nothing = nothing.to_string();
    assert!(
        nothing.contains("no row of it can be read (0.csv: 1 row is refused: date_start"),
        "{nothing}"
    );
    let header = part(&[EVENTS]).unwrap_err().to_string();
    assert!(header.contains("0.csv is not read: it has a header and no row"), "{header}");
    // Events that are all clear are those of the event dataset.
    let b = part(&[&format!("{EVENTS}{}", event(9, "Clear", "2015-02-03"))]).unwrap();
    assert_eq!(
        (b.source.dataset.as_str(), column(&b, "conflict_events", "status")),
        ("ucdp-ged", vec_of(&["Clear"]))
    );
}

#[test]
fn periods_of_peace_stand_both_ways_open_at_the_end_and_censored_at_the_beginning() {
    // Lines have room for ten periods.
    let text = format!(
        "2020,19009999-19201231,.25,19210101-19300200,-9,19300300-20209999,1{}\n2710,19620086-19700101,0.5,19700102-20201231,0,.{}\n",
        ",".repeat(14),
        ",".repeat(15)
    );
    let b = part(&[&text]).unwrap();
    assert_eq!(b.source.dataset, "peace-data");
    let of = |name: &str| column(&b, "peace_scale", name);
    assert_eq!(of("ccode"), ["2", "20", "2", "20", "2", "20", "2", "710"]);
    assert_eq!(of("partner"), ["20", "2", "20", "2", "20", "2", "710", "2"]);
    assert_eq!(of("level"), ["0.25", "0.25", "", "", "1.0", "1.0", "0.0", "0.0"]);
    assert_eq!(of("transition")[1..4], ["false", "true", "true"]);
    assert_eq!(
        of("start"),
        ["", "", "1921-01-01", "1921-01-01", "", "", "1970-01-02", "1970-01-02"]
    );
    assert_eq!(
        (of("start_month"), of("end_month")[2].as_str()),
        (vec_of(&["", "", "1", "1", "3", "3", "1", "1"]), "2")
    );
    assert_eq!(of("end_year"), ["1920", "1920", "1930", "1930", "", "", "", ""]);
    assert_eq!(
        of("censored"),
        ["true", "true", "false", "false", "false", "false", "false", "false"]
    );
    assert!(
        b.source.notes[0].contains("period1 is \"19620086-19700101\" and not two days that exist, as YYYYMMDD-YYYYMMDD (line 2)"),
        "{:?}",
        b.source.notes
    );
}

#[test]
fn a_mean_that_counts_a_month_of_transition_as_nine_is_no_level() {
    // Eleven months of rivalry and one of transition come to 0.75; so does a year of warm peace.
    let means = "dyad,yearmonth,peacelevel\n2020,1920,0.75\n2020,1921,0.6\n2020,1929,0.75\n2020,1930,9.0\n2020,1931,3\n2020,1932,0\n";
    let periods = "2020,19000101-19211231,0.75,19220101-19291205,0,19291206-19310410,-9,19310411-20209999,0\n";
    // Lines of periods have room for ten.
    let periods = format!("{},,,,,,,,,,,,\n", periods.trim_end());
    let of = |files: &[&str]| {
        let b = part(files).unwrap();
        let every_second =
            |name: &str| column(&b, "peace_scale_years", name).into_iter().step_by(2);
        (
            every_second("level").collect::<Vec<_>>(),
            every_second("transition").collect::<Vec<_>>(),
            b.source.notes.join(" "),
        )
    };
    let (levels, transitions, notes) = of(&[means, &periods]);
    assert_eq!(levels, ["0.75", "0.6", "", "", "", "0.0"]);
    assert_eq!(transitions, ["false", "false", "true", "true", "true", "false"]);
    assert!(notes.contains("2 means by year count months of transition as 9"), "{notes}");
    // Without the periods it is not known of the one beside a transition.
    let (levels, transitions, notes) = of(&[means]);
    assert_eq!(levels, ["0.75", "0.6", "", "", "", "0.0"]);
    assert_eq!(transitions, ["false", "false", "", "true", "true", "false"]);
    assert!(notes.contains("Of 1 means by year it is not known"), "{notes}");
    let error = part(&["dyad,yearmonth,peacelevel\n2020,1921,9.5\n"]).unwrap_err();
    assert!(error.contains("line 2") && error.contains("a mean from 0 to 1"), "{error}");
}

#[test]
fn indices_have_states_by_their_codes_and_claim_the_years_that_have_ended() {
    let row = |month: &str, gpr: &str, mexico: &str, about: &str| {
        format!("{month},{gpr},1,1,90,1,1,0.5,0.25,{mexico},{about}\n")
    };
    let header =
        "month,GPR,GPRT,GPRA,GPRH,GPRHT,GPRHA,GPRC_USA,GPRHC_USA,GPRC_MEX,var_name,var_label\n";
    let text = format!(
        "{header}{}{}{}",
        row("1984-12-01", "", "", "GPR,Recent GPR (Index: 1985:2019=100)"),
        row("1985-01-01", "101.5", "0.1", "GPRC_MEX,Country GPR: Percent of articles (Mexico)"),
        row("1985-12-01", "99", "", ","),
    );
    let b = part(&[&text]).unwrap();
    let of = |name: &str| column(&b, "indices", name);
    let rows: Vec<[String; 7]> = (0..of("name").len())
        .map(|r| {
            ["name", "title", "ccode", "code", "country", "month", "value"]
                .map(|c| of(c)[r].clone())
        })
        .filter(|row| row[0] == "GPR" || row[3] == "MEX")
        .collect();
    let expected = [
        ["GPR", "Recent GPR (Index: 1985:2019=100)", "", "", "", "1", "101.5"],
        ["GPRC", "Country GPR: Percent of articles", "70", "MEX", "Mexico", "1", "0.1"],
        ["GPR", "Recent GPR (Index: 1985:2019=100)", "", "", "", "12", "99.0"],
    ];
    assert_eq!(rows, expected.map(|r| r.map(str::to_owned)));
    let b = {
        let (_folder, search) = search(&[text.as_bytes()]);
        comity_datasets::read(&search.found[0]).unwrap()
    };
    let claims: Vec<(i32, i32, String)> = b
        .source
        .coverage
        .iter()
        .map(|c| (c.from, c.to, format!("{:?} {:?}", c.only["name"], c.units)))
        .collect();
    assert_eq!(claims, [(1984, 1985, "{\"GPRC\", \"GPRHC\"} States({2})".to_owned()),]);
    assert!(part(&[&text.replace("1985-12-01", "1985-01-01")]).unwrap_err().contains("line 4"));
}

#[test]
fn units_of_a_map_are_states_or_stand_under_their_own_number() {
    let map = |codes: &str, end: &str| {
        format!(
            r#"{{"type":"Topology","arcs":[[[0,0],[1,0],[1,1],[0,0]]],"objects":{{"any":{{"type":"GeometryCollection","geometries":[
            {{"type":"Polygon","arcs":[[0]],"properties":{{"{codes}":20,"country_name":"Canada","start":"1949-03-31","end":"{end}","status":"independent","owner":"20","capname":"Ottawa","caplong":-75.7,"caplat":45.40,"b_def":1,"fid":1}}}},
            {{"type":"MultiPolygon","arcs":[[[0]]],"properties":{{"{codes}":8203,"country_name":"Pahang","start":"1888-01-01","end":"1896-06-30","status":"N/A","owner":"200","capname":"Pekan","caplong":103.4,"caplat":3.5,"b_def":0,"fid":2}}}}]}}}}}}"#
        )
    };
    let b =
        part_of(&[map("cowcode", "2019-12-31").as_bytes(), map("gwcode", "1990-01-01").as_bytes()])
            .unwrap();
    let of = |name: &str| column(&b, "borders", name);
    assert_eq!((of("code"), of("ccode")), (vec_of(&["20", "8203"]), vec_of(&["20", ""])));
    assert_eq!((of("owner"), of("owner_code")), (vec_of(&["20", "200"]), vec_of(&["20", "200"])));
    assert_eq!(
        (of("status"), of("defined")),
        (vec_of(&["independent", ""]), vec_of(&["true", "false"]))
    );
    assert_eq!((of("end"), of("end_year")), (vec_of(&["", "1896-06-30"]), vec_of(&["", "1896"])));
    assert_eq!(
        of("shape"),
        ["POLYGON ((0 0, 1 0, 1 1, 0 0))", "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))"]
    );
    assert_eq!(column(&b, "gw_borders", "end"), ["1990-01-01", "1896-06-30"]);
    let cut = map("cowcode", "2019-12-31").replace("[1,1],", "");
    let (_folder, search) = search(&[cut.as_bytes()]);
    let reason = &search.unrecognised[0].reason;
    assert!(reason.contains("row 1: a ring that does not close"), "{reason}");
}

fn assembly(record: u32, code: &str, name: &str, vote: &str, date: &str, session: &str) -> String {
    format!(
        "{record},{code},{name},{vote},{date},{session},A/RES/{session}/1,A/L.1,,A/PV.9,\"A title, with a comma\",ITEM,SUBJECT,,2.0,1.0,0.0,1.0,4.0,https://example.org/{record}\n"
    )
}

#[test]
fn votes_of_the_library_are_of_the_states_of_their_time() {
    let text = [
        assembly(70, "CHN", "CHINA", "Y", "1960-12-14", "15"),
        assembly(70, "RUS", "USSR", "N", "1960-12-14", "15"),
        assembly(70, "USA", "UNITED STATES", "X", "1960-12-14", "15"),
        assembly(70, "BFA", "UPPER VOLTA", "Y", "1960-12-14", "15"),
        assembly(90, "CHN", "CHINA", "A", "2023-12-12", "ES-10"),
        assembly(90, "PSE", "ATLANTIS", "Y", "2023-12-12", "ES-10"),
    ];
    let b = part(&[&format!("{ASSEMBLY}{}", text.concat())]).unwrap();
    assert_eq!(b.source.dataset, "un-library-votes");
    assert_eq!(column(&b, "votes", "ccode"), ["713", "365", "2", "439", "710", ""]);
    assert_eq!(column(&b, "votes", "vote"), ["1", "3", "8", "1", "2", "1"]);
    let of = |name: &str| column(&b, "roll_calls", name);
    assert_eq!((of("rcid"), of("session")), (vec_of(&["70", "90"]), vec_of(&["15", ""])));
    assert_eq!(
        (of("special_session"), of("date")[0].as_str()),
        (vec_of(&["", "ES-10"]), "1960-12-14")
    );
    assert_eq!(
        (of("yes"), of("absent"), of("issue_me")),
        (vec_of(&["2", "2"]), vec_of(&["1", "1"]), vec_of(&["", ""]))
    );
    // To 2019 the program's own figures stand; those after know no issues.
    assert_eq!(column(&b, "voting_years", "year"), ["2023"]);
    assert_eq!(
        (column(&b, "voting_years", "present"), column(&b, "voting_years", "economic")),
        (vec_of(&["1"]), vec_of(&[""]))
    );
    assert!(b.source.coverage.iter().all(|c| c.context), "it is no whole file");
    assert!(
        b.source
            .notes
            .iter()
            .any(|n| n.contains("do not come to the totals") && n.contains("A/RES/ES-10/1")),
        "{:?}",
        b.source.notes
    );
    let twice = format!("{ASSEMBLY}{}{}", text[0], text[0]);
    assert!(part(&[&twice]).unwrap_err().contains("line 3"), "{:?}", part(&[&twice]));
    let odd = format!("{ASSEMBLY}{}", text[0].replace(",Y,", ",maybe,"));
    assert!(part(&[&odd]).unwrap_err().contains("\"maybe\" is not Y, N, A or X"));
}

#[test]
fn votes_in_the_council_and_terms_of_its_members() {
    let row = |code: &str, name: &str, permanent: &str, vote: &str, modality: &str| {
        format!(
            "5,{code},{name},{permanent},{vote},1967-11-22,S/RES/242(1967),S/8247,S/PV.1382,Resolution 242 (1967) [on the Middle East],ITEM,SUBJECT,,{modality},3,0,0,0,15,https://example.org/5\n"
        )
    };
    let rows = ["CHN,CHINA", "GBR,UNITED KINGDOM", "IND,INDIA"].map(|m| {
        let (code, name) = m.split_once(',').unwrap();
        row(code, name, if code == "IND" { "False" } else { "True" }, "Y", "Adopted with vote")
    });
    let b = part(&[&format!("{COUNCIL}{}", rows.concat())]).unwrap();
    assert_eq!(column(&b, "council_votes", "ccode"), ["713", "200", "750"]);
    assert_eq!(column(&b, "council_votes", "permanent"), ["true", "true", "false"]);
    let of = |name: &str| column(&b, "council_resolutions", name);
    assert_eq!(
        (of("resolution"), of("with_vote"), of("members")),
        (vec_of(&["S/RES/242(1967)"]), vec_of(&["true"]), vec_of(&["15"]))
    );
    assert!(!b.source.notes.iter().any(|n| n.contains("totals")));
    // Before December 1949 the state system has one China.
    let early = rows[0].replace("5,CHN", "4,CHN").replace("1967-11-22", "1948-11-04");
    let b = part(&[&format!("{COUNCIL}{early}")]).unwrap();
    assert_eq!(column(&b, "council_votes", "ccode"), ["710"]);
    let without = row("IND", "INDIA", "False", "Y", "Adopted without vote");
    let b = part(&[&format!("{COUNCIL}{without}")]).unwrap();
    assert_eq!(column(&b, "council_resolutions", "with_vote"), ["false"]);

    let text = format!(
        "{TERMS}# a comment, with a comma\nChina,1992,2023,permanent,\nIndia,2021,2022,elected,\n# seat\nCote D'ivoire,1991,1992,elect,\n"
    );
    let error = part(&[&text]).unwrap_err();
    assert!(error.contains("line 6") && error.contains("permanent or elected"), "{error}");
    let b = part(&[&text.replace(",elect,", ",elected,")]).unwrap();
    assert_eq!(column(&b, "council_terms", "ccode"), ["710", "750", "437"]);
    assert_eq!(column(&b, "council_terms", "end_year"), ["", "2022", "1992"]);
    assert!(b.source.notes[0].contains("2 lines of comments"), "{:?}", b.source.notes);
}

#[test]
fn files_that_go_around_say_what_they_are() {
    let votes = format!("oman,Other{}\n", ",1,6,9".repeat(9));
    let files: [(&[u8], &str); 5] = [
        (b"exporter,importer,pair_id,year,trade,DIST,CNTG,LANG,CLNY\nA,B,1,1986,1,1,0,0,0\n", "gravity data set for teaching"),
        (b"event,mode,title\nACCUSE,,x\n", "invented headlines"),
        (b"\"\",date,text,source\n1,2020-01-01,x,y\n", "texts of news"),
        (votes.as_bytes(), "votes without a header line"),
        (b"mic_id,micname,year,stdate,enddate,duration,events,involved,fatalmin,fatalmax\n1,x,1900,1900-01-01,1900-01-02,2,1,2,0,0\n", "mie (confrontations for teaching)"),
    ];
    for (bytes, reason) in files {
        let (_folder, search) = search(&[bytes]);
        assert!(search.unrecognised[0].reason.contains(reason), "{:?}", search.unrecognised);
    }
}
