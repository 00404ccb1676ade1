using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Workload.Plans;

/// <summary>One tensor that a device holds for a step. Vectors (norms, biases) are matrices of one row in bf16.</summary>
/// <param name="Role">What it is for.</param>
/// <param name="Layer">Its layer, from 0; null for the embedding, the final norm and the LM head.</param>
/// <param name="Layout">Its format, rows and columns.</param>
public sealed record WeightTensor(TensorRole Role, int? Layer, WeightLayout Layout)
{
    /// <summary>Whether it is a norm or a bias.</summary>
    public bool IsVector =>
        Role
            is not (
                TensorRole.Embedding
                or TensorRole.QueryKeyValue
                or TensorRole.AttentionOutput
                or TensorRole.GateUp
                or TensorRole.Down
                or TensorRole.LmHead
            );

    /// <summary>Bytes of the tensor.</summary>
    public long Bytes => Layout.TotalBytes;
}
