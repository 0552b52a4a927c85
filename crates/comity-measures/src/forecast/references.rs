//! Where the models come from.

use crate::Reference;

/// Forecasts from what followed in the past on moments like the present one.
pub const LORENZ: Reference = Reference {
    authors: "Lorenz, Edward N.",
    year: 1969,
    title: "Atmospheric Predictability as Revealed by Naturally Occurring Analogues",
    published_in: "Journal of the Atmospheric Sciences 26(4): 636-646",
    doi: "10.1175/1520-0469(1969)26<636:APARBN>2.0.CO;2",
};

/// The estimator: a distribution of outcomes weighted by how near their past is.
pub const HALL_WOLFF_YAO: Reference = Reference {
    authors: "Hall, Peter, Rodney C. L. Wolff and Qiwei Yao",
    year: 1999,
    title: "Methods for Estimating a Conditional Distribution Function",
    published_in: "Journal of the American Statistical Association 94(445): 154-163",
    doi: "10.1080/01621459.1999.10473832",
};

/// Conflict forecast from past sequences of fatalities that look alike.
pub const CHADEFAUX: Reference = Reference {
    authors: "Chadefaux, Thomas",
    year: 2022,
    title: "A Shape-based Approach to Conflict Forecasting",
    published_in: "International Interactions 48(4): 633-648",
    doi: "10.1080/03050629.2022.2009821",
};

/// The effective number of weighted observations.
pub const KISH: Reference = Reference {
    authors: "Kish, Leslie",
    year: 1965,
    title: "Survey Sampling",
    published_in: "John Wiley & Sons",
    doi: "",
};
