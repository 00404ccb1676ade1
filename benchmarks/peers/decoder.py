"""A decoder with its cache, one token of every sequence at a time."""

from attention import GroupedAttention, LatentAttention, rms_norm, soft_cap
from experts import Dense, GroupedRouter, Mixture, SoftmaxRouter, TransposedExpert, clamped_swiglu, gelu_tanh, silu

import numpy

ACTIVATIONS = {"silu": silu, "gelu_tanh": gelu_tanh, "clamped_swiglu": clamped_swiglu}


class Decoder:
    """The layers between embedding and LM head."""

    def __init__(self, config, weights, stored):
        self._config, self._weights = config, weights
        kind = GroupedAttention if config.latent is None else LatentAttention
        self._attention = [kind(config, weights, stored, layer) for layer in range(config.layers)]
        self._feed_forward = [self._build_feed_forward(layer) for layer in range(config.layers)]

    def step(self, tokens, position):
        """Logits, batch x vocabulary."""
        config = self._config
        shape = (config.vocabulary, config.hidden)
        hidden = self._weights.read("model.embed_tokens.weight", *shape)[tokens] * config.embedding_scale
        for layer in range(config.layers):
            hidden = hidden + self._part(layer, 0, hidden, lambda x, at=layer: self._attention[at](x, position))
            hidden = hidden + self._part(layer, 1, hidden, self._feed_forward[layer])
        normed = self._norm(hidden, "model.norm.weight")
        logits = self._weights.linear(normed, "model.embed_tokens" if config.tied else "lm_head", *shape)
        return soft_cap(logits, config.logit_cap)

    def _part(self, layer, number, hidden, compute):
        before, after = self._config.norm_names[number]
        name = f"model.layers.{layer}."
        result = compute(self._norm(hidden, name + before + ".weight"))
        return result if after is None else self._norm(result, name + after + ".weight")

    def _norm(self, x, name):
        weight = self._weights.read(name, x.shape[-1]) + self._config.norm_offset
        return rms_norm(x, weight, self._config.epsilon)

    def _build_feed_forward(self, layer):
        config = self._config
        name = f"model.layers.{layer}.mlp."
        if not config.is_mixture[layer]:
            parts = ("gate_up_proj", "down_proj") if config.fused else ("gate_proj", "up_proj", "down_proj")
            return self._dense(name, parts, config.intermediate, config.mlp_bias)
        experts = config.experts
        if config.model_type == "mixtral":
            name = f"model.layers.{layer}.block_sparse_moe."
        if config.model_type == "gpt_oss":
            networks = [
                TransposedExpert(self._weights, name + "experts.", number, experts.count, config.hidden, experts.size)
                for number in range(experts.count)
            ]
        else:
            parts = ("w1", "w3", "w2") if config.model_type == "mixtral" else ("gate_proj", "up_proj", "down_proj")
            networks = [self._dense(f"{name}experts.{number}.", parts, experts.size) for number in range(experts.count)]
        shared = None
        if experts.shared:
            parts = ("gate_proj", "up_proj", "down_proj")
            shared = self._dense(name + "shared_experts.", parts, experts.shared * experts.size)
        return Mixture(self._router(name), networks, shared)

    def _dense(self, prefix, parts, size, bias=False):
        names = [prefix + part for part in parts]
        return Dense(self._weights, names, self._config.hidden, size, ACTIVATIONS[self._config.activation], bias)

    def _router(self, name):
        config, experts = self._config, self._config.experts
        part, bias = ("router", True) if config.model_type == "gpt_oss" else ("gate", False)

        def logits(x):
            return self._weights.linear(x, name + part, experts.count, config.hidden, bias)

        if experts.groups is None:
            return SoftmaxRouter(logits, experts.per_token, experts.normalised)
        return GroupedRouter(
            logits,
            lambda: self._weights.read(name + "gate.e_score_correction_bias", experts.count),
            experts.per_token,
            experts.groups,
            experts.groups_kept,
            experts.normalised,
            experts.factor,
        )
