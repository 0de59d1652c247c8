"""A random Qwen3 of 2 blocks with one token for each byte and four control ids, as in createByteTokenizer.

    python make_tiny_qwen3.py FOLDER SEED
"""
import sys

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models
from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

folder, seed = sys.argv[1], int(sys.argv[2])
control = ["<bos>", "<eos>", "<turn|>", "<|turn>"]
bytes_alone = Tokenizer(models.BPE({f"<0x{byte:02X}>": byte for byte in range(256)}, [], byte_fallback=True))
bytes_alone.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Fuse()])
bytes_alone.add_special_tokens([AddedToken(text, special=True) for text in control])
tokenizer = PreTrainedTokenizerFast(
    tokenizer_object=bytes_alone, bos_token=control[0], eos_token=control[1], pad_token=control[1]
)
tokenizer.save_pretrained(folder)

torch.manual_seed(seed)
config = Qwen3Config(
    vocab_size=260,
    hidden_size=64,
    intermediate_size=128,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    head_dim=16,
    max_position_embeddings=2048,
    tie_word_embeddings=True,
    # 1/sqrt(width): logits with a deviation near 1. The usual 0.02 leaves tied embeddings too short for any token to become likely.
    initializer_range=0.125,
    dtype="float32",
    bos_token_id=256,
    eos_token_id=[257, 258],
    pad_token_id=257,
)
Qwen3ForCausalLM(config).save_pretrained(folder, safe_serialization=True)
ids = tokenizer("a é€<turn|>").input_ids
assert ids == [*"a é€".encode(), 258], ids
assert tokenizer.decode(ids[:-1]) == "a é€"
