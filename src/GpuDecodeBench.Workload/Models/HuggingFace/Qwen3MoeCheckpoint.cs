using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary><c>Qwen3MoeForCausalLM</c> (transformers, <c>configuration_qwen3_moe.py</c>, <c>modeling_qwen3_moe.py</c>).</summary>
internal sealed class Qwen3MoeCheckpoint : IArchitectureCheckpoint
{
    /// <inheritdoc/>
    public ModelArchitecture Architecture => ModelArchitecture.Qwen3Moe;

    /// <inheritdoc/>
    public void WriteConfig(ConfigWriter config, ModelShape model)
    {
        MixtureOfExperts experts = ExpertCheckpoint.Of(model);
        int size = ExpertCheckpoint.IntermediateSize(model);
        DecoderCheckpoint.WriteConfig(config, model, "Qwen3MoeForCausalLM", size);
        config.Bool("attention_bias", DecoderCheckpoint.AttentionOf(model).QkvBias);
        config.Int("num_experts", experts.Experts);
        config.Int("num_experts_per_tok", experts.ExpertsPerToken);
        config.Int("moe_intermediate_size", experts.ExpertIntermediateSize);
        config.Bool("norm_topk_prob", experts.Router.NormalizeWeights);
        config.Int("decoder_sparse_step", 1);
        config.Ints(
            "mlp_only_layers",
            Enumerable
                .Range(0, model.Layers.Length)
                .Where(layer => model.Layers[layer].FeedForward is not MixtureOfExperts)
        );
        int? window = DecoderCheckpoint.Windows(model)[0];
        config.Bool("use_sliding_window", window is not null);
        config.Int("sliding_window", window);
    }

    /// <inheritdoc/>
    public IEnumerable<CheckpointTensor> Divide(WeightTensor tensor, ModelShape model) =>
        ExpertCheckpoint.Divide(tensor, model);
}
