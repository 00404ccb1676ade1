using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary><c>Qwen2ForCausalLM</c> (transformers, <c>configuration_qwen2.py</c>, <c>modeling_qwen2.py</c>).</summary>
internal sealed class Qwen2Checkpoint : IArchitectureCheckpoint
{
    /// <inheritdoc/>
    public ModelArchitecture Architecture => ModelArchitecture.Qwen2;

    /// <inheritdoc/>
    public void WriteConfig(ConfigWriter config, ModelShape model)
    {
        DecoderCheckpoint.WriteConfig(config, model, "Qwen2ForCausalLM");
        QwenWindow.WriteConfig(config, model);
    }

    /// <inheritdoc/>
    public IEnumerable<CheckpointTensor> Divide(WeightTensor tensor, ModelShape model) =>
        DecoderCheckpoint.Divide(tensor, model);
}
