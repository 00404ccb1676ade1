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
        DenseCheckpoint.WriteConfig(config, model, "LlamaForCausalLM", "llama");
        config.Bool("attention_bias", DenseCheckpoint.AttentionOf(model).QkvBias);
        config.Bool("mlp_bias", DenseCheckpoint.FeedForwardOf(model).Bias);
        config.Int("pretraining_tp", 1);
    }

    /// <inheritdoc/>
    public IEnumerable<CheckpointTensor> Divide(WeightTensor tensor, ModelShape model) =>
        DenseCheckpoint.Divide(tensor, model);
}
