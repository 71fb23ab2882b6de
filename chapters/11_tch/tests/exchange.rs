//! The same weights in two frameworks: saved by one, loaded by the other, and the scores compared.

use candle_chapter::FeedForward as InCandle;
use candle_core::{DType, Device as CandleDevice};
use candle_nn::{Module as _, VarBuilder, VarMap};
use digits::Digits;
use std::error::Error;
use std::path::PathBuf;
use tch::nn::{Module as _, VarStore};
use tch::{Device, Kind, Tensor};
use tch_chapter::FeedForward;
use tch_chapter::train::{accuracy, images};
use tch_chapter::weights::{LoadError, load_exact};

type Outcome = Result<(), Box<dyn Error>>;

/// The scores of chapter 7's network for all of `digits`, row by row.
fn in_candle(network: &InCandle, digits: &Digits) -> candle_core::Result<Vec<Vec<f32>>> {
    let images = candle_chapter::train::images(digits, &CandleDevice::Cpu)?;
    network.forward(&images)?.to_vec2()
}

/// A file of this test alone.
fn file(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    std::fs::create_dir_all(&folder).expect("cargo's folder for tests");
    folder.join(format!("{name}.safetensors"))
}

/// The largest distance of two rows of scores, and how often both name the same digit.
fn compare(ours: &Tensor, theirs: &[Vec<f32>]) -> Result<(f64, usize), Box<dyn Error>> {
    let theirs = Tensor::from_slice(&theirs.concat()).view([-1, 10]);
    let distance = (ours - &theirs).abs().max().double_value(&[]);
    let same = ours.argmax(-1, false).eq_tensor(&theirs.argmax(-1, false));
    Ok((
        distance,
        usize::try_from(same.sum(Kind::Int64).int64_value(&[]))?,
    ))
}

#[test]
fn what_candle_saves_libtorch_loads() -> Outcome {
    let weights = VarMap::new();
    let candle = InCandle::new(VarBuilder::from_varmap(
        &weights,
        DType::F32,
        &CandleDevice::Cpu,
    ))?;
    let path = file("from_candle");
    weights.save(&path)?;

    let mut vs = VarStore::new(Device::Cpu);
    let network = FeedForward::new(&vs.root());
    load_exact(&mut vs, &path)?;
    let held_out = digits::held_out();
    let scores = tch::no_grad(|| network.forward(&images(&held_out)));
    let (distance, same) = compare(&scores, &in_candle(&candle, &held_out)?)?;
    // They add 784 products in different orders, so the last bits differ.
    assert!(distance < 1e-5, "{distance}");
    assert!(same >= 999, "{same} of 1000 name the same digit");
    Ok(())
}

#[test]
fn what_libtorch_trains_candle_loads() -> Outcome {
    // More of them spin while they wait for each other, which takes for ever where the cores have other work.
    tch::set_num_threads(1);
    let all = digits::train();
    let few = Digits {
        pixels: all.pixels[..1000 * 784].to_vec(),
        labels: all.labels[..1000].to_vec(),
    };
    let settings = tch_chapter::train::Settings {
        epochs: 2,
        ..Default::default()
    };
    let (network, vs) = tch_chapter::train::train(&few, settings, |_, _| ())?;
    let path = file("from_libtorch");
    vs.save(&path)?;

    let bytes = std::fs::read(&path)?;
    let vb = VarBuilder::from_buffered_safetensors(bytes, DType::F32, &CandleDevice::Cpu)?;
    let candle = InCandle::new(vb)?;
    let held_out = digits::held_out();
    let scores = tch::no_grad(|| network.forward(&images(&held_out)));
    let (distance, same) = compare(&scores, &in_candle(&candle, &held_out)?)?;
    assert!(distance < 1e-4, "{distance}");
    assert!(same >= 999, "{same} of 1000 name the same digit");
    assert!(
        accuracy(&network, &held_out) > 0.5,
        "the weights are trained ones"
    );
    Ok(())
}

/// One file with a weight that is not the network's.
fn spoiled(
    name: &str,
    spoil: impl FnOnce(&mut Vec<(String, Tensor)>),
) -> Result<PathBuf, Box<dyn Error>> {
    let vs = VarStore::new(Device::Cpu);
    FeedForward::new(&vs.root());
    let mut named: Vec<_> = vs.variables().into_iter().collect();
    named.sort_by(|one, other| one.0.cmp(&other.0));
    spoil(&mut named);
    let path = file(name);
    Tensor::write_safetensors(&named, &path)?;
    Ok(path)
}

/// What tch's own `load` does with a file, and what ours says.
fn both(path: &PathBuf) -> (bool, String) {
    let mut vs = VarStore::new(Device::Cpu);
    FeedForward::new(&vs.root());
    let strict = match load_exact(&mut vs, path) {
        Err(LoadError::Differs(how)) => how.join("; "),
        other => format!("{other:?}"),
    };
    (vs.load(path).is_ok(), strict)
}

#[test]
fn the_stores_own_load_is_lenient_and_ours_is_not() -> Outcome {
    let float = (Kind::Float, Device::Cpu);
    let one_row = spoiled("one_row", |named| {
        named[3].1 = Tensor::ones([1, 256], float);
    })?;
    let said = "fc2.weight is [1, 256], not [10, 256]".to_owned();
    assert_eq!(both(&one_row), (true, said), "one row for ten digits");

    let doubles = spoiled("doubles", |named| {
        named[0].1 = Tensor::zeros([256], (Kind::Double, Device::Cpu));
    })?;
    let said = "fc1.bias is of F64, not of F32".to_owned();
    assert_eq!(both(&doubles), (true, said), "another kind");

    let more = spoiled("more", |named| {
        named.push(("fc3.bias".to_owned(), Tensor::zeros([10], float)));
    })?;
    assert_eq!(
        both(&more),
        (true, "fc3.bias is unknown".to_owned()),
        "a layer more"
    );

    let fewer = spoiled("fewer", |named| {
        let _ = named.remove(0);
    })?;
    assert_eq!(
        both(&fewer),
        (false, "fc1.bias is missing".to_owned()),
        "a weight less"
    );
    Ok(())
}
