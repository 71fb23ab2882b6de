//! The same training with Burn's learner: batches, metrics, checkpoints, and who calls whom.
//!
//! ```console
//! cargo run -p burn-chapter --example learner
//! ```

use burn::data::dataloader::DataLoaderBuilder;
use burn::data::dataset::InMemDataset;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::optim::AdamConfig;
use burn::prelude::*;
use burn_chapter::{Batch, DigitBatcher, Item, SimpleNet, accuracy, features, items, labels};
use burn_train::metric::{AccuracyMetric, LossMetric};
use burn_train::{
    ClassificationOutput, ExecutionStrategy, InferenceStep, Learner, SupervisedTraining,
    TrainOutput, TrainStep,
};
use std::path::Path;

/// The network with what the learner asks of it.
#[derive(Module, Debug)]
pub struct Classifier {
    net: SimpleNet,
}

impl Classifier {
    fn judge(&self, batch: Batch) -> ClassificationOutput {
        let output = self.net.forward(batch.features);
        let criterion = CrossEntropyLossConfig::new().init(&output.device());
        let loss = criterion.forward(output.clone(), batch.labels.clone());
        ClassificationOutput::new(loss, output, batch.labels)
    }
}

impl TrainStep for Classifier {
    type Input = Batch;
    type Output = ClassificationOutput;

    fn step(&self, batch: Batch) -> TrainOutput<ClassificationOutput> {
        let output = self.judge(batch);
        TrainOutput::new(self, output.loss.backward(), output)
    }
}

impl InferenceStep for Classifier {
    type Input = Batch;
    type Output = ClassificationOutput;

    fn step(&self, batch: Batch) -> ClassificationOutput {
        self.judge(batch)
    }
}

/// Trains on `seen`, validates on `unseen` after each epoch, writes logs and checkpoints below `folder`.
pub fn learn(seen: Vec<Item>, unseen: Vec<Item>, epochs: usize, folder: &Path) -> SimpleNet {
    let device = Device::flex();
    let loader = |items, shuffled| {
        let builder = DataLoaderBuilder::new(DigitBatcher).batch_size(32);
        let builder = builder.set_device(device.clone());
        let builder = if shuffled {
            builder.shuffle(8)
        } else {
            builder
        };
        builder.build(InMemDataset::<Item>::new(items))
    };
    let model = Classifier {
        net: SimpleNet::seeded(8, &device.clone().autodiff()),
    };
    let training = SupervisedTraining::new(folder, loader(seen, true), loader(unseen, false))
        .metrics((AccuracyMetric::new(), LossMetric::new()))
        .with_training_strategy(ExecutionStrategy::single(device.clone()).into())
        .with_default_checkpointers()
        .num_epochs(epochs)
        .summary();
    let result = training.launch(Learner::new(model, AdamConfig::new().init(), 5e-3));
    result.model.net
}

fn main() {
    let folder = std::env::temp_dir().join("rust-for-ai-burn-learner");
    let (seen, held_out) = (digits::train(), digits::held_out());
    let model = learn(items(&seen), items(&held_out), 20, &folder);
    let device = Device::flex();
    let right = accuracy(
        &model,
        features(&held_out, &device),
        labels(&held_out, &device),
    );
    println!("held-out accuracy {:.1}%", 100.0 * right);
    println!("logs and checkpoints in {}", folder.display());
}
