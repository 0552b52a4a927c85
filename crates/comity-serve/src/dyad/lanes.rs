//! The lanes of a page of two states: one query each.

use super::{About, Shape};

/// The lanes, in the order of the page.
pub static LANES: &[&About] = &[
    &About {
        id: "pledges",
        title: "What did they owe each other?",
        nouns: ("pledge", "pledges"),
        note: "Treaties in force, with what each side owes under them: defence, offence, neutrality, non-aggression, consultation.",
        table: "pledges",
        sql: "select ccode, partner, year, treaty || ': ' || case when defense then 'defence, ' else '' end || case when offense then 'offence, ' else '' end \
              || case when neutrality then 'neutrality, ' else '' end || case when nonaggression then 'non-aggression, ' else '' end \
              || case when consultation then 'consultation, ' else '' end as what, source, source_row \
              from pledge_years where (ccode = {a} and partner = {b}) or (ccode = {b} and partner = {a}) order by year, source, source_row",
        open: false,
        shape: Shape::Marks("owed"),
    },
    &About {
        id: "wars",
        title: "Did they fight wars?",
        nouns: ("war", "wars"),
        note: "Years in which both fought on opposite sides of a war.",
        table: "war_parties",
        sql: "select ccode, cast(null as int) as partner, year, coalesce(name, war_id) as what, source, source_row \
              from war_dyad_years where ccode = {a} and other = {b} order by year, source, source_row",
        open: false,
        shape: Shape::Marks("fought"),
    },
    &About {
        id: "conflicts",
        title: "Did they fight each other in an armed conflict?",
        nouns: ("armed conflict", "armed conflicts"),
        note: "Years with at least 25 battle-related deaths in a conflict in which they stood, or supported with troops, on opposite sides.",
        table: "conflict_parties",
        sql: "select p.ccode, cast(null as int) as partner, p.year, 'conflict ' || p.conflict_id || coalesce(' over ' || c.location, '') as what, p.source, p.source_row \
              from conflict_parties p \
              join conflict_parties q on q.conflict_id = p.conflict_id and q.year = p.year and q.source = p.source \
              left join (select conflict_id, year, source, min(location) as location from armed_conflicts group by conflict_id, year, source) c \
                on c.conflict_id = p.conflict_id and c.year = p.year and c.source = p.source \
              where p.ccode = {a} and q.ccode = {b} \
                and ((p.role in ('a', 'a2') and q.role in ('b', 'b2')) or (p.role in ('b', 'b2') and q.role in ('a', 'a2'))) \
              order by p.year, p.source, p.source_row",
        open: false,
        shape: Shape::Marks("fought"),
    },
    &About {
        id: "disputes",
        title: "Which militarized disputes did they have?",
        nouns: ("militarized dispute", "militarized disputes"),
        note: "Threats, displays and uses of force; the level is the highest that either side reached.",
        table: "dispute_parties",
        sql: "select ccode, cast(null as int) as partner, year, 'dispute ' || dispute_id || ': ' || case dispute_hostility when 1 then 'no militarized action' \
              when 2 then 'threat of force' when 3 then 'display of force' when 4 then 'use of force' when 5 then 'war' else 'level not known' end as what, \
              source, source_row from dispute_dyad_years where ccode = {a} and other = {b} order by year, source, source_row",
        open: false,
        shape: Shape::Marks("fought"),
    },
    &About {
        id: "territory",
        title: "Which territory passed between them?",
        nouns: ("transfer of territory", "transfers of territory"),
        note: "From the loser to the gainer, in the year of the transfer.",
        table: "territorial_changes",
        sql: "select gainer as ccode, loser as partner, year, 'gained ' || coalesce(name, 'land') || ': ' || case procedure when 1 then 'conquest' when 2 then 'annexation' \
              when 3 then 'cession' when 4 then 'secession' when 5 then 'unification' when 6 then 'mandated territory' else 'in a way not coded' end as what, \
              source, source_row from territorial_changes where (gainer = {a} and loser = {b}) or (gainer = {b} and loser = {a}) order by year, source, source_row",
        open: false,
        shape: Shape::Marks("claimed"),
    },
    &About {
        id: "claims",
        title: "What did they claim of each other?",
        nouns: ("claim", "claims"),
        note: "Claims to territory, rivers or the sea, from the challenger to the target.",
        table: "claims",
        sql: "select challenger as ccode, target as partner, year, coalesce(name, claim_id) || coalesce(' (' || issue || ')', '') as what, source, source_row \
              from claim_years where (challenger = {a} and target = {b}) or (challenger = {b} and target = {a}) order by year, source, source_row",
        open: false,
        shape: Shape::Marks("claimed"),
    },
    &About {
        id: "rivalry",
        title: "Were they rivals?",
        nouns: ("rivalry", "rivalries"),
        note: "Strategic rivalries, by what they are about.",
        table: "rivalries",
        sql: "select ccode, cast(null as int) as partner, year, 'rivals: ' || case when spatial then 'territory, ' else '' end || case when positional then 'influence, ' else '' end \
              || case when ideological then 'ideology, ' else '' end || case when interventionary then 'intervention, ' else '' end as what, source, source_row \
              from rivalry_years where ccode = {a} and rival = {b} order by year, source, source_row",
        open: false,
        shape: Shape::Marks("other"),
    },
    &About {
        id: "sanctions",
        title: "Which sanctions did they impose on each other?",
        nouns: ("case of sanctions", "cases of sanctions"),
        note: "From the sender to the target, with the kinds and the stated objective.",
        table: "sanctions",
        sql: "select sender as ccode, target as partner, year, 'case ' || case_id || ': ' || case when trade then 'trade, ' else '' end || case when financial then 'financial, ' else '' end \
              || case when arms then 'arms, ' else '' end || case when military then 'military, ' else '' end || case when travel then 'travel, ' else '' end \
              || coalesce('for ' || objective, '') as what, source, source_row \
              from sanction_years where (sender = {a} and target = {b}) or (sender = {b} and target = {a}) order by year, source, source_row",
        open: false,
        shape: Shape::Marks("claimed"),
    },
    &About {
        id: "forces",
        title: "Had one forces or bases in the other?",
        nouns: ("deployment", "deployments"),
        note: "From the sender to the host. Lists of deployments name what they know of; their silence says nothing.",
        table: "deployments",
        sql: "select ccode, host as partner, year, 'forces or bases' as what, source, source_row \
              from deployments where (ccode = {a} and host = {b}) or (ccode = {b} and host = {a}) order by year, source, source_row",
        open: false,
        shape: Shape::Marks("other"),
    },
    &About {
        id: "representation",
        title: "Were they represented in each other’s capital?",
        nouns: ("representation", "representations"),
        note: "The rank of the representative, in the years for which it was coded.",
        table: "diplomatic_exchange",
        sql: "select ccode, partner, year, case level when 0 then 'none' when 1 then 'chargé d’affaires' when 2 then 'minister' when 3 then 'ambassador' \
              else 'another rank' end as what, source, source_row \
              from diplomatic_exchange where ((ccode = {a} and partner = {b}) or (ccode = {b} and partner = {a})) and level is not null order by year, source, source_row",
        open: false,
        shape: Shape::Marks("owed"),
    },
    &About {
        id: "contiguity",
        title: "Were they neighbours?",
        nouns: ("spell of contiguity", "spells of contiguity"),
        note: "By land, or across so many miles of water.",
        table: "contiguity",
        sql: "select ccode, cast(null as int) as partner, year, case conttype when 1 then 'by land or river' when 2 then 'across up to 12 miles of water' \
              when 3 then 'across up to 24 miles of water' when 4 then 'across up to 150 miles of water' when 5 then 'across up to 400 miles of water' else 'not known' end as what, \
              source, source_row from contiguity_years where ccode = {a} and partner = {b} order by year, source, source_row",
        open: false,
        shape: Shape::Marks("other"),
    },
    &About {
        id: "distance",
        title: "How far apart were they?",
        nouns: ("year of distance", "years of distance"),
        note: "Kilometres between their nearest points.",
        table: "distance",
        sql: "select y.year, 'kilometres' as name, min(d.minimum_km) as value, min(d.source) as source from distance d \
              join years y on y.year >= d.start_year and (d.end_year is null or y.year <= d.end_year) \
              where d.ccode = {a} and d.partner = {b} group by y.year order by y.year",
        open: true,
        shape: Shape::Lines,
    },
    &About {
        id: "power",
        title: "How was power divided between them?",
        nouns: ("year of power", "years of power"),
        note: "The share of the first in the material capabilities of the two together (CINC): at 0.5 they are equal.",
        table: "capabilities",
        sql: "select p.year, 'share of the first' as name, p.cinc / (p.cinc + q.cinc) as value, p.source from capabilities p \
              join capabilities q on q.year = p.year and q.source = p.source where p.ccode = {a} and q.ccode = {b} and p.cinc + q.cinc > 0 order by p.year",
        open: false,
        shape: Shape::Lines,
    },
    &About {
        id: "trade",
        title: "How much did they trade?",
        nouns: ("year of trade", "years of trade"),
        note: "Imports of each from the other, in millions of current US dollars.",
        table: "trade",
        sql: "select year, 'imports of the first' as name, imports as value, source from trade where ccode = {a} and partner = {b} and imports is not null \
              union all select year, 'imports of the second', imports, source from trade where ccode = {b} and partner = {a} and imports is not null order by 1, 2, 4",
        open: false,
        shape: Shape::Lines,
    },
    &About {
        id: "votes",
        title: "How often did they vote together?",
        nouns: ("year of votes", "years of votes"),
        note: "Share of the recorded votes of the General Assembly, of those in which both voted yes, no or abstained, in which they voted the same.",
        table: "votes",
        sql: "select p.year, 'same vote' as name, sum(case when p.vote = q.vote then 1.0 else 0.0 end) / count(*) as value, min(p.source) as source \
              from votes p join votes q on q.rcid = p.rcid and q.source = p.source \
              where p.ccode = {a} and q.ccode = {b} and p.vote in (1, 2, 3) and q.vote in (1, 2, 3) group by p.year order by p.year",
        open: false,
        shape: Shape::Lines,
    },
    &About {
        id: "events",
        title: "What did the news report between them?",
        nouns: ("year of events", "years of events"),
        note: "Coded events of the two towards each other. News grows with the number of papers read: compare the two lines, not the years.",
        table: "event_years",
        sql: "select year, 'cooperation' as name, cast(sum(coalesce(verbal_cooperation, 0) + coalesce(material_cooperation, 0)) as double) as value, min(source) as source \
              from event_years where (ccode = {a} and partner = {b}) or (ccode = {b} and partner = {a}) group by year \
              union all select year, 'conflict', cast(sum(coalesce(verbal_conflict, 0) + coalesce(material_conflict, 0)) as double), min(source) \
              from event_years where (ccode = {a} and partner = {b}) or (ccode = {b} and partner = {a}) group by year order by 1, 2",
        open: false,
        shape: Shape::Lines,
    },
];
