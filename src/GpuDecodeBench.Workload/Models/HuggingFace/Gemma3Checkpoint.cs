using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// <c>Gemma3ForCausalLM</c>, Gemma 3 without its vision tower (transformers, <c>configuration_gemma3.py</c>, <c>modeling_gemma3.py</c>):
/// layers with a window rotate by <c>rope_local_base_freq</c>, unscaled.
/// </summary>
internal sealed class Gemma3Checkpoint : IArchitectureCheckpoint
{
    private static readonly RopeShape s_full = new() { Theta = 1_000_000 };
    private static readonly RopeShape s_local = new() { Theta = 10_000 };

    /// <inheritdoc/>
    public ModelArchitecture Architecture => ModelArchitecture.Gemma3;

    /// <inheritdoc/>
    public void WriteConfig(ConfigWriter config, ModelShape model)
    {
        GemmaCheckpoint.WriteConfig(config, model, "Gemma3ForCausalLM");
        RopeKeys.Write(config, RopeOf(model, sliding: false) ?? s_full);
        config.Float("rope_local_base_freq", (RopeOf(model, sliding: true) ?? s_local).Theta);
    }

    /// <inheritdoc/>
    public IEnumerable<CheckpointTensor> Divide(WeightTensor tensor, ModelShape model) =>
        GemmaCheckpoint.Divide(tensor, model);

    /// <summary>The embedding of the layers with a window, or of those without; null where there are none.</summary>
    private static RopeShape? RopeOf(ModelShape model, bool sliding) =>
        model
            .Layers.Select(layer => layer.Attention)
            .FirstOrDefault(attention => (attention.Window is not null) == sliding)
            ?.Rope;
}
