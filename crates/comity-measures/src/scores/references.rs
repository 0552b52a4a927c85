//! Where the scores are defined.

use crate::Reference;

/// CRPS in its form for samples, and the interval score.
pub const GNEITING_RAFTERY: Reference = Reference {
    authors: "Gneiting, Tilmann and Adrian E. Raftery",
    year: 2007,
    title: "Strictly Proper Scoring Rules, Prediction, and Estimation",
    published_in: "Journal of the American Statistical Association 102(477): 359-378",
    doi: "10.1198/016214506000001437",
};

/// The ignorance score.
pub const ROULSTON_SMITH: Reference = Reference {
    authors: "Roulston, Mark S. and Leonard A. Smith",
    year: 2002,
    title: "Evaluating Probabilistic Forecasts Using Information Theory",
    published_in: "Monthly Weather Review 130(6): 1653-1660",
    doi: "10.1175/1520-0493(2002)130<1653:EPFUIT>2.0.CO;2",
};

/// The three scores, the bins and the 1,000 samples of the field's contest.
pub const VIEWS_CHALLENGE: Reference = Reference {
    authors: "Hegre, Håvard, Paola Vesco, Michael Colaresi, Jonas Vestby and others",
    year: 2024,
    title: "The 2023/24 VIEWS Prediction Challenge: Predicting the Number of Fatalities in Armed Conflict, with Uncertainty",
    published_in: "arXiv:2407.11045",
    doi: "10.48550/arXiv.2407.11045",
};

/// The Brier score.
pub const BRIER: Reference = Reference {
    authors: "Brier, Glenn W.",
    year: 1950,
    title: "Verification of Forecasts Expressed in Terms of Probability",
    published_in: "Monthly Weather Review 78(1): 1-3",
    doi: "10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2",
};

/// The probability integral transform of counts.
pub const CZADO_GNEITING_HELD: Reference = Reference {
    authors: "Czado, Claudia, Tilmann Gneiting and Leonhard Held",
    year: 2009,
    title: "Predictive Model Assessment for Count Data",
    published_in: "Biometrics 65(4): 1254-1261",
    doi: "10.1111/j.1541-0420.2009.01191.x",
};

/// The bootstrap over blocks.
pub const DAVISON_HINKLEY: Reference = Reference {
    authors: "Davison, A. C. and D. V. Hinkley",
    year: 1997,
    title: "Bootstrap Methods and their Application",
    published_in: "Cambridge University Press",
    doi: "10.1017/CBO9780511802843",
};
