//! # What `fit` wants
//!
//! scikit-learn's `fit` takes an array. linfa's takes a data set: records, and perhaps targets, weights and names. For
//! k-means the records are all there is.
//!
//! Run it: what was expected, and what was found? A data set can be made of an array or of a view of one. Which of them
//! does the caller's matrix allow, without a second copy of it?

use linfa::prelude::*;
use linfa_clustering::{KMeans, KMeansError};
use ndarray::Array2;

/// The centroids of `clusters` clusters, one a row. An `Err` if that is no sensible number.
fn centroids(rows: &Array2<f32>, clusters: usize) -> Result<Array2<f32>, KMeansError> {
    // TODO: Make a data set that borrows the rows, and hand on what `fit` says.
    // [starter]
    // let model = KMeans::params(clusters).fit(rows)?;
    // [solution]
    let dataset = DatasetBase::from(rows.view());
    let model = KMeans::params(clusters).fit(&dataset)?;
    // [end]
    Ok(model.centroids().clone())
}

#[path = "../../chapters/09_linfa/checks/fit_dataset.rs"]
mod checks;
