using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Workload.Plans;

/// <summary>
/// One tensor that a device holds for a step: a matrix, or several of one shape (one for each expert or head). Vectors (norms,
/// biases) are matrices of one row in bf16.
/// </summary>
/// <param name="Role">What it is for.</param>
/// <param name="Layer">Its layer, from 0; null for the embedding, the final norm and the LM head.</param>
/// <param name="Layout">Format, rows and columns of each matrix.</param>
/// <param name="Count">Matrices; 1 unless there is one for each expert or head.</param>
public sealed record WeightTensor(TensorRole Role, int? Layer, WeightLayout Layout, int Count = 1)
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
                or TensorRole.LatentDown
                or TensorRole.QueryUp
                or TensorRole.KeyUp
                or TensorRole.ValueUp
                or TensorRole.Router
                or TensorRole.ExpertGateUp
                or TensorRole.ExpertDown
                or TensorRole.SharedGateUp
                or TensorRole.SharedDown
            );

    /// <summary>Bytes of all its matrices.</summary>
    public long Bytes => Count * Layout.TotalBytes;
}
