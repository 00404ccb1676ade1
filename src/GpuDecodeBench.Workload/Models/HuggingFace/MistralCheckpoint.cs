using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// <c>MistralForCausalLM</c> (transformers, <c>configuration_mistral.py</c>, <c>modeling_mistral.py</c>): one window for all
/// layers or none.
/// </summary>
internal sealed class MistralCheckpoint : IArchitectureCheckpoint
{
    /// <inheritdoc/>
    public ModelArchitecture Architecture => ModelArchitecture.Mistral;

    /// <inheritdoc/>
    public void WriteConfig(ConfigWriter config, ModelShape model)
    {
        DecoderCheckpoint.WriteConfig(config, model, "MistralForCausalLM");

        // A model whose layers differ is found out when the text is read back: transformers would give all of them this window.
        config.Int("sliding_window", DecoderCheckpoint.Windows(model)[0]);
    }

    /// <inheritdoc/>
    public IEnumerable<CheckpointTensor> Divide(WeightTensor tensor, ModelShape model) =>
        DecoderCheckpoint.Divide(tensor, model);
}
