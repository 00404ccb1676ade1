using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Cuda.Weights;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>The tensors that a GPU holds.</summary>
internal sealed class CudaTensorStore(CudaDevice device) : TensorStore
{
    /// <summary>The codes of the largest tensor held; null where none is.</summary>
    public CudaBuffer? Largest =>
        Contents.OfType<CudaMatrices>().Select(matrices => matrices.Codes).MaxBy(codes => codes.Bytes);

    protected override IDisposable Load(ulong seed, WeightTensor tensor, CancellationToken cancellation) =>
        tensor.IsVector ? LoadVectors(seed, tensor) : LoadMatrices(seed, tensor, cancellation);

    private CudaMatrices LoadMatrices(ulong seed, WeightTensor tensor, CancellationToken cancellation)
    {
        var matrices = new CudaMatrices(device.Context, tensor);
        try
        {
            if (device.GeneratesOnDevice)
            {
                device.Generator.Generate(matrices, seed, tensor);
            }
            else
            {
                TileLoader.Load(matrices, seed, tensor, cancellation);
            }

            return matrices;
        }
        catch
        {
            matrices.Dispose();
            throw;
        }
    }

    /// <summary>Norms, biases and sinks as their codes, matrix after matrix.</summary>
    private CudaBuffer LoadVectors(ulong seed, WeightTensor tensor)
    {
        int bytesEach = checked((int)tensor.Layout.CodeBytesPerRow);
        var codes = new byte[tensor.Count * bytesEach];
        var synthetic = new SyntheticMatrix(seed, tensor);
        for (int index = 0; index < tensor.Count; index++)
        {
            synthetic.Other(index).FillRow(0, codes.AsSpan(index * bytesEach), [], []);
        }

        CudaBuffer buffer = device.Context.Allocate(codes.Length, $"The vector {tensor.Role}", CudaMemoryKind.Vector);
        buffer.CopyFrom(codes);
        return buffer;
    }
}
