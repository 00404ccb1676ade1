using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary><c>Gemma2ForCausalLM</c> (transformers, <c>configuration_gemma2.py</c>, <c>modeling_gemma2.py</c>).</summary>
internal sealed class Gemma2Checkpoint : IArchitectureCheckpoint
{
    /// <inheritdoc/>
    public ModelArchitecture Architecture => ModelArchitecture.Gemma2;

    /// <inheritdoc/>
    public void WriteConfig(ConfigWriter config, ModelShape model)
    {
        GemmaCheckpoint.WriteConfig(config, model, "Gemma2ForCausalLM");
        RopeKeys.Write(config, DecoderCheckpoint.AttentionOf(model).Rope);
    }

    /// <inheritdoc/>
    public IEnumerable<CheckpointTensor> Divide(WeightTensor tensor, ModelShape model) =>
        GemmaCheckpoint.Divide(tensor, model);
}
