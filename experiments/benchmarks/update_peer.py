"""One side of `litmus bench update`: the same update in Python. Reads a line, makes one update, prints one JSON line; ends with its input.

usage: update_peer.py torch|trl MICRO_BATCH float32|bfloat16

Workload: Gemma 3 270M (random weights of its shapes: the time does not depend on the values), one group of 8 trajectories of 512
tokens, the first 384 their common prompt, the loss on the last 128, LoRA of rank 16 on all linear layers, PPO's clipped ratio, AdamW; log-probabilities and entropies of the
policy tokens come out. TRL's own trainer makes them itself; only its generation is replaced by fixed trajectories.
"""

import json
import os
import resource
import sys
import time

os.environ["HF_HUB_OFFLINE"] = "1"
import torch
from peft import LoraConfig, get_peft_model
from transformers import Gemma3ForCausalLM, Gemma3TextConfig

side, micro_batch, dtype = sys.argv[1], int(sys.argv[2]), getattr(torch, sys.argv[3])
trajectories, prompt_tokens, action_tokens = 8, 384, 128
torch.manual_seed(0)
config = Gemma3TextConfig(
    vocab_size=262144,
    hidden_size=640,
    intermediate_size=2048,
    num_hidden_layers=18,
    num_attention_heads=4,
    num_key_value_heads=1,
    head_dim=256,
    sliding_window=512,
    layer_types=["full_attention" if (layer + 1) % 6 == 0 else "sliding_attention" for layer in range(18)],
    query_pre_attn_scalar=256,
)
model = Gemma3ForCausalLM(config).to(dtype)
lora = LoraConfig(r=16, lora_alpha=32, lora_dropout=0.0, target_modules="all-linear", task_type="CAUSAL_LM")
prompts = torch.randint(100, config.vocab_size - 1000, (1, prompt_tokens)).repeat(trajectories, 1)
actions = torch.randint(100, config.vocab_size - 1000, (trajectories, action_tokens))
tokens = torch.cat([prompts, actions], 1)
advantages = torch.tensor([1.0, -1.0, 0.5, -0.5, 1.0, -1.0, 0.5, -0.5])


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


class Clock:
    """Waits for a line, then times until the next call."""

    def start(self):
        if not sys.stdin.readline():
            os._exit(0)
        self.wall, self.cpu = time.perf_counter(), cpu_seconds()

    def stop(self, log_prob, entropy):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1048576
        print(
            json.dumps(
                {
                    "wallSeconds": time.perf_counter() - self.wall,
                    "cpuSeconds": cpu_seconds() - self.cpu,
                    "peakRssGiB": peak,
                    "meanLogProb": log_prob,
                    "meanEntropy": entropy,
                }
            ),
            flush=True,
        )


clock = Clock()


def run_torch():
    policy = get_peft_model(model, lora)
    policy.train()
    optimizer = torch.optim.AdamW([p for p in policy.parameters() if p.requires_grad], lr=1e-5)
    while True:
        clock.start()
        log_probs, entropies = [], []
        for first in range(0, trajectories, micro_batch):
            part = slice(first, first + micro_batch)
            logits = policy(input_ids=tokens[part], logits_to_keep=action_tokens + 1).logits[:, :-1]
            distribution = torch.log_softmax(logits.float(), -1)
            log_prob = torch.gather(distribution, 2, actions[part, :, None])[..., 0]
            with torch.no_grad():
                entropies.append(-(distribution.exp() * distribution).sum(-1))
            log_probs.append(log_prob.detach())
            ratio = torch.exp(log_prob - log_prob.detach())
            advantage = advantages[part, None]
            surrogate = torch.minimum(ratio * advantage, ratio.clamp(0.8, 1.2) * advantage)
            (-surrogate.sum() / (trajectories * action_tokens)).backward()
        optimizer.step()
        optimizer.zero_grad()
        clock.stop(torch.cat(log_probs).mean().item(), torch.cat(entropies).mean().item())


def run_trl():
    from datasets import Dataset
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast, TrainerCallback
    from trl import GRPOConfig, GRPOTrainer

    words = Tokenizer(models.WordLevel({"<pad>": 0, "<eos>": 1, "<bos>": 2, "<unk>": 3, "q": 4}, unk_token="<unk>"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    special = {"pad_token": "<pad>", "eos_token": "<eos>", "bos_token": "<bos>", "unk_token": "<unk>"}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=words, **special)

    class FixedTrajectories(GRPOTrainer):
        def _generate_and_score_completions(self, inputs):
            return {
                "prompt_ids": prompts,
                "prompt_mask": torch.ones_like(prompts),
                "completion_ids": actions,
                "completion_mask": torch.ones_like(actions),
                "advantages": advantages,
                "num_items_in_batch": torch.tensor(trajectories * action_tokens),
            }

    class Timed(TrainerCallback):
        def on_step_begin(self, *args, **kwargs):
            clock.start()

        def on_step_end(self, *args, **kwargs):
            clock.stop(None, None)

    settings = GRPOConfig(
        output_dir=os.path.join(os.environ.get("TMPDIR", "/tmp"), "update-peer-trl"),
        use_cpu=True,
        bf16=False,
        fp16=False,
        per_device_train_batch_size=micro_batch,
        gradient_accumulation_steps=trajectories // micro_batch,
        num_generations=trajectories,
        max_completion_length=action_tokens,
        max_steps=1_000,
        learning_rate=1e-5,
        report_to=[],
        logging_strategy="no",
        save_strategy="no",
        gradient_checkpointing=False,
        disable_tqdm=True,
        beta=0.0,
    )
    FixedTrajectories(
        model=model,
        reward_funcs=lambda completions, **_: [0.0] * len(completions),
        args=settings,
        train_dataset=Dataset.from_list([{"prompt": "q"}] * 64),
        processing_class=tokenizer,
        peft_config=lora,
        callbacks=[Timed()],
    ).train()


torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
{"torch": run_torch, "trl": run_trl}[side]()
