using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>The tensors that the CPU holds.</summary>
internal sealed class CpuTensorStore(CpuTeam team) : TensorStore
{
    /// <summary>The codes of the largest matrix held; null where none is.</summary>
    public NativeBuffer? LargestMatrix =>
        Contents
            .Select(content =>
                content switch
                {
                    PanelMatrix matrix => matrix.Codes,
                    PanelMatrixSet set => set.Codes,
                    _ => null,
                }
            )
            .MaxBy(codes => codes?.Bytes);

    protected override IDisposable Load(ulong seed, WeightTensor tensor, CancellationToken cancellation)
    {
        if (tensor.IsVector)
        {
            return LoadVectors(seed, tensor);
        }

        return tensor.Count == 1
            ? PanelLoader.Load(team, seed, tensor, cancellation)
            : PanelLoader.LoadSet(team, seed, tensor, cancellation);
    }

    /// <summary>Norms and biases are widened once: they are small, and every element is used at every step.</summary>
    private static unsafe NativeBuffer LoadVectors(ulong seed, WeightTensor tensor)
    {
        var values = new double[tensor.Layout.Columns];
        var buffer = new NativeBuffer((long)tensor.Count * values.Length * sizeof(float));
        float* target = buffer.Floats;
        for (int index = 0; index < tensor.Count; index++)
        {
            new SyntheticMatrix(seed, tensor, index).DecodeRow(0, values);
            for (int i = 0; i < values.Length; i++)
            {
                *target++ = (float)values[i];
            }
        }

        return buffer;
    }
}
