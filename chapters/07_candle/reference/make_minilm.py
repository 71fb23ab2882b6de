"""The vectors that the sentence encoder must give: computed once with PyTorch and transformers, from the same weights.

    python3 workbook fetch minilm
    python3 chapters/07_candle/reference/make_minilm.py FOLDER    # needs torch and transformers

Writes minilm.json beside this file: the sentences, the versions, and a vector of 384 numbers for each sentence.
"""

import json
import sys
from pathlib import Path

import torch
import transformers

LONG = (
    "A model is a function with a great many numbers in it; training finds the numbers, and inference is to call it. "
)

SENTENCES = [
    "How do I reset my password?",
    "I forgot my login and cannot get into my account.",
    "The weather in Lisbon is mild in autumn.",
    "rain",
    "Größe, naïveté and 東京: text that is not only English.",
    LONG * 16,
]


def main() -> None:
    folder = sys.argv[1]
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = transformers.AutoModel.from_pretrained(folder).eval()
    # sentence_bert_config.json: 256 tokens at most. The last sentence is longer.
    batch = tokenizer(SENTENCES, padding=True, truncation=True, max_length=256, return_tensors="pt")
    with torch.no_grad():
        hidden = model(**batch).last_hidden_state
    mask = batch["attention_mask"].unsqueeze(-1).float()
    mean = (hidden * mask).sum(1) / mask.sum(1)
    rows = torch.nn.functional.normalize(mean, dim=1)
    written = {
        "made_with": {"torch": torch.__version__.partition("+")[0], "transformers": transformers.__version__},
        "sentences": SENTENCES,
        "tokens": mask.sum(1).int().flatten().tolist(),
        "vectors": [[round(number, 7) for number in row] for row in rows.tolist()],
    }
    target = Path(__file__).with_name("minilm.json")
    target.write_text(json.dumps(written, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(SENTENCES)} vectors, {written['tokens']} tokens, written to {target.name}")


if __name__ == "__main__":
    main()
