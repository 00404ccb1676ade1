using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary><c>Qwen3ForCausalLM</c> (transformers, <c>configuration_qwen3.py</c>, <c>modeling_qwen3.py</c>).</summary>
internal sealed class Qwen3Checkpoint : IArchitectureCheckpoint
{
    /// <inheritdoc/>
    public ModelArchitecture Architecture => ModelArchitecture.Qwen3;

    /// <inheritdoc/>
    public void WriteConfig(ConfigWriter config, ModelShape model)
    {
        DecoderCheckpoint.WriteConfig(config, model, "Qwen3ForCausalLM");
        config.Bool("attention_bias", DecoderCheckpoint.AttentionOf(model).QkvBias);
        QwenWindow.WriteConfig(config, model);
    }

    /// <inheritdoc/>
    public IEnumerable<CheckpointTensor> Divide(WeightTensor tensor, ModelShape model) =>
        DecoderCheckpoint.Divide(tensor, model);
}
