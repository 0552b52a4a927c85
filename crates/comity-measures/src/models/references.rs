//! The publications that models and their replications rest on.

use crate::Reference;

/// Logit, probit, Poisson and least squares as one family.
pub const GENERALIZED_LINEAR_MODELS: Reference = Reference {
    authors: "McCullagh, Peter, and John A. Nelder",
    year: 1989,
    title: "Generalized Linear Models",
    published_in: "2nd edition. London: Chapman and Hall",
    doi: "",
};

/// Errors that hold where variances differ.
pub const ROBUST_ERRORS: Reference = Reference {
    authors: "White, Halbert",
    year: 1980,
    title: "A Heteroskedasticity-Consistent Covariance Matrix Estimator and a Direct Test for Heteroskedasticity",
    published_in: "Econometrica 48(4): 817-838",
    doi: "10.2307/1912934",
};

/// Generalized estimating equations, and errors by cluster.
pub const ESTIMATING_EQUATIONS: Reference = Reference {
    authors: "Liang, Kung-Yee, and Scott L. Zeger",
    year: 1986,
    title: "Longitudinal Data Analysis Using Generalized Linear Models",
    published_in: "Biometrika 73(1): 13-22",
    doi: "10.1093/biomet/73.1.13",
};

/// The conditional logit.
pub const CONDITIONAL_LOGIT: Reference = Reference {
    authors: "Chamberlain, Gary",
    year: 1980,
    title: "Analysis of Covariance with Qualitative Data",
    published_in: "Review of Economic Studies 47(1): 225-238",
    doi: "10.2307/2297110",
};

/// The gravity model by Poisson pseudo-maximum likelihood.
pub const PPML: Reference = Reference {
    authors: "Santos Silva, J. M. C., and Silvana Tenreyro",
    year: 2006,
    title: "The Log of Gravity",
    published_in: "Review of Economics and Statistics 88(4): 641-658",
    doi: "10.1162/rest.88.4.641",
};

/// Its estimation with many fixed effects.
pub const PPML_EFFECTS: Reference = Reference {
    authors: "Correia, Sergio, Paulo Guimarães, and Tom Zylkin",
    year: 2020,
    title: "Fast Poisson Estimation with High-Dimensional Fixed Effects",
    published_in: "Stata Journal 20(1): 95-115",
    doi: "10.1177/1536867X20909691",
};

/// When its coefficients exist.
pub const SEPARATION: Reference = Reference {
    authors: "Correia, Sergio, Paulo Guimarães, and Tom Zylkin",
    year: 2019,
    title: "Verifying the Existence of Maximum Likelihood Estimates for Generalized Linear Models",
    published_in: "arXiv:1903.01633",
    doi: "",
};

/// Power-law tails.
pub const POWER_LAWS: Reference = Reference {
    authors: "Clauset, Aaron, Cosma Rohilla Shalizi, and M. E. J. Newman",
    year: 2009,
    title: "Power-Law Distributions in Empirical Data",
    published_in: "SIAM Review 51(4): 661-703",
    doi: "10.1137/070710111",
};

/// The sizes of wars.
pub const WAR_SIZES: Reference = Reference {
    authors: "Clauset, Aaron",
    year: 2018,
    title: "Trends and Fluctuations in the Severity of Interstate Wars",
    published_in: "Science Advances 4(2): eaao3580",
    doi: "10.1126/sciadv.aao3580",
};

/// Time since the last event, with splines.
pub const PEACE_YEARS: Reference = Reference {
    authors: "Beck, Nathaniel, Jonathan N. Katz, and Richard Tucker",
    year: 1998,
    title: "Taking Time Seriously: Time-Series-Cross-Section Analysis with a Binary Dependent Variable",
    published_in: "American Journal of Political Science 42(4): 1260-1288",
    doi: "10.2307/2991857",
};

/// The same as a cubic polynomial.
pub const CUBIC_TIME: Reference = Reference {
    authors: "Carter, David B., and Curtis S. Signorino",
    year: 2010,
    title: "Back to the Future: Modeling Time Dependence in Binary Data",
    published_in: "Political Analysis 18(3): 271-292",
    doi: "10.1093/pan/mpq013",
};

/// Exact intervals of shares.
pub const EXACT_SHARES: Reference = Reference {
    authors: "Clopper, C. J., and E. S. Pearson",
    year: 1934,
    title: "The Use of Confidence or Fiducial Limits Illustrated in the Case of the Binomial",
    published_in: "Biometrika 26(4): 404-413",
    doi: "10.1093/biomet/26.4.404",
};

/// Exact intervals of rates.
pub const EXACT_RATES: Reference = Reference {
    authors: "Garwood, F.",
    year: 1936,
    title: "Fiducial Limits for the Poisson Distribution",
    published_in: "Biometrika 28(3/4): 437-442",
    doi: "10.1093/biomet/28.3-4.437",
};

/// The area under the ROC curve.
pub const ROC_AREA: Reference = Reference {
    authors: "Hanley, James A., and Barbara J. McNeil",
    year: 1982,
    title: "The Meaning and Use of the Area under a Receiver Operating Characteristic (ROC) Curve",
    published_in: "Radiology 143(1): 29-36",
    doi: "10.1148/radiology.143.1.7063747",
};

/// Disputes, democracy, trade and organizations.
pub const THIRD_LEG: Reference = Reference {
    authors: "Russett, Bruce, John R. Oneal, and David R. Davis",
    year: 1998,
    title: "The Third Leg of the Kantian Tripod for Peace: International Organizations and Militarized Disputes, 1950-85",
    published_in: "International Organization 52(3): 441-467",
    doi: "",
};

/// The liberal peace with effects of dyads.
pub const CLEAR_AND_CLEAN: Reference = Reference {
    authors: "Oneal, John R., and Bruce Russett",
    year: 2001,
    title: "Clear and Clean: The Fixed Effects of the Liberal Peace",
    published_in: "International Organization 55(2): 469-485",
    doi: "",
};

/// Gravity models of trade policy.
pub const ADVANCED_GUIDE: Reference = Reference {
    authors: "Yotov, Yoto V., Roberta Piermartini, José-Antonio Monteiro, and Mario Larch",
    year: 2016,
    title: "An Advanced Guide to Trade Policy Analysis: The Structural Gravity Model",
    published_in: "Geneva: United Nations and World Trade Organization",
    doi: "",
};

/// Which dyads are dangerous.
pub const DANGEROUS_DYADS: Reference = Reference {
    authors: "Bremer, Stuart A.",
    year: 1992,
    title: "Dangerous Dyads: Conditions Affecting the Likelihood of Interstate War, 1816-1965",
    published_in: "Journal of Conflict Resolution 36(2): 309-341",
    doi: "10.1177/0022002792036002005",
};
