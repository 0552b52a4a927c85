//! Distances on the sphere.

/// The radius of the sphere in metres, as the published distances between capitals have it.
const RADIUS: f64 = 6_378_137.0;

/// A place on the sphere: sine and cosine of its latitude, and its longitude, in radians.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Place {
    sin: f64,
    cos: f64,
    longitude: f64,
}

impl Place {
    /// A place by its latitude and longitude in degrees.
    pub fn new(latitude: f64, longitude: f64) -> Self {
        let (sin, cos) = latitude.to_radians().sin_cos();
        Self { sin, cos, longitude: longitude.to_radians() }
    }

    /// Kilometres to another, by Vincenty's formula for the sphere, which is exact for near and far points.
    pub fn distance(self, other: Self) -> f64 {
        let (sin, cos) = (self.longitude - other.longitude).sin_cos();
        let east = other.cos * sin;
        let north = self.cos * other.sin - self.sin * other.cos * cos;
        let x = (east * east + north * north).sqrt();
        let y = self.sin * other.sin + self.cos * other.cos * cos;
        x.atan2(y) * RADIUS / 1000.0
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn a_quarter_of_the_equator_and_the_poles() {
        let quarter = std::f64::consts::FRAC_PI_2 * 6_378.137;
        let equator = Place::new(0.0, 0.0);
        for other in [Place::new(0.0, 90.0), Place::new(90.0, 17.0)] {
            assert!((equator.distance(other) - quarter).abs() < 1e-9);
        }
        assert!(
            (Place::new(-90.0, 3.0).distance(Place::new(90.0, 8.0)) - 2.0 * quarter).abs() < 1e-9
        );
        assert!(equator.distance(equator).abs() < 1e-12);
    }
}
