"""What a config.json says of its model, by transformers' defaults where it says nothing."""

import json
import math
from collections import namedtuple

from rotary import Rotary, mscale
from safetensors_file import BadInput

MODEL_TYPES = (
    "llama",
    "mistral",
    "qwen2",
    "qwen3",
    "mixtral",
    "qwen3_moe",
    "gpt_oss",
    "deepseek_v3",
    "gemma2",
    "gemma3_text",
    "phi3",
)

Latent = namedtuple("Latent", "query latent plain rotated value interleaved")
Experts = namedtuple("Experts", "count per_token size normalised shared groups groups_kept factor")


class ModelConfig:
    """The model, by layers where they differ."""

    def __init__(self, path):
        try:
            with open(path, encoding="utf-8") as file:
                keys = json.load(file)
        except (OSError, ValueError) as error:
            raise BadInput(f"{path}: this file cannot be read as JSON ({error}).") from error
        if not isinstance(keys, dict):
            raise BadInput(f"{path}: this file is not a JSON object.")
        self.model_type = keys.get("model_type")
        if self.model_type not in MODEL_TYPES:
            raise BadInput(f"{path}: model_type {self.model_type} is not accepted; give one of {', '.join(MODEL_TYPES)}.")
        self._keys = keys
        try:
            self._read(path)
        except KeyError as error:
            raise BadInput(f"{path}: the key {error.args[0]} is missing.") from error

    def rotary(self, layer):
        """The rotation of a layer."""
        return self._local_rotary if self.windows[layer] is not None else self._rotary

    def _read(self, path):
        keys, kind = self._keys, self.model_type
        gemma = kind in ("gemma2", "gemma3_text")
        self.layers = keys["num_hidden_layers"]
        self.hidden = keys["hidden_size"]
        self.heads = keys["num_attention_heads"]
        self.kv_heads = keys["num_key_value_heads"]
        self.intermediate = keys["intermediate_size"]
        self.vocabulary = keys["vocab_size"]
        self.epsilon = keys["rms_norm_eps"]
        self.dimension = keys.get("head_dim") or self.hidden // self.heads
        self.tied = keys.get("tie_word_embeddings", gemma)
        self.fused = kind == "phi3"
        self.head_norm = kind in ("qwen3", "qwen3_moe", "gemma3_text")
        self.sinks = kind == "gpt_oss"
        everywhere = keys.get("attention_bias", kind == "gpt_oss") and kind not in ("mistral", "mixtral", "qwen2", "phi3")
        self.qkv_bias = everywhere or kind == "qwen2"
        self.output_bias = everywhere
        self.mlp_bias = keys.get("mlp_bias", False) and kind == "llama"
        self.activation = "gelu_tanh" if gemma else "clamped_swiglu" if kind == "gpt_oss" else "silu"

        # Gemma's norms store what their weight is more than one, and there is one behind each part too.
        self.norm_offset = 1.0 if gemma else 0.0
        self.norm_names = (
            (("input_layernorm", "post_attention_layernorm"), ("pre_feedforward_layernorm", "post_feedforward_layernorm"))
            if gemma
            else (("input_layernorm", None), ("post_attention_layernorm", None))
        )
        self.embedding_scale = math.sqrt(self.hidden) if gemma else 1.0
        capped = kind == "gemma2"
        self.score_cap = keys.get("attn_logit_softcapping", 50.0 if capped else None) if gemma else None
        self.logit_cap = keys.get("final_logit_softcapping", 30.0 if capped else None) if gemma else None

        self.windows = [self._window(layer) for layer in range(self.layers)]
        self.latent = self._latent() if kind == "deepseek_v3" else None
        self.is_mixture = [self._is_mixture(layer) for layer in range(self.layers)]
        self.experts = self._experts() if any(self.is_mixture) else None
        self._read_rotary(path)
        self.scale = self._scale()

    def _read_rotary(self, path):
        keys = self._keys
        width = self.dimension if self.latent is None else self.latent.rotated
        if self.model_type == "phi3":
            width = int(width * keys.get("partial_rotary_factor", 1.0))
        theta = keys.get("rope_theta", 10000.0)
        longest, original = keys["max_position_embeddings"], keys.get("original_max_position_embeddings")
        self._rotary = self._local_rotary = Rotary(width, theta, keys.get("rope_scaling"), longest, original, path)
        if self.model_type == "gemma3_text":
            self._local_rotary = Rotary(width, keys.get("rope_local_base_freq", 10000.0), None, longest, None, path)

    def _scale(self):
        if self.model_type in ("gemma2", "gemma3_text"):
            return self._keys.get("query_pre_attn_scalar", 256) ** -0.5
        if self.latent is None:
            return self.dimension**-0.5
        scaling = self._keys.get("rope_scaling") or {}
        growth = mscale(scaling["factor"], scaling["mscale_all_dim"]) if scaling.get("mscale_all_dim") else 1.0
        return (self.latent.plain + self.latent.rotated) ** -0.5 * growth**2

    def _window(self, layer):
        """Tokens that a layer attends to, the new one included; None where it is all of them."""
        keys, kind = self._keys, self.model_type
        if kind in ("mistral", "mixtral", "phi3"):
            return keys.get("sliding_window", 4096 if kind == "mistral" else None)
        if kind in ("gemma2", "gemma3_text", "gpt_oss"):
            every = 6 if kind == "gemma3_text" else 2
            types = keys.get("layer_types")
            slides = types[layer] == "sliding_attention" if types else (layer + 1) % every != 0
            return keys.get("sliding_window", 128 if kind == "gpt_oss" else 4096) if slides else None
        if kind in ("llama", "deepseek_v3") or not keys.get("use_sliding_window", False):
            return None
        if kind == "qwen3_moe":
            return keys.get("sliding_window", 4096)
        types = keys.get("layer_types")
        slides = types[layer] == "sliding_attention" if types else layer >= keys.get("max_window_layers", 28)
        return keys.get("sliding_window", 4096) if slides else None

    def _latent(self):
        keys = self._keys
        return Latent(
            keys["q_lora_rank"],
            keys["kv_lora_rank"],
            keys["qk_nope_head_dim"],
            keys["qk_rope_head_dim"],
            keys["v_head_dim"],
            keys.get("rope_interleave", True),
        )

    def _is_mixture(self, layer):
        keys, kind = self._keys, self.model_type
        if kind == "deepseek_v3":
            return layer >= keys.get("first_k_dense_replace", 3)
        if kind == "qwen3_moe":
            return layer not in (keys.get("mlp_only_layers") or []) and (layer + 1) % keys.get("decoder_sparse_step", 1) == 0
        return kind in ("mixtral", "gpt_oss")

    def _experts(self):
        keys, per_token = self._keys, self._keys["num_experts_per_tok"]
        if self.model_type == "deepseek_v3":
            return Experts(
                keys["n_routed_experts"],
                per_token,
                keys["moe_intermediate_size"],
                keys.get("norm_topk_prob", True),
                keys.get("n_shared_experts", 1),
                keys.get("n_group", 8),
                keys.get("topk_group", 4),
                keys.get("routed_scaling_factor", 2.5),
            )
        if self.model_type == "qwen3_moe":
            normalised = keys.get("norm_topk_prob", False)
            return Experts(keys["num_experts"], per_token, keys["moe_intermediate_size"], normalised, 0, None, None, 1.0)
        return Experts(keys["num_local_experts"], per_token, self.intermediate, True, 0, None, None, 1.0)
