#![doc = include_str!("../README.md")]

mod choice;
mod definitions;
mod density;
mod first;
mod index;
mod lloyd;
mod plane;
mod rows;
mod silhouette;

pub use choice::{Candidate, ChoiceError, adjusted_rand, candidates, fit};
pub use definitions::{Definition, MatrixError, definitions, embeddings, read_matrix};
pub use density::density_clusters;
pub use first::kmeans_clustering;
pub use index::ClusterIndex;
pub use lloyd::{Clustering, assign, inertia, lloyd, means};
pub use plane::Plane;
pub use rows::{distances, listed, normalise_rows, total_variance};
pub use silhouette::{SilhouetteError, silhouettes};
