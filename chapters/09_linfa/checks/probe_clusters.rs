//! What `probe_clusters` must do: find the nearest documents of the nearest clusters, and look nowhere else.

use super::Index;
use ndarray::array;

fn index() -> Index {
    Index {
        rows: array![
            [1.0, 0.0],
            [0.0, 1.0],
            [0.5, 0.0],
            [3.5, 0.0],
            [5.5, 1.0],
            [20.0, 20.0],
            [22.0, 22.0]
        ],
        centroids: array![[0.5, 0.3], [4.5, 0.5], [21.0, 21.0]],
        members: vec![vec![0, 1, 2], vec![3, 4], vec![5, 6]],
    }
}

#[test]
fn finds_the_nearest_of_the_nearest_cluster() {
    let got = index().search(array![-1.0, -0.5].view(), 1, 1);
    let want = [2];
    assert_eq!(got, want, "document nearest to (-1, -0.5)");
}

// The third centroid has the largest dot product with any such query, since it is the longest.
#[test]
fn a_far_centroid_is_not_near_for_its_length() {
    let got = index().search(array![1.0, 0.1].view(), 1, 3);
    let want = [0, 2, 1];
    assert_eq!(got, want, "documents near (1, 0.1), nearest first");
}

// (2.45, 0) is nearer to the first centroid, and to document 3, which is of the second.
#[test]
fn more_probes_find_more() {
    let got = [1, 2].map(|probes| index().search(array![2.45, 0.0].view(), probes, 1));
    let want = [[0], [3]];
    assert_eq!(got, want, "nearest to (2.45, 0), with 1 and 2 probes");
    let got = [1, 2].map(|probes| index().search(array![2.45, 0.0].view(), probes, 9).len());
    let want = [3, 5];
    assert_eq!(got, want, "documents found with 1 and 2 probes");
}

// Document 6 is filed under cluster 0, by mistake; only who looks into cluster 0 can find it.
#[test]
fn looks_only_into_what_it_probes() {
    let mut index = index();
    index.members = vec![vec![0, 1, 2, 6], vec![3, 4], vec![5]];
    let got = index.search(array![22.0, 22.0].view(), 1, 2);
    let want = [5];
    assert_eq!(got, want, "documents near (22, 22) in cluster 2");
}

#[test]
fn of_equally_near_ones_the_first_comes_first() {
    let mut index = index();
    index.members[0] = vec![2, 1, 0];
    index.rows.row_mut(2).assign(&array![0.0, 1.0]);
    let got = index.search(array![0.0, 0.9].view(), 1, 2);
    let want = [1, 2];
    assert_eq!(got, want, "documents 1 and 2, equally near");
}

#[test]
fn there_may_be_fewer_than_asked_for() {
    let got = index().search(array![22.0, 22.0].view(), 1, 5);
    let want = [6, 5];
    assert_eq!(got, want, "5 documents of a cluster of 2");
}
