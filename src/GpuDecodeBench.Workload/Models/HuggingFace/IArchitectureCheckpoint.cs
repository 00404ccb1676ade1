using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// Says what the checkpoints of one architecture look like on the Hub: the counterpart of <see cref="IArchitectureConfig"/>. A
/// new architecture is a new class, listed in <see cref="ArchitectureCheckpoints"/>.
/// </summary>
internal interface IArchitectureCheckpoint
{
    /// <summary>The architecture.</summary>
    ModelArchitecture Architecture { get; }

    /// <summary>
    /// Writes the keys of <c>config.json</c> that describe the model, <c>architectures</c> and <c>model_type</c> among them, as
    /// transformers' configuration class of the architecture names them.
    /// </summary>
    /// <param name="config">Receives the keys; the caller adds <c>torch_dtype</c>.</param>
    /// <param name="model">The model, with the layers that are run.</param>
    void WriteConfig(ConfigWriter config, ModelShape model);

    /// <summary>The checkpoint's tensors that one tensor of a plan holds, by their names on the Hub.</summary>
    /// <param name="tensor">The plan's tensor.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="NotSupportedException">The architecture has no such tensor.</exception>
    IEnumerable<CheckpointTensor> Divide(WeightTensor tensor, ModelShape model);
}
