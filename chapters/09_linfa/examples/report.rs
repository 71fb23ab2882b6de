//! What the lesson says of its documents, figure by figure.
//!
//! ```text
//! cargo run --release -p linfa-chapter --example report
//! ```

use linfa::prelude::*;
use linfa_chapter::{
    ClusterIndex, Plane, adjusted_rand, candidates, definitions, density_clusters, distances,
    embeddings, fit, lloyd, silhouettes,
};
use linfa_clustering::KMeans;
use linfa_reduction::Pca;
use ndarray::{Array2, Axis};
use rand_xoshiro::Xoshiro256Plus;
use rand_xoshiro::rand_core::SeedableRng;
use std::collections::BTreeMap;

const SEED: u64 = 9;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rows = embeddings();
    let topics: Vec<&str> = definitions().iter().map(|text| text.topic).collect();
    starts(&rows)?;
    numbers(&rows, &topics)?;
    groups(&rows, &topics)?;
    normalisation(&rows, &topics)?;
    planes(&rows)?;
    density(&rows, &topics)?;
    retrieval(&rows);
    Ok(())
}

/// Ten starts, one by one.
fn starts(rows: &Array2<f32>) -> Result<(), Box<dyn std::error::Error>> {
    println!("inertia of ten runs with 8 clusters, one start each:");
    for seed in 0..10 {
        print!(" {:.1}", fit(rows.view(), 8, 1, seed)?.inertia);
    }
    println!();
    let model = KMeans::params_with_rng(8, Xoshiro256Plus::seed_from_u64(SEED))
        .fit(&DatasetBase::from(rows.view()))?;
    let labels = model.predict(rows);
    let counts = (0..8).map(|k| labels.iter().filter(|label| **label == k).count());
    println!("cluster_count says {:?}", model.cluster_count().to_vec());
    println!("predict says       {:?}", counts.collect::<Vec<_>>());
    Ok(())
}

/// From 2 clusters to 12.
fn numbers(rows: &Array2<f32>, topics: &[&str]) -> Result<(), Box<dyn std::error::Error>> {
    println!("\nclusters  inertia  silhouette  agreement with the topics");
    for candidate in candidates(rows.view(), 2..=12, SEED)? {
        let found = candidate.clustering;
        let agreement = adjusted_rand(&found.labels, topics);
        println!(
            "{:8}  {:7.1}  {:10.4}  {agreement:25.3}",
            found.centroids.nrows(),
            found.inertia,
            candidate.silhouette
        );
    }
    let places: BTreeMap<&str, usize> = topics.iter().copied().zip(0..).collect();
    let labels: Vec<usize> = topics.iter().map(|topic| places[topic]).collect();
    let each = silhouettes(distances(rows.view()).view(), &labels)?;
    let mean = each.iter().sum::<f32>() / each.len() as f32;
    println!("the topics themselves have a silhouette of {mean:.4}");
    Ok(())
}

/// Who is in which of eight clusters?
fn groups(rows: &Array2<f32>, topics: &[&str]) -> Result<(), Box<dyn std::error::Error>> {
    println!("\neight clusters, and the topics in them:");
    let found = fit(rows.view(), 8, 10, SEED)?;
    for cluster in 0..8 {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (topic, label) in topics.iter().zip(&found.labels) {
            if *label == cluster {
                *counts.entry(topic).or_default() += 1;
            }
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        println!("  {cluster}: {counts:?}");
    }
    Ok(())
}

/// What if the rows had not been of one length? Each is made up to three times as long, by a rule that no topic knows.
fn normalisation(rows: &Array2<f32>, topics: &[&str]) -> Result<(), Box<dyn std::error::Error>> {
    let mut longer = rows.clone();
    for (place, mut row) in longer.outer_iter_mut().enumerate() {
        row *= 1.0 + (place * 7 % 11) as f32 / 5.0;
    }
    let agreement = |rows: &Array2<f32>| -> Result<f64, Box<dyn std::error::Error>> {
        Ok(adjusted_rand(
            &fit(rows.view(), 8, 10, SEED)?.labels,
            topics,
        ))
    };
    let (one, other) = (agreement(rows)?, agreement(&longer)?);
    println!("\nagreement with rows of length 1: {one:.3}, of lengths 1 to 3: {other:.3}");
    Ok(())
}

fn planes(rows: &Array2<f32>) -> Result<(), Box<dyn std::error::Error>> {
    let [first, second] = Plane::fit(rows.view()).shares();
    println!("\nshares of the variance along two axes: {first:.4} {second:.4}");
    let pca = Pca::params(2).fit(&DatasetBase::from(rows.mapv(f64::from)))?;
    println!(
        "linfa's explained_variance_ratio: {:.4}",
        pca.explained_variance_ratio()
    );
    Ok(())
}

fn density(rows: &Array2<f32>, topics: &[&str]) -> Result<(), Box<dyn std::error::Error>> {
    println!("\nDBSCAN with at least 5 rows, by radius:");
    for radius in [0.8, 0.9, 0.95, 1.0, 1.05, 1.1] {
        let labels = density_clusters(rows.view(), radius, 5)?;
        let clusters = labels.iter().flatten().max().map_or(0, |last| last + 1);
        let noise = labels.iter().filter(|label| label.is_none()).count();
        let (kept, theirs): (Vec<usize>, Vec<&str>) = labels
            .iter()
            .zip(topics)
            .filter_map(|(label, topic)| label.map(|label| (label, *topic)))
            .unzip();
        let mut sizes = vec![0; clusters];
        for label in &kept {
            sizes[*label] += 1;
        }
        let agreement = adjusted_rand(&kept, &theirs);
        println!(
            "  {radius:4}: {clusters} clusters {sizes:?}, {noise} rows of noise, agreement of the rest {agreement:.3}"
        );
    }
    Ok(())
}

/// Each document asks for its ten nearest, in an index of 16 clusters.
fn retrieval(rows: &Array2<f32>) {
    println!("\n16 clusters as an index:");
    let start: Vec<usize> = (0..16).map(|k| k * 45).collect();
    let index = ClusterIndex::new(rows.clone(), &start);
    let queries = (0..rows.nrows()).step_by(3);
    let exact: Vec<Vec<usize>> = queries
        .clone()
        .map(|place| index.search(rows.row(place), 16, 10).0)
        .collect();
    for probes in [1, 2, 4, 8] {
        let (mut hits, mut read) = (0, 0);
        for (place, exact) in queries.clone().zip(&exact) {
            let (found, seen) = index.search(rows.row(place), probes, 10);
            hits += found.iter().filter(|place| exact.contains(place)).count();
            read += seen;
        }
        let count = exact.len() as f64;
        let (recall, share) = (
            hits as f64 / count / 10.0,
            read as f64 / count / rows.nrows() as f64,
        );
        println!(
            "  {probes} probes: {:.1}% of the ten nearest, {:.1}% of the rows read",
            recall * 100.0,
            share * 100.0
        );
    }
    let lengths = lloyd(rows.view(), rows.select(Axis(0), &start).view(), 100)
        .centroids
        .map_axis(Axis(1), |centroid| centroid.dot(&centroid).sqrt());
    let (short, long) = lengths
        .iter()
        .fold((1.0_f32, 0.0_f32), |(a, b), x| (a.min(*x), b.max(*x)));
    println!("  lengths of the centroids: {short:.2} to {long:.2}");
}
