//! What `attention_shares` must do: divide each query's attention among the keys.

use super::shares;
use candle_core::test_utils::{to_vec2_round, to_vec3_round};
use candle_core::{Device, Tensor};

/// Two heads, two queries, three keys.
fn scores() -> Tensor {
    let scores = [
        [[0_f32, 1.0, 2.0], [3.0, 3.0, 3.0]],
        [[1.0, 0.0, 5.0], [-1.0, 2.0, 0.5]],
    ];
    Tensor::new(&scores, &Device::Cpu).unwrap()
}

#[test]
fn each_query_gives_all_its_attention() {
    let sums = shares(&scores()).unwrap().sum(2).unwrap();
    let got: Vec<Vec<f32>> = to_vec2_round(&sums, 4).unwrap();
    let want = vec![vec![1.0; 2]; 2];
    assert_eq!(got, want, "sums of the shares, by head and query");
}

// scipy.special.softmax(scores, axis=-1)
#[test]
fn the_shares_are_scipys() {
    let got: Vec<Vec<Vec<f32>>> = to_vec3_round(&shares(&scores()).unwrap(), 4).unwrap();
    let want = vec![
        vec![vec![0.09, 0.2447, 0.6652], vec![0.3333, 0.3333, 0.3333]],
        vec![vec![0.0179, 0.0066, 0.9756], vec![0.0391, 0.7856, 0.1753]],
    ];
    assert_eq!(got, want, "shares, by head and query");
}

#[test]
fn with_texts_in_front_it_is_the_same_dimension() {
    let texts = scores().unsqueeze(0).unwrap();
    let sums = shares(&texts).unwrap().sum(3).unwrap().squeeze(0).unwrap();
    let got: Vec<Vec<f32>> = to_vec2_round(&sums, 4).unwrap();
    let want = vec![vec![1.0; 2]; 2];
    assert_eq!(got, want, "sums of (texts, heads, queries, keys)");
}
