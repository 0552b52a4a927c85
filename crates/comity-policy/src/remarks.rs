//! Who a code stands for is a fact of the date; these remarks say so where it matters.

/// State code, first and last year that it concerns, and the remark.
const REMARKS: &[(i32, i32, i32, &str)] = &[
    (
        710,
        1816,
        1949,
        "Code 710 stands for the governments of China before October 1949: the Republic of China from 1912, the Qing before.",
    ),
    (
        710,
        1949,
        1971,
        "China's seat in the United Nations was held by the Republic of China (code 713 from December 1949) until October 1971: votes and vetoes of those years are 713's, not 710's.",
    ),
    (713, 1949, 1971, "Code 713 held China's seat in the United Nations until October 1971."),
    (
        255,
        1949,
        1990,
        "Germany has three codes: 255 to 1945 and from October 1990, 260 (Federal Republic) 1955–90, 265 (Democratic Republic) 1954–90.",
    ),
    (260, 1955, 1990, "The Federal Republic of Germany continues as 255 from October 1990."),
    (
        365,
        1917,
        2100,
        "Code 365 stands for Russia, the Soviet Union (1922–91) and the Russian Federation alike.",
    ),
    (
        345,
        1918,
        2100,
        "Code 345 stands for Serbia, for Yugoslavia in its several forms, and for Serbia again from 2006.",
    ),
    (
        678,
        1926,
        1990,
        "Code 678 stands for North Yemen; 680 for South Yemen to 1990; 679 for the united state since.",
    ),
    (679, 1990, 2100, "Code 679 is Yemen since May 1990; before, 678 (North) and 680 (South)."),
    (
        816,
        1954,
        2100,
        "Code 816 stands for the Democratic Republic of Vietnam and, from 1975, for Vietnam; 817 for the Republic of Vietnam 1954–75.",
    ),
];

/// Remarks about a state in these years, by year.
pub(crate) fn about(ccode: i32, from: i32, to: i32) -> Vec<String> {
    let bears = |r: &&(i32, i32, i32, &str)| r.0 == ccode && r.1 <= to && from <= r.2;
    let mut remarks: Vec<String> = REMARKS.iter().filter(bears).map(|r| r.3.to_owned()).collect();
    remarks.push(
        "Codes are those of the published datasets; no position on any territory is taken.".into(),
    );
    remarks
}
