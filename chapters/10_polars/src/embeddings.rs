//! Texts and their embeddings as one Arrow `RecordBatch`.

use arrow::array::{ArrayRef, AsArray, FixedSizeListArray, Float32Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Float32Type, Schema};
use arrow::error::ArrowError;
use std::sync::Arc;

/// Why texts and embeddings do not make a batch.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddingError {
    /// A text without an embedding, or an embedding without a text.
    #[error("{texts} texts and {embeddings} embeddings")]
    Count {
        /// How many texts there are.
        texts: usize,
        /// How many embeddings there are.
        embeddings: usize,
    },
    /// The first embedding gives the width, and there is none, or there is no number in it.
    #[error("no numbers: the width of an embedding is unknown")]
    Empty,
    /// One embedding is wider or narrower than the first.
    #[error("embedding {row} has {got} numbers, the first has {want}")]
    Width {
        /// Which embedding, from 0.
        row: usize,
        /// How many numbers it has.
        got: usize,
        /// How many the first has.
        want: usize,
    },
    /// Arrow's own limits: more than 2^31 bytes of text, or numbers in a row.
    #[error(transparent)]
    Arrow(#[from] ArrowError),
}

/// A batch with a column `text`, and a column `embedding` that holds all numbers of each text's embedding.
///
/// The type of `embedding` is a list of fixed size: the size stands once, in the schema, and the numbers of all rows lie
/// behind one another in one piece of memory. They are copied there once, from the vectors.
///
/// # Errors
///
/// Unless there is one embedding for each text, at least one, and all as wide as the first.
#[allow(clippy::needless_pass_by_value)] // Whoever has a batch needs the vectors no more: they are freed here.
pub fn create_embedding_batch(
    texts: Vec<String>,
    embeddings: Vec<Vec<f32>>,
) -> Result<RecordBatch, EmbeddingError> {
    if texts.len() != embeddings.len() {
        let (texts, embeddings) = (texts.len(), embeddings.len());
        return Err(EmbeddingError::Count { texts, embeddings });
    }
    let want = embeddings.first().map_or(0, Vec::len);
    if want == 0 {
        return Err(EmbeddingError::Empty);
    }
    // Arrow would only see that the numbers are too few or too many. Rows of 1 and 3 numbers make two rows of 2.
    let widths = embeddings.iter().map(Vec::len).enumerate();
    if let Some((row, got)) = widths.clone().find(|&(_, got)| got != want) {
        return Err(EmbeddingError::Width { row, got, want });
    }
    let size = i32::try_from(want)
        .map_err(|_| ArrowError::InvalidArgumentError(format!("{want} numbers in a row")))?;
    let numbers: ArrayRef = Arc::new(Float32Array::from(embeddings.concat()));
    let number = Arc::new(Field::new_list_field(DataType::Float32, false));
    let rows = FixedSizeListArray::try_new(Arc::clone(&number), size, numbers, None)?;
    let schema = Schema::new(vec![
        Field::new("text", DataType::Utf8, false),
        Field::new("embedding", DataType::FixedSizeList(number, size), false),
    ]);
    let text: ArrayRef = Arc::new(StringArray::from(texts));
    Ok(RecordBatch::try_new(
        Arc::new(schema),
        vec![text, Arc::new(rows)],
    )?)
}

/// The numbers of all embeddings in a batch, row by row, and how many a row has. A view.
///
/// `None` if the batch has no column `embedding` that is a list of fixed size of 32-bit floats.
pub fn embeddings_of(batch: &RecordBatch) -> Option<(&[f32], usize)> {
    let rows = batch
        .column_by_name("embedding")?
        .as_fixed_size_list_opt()?;
    let numbers = rows.values().as_primitive_opt::<Float32Type>()?;
    Some((numbers.values(), usize::try_from(rows.value_length()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(n: usize) -> Vec<String> {
        (0..n).map(|n| format!("text {n}")).collect()
    }

    #[test]
    fn all_numbers_are_there_and_lie_in_one_piece() {
        let batch =
            create_embedding_batch(texts(2), vec![vec![0.5, 1.5, 2.5], vec![3.5, 4.5, 5.5]])
                .unwrap();
        let (numbers, width) = embeddings_of(&batch).unwrap();
        assert_eq!((numbers, width), (&[0.5, 1.5, 2.5, 3.5, 4.5, 5.5][..], 3));
        assert_eq!(batch.column(0).as_string::<i32>().value(1), "text 1");
    }

    #[test]
    fn a_slice_is_a_view_of_its_rows() {
        let batch = create_embedding_batch(
            texts(3),
            vec![vec![0.0, 1.0], vec![2.0, 3.0], vec![4.0, 5.0]],
        )
        .unwrap();
        let last = batch.slice(2, 1);
        let (numbers, all) = (
            embeddings_of(&last).unwrap().0,
            embeddings_of(&batch).unwrap().0,
        );
        assert_eq!(numbers, [4.0, 5.0]);
        assert_eq!(numbers.as_ptr(), all[4..].as_ptr());
    }

    #[test]
    fn rows_of_different_widths_are_refused_even_if_the_sum_fits() {
        let error =
            create_embedding_batch(texts(3), vec![vec![0.0; 2], vec![0.0; 1], vec![0.0; 3]])
                .unwrap_err();
        assert_eq!(
            error.to_string(),
            "embedding 1 has 1 numbers, the first has 2"
        );
    }

    #[test]
    fn a_text_without_an_embedding_is_refused() {
        let error = create_embedding_batch(texts(2), vec![vec![0.0]]).unwrap_err();
        assert_eq!(error.to_string(), "2 texts and 1 embeddings");
    }

    #[test]
    fn without_numbers_there_is_no_width() {
        for rows in [vec![], vec![vec![]]] {
            let error = create_embedding_batch(texts(rows.len()), rows).unwrap_err();
            assert!(matches!(error, EmbeddingError::Empty), "{error}");
        }
    }
}
