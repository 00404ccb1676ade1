using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary><c>LlamaForCausalLM</c> (transformers, <c>configuration_llama.py</c>, <c>modeling_llama.py</c>).</summary>
internal sealed class LlamaCheckpoint : IArchitectureCheckpoint
{
    /// <inheritdoc/>
    public ModelArchitecture Architecture => ModelArchitecture.Llama;

    /// <inheritdoc/>
    public void WriteConfig(ConfigWriter config, ModelShape model)
    {
        DecoderCheckpoint.WriteConfig(config, model, "LlamaForCausalLM");
        config.Bool("attention_bias", DecoderCheckpoint.AttentionOf(model).QkvBias);
        config.Bool("mlp_bias", DecoderCheckpoint.FeedForwardOf(model).Bias);
        config.Int("pretraining_tp", 1);
    }

    /// <inheritdoc/>
    public IEnumerable<CheckpointTensor> Divide(WeightTensor tensor, ModelShape model) =>
        DecoderCheckpoint.Divide(tensor, model);
}
