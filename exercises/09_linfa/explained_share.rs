//! # What the picture shows
//!
//! Below a picture of embeddings in two dimensions there should stand how much of their variance it shows. linfa has a
//! method for that, with scikit-learn's name.
//!
//! It compiles, and says that two axes show everything. Run it, and add up the two numbers that were got. What were they
//! divided by?

use linfa::prelude::*;
use linfa_reduction::{Pca, ReductionError};
use ndarray::{Array1, Array2};

/// The share of all columns' variance that lies along each of the first two axes.
fn shares(rows: &Array2<f64>) -> Result<Array1<f64>, ReductionError> {
    let pca = Pca::params(2).fit(&DatasetBase::from(rows.view()))?;
    // TODO: Divide the variance along each axis, σ² / (n − 1), by that of all columns together.
    Ok(pca.explained_variance_ratio())
}

#[path = "../../chapters/09_linfa/checks/explained_share.rs"]
mod checks;
