using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// <c>MixtralForCausalLM</c> (transformers, <c>configuration_mixtral.py</c>, <c>modeling_mixtral.py</c>): of an expert, <c>w1</c> is the
/// gate, <c>w3</c> the up and <c>w2</c> the down projection.
/// </summary>
internal sealed class MixtralCheckpoint : IArchitectureCheckpoint
{
    /// <inheritdoc/>
    public ModelArchitecture Architecture => ModelArchitecture.Mixtral;

    /// <inheritdoc/>
    public void WriteConfig(ConfigWriter config, ModelShape model)
    {
        MixtureOfExperts experts = ExpertCheckpoint.Of(model);
        DecoderCheckpoint.WriteConfig(config, model, "MixtralForCausalLM", experts.ExpertIntermediateSize);
        config.Int("num_local_experts", experts.Experts);
        config.Int("num_experts_per_tok", experts.ExpertsPerToken);
        config.Int("sliding_window", DecoderCheckpoint.Windows(model)[0]);
    }

    /// <inheritdoc/>
    public IEnumerable<CheckpointTensor> Divide(WeightTensor tensor, ModelShape model)
    {
        string mixture = DecoderCheckpoint.Layer(tensor) + "block_sparse_moe.";
        string Expert(int number, string projection) => $"{mixture}experts.{number}.{projection}.weight";
        return tensor.Role switch
        {
            TensorRole.Router => [CheckpointTensor.Whole(mixture + "gate.weight", tensor)],
            TensorRole.ExpertGateUp => CheckpointTensor.ExpertHalves(
                tensor,
                expert => Expert(expert, "w1"),
                expert => Expert(expert, "w3")
            ),
            TensorRole.ExpertDown => CheckpointTensor.Experts(tensor, expert => Expert(expert, "w2")),
            _ => DecoderCheckpoint.Divide(tensor, model),
        };
    }
}
