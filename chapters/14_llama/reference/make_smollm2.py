"""Writes `smollm2.json`: what llama.cpp answers to some prompts, on the same file, token by token.

    pip install llama-cpp-python        (it builds llama.cpp, which takes some minutes)
    python make_smollm2.py SmolLM2-135M-Instruct.Q4_1.gguf

For each prompt: its tokens, the greedy answer, and at each step the five best tokens with their scores (logits). One
thread or two, the figures are the same.
"""

import json
import sys
from pathlib import Path

import llama_cpp
import numpy as np

ANSWER = 40
TURN = "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n"
TURN += "<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n"
PROMPTS = [
    TURN.format("What is the capital of France?"),
    TURN.format("Write a haiku about the sea."),
    TURN.format("Add 17 and 25, and explain each step."),
    TURN.format("Was ist der Unterschied zwischen Arc und Rc in Rust?"),
    TURN.format("Translate 'good morning' into Japanese, with an emoji 🌞."),
    "def fibonacci(n):\n    ",
    "Once upon a time, in 1984,",
    "  Spaces   and\ttabs\n\n\nand lines: 3.14159, naïve café — “quotes”… Ünïcödé 東京 🦀🦀 don't we'll",
]


def main() -> None:
    model = llama_cpp.Llama(model_path=sys.argv[1], n_ctx=512, n_threads=2, logits_all=True, verbose=False)
    answers = []
    for prompt in PROMPTS:
        tokens = model.tokenize(prompt.encode(), add_bos=False, special=True)
        model.reset()
        model.eval(tokens)
        steps = []
        for _ in range(ANSWER):
            scores = model.scores[model.n_tokens - 1]
            best = np.argsort(-scores, kind="stable")[:5]
            steps.append([[int(token), round(float(scores[token]), 4)] for token in best])
            if best[0] == model.token_eos():
                break
            model.eval([int(best[0])])
        text = model.detokenize([step[0][0] for step in steps]).decode(errors="replace")
        print(repr(text))
        answers.append({"prompt": prompt, "tokens": tokens, "steps": steps})
    made = {"llama_cpp_python": llama_cpp.__version__, "answers": answers}
    text = json.dumps(made, ensure_ascii=False).replace('{"prompt"', '\n{"prompt"')
    Path(__file__).with_suffix("").with_name("smollm2.json").write_text(text + "\n", encoding="utf-8")


main()
